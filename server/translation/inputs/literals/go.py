"""Literals of Go."""

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.inputs.literals.literal import (
    NotPlain,
    Read,
    Readers,
    calculated,
    constant,
    elements,
    number,
    only,
    parts,
    quoted,
    raw,
    signed,
)
from codenook.server.translation.values import Elements, Pairs, Value


def _composite(node: Node, read: Read) -> Value:
    kind, body = node.child_by_field_name("type"), node.child_by_field_name("body")
    if kind is None or body is None or kind.type not in {"slice_type", "array_type", "map_type"}:
        raise NotPlain(text_of(node))
    if kind.type != "map_type":
        return _listed(body, read)
    items = [tuple(read(part) for part in parts(pair)) for pair in parts(body)]
    if any(len(item) != 2 for item in items):  # noqa: PLR2004 - a key and a value
        raise NotPlain(text_of(node))
    if text_of(kind).endswith("struct{}"):
        return Elements(tuple(key for key, _ in items))
    return Pairs(tuple((key, value) for key, value in items))


def _listed(node: Node, read: Read) -> tuple[Value, ...]:
    if any(part.type == "keyed_element" for part in parts(node)):
        raise NotPlain(text_of(node))
    return elements(node, read)


READERS: Readers = {
    "int_literal": number,
    "float_literal": number,
    "interpreted_string_literal": quoted,
    "raw_string_literal": raw,
    "rune_literal": quoted,
    "true": constant(value=True),
    "false": constant(value=False),
    "nil": constant(None),
    "composite_literal": _composite,
    "literal_value": lambda node, read: _listed(node, read) if parts(node) else (),
    "literal_element": only,
    "unary_expression": signed,
    "binary_expression": calculated,
    "parenthesized_expression": only,
}
WRAPPED = ("package _\nvar _ = ", "\n")
