"""Types of Go."""

import re
from collections.abc import Collection

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

_NUMBER = re.compile(r"(u?)(int|float)(8|16|32|64)?")
_SIMPLE = {
    "bool": Shape(Kind.BOOL),
    "string": Shape(Kind.TEXT),
    "rune": Shape(Kind.CHAR),
    "byte": Shape(Kind.INT, bits=8, is_signed=False),
    "uintptr": Shape(Kind.INT, bits=64, is_signed=False),
    "any": UNKNOWN,
}
_BYTE = _SIMPLE["byte"]
_DEEPEST = 20


def shape_of(  # noqa: C901, PLR0911 - one for each kind
    node: Node | None, variables: Collection[str] = (), depth: int = 0
) -> Shape:
    """What a type is; ``variables`` are the names of type parameters."""
    if node is None or depth > _DEEPEST:
        return UNKNOWN

    def inner(each: Node | None) -> Shape:
        return shape_of(each, variables, depth + 1)

    match node.type:
        case "type_identifier":
            return _named(text_of(node), variables)
        case "qualified_type":
            return Shape(Kind.CLASS, name=text_of(node.child_by_field_name("name")))
        case "generic_type":
            arguments = node.child_by_field_name("type_arguments")
            parts = tuple(
                inner(each.named_children[0]) for each in _children(arguments) if each.named_children
            )
            return Shape(Kind.CLASS, parts, name=text_of(node.child_by_field_name("type")))
        case "slice_type" | "array_type":
            element = inner(node.child_by_field_name("element"))
            return Shape(Kind.BYTES) if element == _BYTE else Shape(Kind.LIST, (element,))
        case "map_type":
            key, value = (node.child_by_field_name(name) for name in ("key", "value"))
            if text_of(value).replace(" ", "") == "struct{}":
                return Shape(Kind.SET, (inner(key),))
            return Shape(Kind.MAP, (inner(key), inner(value)))
        case "pointer_type":
            pointed = inner(node.named_children[0]) if node.named_children else UNKNOWN
            return pointed if pointed.kind in {Kind.CLASS, Kind.ANY} else Shape(Kind.OPTION, (pointed,))
        case "parenthesized_type":
            return inner(node.named_children[0]) if node.named_children else UNKNOWN
    return UNKNOWN


def _named(name: str, variables: Collection[str]) -> Shape:
    if name in variables:
        return UNKNOWN
    if name in _SIMPLE:
        return _SIMPLE[name]
    match = _NUMBER.fullmatch(name)
    if match:
        kind = Kind.INT if match[2] == "int" else Kind.FLOAT
        return Shape(kind, bits=int(match[3] or 64), is_signed=not match[1])
    return Shape(Kind.CLASS, name=name)


def _children(node: Node | None) -> list[Node]:
    return node.named_children if node is not None else []
