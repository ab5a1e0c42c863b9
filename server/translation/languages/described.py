"""Signatures of languages whose documentation says types where the code has none."""

from functools import lru_cache
from typing import ClassVar, Protocol

from attrs import frozen
from tree_sitter import Node

from codenook.context.outline import Definition, Kind
from codenook.context.parse import Parsed, encode, language_named, parse
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.parts import Parts
from codenook.server.documentation.style import read
from codenook.server.documentation.subject import Kind as Documentable
from codenook.server.documentation.subject import Parameter as Declared
from codenook.server.documentation.subject import Returns, Subject
from codenook.server.translation import shapes
from codenook.server.translation.shapes import UNKNOWN, Shape
from codenook.server.translation.signature import Parameter, Signature

_LONGEST_TYPE = 500


class Types(Protocol):
    """Reads the types of a file."""

    def declared(self, written: str) -> Shape:
        """What a type in the code says."""

    def documented(self, written: str) -> Shape:
        """What a type in documentation says."""

    def of_values(self, kinds: str) -> Shape:
        """What `Subject.given_kinds` say."""


@frozen
class Function:
    """A function in a file: its ``subject``, and its ``node`` without decorators and the like."""

    parsed: Parsed
    subject: Subject
    node: Node


class DescribedReading:
    """A `Reading` by what documentation is compared with."""

    language: ClassVar[str]
    functions: ClassVar[frozenset[str]]
    """The nodes that are functions."""

    def signature(self, text: str, definition: Definition) -> Signature | None:
        """See `Reading.signature`."""
        if definition.kind not in {Kind.FUNCTION, Kind.METHOD}:
            return None
        parsed = _parsed(self.language, text)
        found = self._function(parsed, definition)
        if found is None:
            return None
        subject, types = found.subject, self.types(parsed)
        parts = read(self.language, subject.doc)[1] if subject.doc else Parts()
        parameters = [
            self._parameter(found, types, parts, number) for number in range(len(subject.parameters))
        ]
        result, written = self._result(subject, types, parts)
        return Signature(
            definition.name,
            tuple(parameters),
            result,
            written,
            owner=definition.parent if definition.kind is Kind.METHOD else "",
            is_static=self.is_static(found.node),
            is_public=self.is_public(definition),
            is_async=any(child.type == "async" for child in found.node.children),
            raises=subject.raises,
            doc="\n".join(subject.doc.texts).strip() if subject.doc else "",
        )

    # What a language says in its own way

    def types(self, parsed: Parsed) -> Types:
        """What reads the types of a file."""
        raise NotImplementedError

    def is_static(self, node: Node) -> bool:
        """Whether a method needs no object."""
        raise NotImplementedError

    def is_public(self, definition: Definition) -> bool:
        """Whether others are to call it."""
        raise NotImplementedError

    def is_optional(self, function: Function, number: int) -> bool:  # noqa: ARG002 - where a mark says so
        """Whether a parameter is marked as one that can be left out."""
        return False

    def is_named(self, function: Function, number: int) -> bool:  # noqa: ARG002 - where there are such
        """Whether a parameter is given by name only."""
        return False

    def of_default(self, default: str, types: Types) -> Shape:
        """What the default alone says of a parameter."""
        raise NotImplementedError

    def of_pattern(self, function: Function, number: int) -> Shape:  # noqa: ARG002 - where there are such
        """What a parameter without a name is taken apart as."""
        return UNKNOWN

    def nothing(self) -> frozenset[str]:
        """How a default says that there is no value."""
        raise NotImplementedError

    # What is the same in each

    def _function(self, parsed: Parsed, definition: Definition) -> Function | None:
        for subject in subjects(parsed):
            is_there = definition.start_line <= subject.row + 1 <= definition.end_line
            is_named = subject.symbol.rpartition(".")[2] == definition.name
            if subject.kind is Documentable.FUNCTION and is_there and is_named:
                node = self._node(parsed, subject)
                return Function(parsed, subject, node) if node else None
        return None

    def _node(self, parsed: Parsed, subject: Subject) -> Node | None:
        around = parsed.root.descendant_for_byte_range(subject.start, subject.end)
        left = [around] if around else []
        while left:
            node = left.pop()
            if node.type in self.functions and node.end_byte <= subject.end:
                return node
            left += reversed([child for child in node.named_children if child.end_byte > subject.start])
        return None

    def _parameter(self, function: Function, types: Types, parts: Parts, number: int) -> Parameter:
        declared = function.subject.parameters[number]
        said = _said(parts, declared.name) if declared.name else ""
        written = declared.type or said
        shape = self._shape(declared, said, types)
        if not declared.name:
            shape = shape if shape != UNKNOWN else self.of_pattern(function, number)
        if self.is_optional(function, number) or declared.default in self.nothing():
            shape = optional(shape)
        is_rest = bool(declared.mark)
        return Parameter(
            declared.name or f"argument{number + 1}",
            self.element(shape) if is_rest else shape,
            written,
            declared.default,
            is_rest=is_rest,
            is_named=declared.mark == "**" or self.is_named(function, number),
        )

    def element(self, shape: Shape) -> Shape:
        """The shape of each further argument, by that of all."""
        return shape

    def _shape(self, declared: Declared, said: str, types: Types) -> Shape:
        if declared.type:
            return types.declared(declared.type) if len(declared.type) <= _LONGEST_TYPE else UNKNOWN
        shape = types.documented(said) if 0 < len(said) <= _LONGEST_TYPE else UNKNOWN
        if shape != UNKNOWN or not declared.default:
            return shape
        return self.of_default(declared.default, types)

    def _result(self, subject: Subject, types: Types, parts: Parts) -> tuple[Shape, str]:
        """What is returned, and how that is written."""
        if subject.return_type:
            is_short = len(subject.return_type) <= _LONGEST_TYPE
            return types.declared(subject.return_type) if is_short else UNKNOWN, subject.return_type
        said = _said_of_result(parts, is_one_by_one=subject.yields)
        if 0 < len(said) <= _LONGEST_TYPE:
            shape = types.documented(said)
            return Shape(shapes.Kind.LIST, (shape,)) if subject.yields else shape, said
        if subject.yields:
            return Shape(shapes.Kind.LIST, (UNKNOWN,)), ""
        if subject.returns is Returns.NOTHING:
            return Shape(shapes.Kind.NOTHING), ""
        return types.of_values(subject.given_kinds) if subject.given_kinds else UNKNOWN, ""


