"""Types of Rust."""

import re
from collections.abc import Collection

from attrs import frozen
from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

_NUMBER = re.compile(r"([iuf])(8|16|32|64|128|size)")
_BYTE = Shape(Kind.INT, bits=8, is_signed=False)
_SIMPLE = {
    "bool": Shape(Kind.BOOL),
    "char": Shape(Kind.CHAR),
    "str": Shape(Kind.TEXT),
    "String": Shape(Kind.TEXT),
}
_LISTS = frozenset({"Vec", "VecDeque", "LinkedList"})
_MAPS = frozenset({"HashMap", "BTreeMap"})
_SETS = frozenset({"HashSet", "BTreeSet"})
_OWNERS = frozenset({"Box", "Rc", "Arc", "Cow", "RefCell"})
_DEEPEST = 20


@frozen
class Types:
    """Types in a function; ``owner`` is what ``Self`` means, ``variables`` are its type parameters."""

    owner: str = ""
    variables: Collection[str] = ()

    def shape(self, node: Node | None, depth: int = 0) -> Shape:  # noqa: PLR0911 - one for each kind
        """What a type is."""
        if node is None or depth > _DEEPEST:
            return UNKNOWN
        parts = [each for each in node.named_children if each.type not in {"lifetime", "mutable_specifier"}]
        match node.type:
            case "reference_type":
                return self.shape(node.child_by_field_name("type"), depth + 1)
            case "unit_type" | "never_type":
                return Shape(Kind.NOTHING)
            case "tuple_type":
                return Shape(Kind.TUPLE, tuple(self.shape(each, depth + 1) for each in parts))
            case "array_type":
                return _list(self.shape(node.child_by_field_name("element"), depth + 1))
            case "abstract_type":
                return self._of_trait(node.child_by_field_name("trait"), depth)
        return self._named(node, depth)

    def error(self, node: Node | None) -> str:
        """The error of a ``Result``; empty for any other type."""
        arguments = _arguments(node)
        if node is None or _name(node) != "Result":
            return ""
        return text_of(arguments[1]) if len(arguments) > 1 else "Error"

    def _named(self, node: Node, depth: int) -> Shape:
        name = _name(node)
        if name in _SIMPLE:
            return _SIMPLE[name]
        if match := _NUMBER.fullmatch(name):
            bits = 64 if match[2] == "size" else int(match[2])
            kind = Kind.FLOAT if match[1] == "f" else Kind.INT
            return Shape(kind, bits=bits, is_signed=match[1] != "u")
        arguments = [self.shape(each, depth + 1) for each in _arguments(node)]
        return self._holding(name, arguments)

    def _holding(self, name: str, arguments: list[Shape]) -> Shape:  # noqa: PLR0911 - one for each kind
        first = arguments[0] if arguments else UNKNOWN
        if name in _LISTS:
            return _list(first)
        if name in _MAPS and len(arguments) > 1:
            return Shape(Kind.MAP, tuple(arguments[:2]))
        if name in _SETS:
            return Shape(Kind.SET, (first,))
        if name == "Option":
            return Shape(Kind.OPTION, (first,))
        if name in _OWNERS or name == "Result":
            return first
        if name == "Self":
            return Shape(Kind.CLASS, name=self.owner) if self.owner else UNKNOWN
        is_type = bool(name) and name not in self.variables
        return Shape(Kind.CLASS, tuple(arguments), name=name) if is_type else UNKNOWN

    def _of_trait(self, node: Node | None, depth: int) -> Shape:
        """What stands for any type with a trait: texts and iterators are known."""
        arguments = _arguments(node)
        if node is None or not arguments:
            return UNKNOWN
        if _name(node) in {"AsRef", "Into", "Borrow"}:
            return self.shape(arguments[0], depth + 1)
        bound = arguments[0].child_by_field_name("type") if arguments[0].type == "type_binding" else None
        if bound is not None and _name(node).endswith("Iterator"):
            return _list(self.shape(bound, depth + 1))
        return UNKNOWN


def _list(element: Shape) -> Shape:
    return Shape(Kind.BYTES) if element == _BYTE else Shape(Kind.LIST, (element,))


def _name(node: Node) -> str:
    """The last part of a type's path; empty for what has none."""
    if node.type == "generic_type":
        inner = node.child_by_field_name("type")
        return _name(inner) if inner is not None else ""
    if node.type == "scoped_type_identifier":
        return text_of(node.child_by_field_name("name"))
    return text_of(node) if node.type in {"type_identifier", "primitive_type"} else ""


def _arguments(node: Node | None) -> list[Node]:
    """What stands in a type's angle brackets, without lifetimes."""
    given = node.child_by_field_name("type_arguments") if node is not None else None
    return [each for each in given.named_children if each.type != "lifetime"] if given is not None else []
