"""Values of TypeScript's types, as expressions."""

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file, text, walk
from codenook.server.unit_tests.kits.ecmascript.usage import Sort

BY_SORT: Mapping[Sort, tuple[str, ...]] = {
    Sort.STRING: (
        *(
            '"Hello World"',
            '""',
            '"fooBar"',
            '"a"',
            '"  two words "',
            '"foo-bar_baz"',
            '"42"',
            '"Ünï"',
            '"a,b"',
        ),
    ),
    Sort.NUMBER: ("2", "0", "-1", "1", "10", "1.5", "100", "-2.5", "NaN"),
    Sort.BOOLEAN: ("true", "false"),
    Sort.ARRAY: ("[3, 1, 2]", "[]", '["a", "b"]', "[1]", "[1, 1, 2]", "[[1, 2], [3]]", "[0, null, 4]"),
    Sort.OBJECT: ("{ a: 1, b: 2 }", "{}", '{ a: { b: "c" } }', "{ a: [1, 2], b: null }"),
    Sort.FUNCTION: ("(x) => x", "(x) => x > 1", "() => true", "(a, b) => a - b"),
    Sort.DATE: (
        *("new Date(2024, 1, 29)", "new Date(2023, 11, 31, 23, 59)", "new Date(1999, 0, 1)", "new Date(NaN)"),
    ),
    Sort.REGEXP: ("/a/", "/[a-z]+/g", "/(\\d+)/"),
    Sort.MAP: ('new Map([["a", 1]])', "new Map()"),
    Sort.SET: ("new Set([1, 2])", "new Set()"),
}
"""The first of each is usual, the others are at some boundary."""

OF_ANY = (
    '"Hello World"',
    "2",
    "[3, 1, 2]",
    "{ a: 1, b: 2 }",
    '""',
    "0",
    "null",
    "true",
    "undefined",
    "[]",
    "{}",
)
"""For what nothing is known of."""

_MOST_DEPTH = 12
_CONTAINER = 4
_MOST_FIELDS = 12
"""What a list or an object takes of the depth, of which an alias takes 1."""

_LISTS = frozenset({"Array", "ReadonlyArray", "Iterable", "ArrayLike", "Set", "ReadonlySet"})
_TRANSPARENT = frozenset({"Readonly", "NonNullable", "Required", "Awaited", "Partial"})
_NAMED: Mapping[str, tuple[str, ...]] = {
    **{sort.value: BY_SORT[sort] for sort in Sort},
    **{sort.value.capitalize(): BY_SORT[sort] for sort in Sort},
    "RegExp": BY_SORT[Sort.REGEXP],
    "undefined": ("undefined",),
    "void": ("undefined",),
    "null": ("null",),
    "bigint": ("10n", "0n", "-1n"),
}
_RETURNING: Mapping[str, tuple[str, ...]] = {
    "boolean": ("(x) => Boolean(x)", "() => false"),
    "number": ("(x) => Number(x)", "(a, b) => a - b"),
    "string": ("(x) => String(x)", '() => "a"'),
}


