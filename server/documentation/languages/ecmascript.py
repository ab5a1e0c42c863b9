"""JavaScript and TypeScript: functions however they are written, classes, interfaces."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import ClassVar

from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import first_named, text_of
from codenook.server.documentation.languages.describer import Describer
from codenook.server.documentation.subject import Doc, Kind, Parameter, Returns

_VALUES = {"arrow_function", "function_expression", "generator_function"}
_SIGNATURES = {"function_signature", "method_signature", "abstract_method_signature"}
_CLASSES = {"class_declaration", "abstract_class_declaration", "interface_declaration", "enum_declaration"}
_OTHER_SUBJECT = re.compile(
    r"[@](?:typedef|callback|fileoverview|file|module|license|overload|inheritDoc|inheritdoc|override|name|namespace"
    r"|class|constructor|interface|event|mixin|external|lends|signature)\b"
)


class EcmaScriptDescriber(Describer):
    """Reads JavaScript and TypeScript."""

    kinds: ClassVar[Mapping[str, Kind]] = {
        **dict.fromkeys(
            (
                *("function_declaration", "generator_function_declaration", "method_definition"),
                *("function_signature", "method_signature", "abstract_method_signature"),
                *("variable_declarator", "assignment_expression", "pair"),
                *("field_definition", "public_field_definition"),
            ),
            Kind.FUNCTION,
        ),
        **dict.fromkeys(_CLASSES, Kind.CLASS),
    }
    functions: ClassVar[frozenset[str]] = frozenset(
        {
            *_VALUES,
            "function_declaration",
            "generator_function_declaration",
            "method_definition",
            "class_body",
        }
    )

    def name(self, node: Node) -> str:
        """The name; only of what holds a function, where it is a variable, a property or the like."""
        if node.type in {"variable_declarator", "assignment_expression", "pair", *_FIELDS}:
            if self._function(node) == node or not self._stands_alone(node):
                return ""
            field = {"assignment_expression": "left", "pair": "key", "field_definition": "property"}
            named = node.child_by_field_name(field.get(node.type, "name"))
            return re.sub(r"\s", "", text_of(named)).replace("prototype.", "")
        return text_of(node.child_by_field_name("name"))

    def _stands_alone(self, node: Node) -> bool:
        """Whether a variable is the only one of its declaration, an assignment a statement."""
        parent = node.parent
        if node.type == "variable_declarator" and parent is not None:
            children = (parent.named_child(number) for number in range(parent.named_child_count))
            alike = (child for child in children if child is not None and child.type == node.type)
            return len(list(islice(alike, 2))) == 1  # minified, a declaration may have thousands
        return node.type != "assignment_expression" or (
            parent is not None and parent.type == "expression_statement"
        )

    def _function(self, node: Node) -> Node:
        """The function that a variable or a property holds, or the node itself."""
        value = node.child_by_field_name("right" if node.type == "assignment_expression" else "value")
        return value if value is not None and value.type in _VALUES else node

    def outer(self, node: Node) -> Node:
        """The statement around, with ``export`` and decorators."""
        at = node
        while at.parent is not None and at.parent.type in {
            *("lexical_declaration", "variable_declaration", "expression_statement"),
            *("export_statement", "ambient_declaration"),
        }:
            at = at.parent
        while at.prev_sibling is not None and at.prev_sibling.type == "decorator":
            at = at.prev_sibling
        return at

    def header(self, node: Node) -> Node:
        """The parameters."""
        return self._parameters(node) or node

    def _parameters(self, node: Node) -> Node | None:
        if node.type in _CLASSES:
            constructor = _constructor(node)
            return constructor.child_by_field_name("parameters") if constructor else None
        function = self._function(node)
        return function.child_by_field_name("parameters") or function.child_by_field_name("parameter")

    def parameters(self, node: Node) -> Iterator[Parameter]:
        """The parameters; a pattern has no name. Of a class those of its constructor."""
        parameters = self._parameters(node)
        if parameters is None:
            return
        for child in [parameters] if parameters.type == "identifier" else parameters.named_children:
            if child.type == "comment" or text_of(child.child_by_field_name("pattern")) == "this":
                continue
            yield _parameter(child)

    def type_parameters(self, node: Node) -> Iterator[str]:
        """Those of the function itself."""
        yield from super().type_parameters(self._function(node))

    def is_sure(self, node: Node) -> bool:
        """Whether nothing reads ``arguments``, and it is no overload, nor a getter of a function."""
        if node.type in _CLASSES:
            constructor = _constructor(node)
            return constructor is not None and self.is_sure(constructor)
        is_getter = any(child.type == "get" for child in node.children)
        if is_getter or any(text_of(found) == "arguments" for found in self.own(node, "identifier")):
            return False
        return not _is_overloaded(self.outer(node), text_of(node.child_by_field_name("name")))

    def body(self, node: Node) -> Node | None:
        """The body of the function."""
        return self._function(node).child_by_field_name("body")

    def returns(self, node: Node) -> Returns:
        """By the declared type; without one, by what the body returns."""
        function, body = self._function(node), self.body(node)
        kind = text_of(function.child_by_field_name("return_type")).removeprefix(":").strip()
        if kind:
            return Returns.NOTHING if kind in {"void", "Promise<void>"} else Returns.VALUE
        if body is None or any(child.type == "get" for child in node.children):
            return Returns.UNKNOWN
        if body.type != "statement_block" or self.yields(node):
            return Returns.VALUE
        if any(first_named(found) is not None for found in self.own(node, "return_statement")):
            return Returns.VALUE
        statements = [child for child in body.named_children if child.type != "comment"]
        is_stub = len(statements) <= 1 and all(map(_does_nothing, statements))
        is_class = re.match(r"(?:.*\.)?(?:[A-Z]|constructor$)", self.name(node))
        return Returns.UNKNOWN if is_stub or is_class else Returns.NOTHING

    def given(self, node: Node) -> Iterator[Node]:
        """What is returned, or the expression that an arrow function consists of."""
        body = self.body(node)
        if body is not None and body.type != "statement_block":
            yield body
        else:
            yield from super().given(node)

    def return_type(self, node: Node) -> str:
        """The declared type."""
        return super().return_type(self._function(node))

    def yields(self, node: Node) -> bool:
        """Whether it is a generator."""
        return next(self.own(node, "yield_expression"), None) is not None

    def raises(self, node: Node) -> Iterator[str]:
        """What is thrown where it is made."""
        if node.type in _CLASSES:
            return
        for statement in self.own(node, "throw_statement"):
            made = first_named(statement)
            if made and made.type == "new_expression" and not self.is_caught(statement, node):
                yield text_of(made.child_by_field_name("constructor"))

    def doc(self, parsed: Parsed, node: Node) -> Doc | None:
        """The comment above, unless it says that it is about something else."""
        doc = super().doc(parsed, node)
        return None if doc is None or any(map(_OTHER_SUBJECT.search, doc.texts)) else doc


_MOST_BETWEEN = 64
"""Comments and decorators between two overloads: a neighbour is found as slowly as they are many."""

_FIELDS = {"field_definition", "public_field_definition"}


def _constructor(node: Node) -> Node | None:
    body = node.child_by_field_name("body")
    for child in body.named_children if body else ():
        is_method = child.type == "method_definition"
        if is_method and text_of(child.child_by_field_name("name")) == "constructor":
            return child
    return None


def _parameter(node: Node) -> Parameter:
    kind = text_of(node.child_by_field_name("type")).removeprefix(":").strip()
    default = text_of(node.child_by_field_name("value") or node.child_by_field_name("right"))
    inner = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
    mark = ""
    if inner.type == "rest_pattern":
        mark, inner = "*", first_named(inner) or inner
    name = text_of(inner) if inner.type == "identifier" else ""
    return Parameter(name, kind, default, mark)


def _does_nothing(statement: Node) -> bool:
    """Whether a statement only says that there is nothing: it throws, or logs a text."""
    call = first_named(statement)
    arguments = call.child_by_field_name("arguments") if call and call.type == "call_expression" else None
    given = arguments.named_children if arguments else []
    is_told = bool(given) and all(each.type in {"string", "template_string"} for each in given)
    return statement.type == "throw_statement" or is_told


def _is_overloaded(node: Node, name: str) -> bool:
    """Whether a neighbour declares the same function."""
    for neighbour in (_neighbour(node, forward=False), _neighbour(node, forward=True)):
        inner = neighbour
        while inner is not None and inner.type in {"export_statement", "ambient_declaration"}:
            inner = inner.child_by_field_name("declaration") or first_named(inner)
        is_declared = inner is not None and (inner.type in _SIGNATURES or node.type in _SIGNATURES)
        if name and inner is not None and is_declared and text_of(inner.child_by_field_name("name")) == name:
            return True
    return False


def _neighbour(node: Node, *, forward: bool) -> Node | None:
    at: Node | None = node
    for _ in range(_MOST_BETWEEN):
        at = (at.next_named_sibling if forward else at.prev_named_sibling) if at else None
        if at is None or at.type not in {"comment", "decorator"}:
            return at
    return None
