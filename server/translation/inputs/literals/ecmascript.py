"""Literals of JavaScript and TypeScript."""

import math

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.inputs.literals.literal import (
    NotPlain,
    Read,
    Readers,
    calculated,
    called,
    constant,
    elements,
    number,
    only,
    pairs,
    parts,
    quoted,
    signed,
)
from codenook.server.translation.values import Elements, Pairs, Value


def _template(node: Node, read: Read) -> str:
    if any(child.type == "template_substitution" for child in node.named_children):
        raise NotPlain(text_of(node))
    return quoted(node, read)


def _object(node: Node, read: Read) -> Pairs:
    items: list[tuple[Value, Value]] = []
    for pair in parts(node):
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if pair.type != "pair" or key is None or value is None:
            raise NotPlain(text_of(node))
        if key.type == "computed_property_name":
            key = parts(key)[0]
        items.append((read(key) if key.type == "string" else text_of(key), read(value)))
    return Pairs(tuple(items))


def _iterated(node: Node, read: Read) -> tuple[Value, ...]:
    match elements(node, read):
        case ():
            return ()
        case (tuple() as each,):
            return each
        case (str() as text,):
            return tuple(text)
    raise NotPlain(text_of(node))


def _map(node: Node, read: Read) -> Pairs:
    return pairs(_iterated(node, read))


_NAMES: dict[str, Value] = {"NaN": math.nan, "Infinity": math.inf}


def _name(node: Node, _: Read) -> Value:
    try:
        return _NAMES[text_of(node)]
    except KeyError:
        raise NotPlain(text_of(node)) from None


READERS: Readers = {
    "number": number,
    "string": quoted,
    "template_string": _template,
    "true": constant(value=True),
    "false": constant(value=False),
    "null": constant(None),
    "undefined": constant(None),
    "identifier": _name,
    "array": elements,
    "object": _object,
    "unary_expression": signed,
    "binary_expression": calculated,
    "parenthesized_expression": only,
    "as_expression": lambda node, read: read(parts(node)[0]),
    "new_expression": called(
        {
            "Set": lambda node, read: Elements(_iterated(node, read)),
            "Map": _map,
            "Array": lambda node, read: elements(node, read) if len(parts(node)) != 1 else read(node),
        },
        function="constructor",
    ),
}
WRAPPED = ("", "\n")
