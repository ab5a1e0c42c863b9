"""Python: docstrings, and what a function's header and body say."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import ClassVar

from attrs import evolve
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import first_named, text_of
from codenook.server.documentation.comments import docstring, indent_of, start_of_row
from codenook.server.documentation.languages.describer import Describer
from codenook.server.documentation.subject import (
    Condition,
    Doc,
    Kind,
    Parameter,
    Returns,
    Room,
    Subject,
    When,
)

_KEEPS_SIGNATURE = re.compile(
    r"@(?:\w+\.)*(?:property|cached_property|staticmethod|classmethod|abstractmethod|override|final|cache|wraps"
    r"|lru_cache|contextmanager|asynccontextmanager|total_ordering|runtime_checkable|unique|setter|deleter|getter"
    r"|abstractproperty|coroutine|no_type_check)\b"
)
_IS_PROPERTY = re.compile(r"@(?:\w+\.)*(?:\w*property|setter|deleter|getter)\b")
"""What a property documents may be of the object that it gives."""
_MAKES_INIT = re.compile(r"@(?:\w+\.)*(?:dataclass|define|frozen|mutable|attrs|s)\b")
_IS_ABSTRACT = re.compile(r"@(?:\w+\.)*(?:abstractmethod|overload|abstractproperty)\b")
_NO_TYPES = {"", "None", "NoReturn", "typing.NoReturn", "Never"}
_SPLATS = {"list_splat_pattern": "*", "dictionary_splat_pattern": "**"}
_HARMLESS = frozenset(
    {
        "identifier",
        "integer",
        "float",
        "string",
        "true",
        "false",
        "none",
        "tuple",
        "list",
        "expression_statement",
    }
    | {
        "return_statement",
        "block",
        "string_start",
        "string_content",
        "string_end",
        "comment",
        "pass_statement",
    }
)


class PythonDescriber(Describer):
    """Reads Python."""

    kinds: ClassVar[Mapping[str, Kind]] = {
        "function_definition": Kind.FUNCTION,
        "class_definition": Kind.CLASS,
    }
    functions: ClassVar[frozenset[str]] = frozenset({"function_definition", "lambda", "class_definition"})
    handlers: ClassVar[frozenset[str]] = frozenset({"except_clause", "except_group_clause"})

    def module(self, parsed: Parsed) -> Subject:
        """The module's docstring."""
        first = first_named(parsed.root)
        string = _string(first)
        room = Room(start_of_row(parsed.source, first.start_byte), "", blank_after=True) if first else None
        doc = docstring(parsed, string) if string else None
        return Subject(Kind.MODULE, "", 0, 0, len(parsed.source), doc=doc, room=None if string else room)

    def outer(self, node: Node) -> Node:
        """The definition with its decorators."""
        parent = node.parent
        return parent if parent and parent.type == "decorated_definition" else node

    def parameters(self, node: Node) -> Iterator[Parameter]:
        """Those of a function without its receiver; of a class those of its ``__init__``, or its fields."""
        if node.type == "class_definition":
            yield from self._of_class(node)
            return
        found = [_parameter(child) for child in _named(node.child_by_field_name("parameters"))]
        known = [parameter for parameter in found if parameter is not None]
        is_method = _is_method(self.outer(node)) and "staticmethod" not in _decorators(self.outer(node))
        yield from known[1:] if is_method and known and not known[0].mark else known

    def _of_class(self, node: Node) -> Iterator[Parameter]:
        init = _init(node)
        if init is not None:
            yield from self.parameters(init)
        elif _MAKES_INIT.search(_decorators(self.outer(node))):
            for statement in _named(node.child_by_field_name("body")):
                assignment = first_named(statement) if statement.type == "expression_statement" else None
                if assignment and assignment.type == "assignment" and assignment.child_by_field_name("type"):
                    name = _name(assignment.child_by_field_name("left"))
                    yield Parameter(name, text_of(assignment.child_by_field_name("type")))

    def is_sure(self, node: Node) -> bool:
        """Whether no unknown decorator, and nothing in a base class, changes what a caller gives."""
        if node.type == "class_definition":
            init = _init(node)
            return init is not None and not _decorators(self.outer(node)) and self.is_sure(init)
        decorators = [text_of(child) for child in self.outer(node).children if child.type == "decorator"]
        return all(map(_KEEPS_SIGNATURE.match, decorators)) and not any(map(_IS_PROPERTY.match, decorators))

    def returns(self, node: Node) -> Returns:
        """A value where one is returned anywhere, or declared; unknown where a subclass is to say it."""
        if self.yields(node) or self.return_type(node) not in _NO_TYPES:
            return Returns.VALUE
        values = [first_named(found) for found in self.own(node, "return_statement")]
        if any(value is not None and value.type != "none" for value in values):
            return Returns.VALUE
        if _IS_ABSTRACT.search(_decorators(self.outer(node))) or _is_stub(node):
            return Returns.UNKNOWN
        return Returns.NOTHING

    def yields(self, node: Node) -> bool:
        """Whether it is a generator."""
        return next(self.own(node, "yield"), None) is not None

    def raises(self, node: Node) -> Iterator[str]:
        """What is raised by name, or made to be raised."""
        if node.type == "class_definition":
            return
        for name, _ in self._raised(node):
            yield name

    def _raised(self, node: Node) -> Iterator[tuple[str, Node]]:
        for statement in self.own(node, "raise_statement"):
            raised = first_named(statement)
            if raised and raised.type == "call":
                raised = raised.child_by_field_name("function")
            name = text_of(raised).rpartition(".")[2]
            if re.match(r"[A-Z]\w+$", name) and not self.is_caught(statement, node):
                yield name, statement

    def conditions(self, node: Node) -> Iterator[Condition]:
        """By the block that a raise statement stands in."""
        for name, statement in self._raised(node):
            block = statement.parent
            around = block.parent if block is not None else None
            when, code = (
                _when(around, block) if around is not None and block is not None else (When.UNKNOWN, "")
            )
            yield Condition(name, when, code)

    def raises_nothing(self, node: Node) -> bool:
        """Whether the body only names values; of methods a subclass may have more."""
        if _is_method(self.outer(node)) or _is_stub(node) or node.type != "function_definition":
            return False
        to_visit, body = [], node.child_by_field_name("body")
        to_visit = [body] if body else []
        while to_visit:
            found = to_visit.pop()
            if found.type not in _HARMLESS:
                return False
            to_visit += found.named_children
        return not _decorators(self.outer(node))

    def doc(self, parsed: Parsed, node: Node) -> Doc | None:
        """The docstring."""
        string = _string(_first(node))
        return docstring(parsed, string) if string else None

    def room(self, parsed: Parsed, node: Node) -> Room | None:
        """Below the header, where the body begins on a row of its own and has no docstring."""
        body, first = node.child_by_field_name("body"), _first(node)
        if body is None or first is None or _string(first) or body.prev_sibling is None:
            return None
        colon = next((child for child in reversed(node.children) if child.type == ":"), None)
        row_end = parsed.source.find(b"\n", colon.end_byte) + 1 if colon else 0
        if not row_end or first.start_byte < row_end:
            return None
        indent = indent_of(parsed.source, first.start_byte)
        return Room(row_end, indent, blank_after=node.type == "class_definition") if indent else None


