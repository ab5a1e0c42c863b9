"""Definitions of an outline, found again in the syntax tree."""

from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import Parsed
from codenook.server.unit_tests.frameworks.ecmascript.syntax import (
    DECLARATIONS,
    FUNCTIONS,
    text,
    unwrapped,
    walk,
)

DEFAULT = "default"
"""The name of what a module exports without one."""


def function_node(parsed: Parsed, definition: Definition) -> Node | None:
    """The function, method or class that a definition is, by its lines and its name."""
    first, last = definition.start_line - 1, definition.end_line - 1
    for node in _nodes(parsed.root, first, last):
        if node.end_point.row > last or node.start_point.row < first:
            continue
        name = node.child_by_field_name("name")
        if node.type in {*DECLARATIONS, "method_definition"} and text(name) == definition.name:
            return node
        value = _held(node)
        if value is not None and value.type in _VALUES and _names(node, definition.name):
            return value
        if node.type == "export_statement" and definition.name == DEFAULT:
            held = unwrapped(node.child_by_field_name("value") or node.child_by_field_name("declaration"))
            if held is not None and held.type in {*_VALUES, *DECLARATIONS}:
                return held
    return None


def signature_node(parsed: Parsed, definition: Definition) -> Node | None:
    """What has a definition's parameters: its function, its type, or a function that it is made of."""
    if node := function_node(parsed, definition):
        return node
    first, last = definition.start_line - 1, definition.end_line - 1
    for node in _nodes(parsed.root, first, last):
        if node.type != "variable_declarator" or text(node.child_by_field_name("name")) != definition.name:
            continue
        parts = (node.child_by_field_name(field) for field in ("type", "value"))
        inside = [part for whole in parts if whole for part in walk(whole)]
        return next((part for part in inside if part.type in {"function_type", *FUNCTIONS}), None)
    return None


def hidden_members(parsed: Parsed) -> set[str]:
    """The names of members that are private by a word of TypeScript's."""
    holders = [
        node.parent
        for node in walk(parsed.root)
        if node.type == "accessibility_modifier" and text(node) != "public" and node.parent
    ]
    names = (each.child_by_field_name("name") or each.child_by_field_name("pattern") for each in holders)
    return {text(name) for name in names if name}


_VALUES = frozenset({"arrow_function", "function_expression", "generator_function", "class"})


def _nodes(node: Node, first: int, last: int) -> Iterator[Node]:
    left = [node]
    while left:
        node = left.pop()
        if node.end_point.row < first or node.start_point.row > last:
            continue
        yield node
        left += reversed(node.named_children)


def _held(node: Node) -> Node | None:
    if node.type in {"variable_declarator", "pair", "public_field_definition", "field_definition"}:
        return unwrapped(node.child_by_field_name("value"))
    return unwrapped(node.child_by_field_name("right")) if node.type == "assignment_expression" else None


def _names(node: Node, name: str) -> bool:
    label = next(
        (
            found
            for field in ("name", "key", "property", "left")
            if (found := node.child_by_field_name(field))
        ),
        None,
    )
    written = text(label)
    return name == (DEFAULT if written == "module.exports" else written.rpartition(".")[2])


def class_body_of(node: Node) -> Node | None:
    """The class body around a method; None for one of an object."""
    above = node.parent
    while above and above.type in {"public_field_definition", "field_definition"}:
        above = above.parent
    return above if above and above.type == "class_body" else None