def optional(shape: Shape) -> Shape:
    """The shape, or nothing."""
    is_there = shape.kind in {shapes.Kind.OPTION, shapes.Kind.ANY, shapes.Kind.NOTHING}
    return shape if is_there else Shape(shapes.Kind.OPTION, (shape,))


def union(parts: list[Shape]) -> Shape:
    """What is one of several shapes: the one that it is, or nothing; floats take integers in."""
    some = list(dict.fromkeys(part for part in parts if part.kind is not shapes.Kind.NOTHING))
    if len(some) > 1 and {part.kind for part in some} <= {shapes.Kind.INT, shapes.Kind.FLOAT}:
        some = [Shape(shapes.Kind.FLOAT, bits=64)]
    if not some:
        return Shape(shapes.Kind.NOTHING) if parts else UNKNOWN
    shape = some[0] if len(some) == 1 else UNKNOWN
    return optional(shape) if any(part.kind is shapes.Kind.NOTHING for part in parts) else shape


def _said(parts: Parts, name: str) -> str:
    """The type that documentation says of a parameter, in its row or in one of its own."""
    types = [item.type for item in parts.parameters if name in item.names]
    types += [item.text for item in parts.type_rows if name in item.names]
    return next(filter(None, types), "")


def _said_of_result(parts: Parts, *, is_one_by_one: bool) -> str:
    item = parts.yields if is_one_by_one else parts.returns
    types = [item.type if item else "", *(item.text for item in parts.type_rows if not item.names)]
    return next(filter(None, types), "")


@lru_cache(maxsize=4)
def _parsed(language_id: str, text: str) -> Parsed:
    language = language_named(language_id)
    if language is None:
        raise LookupError(language_id)
    return parse(language, encode(text))
