"""TypeScript's types, and those of JSDoc."""

import re
from collections.abc import Callable, Mapping, Sequence

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.translation.languages.described import optional, union
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

NUMBER = Shape(Kind.FLOAT, bits=64)

_NOTHING = Shape(Kind.NOTHING)
_NAMED: Mapping[str, Shape] = {
    **dict.fromkeys(("number", "Number", "float", "double"), NUMBER),
    **dict.fromkeys(("int", "integer", "Integer"), Shape(Kind.INT, bits=32)),
    **dict.fromkeys(("bigint", "BigInt"), Shape(Kind.INT)),
    **dict.fromkeys(("string", "String", "str"), Shape(Kind.TEXT)),
    **dict.fromkeys(("boolean", "Boolean", "bool"), Shape(Kind.BOOL)),
    **dict.fromkeys(("void", "undefined", "null", "never", "None"), _NOTHING),
    **dict.fromkeys(("any", "unknown", "Function", "function", "symbol"), UNKNOWN),
    **dict.fromkeys(("object", "Object", "dict"), Shape(Kind.MAP, (Shape(Kind.TEXT), UNKNOWN))),
    **dict.fromkeys(("Uint8Array", "Buffer", "ArrayBuffer", "Uint8ClampedArray"), Shape(Kind.BYTES)),
    **dict.fromkeys(("Array", "array", "list", "tuple"), Shape(Kind.LIST, (UNKNOWN,))),
    **dict.fromkeys(("Set", "set"), Shape(Kind.SET, (UNKNOWN,))),
    "Map": Shape(Kind.MAP, (UNKNOWN, UNKNOWN)),
    **dict.fromkeys(("Float64Array", "Float32Array"), Shape(Kind.LIST, (NUMBER,))),
    **dict.fromkeys(("Int8Array", "Int16Array", "Int32Array"), Shape(Kind.LIST, (Shape(Kind.INT, bits=32),))),
}
_LISTS = frozenset(
    (
        *("Array", "ReadonlyArray", "Iterable", "ArrayLike", "Iterator", "IterableIterator", "Generator"),
        *("AsyncIterable", "AsyncIterator", "AsyncGenerator", "AsyncIterableIterator"),
    )
)
_SETS = frozenset(("Set", "ReadonlySet"))
_MAPS = frozenset(("Map", "ReadonlyMap", "Record", "Object"))
_INNER = frozenset(("Readonly", "Required", "NonNullable", "Promise", "PromiseLike", "Awaited"))
_TYPE_VARIABLE = re.compile(r"[A-Z]\d?$")
_CLAIM = re.compile(r"(asserts\s)?\s*[\w$]+\s+is\s")
"""What a function says of its argument."""

_MOST_DEPTH = 24

_LITERALS: tuple[tuple[re.Pattern[str], Shape], ...] = tuple(
    (re.compile(pattern), shape)
    for pattern, shape in (
        (r"-?\d+n$", Shape(Kind.INT)),
        (r"-?(?:\d[\d_]*\.?\d*(?:[eE][-+]?\d+)?|\.\d+|0[xXoObB][\da-fA-F]+|Infinity|NaN)$", NUMBER),
        (r"[\"'`]", Shape(Kind.TEXT)),
        (r"(?:true|false)$", Shape(Kind.BOOL)),
        (r"\[", _NAMED["Array"]),
        (r"\{", _NAMED["Object"]),
        (r"new Map\b", _NAMED["Map"]),
        (r"new Set\b", _NAMED["Set"]),
    )
)


