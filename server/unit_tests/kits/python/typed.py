"""Calls by the types of a target's parameters."""

import ast
from collections.abc import Iterator, Sequence

from attrs import define, evolve

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.kits.python.combine import Column, combined
from codenook.server.unit_tests.kits.python.constants import steering
from codenook.server.unit_tests.kits.python.names import File, Found
from codenook.server.unit_tests.kits.python.plain import Value
from codenook.server.unit_tests.kits.python.subject import (
    Form,
    Function,
    Parameter,
    Subject,
    decorators,
    definitions,
    has_receiver,
    parameters,
)
from codenook.server.unit_tests.kits.python.values import Values

MOST = 240
_MOST_OF_A_METHOD = 24


@define(eq=False)
class Typed:
    """Makes calls of one target."""

    subject: Subject
    file: File
    values: Values

    def calls(self) -> list[Call]:
        """All that come into question, the most usual first."""
        subject = self.subject
        if isinstance(subject.node, ast.ClassDef):
            return list(self._of_class(subject.node))[:MOST]
        node = subject.node
        if subject.form is Form.PROPERTY:
            return combined([], self.receivers(), MOST)
        takes = parameters(node, has_receiver=has_receiver(subject))
        is_free = subject.form in {Form.FUNCTION, Form.OF_CLASS} or node.name == "__init__"
        receivers = [] if is_free else self.receivers()
        if not receivers and not is_free:
            return []
        return combined(self.columns(node, takes), receivers, MOST)

    def receivers(self) -> list[Value]:
        """Objects for a method."""
        if self.subject.owner is None:
            return []
        found = Found(self.file, self.subject.owner, self.subject.class_name)
        return [evolve(value, imports=self._others(value)) for value in self.values.of_definition(found)]

    def columns(self, function: Function, takes: Sequence[Parameter]) -> list[Column]:
        """Values for each argument."""
        found: list[Column] = []
        is_open = any(each.is_variadic for each in takes)
        for parameter in takes:
            if parameter.is_variadic:
                found += self._variadic(function, parameter)
                continue
            values = self.values.of_parameter(parameter, function, self.file)
            values = [*values[:1], *self._steering(function, parameter, values), *values[1:]]
            is_optional = parameter.default is not None and (parameter.is_keyword or not is_open)
            if values or not is_optional:
                own = [evolve(value, imports=self._others(value)) for value in dict.fromkeys(values)]
                listed = own or [Value("None")]
                is_named = parameter.is_keyword or (is_optional and not parameter.is_positional)
                found.append(Column(listed, parameter.name, is_named, is_optional))
        return found

    def _variadic(self, function: Function, parameter: Parameter) -> Iterator[Column]:
        """``*args`` as up to two more arguments."""
        values = self.values.of_parameter(parameter, function, self.file)
        for _ in range(2):
            yield Column([evolve(value, imports=self._others(value)) for value in values] or [Value("1")])

    @staticmethod
    def _steering(function: Function, parameter: Parameter, values: Sequence[Value]) -> list[Value]:
        kinds: dict[type, None] = {}
        for value in values:
            try:
                kinds[type(ast.literal_eval(value.text))] = None
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                continue
        texts = [
            text
            for kind in kinds
            if kind in {str, int, float}
            for text in steering(function, parameter.name, kind)
        ]
        return [Value(text) for text in texts]

    def _of_class(self, node: ast.ClassDef) -> Iterator[Call]:
        """Calls of the constructor, and of each public method."""
        found = Found(self.file, node, self.subject.symbol)
        objects = [evolve(v, imports=self._others(v)) for v in self.values.of_definition(found)]
        for value in objects:
            inside = value.text.partition("(")[2].removesuffix(")")
            if value.text.endswith(")"):
                yield Call(inside, Origin.TYPES, imports=value.imports)
        for method in definitions(node):
            names = decorators(method)
            if (
                not isinstance(method, Function)
                or method.name.startswith("_")
                or names & {"property", "cached_property"}
            ):
                continue
            if names & {"setter", "overload", "abstractmethod"}:
                continue
            is_static = bool(names & {"staticmethod", "classmethod"})
            receivers = [Value(self.subject.symbol)] if is_static else objects
            takes = parameters(method, has_receiver="staticmethod" not in names)
            for call in combined(self.columns(method, takes), receivers, _MOST_OF_A_METHOD):
                yield evolve(call, receiver=f"{call.receiver}.{method.name}")

    def _others(self, value: Value) -> tuple[str, ...]:
        """The imports that aren't the target's own."""
        own = f"from {self.file.module} import {self.subject.symbol.partition('.')[0]}"
        return tuple(statement for statement in value.imports if statement != own)