def _when(around: Node, block: Node) -> tuple[When, str]:
    """When the ``block`` of a statement is come to."""
    condition = text_of(around.child_by_field_name("condition"))
    if around.type in {"if_statement", "elif_clause"} and around.child_by_field_name("consequence") == block:
        return When.IF, condition
    if around.type == "except_clause":
        caught = first_named(around)
        pattern = first_named(caught) if caught is not None and caught.type == "as_pattern" else caught
        return (
            (When.CAUGHT, text_of(pattern))
            if pattern is not None and pattern != block
            else (When.UNKNOWN, "")
        )
    chosen = around.parent if around.type == "else_clause" else None
    if chosen is not None and chosen.type == "if_statement":
        others = [child for child in chosen.named_children if child.type == "elif_clause"]
        return (
            (When.UNKNOWN, "") if others else (When.UNLESS, text_of(chosen.child_by_field_name("condition")))
        )
    return When.UNKNOWN, ""


def _named(node: Node | None) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"] if node else []


def _parameter(node: Node) -> Parameter | None:
    """A parameter; None for the marks between them."""
    if node.type in _SPLATS:
        return Parameter(_name(first_named(node)), mark=_SPLATS[node.type])
    if node.type == "identifier":
        return Parameter(_name(node))
    if node.type == "typed_parameter":
        inner = first_named(node)
        known = _parameter(inner) if inner else None
        return evolve(known, type=text_of(node.child_by_field_name("type"))) if known else None
    if node.type in {"default_parameter", "typed_default_parameter"}:
        name, kind, value = map(node.child_by_field_name, ("name", "type", "value"))
        return Parameter(_name(name), text_of(kind), text_of(value))
    return None


def _name(node: Node | None) -> str:
    """An identifier as Python reads it, which takes characters spelled in several ways for the same."""
    return unicodedata.normalize("NFKC", text_of(node))


def _is_method(outer: Node) -> bool:
    return (
        outer.parent is not None
        and outer.parent.parent is not None
        and (outer.parent.parent.type == "class_definition")
    )


def _decorators(outer: Node) -> str:
    return "\n".join(text_of(child) for child in outer.children if child.type == "decorator")


def _init(node: Node) -> Node | None:
    for statement in _named(node.child_by_field_name("body")):
        function = statement.child_by_field_name("definition") or statement
        is_function = function.type == "function_definition"
        if is_function and text_of(function.child_by_field_name("name")) == "__init__":
            return function
    return None


def _first(node: Node) -> Node | None:
    body = node.child_by_field_name("body")
    return first_named(body) if body else None


def _string(statement: Node | None) -> Node | None:
    """The string that a statement consists of, as it is written: in pieces, in brackets."""
    if statement is None or statement.type != "expression_statement" or statement.named_child_count != 1:
        return None
    string = inner = statement.named_children[0]
    while inner.type == "parenthesized_expression" and inner.named_child_count == 1:
        inner = inner.named_children[0]
    return string if inner.type in {"string", "concatenated_string"} else None


def _is_stub(node: Node) -> bool:
    """Whether a body does nothing, or only says that it isn't there."""
    statements = [
        statement
        for statement in _named(node.child_by_field_name("body"))
        if _string(statement) is None and text_of(statement) not in {"pass", "...", "return", "return None"}
    ]
    return all(statement.type in {"raise_statement", "delete_statement"} for statement in statements)
