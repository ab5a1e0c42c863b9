"""Literals of Rust."""

import re

from tree_sitter import Node

from codenook.context.parse import language_named, parse
from codenook.context.reading import text_of
from codenook.server.translation.inputs.literals.literal import (
    MOST_ELEMENTS,
    NotPlain,
    Read,
    Reader,
    Readers,
    calculated,
    constant,
    elements,
    number,
    only,
    pairs,
    parts,
    quoted,
    raw,
    signed,
)
from codenook.server.translation.values import Elements, Pairs, Value

_SAME = frozenset(
    {"to_string", "to_owned", "into", "to_vec", "clone", "iter", "collect", "as_str", "as_slice", "as_bytes"}
)
WRAPPED = ("fn _() { let _ = ", "; }\n")


def _macro(node: Node, read: Read) -> Value:
    """A ``vec![...]``, whose inside is tokens for the parser: they are read as an array."""
    name = node.child_by_field_name("macro")
    if name is None or text_of(name) != "vec":
        raise NotPlain(text_of(node))
    return read(expression(re.sub(r"^[\w\s]*![\s]*.", "[", text_of(node), count=1)[:-1] + "]"))


def expression(written: str) -> Node:
    """An expression by itself."""
    language = language_named("rust")
    if language is None:
        raise NotPlain(written)
    root = parse(language, "".join((WRAPPED[0], written, WRAPPED[1])).encode()).root
    let = root.descendant_for_byte_range(len(WRAPPED[0]), len(WRAPPED[0]) + len(written.encode()))
    if root.has_error or let is None:
        raise NotPlain(written)
    return let


def _array(node: Node, read: Read) -> tuple[Value, ...]:
    length = node.child_by_field_name("length")
    if length is None:
        return elements(node, read)
    times = read(length)
    if not isinstance(times, int) or not 0 <= times <= MOST_ELEMENTS:
        raise NotPlain(text_of(node))
    return (read(parts(node)[0]),) * times


def _pairs(node: Node, read: Read) -> Pairs:
    return pairs(only(node, read) if parts(node) else ())


def _elements(node: Node, read: Read) -> Elements:
    each = only(node, read) if parts(node) else ()
    if not isinstance(each, tuple):
        raise NotPlain(text_of(node))
    return Elements(each)


_OF_TYPE: dict[str, Reader] = {
    **dict.fromkeys(("HashMap", "BTreeMap"), _pairs),
    **dict.fromkeys(("HashSet", "BTreeSet"), _elements),
    "Vec": lambda node, read: only(node, read) if parts(node) else (),
    "String": lambda node, read: only(node, read) if parts(node) else "",
    "Box": only,
}


def _call(node: Node, read: Read) -> Value:
    what, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if what is None or given is None:
        raise NotPlain(text_of(node))
    if what.type == "field_expression":
        value, field = what.child_by_field_name("value"), what.child_by_field_name("field")
        if value is None or field is None or text_of(field) not in _SAME or parts(given):
            raise NotPlain(text_of(node))
        return read(value)
    path = re.sub(r"::<.*>|<.*>", "", text_of(what), flags=re.DOTALL).split("::")
    if path[-1] == "Some":
        return only(given, read)
    reader = _OF_TYPE.get(path[-2]) if len(path) > 1 and path[-1] in {"from", "new"} else None
    if reader is None:
        raise NotPlain(text_of(node))
    return reader(given, read)


def _name(node: Node, _: Read) -> Value:
    if text_of(node) == "None":
        return None
    raise NotPlain(text_of(node))


READERS: Readers = {
    "integer_literal": number,
    "float_literal": number,
    "string_literal": quoted,
    "raw_string_literal": raw,
    "char_literal": quoted,
    "boolean_literal": lambda node, _: text_of(node) == "true",
    "unit_expression": constant(None),
    "identifier": _name,
    "array_expression": _array,
    "tuple_expression": elements,
    "reference_expression": lambda node, read: read(parts(node)[-1]),
    "parenthesized_expression": only,
    "unary_expression": signed,
    "binary_expression": calculated,
    "type_cast_expression": lambda node, read: read(parts(node)[0]),
    "macro_invocation": _macro,
    "call_expression": _call,
}