@frozen
class Types:
    """The types that a file declares, by name."""

    declared: Mapping[str, Node]

    @classmethod
    def of(cls, parsed: Parsed) -> "Types":
        """Interfaces, aliases and enums at any level of a file."""
        kinds = {"interface_declaration", "type_alias_declaration", "enum_declaration"}
        nodes = [node for node in walk(parsed.root) if node.type in kinds]
        return cls({text(node.child_by_field_name("name")): node for node in nodes})

    def of_text(self, type_: str) -> list[str]:
        """Values of a type as it is written; none where it can't be read."""
        root = parsed_file("x.ts", f"let _: {type_};").root
        annotation = next((node for node in walk(root) if node.type == "type_annotation"), None)
        if annotation is None or root.has_error or not annotation.named_child_count:
            return []
        return self._of(annotation.named_children[0], _MOST_DEPTH)

    def _of(self, node: Node, depth: int) -> list[str]:
        if depth <= 0:
            return ["undefined"]
        makers: Mapping[str, Callable[[Node, int], list[str]]] = {
            "predefined_type": self._named,
            "type_identifier": self._named,
            "literal_type": self._literal,
            "parenthesized_type": self._inner,
            "readonly_type": self._inner,
            "optional_type": self._inner,
            "type_annotation": self._inner,
            "union_type": self._parts,
            "intersection_type": self._parts,
            "array_type": self._list,
            "tuple_type": self._tuple,
            "generic_type": self._generic,
            "object_type": self._objects,
            "function_type": self._function,
        }
        make = makers.get(node.type)
        return make(node, depth) if make else list(OF_ANY)

    def _inner(self, node: Node, depth: int) -> list[str]:
        return self._of(node.named_children[0], depth - 1) if node.named_child_count else list(OF_ANY)

    def _list(self, node: Node, depth: int) -> list[str]:
        return _lists(self._inner(node, depth - _CONTAINER))

    def _tuple(self, node: Node, depth: int) -> list[str]:
        parts = [self._of(part, depth - _CONTAINER)[:1] for part in node.named_children]
        return [f"[{', '.join(value for part in parts for value in part)}]"]

    def _parts(self, node: Node, depth: int) -> list[str]:
        """Values of all alternatives, one of each in turn; of an intersection those of its first part."""
        parts = [self._of(part, depth - 1) for part in _alternatives(node)]
        if node.type == "intersection_type":
            return parts[0] if parts else []
        longest = max(map(len, parts), default=0)
        return list(dict.fromkeys(part[i] for i in range(longest) for part in parts if i < len(part)))

    def _named(self, node: Node, depth: int) -> list[str]:
        name = text(node)
        if name in _NAMED:
            return list(_NAMED[name])
        declared = self.declared.get(name)
        if declared is None:
            return list(OF_ANY)
        body = declared.child_by_field_name("body")
        if declared.type == "enum_declaration":
            members = body.named_children if body else []
            return [f"{name}.{text(each.child_by_field_name('name') or each)}" for each in members[:4]]
        value = declared.child_by_field_name("value")
        if body is not None:
            return self._objects(body, depth)
        return self._of(value, depth - 1) if value else list(OF_ANY)

    def _generic(self, node: Node, depth: int) -> list[str]:
        head = node.child_by_field_name("name") or node
        name = text(head)
        held = next(
            (part.named_children for part in node.named_children if part.type == "type_arguments"), []
        )
        if name in _LISTS and held:
            lists = _lists(self._of(held[0], depth - _CONTAINER))
            return [f"new Set({value})" for value in lists] if "Set" in name else lists
        if name in _TRANSPARENT and held:
            return self._of(held[0], depth)
        if name in {"Record", "Map", "ReadonlyMap"} and held:
            first, *_, last = [*self._of(held[-1], depth - _CONTAINER), "undefined"][:2] * 2
            if name == "Record":
                return [f"{{ a: {first} }}", "{}", f"{{ a: {first}, b: {last} }}"]
            return [f'new Map([["a", {first}]])', "new Map()"]
        return self._named(head, depth)

    def _objects(self, body: Node, depth: int) -> list[str]:
        """Objects with the fields of a type: with all of them, with those that must be, with one varied."""
        fields: list[tuple[str, bool, list[str]]] = []
        for part in body.named_children[:_MOST_FIELDS]:
            annotation = part.child_by_field_name("type")
            if part.type == "property_signature" and annotation is not None:
                is_optional = any(child.type == "?" for child in part.children)
                values = self._of(annotation, depth - _CONTAINER) or ["undefined"]
                fields.append((text(part.child_by_field_name("name")), is_optional, values))
        found = [
            _object([(name, values[0]) for name, _, values in fields]),
            _object([(name, values[0]) for name, is_optional, values in fields if not is_optional]),
        ]
        for varied, _, others in fields:
            found += [
                _object([(name, value if name == varied else values[0]) for name, _, values in fields])
                for value in others[1:3]
            ]
        return list(dict.fromkeys(found))

    def _function(self, node: Node, depth: int) -> list[str]:  # noqa: ARG002 - like the others
        returns = text(node.child_by_field_name("return_type")).strip()
        return [*_RETURNING.get(returns, ()), *BY_SORT[Sort.FUNCTION]]

    def _literal(self, node: Node, depth: int) -> list[str]:  # noqa: ARG002 - like the others
        return [text(node)]


def _alternatives(node: Node) -> list[Node]:
    """The parts of a union or an intersection, in the order of the text."""
    found: list[Node] = []
    left = [node]
    while left:
        part = left.pop()
        if part.type == node.type:
            left += reversed(part.named_children)
        else:
            found.append(part)
    return found[:_MOST_FIELDS]


def _object(fields: Sequence[tuple[str, str]]) -> str:
    return f"{{ {', '.join(f'{name}: {value}' for name, value in fields)} }}" if fields else "{}"


def _lists(values: Sequence[str]) -> list[str]:
    """Lists of such values: some, none, one, two alike."""
    if not values:
        return ["[]"]
    some = f"[{', '.join(values[:3])}]"
    return list(dict.fromkeys([some, "[]", f"[{values[0]}]", f"[{values[-1]}, {values[0]}, {values[0]}]"]))
