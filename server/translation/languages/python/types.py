"""Python's annotations, and the types that docstrings say."""

import ast
import re
from collections.abc import Mapping

from attrs import frozen

from codenook.server.translation.languages.described import union
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

_SIMPLE: Mapping[str, Shape] = {
    "int": Shape(Kind.INT),
    "float": Shape(Kind.FLOAT, bits=64),
    "bool": Shape(Kind.BOOL),
    **dict.fromkeys(("str", "AnyStr", "LiteralString", "Text"), Shape(Kind.TEXT)),
    **dict.fromkeys(("bytes", "bytearray", "memoryview", "ByteString"), Shape(Kind.BYTES)),
    **dict.fromkeys(("None", "NoneType", "NoReturn", "Never"), Shape(Kind.NOTHING)),
    **dict.fromkeys(("Any", "object", "Callable", "complex", "type", "Type", "Hashable", "Number"), UNKNOWN),
    "range": Shape(Kind.LIST, (Shape(Kind.INT),)),
}
_LISTS = frozenset(
    (
        *("list", "List", "Sequence", "MutableSequence", "Iterable", "Iterator", "Collection", "Reversible"),
        *("deque", "Deque", "Generator", "AsyncIterable", "AsyncIterator", "AsyncGenerator", "Container"),
    )
)
_SETS = frozenset(("set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet"))
_MAPS = frozenset(
    ("dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "DefaultDict", "ChainMap")
)
_INNER = frozenset(("Final", "Annotated", "ClassVar", "Required", "NotRequired", "ReadOnly"))
_AWAITED = frozenset(("Awaitable", "Coroutine", "Future", "Task"))
_TYPE_VARIABLE = re.compile(r"_?[A-Z]{1,2}\d?(?:_co|_contra)?$")
_MOST_DEPTH = 32

_OF_DOCUMENTATION: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r",?\s*\(?\b(?:optional|default\b.*|keyword-only)\)?\s*$", ""),
        (r":(?:class|obj|py:class):`~?([^`]*)`", r"\1"),
        (r"`+", ""),
        (r"\bstrings?\b", "str"),
        (r"\bintegers?\b|\bints\b", "int"),
        (r"\bbooleans?\b|\bbools\b", "bool"),
        (r"\bfloats\b|\bnumbers?\b", "float"),
        (r"\bstrs\b", "str"),
        (r"\blists\b", "list"),
        (r"\bdictionary\b", "dict"),
        (r"\bnull\b", "None"),
        (r"\b(list|set|tuple|sequence|iterable|Sequence|Iterable) of ([\w.]+(?:\[[^\]]*\])?)", r"\1[\2]"),
        (r"\b(dict|mapping)(?: from| of)? (\w+) to (\w+)", r"dict[\2, \3]"),
        (r"\btuple\[(\w+)\]", r"tuple[\1, ...]"),
        (r"\bsequence\b", "Sequence"),
        (r"\biterable\b", "Iterable"),
        (r"\s+or\s+", " | "),
    )
)


