"""Literals of C and C++."""

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.inputs.literals.literal import (
    NotPlain,
    Read,
    Reader,
    Readers,
    calculated,
    called,
    constant,
    elements,
    joined,
    number,
    only,
    pairs,
    parts,
    quoted,
    raw,
    signed,
)
from codenook.server.translation.values import Elements, Pairs, Value


def _made(node: Node, read: Read) -> Value:
    """What is made from one list in braces, or of nothing."""
    inside = elements(node, read)
    is_copied = node.type == "argument_list" and len(inside) == 1
    return inside[0] if is_copied and isinstance(inside[0], tuple) else inside


def _set(node: Node, read: Read) -> Elements:
    made = _made(node, read)
    if not isinstance(made, tuple):
        raise NotPlain(text_of(node))
    return Elements(made)


def _map(node: Node, read: Read) -> Pairs:
    return pairs(_made(node, read))


_NAMES: dict[str, Reader] = {
    **dict.fromkeys(("vector", "list", "deque", "array", "make_pair", "make_tuple", "pair", "tuple"), _made),
    **dict.fromkeys(("set", "unordered_set"), _set),
    **dict.fromkeys(("map", "unordered_map"), _map),
    "string": lambda node, read: only(node, read) if parts(node) else "",
    **dict.fromkeys(
        ("optional", "make_optional"), lambda node, read: only(node, read) if parts(node) else None
    ),
}


def _name(node: Node, _: Read) -> Value:
    if text_of(node).rpartition("::")[2] in {"nullopt", "nullptr", "NULL"}:
        return None
    raise NotPlain(text_of(node))


READERS: Readers = {
    "number_literal": number,
    "string_literal": quoted,
    "raw_string_literal": raw,
    "concatenated_string": joined,
    "char_literal": quoted,
    "user_defined_literal": lambda node, read: read(parts(node)[0]),
    "true": constant(value=True),
    "false": constant(value=False),
    "null": constant(None),
    "nullptr": constant(None),
    "qualified_identifier": _name,
    "initializer_list": elements,
    "compound_literal_expression": called(_NAMES, function="type", arguments="value"),
    "call_expression": called(_NAMES),
    "unary_expression": signed,
    "binary_expression": calculated,
    "parenthesized_expression": only,
    "cast_expression": lambda node, read: read(parts(node)[-1]),
}
WRAPPED = ("auto _ = ", ";\n")


def _array(node: Node, read: Read) -> Value:
    value = node.child_by_field_name("value")
    if value is None:
        raise NotPlain(text_of(node))
    return read(value)


C_READERS: Readers = {**READERS, "compound_literal_expression": _array}
C_WRAPPED = ("int _ = ", ";\n")