@frozen
class EcmaScriptTypes:
    """See `Types`; ``aliases`` are the types that a file gives a name to."""

    aliases: Mapping[str, Node] = {}

    def declared(self, written: str) -> Shape:
        """See `Types.declared`."""
        if claim := _CLAIM.match(written):
            return _NOTHING if claim[1] else Shape(Kind.BOOL)
        node = _type(written)
        return self._of(node, _MOST_DEPTH) if node is not None else UNKNOWN

    def documented(self, written: str) -> Shape:
        """See `Types.documented`: Closure's marks mean what TypeScript says in words."""
        written = written.strip().removeprefix("...")
        is_optional, written = written.endswith("="), written.removesuffix("=")
        if written[:1] in {"?", "!"}:
            is_optional, written = is_optional or written[0] == "?", written[1:]
        shape = self.declared(written.replace(".<", "<").replace("*", "any"))
        return optional(shape) if is_optional else shape

    def of_values(self, kinds: str) -> Shape:
        """See `Types.of_values`."""
        return union([_NAMED.get(kind, UNKNOWN) for kind in kinds.split(" | ")])

    def _of(self, node: Node, depth: int) -> Shape:
        if depth <= 0:
            return UNKNOWN
        readers: Mapping[str, Callable[[Node, int], Shape]] = {
            "predefined_type": self._named,
            "type_identifier": self._named,
            "literal_type": self._literal,
            "union_type": self._union,
            "array_type": self._list,
            "tuple_type": self._tuple,
            "generic_type": self._generic,
            "object_type": self._object,
            **dict.fromkeys(
                ("parenthesized_type", "readonly_type", "optional_type", "type_annotation"), self._inner
            ),
        }
        read = readers.get(node.type)
        return read(node, depth - 1) if read else UNKNOWN

    def _inner(self, node: Node, depth: int) -> Shape:
        return self._of(node.named_children[0], depth) if node.named_child_count else UNKNOWN

    def _named(self, node: Node, depth: int) -> Shape:
        name = text_of(node)
        if name in self.aliases:
            return self._of(self.aliases[name], depth)
        if name in _NAMED:
            return _NAMED[name]
        return UNKNOWN if _TYPE_VARIABLE.match(name) else Shape(Kind.CLASS, name=name)

    def _literal(self, node: Node, depth: int) -> Shape:  # noqa: ARG002 - like the others
        inner = node.named_children[0] if node.named_child_count else node
        kinds = {
            **dict.fromkeys(("string", "template_string"), Shape(Kind.TEXT)),
            **dict.fromkeys(("number", "unary_expression"), NUMBER),
            **dict.fromkeys(("true", "false"), Shape(Kind.BOOL)),
            **dict.fromkeys(("null", "undefined"), _NOTHING),
        }
        return kinds.get(inner.type, UNKNOWN)

    def _union(self, node: Node, depth: int) -> Shape:
        parts, left = [], [node]
        while left:
            part = left.pop()
            if part.type == node.type:
                left += reversed(part.named_children)
            else:
                parts.append(self._of(part, depth))
        return union(parts)

    def _list(self, node: Node, depth: int) -> Shape:
        return Shape(Kind.LIST, (self._inner(node, depth),))

    def _tuple(self, node: Node, depth: int) -> Shape:
        if any(child.type in {"rest_type", "rest_pattern"} for child in _below(node)):
            return Shape(Kind.LIST, (UNKNOWN,))
        parts = [self._of(child.child_by_field_name("type") or child, depth) for child in node.named_children]
        return Shape(Kind.TUPLE, tuple(parts))

    def _generic(self, node: Node, depth: int) -> Shape:
        head = node.child_by_field_name("name") or node
        name = text_of(head)
        arguments = next((child for child in node.named_children if child.type == "type_arguments"), None)
        parts = [self._of(child, depth) for child in arguments.named_children] if arguments else []
        first = parts[0] if parts else UNKNOWN
        if name in _INNER:
            return first
        if name in _LISTS:
            return Shape(Kind.LIST, (first,))
        if name in _SETS:
            return Shape(Kind.SET, (first,))
        if name in _MAPS and parts:
            key = first if len(parts) > 1 else Shape(Kind.TEXT)
            return Shape(Kind.MAP, (key, parts[-1]))
        return self._named(head, depth)

    def _object(self, node: Node, depth: int) -> Shape:
        """What any keys lead to, or the fields, where all are of one type."""
        kinds = [child.child_by_field_name("type") for child in node.named_children]
        parts = [self._of(kind, depth) if kind else UNKNOWN for kind in kinds]
        is_open = any(child.type == "index_signature" for child in node.named_children)
        return Shape(Kind.MAP, (Shape(Kind.TEXT), parts[0] if is_open else UNKNOWN))


def of_literal(default: str) -> Shape:
    """What a default says of a parameter; UNKNOWN where it is no plain literal."""
    return next((shape for pattern, shape in _LITERALS if pattern.match(default.strip())), UNKNOWN)


def _below(node: Node) -> Sequence[Node]:
    return [inner for child in node.named_children for inner in (child, *child.named_children)]


def _type(written: str) -> Node | None:
    """The node of a type that is written by itself."""
    language = language_named("typescript")
    if language is None:
        return None
    root = parse(language, encode(f"let _: {written};")).root
    annotated = root.descendant_for_byte_range(5, 6)
    while annotated is not None and annotated.type != "type_annotation":
        annotated = annotated.parent
    if annotated is None or root.has_error or not annotated.named_child_count:
        return None
    return annotated.named_children[0]