@frozen
class PythonTypes:
    """See `Types`; ``aliases`` are what a file's own names stand for."""

    aliases: Mapping[str, str] = {}

    def declared(self, written: str) -> Shape:
        """See `Types.declared`."""
        node = _expression(written)
        return self._of(node, _MOST_DEPTH) if node is not None else UNKNOWN

    def documented(self, written: str) -> Shape:
        """See `Types.documented`; words that are no types say nothing."""
        for pattern, by in _OF_DOCUMENTATION:
            written = pattern.sub(by, written)
        shape = self.declared(written.strip())
        return UNKNOWN if shape.kind is Kind.CLASS and not shape.name[:1].isupper() else shape

    def of_values(self, kinds: str) -> Shape:
        """See `Types.of_values`."""
        return self.declared(kinds)

    def _of(self, node: ast.expr, depth: int) -> Shape:  # noqa: PLR0911 - one for each kind
        if depth <= 0:
            return UNKNOWN
        match node:
            case ast.Constant(None):
                return Shape(Kind.NOTHING)
            case ast.Constant(str(text)):
                inner = _expression(text)
                return self._of(inner, depth - 1) if inner is not None else UNKNOWN
            case ast.BinOp(op=ast.BitOr()):
                return union([self._of(part, depth - 1) for part in (node.left, node.right)])
            case ast.Subscript():
                parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                return self._generic(_last(node.value), parts, depth - 1)
            case ast.Name() | ast.Attribute():
                return self._named(_last(node), depth - 1)
        return UNKNOWN

    def _named(self, name: str, depth: int) -> Shape:
        if name in self.aliases:
            inner = _expression(self.aliases[name])
            return self._of(inner, depth) if inner is not None else UNKNOWN
        if name in _SIMPLE:
            return _SIMPLE[name]
        if name in _LISTS or name in {"tuple", "Tuple"}:
            return Shape(Kind.LIST, (UNKNOWN,))
        if name in _SETS:
            return Shape(Kind.SET, (UNKNOWN,))
        if name in _MAPS or name == "Counter":
            return Shape(Kind.MAP, (UNKNOWN, Shape(Kind.INT) if name == "Counter" else UNKNOWN))
        is_class = name and not _TYPE_VARIABLE.match(name)
        return Shape(Kind.CLASS, name=name) if is_class else UNKNOWN

    def _generic(self, name: str, parts: list[ast.expr], depth: int) -> Shape:  # noqa: PLR0911 - one for each
        if name == "Literal":
            return union([_of_constant(part) for part in parts])
        if name in {"Callable", "type", "Type"}:
            return UNKNOWN
        is_open = len(parts) > 1 and isinstance(parts[-1], ast.Constant) and parts[-1].value is Ellipsis
        found = [self._of(part, depth) for part in parts[: 1 if is_open or name in _INNER else None]]
        first = found[0] if found else UNKNOWN
        if name in {"Optional", "Union"}:
            return union([*found, *([Shape(Kind.NOTHING)] if name == "Optional" else [])])
        if name in _INNER:
            return first
        if name in _AWAITED:
            return found[-1]
        if name in {"tuple", "Tuple"}:
            return Shape(Kind.LIST, (first,)) if is_open else Shape(Kind.TUPLE, tuple(found))
        if name in _LISTS:
            return Shape(Kind.LIST, (first,))
        if name in _SETS:
            return Shape(Kind.SET, (first,))
        if name in _MAPS:
            return Shape(Kind.MAP, (first, found[1] if len(found) > 1 else UNKNOWN))
        return Shape(Kind.MAP, (first, Shape(Kind.INT))) if name == "Counter" else self._named(name, depth)


def constant(written: str) -> Shape:
    """What a literal is; UNKNOWN for any other expression, and for None."""
    node = _expression(written)
    shape = _of_constant(node) if node is not None else UNKNOWN
    return UNKNOWN if shape.kind is Kind.NOTHING else shape


def _of_constant(node: ast.expr) -> Shape:
    match node:
        case ast.Constant(value):
            return _SIMPLE.get(type(value).__name__, UNKNOWN)
        case ast.UnaryOp(operand=ast.Constant() as operand):
            return _of_constant(operand)
        case ast.List() | ast.Tuple():
            return Shape(Kind.LIST, (union([_of_constant(each) for each in node.elts]),))
        case ast.Set():
            return Shape(Kind.SET, (union([_of_constant(each) for each in node.elts]),))
        case ast.Dict():
            keys = union([_of_constant(each) for each in node.keys if each is not None])
            return Shape(Kind.MAP, (keys, union([_of_constant(each) for each in node.values])))
    return UNKNOWN


def _last(node: ast.expr) -> str:
    """The last name of a dotted one."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _expression(written: str) -> ast.expr | None:
    try:
        return ast.parse(written.strip().replace("\n", " "), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
