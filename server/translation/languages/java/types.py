"""What types of Java are."""

from collections.abc import Collection

from codenook.server.translation.languages.type_text import TypeText, type_text
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

_TEXT = Shape(Kind.TEXT)
_SCALARS = {
    "void": Shape(Kind.NOTHING),
    "Void": Shape(Kind.NOTHING),
    **dict.fromkeys(("boolean", "Boolean"), Shape(Kind.BOOL)),
    **dict.fromkeys(("byte", "Byte"), Shape(Kind.INT, bits=8)),
    **dict.fromkeys(("short", "Short"), Shape(Kind.INT, bits=16)),
    **dict.fromkeys(("int", "Integer"), Shape(Kind.INT, bits=32)),
    **dict.fromkeys(("long", "Long"), Shape(Kind.INT, bits=64)),
    "BigInteger": Shape(Kind.INT),
    **dict.fromkeys(("float", "Float"), Shape(Kind.FLOAT, bits=32)),
    **dict.fromkeys(("double", "Double"), Shape(Kind.FLOAT, bits=64)),
    **dict.fromkeys(("char", "Character"), Shape(Kind.CHAR)),
    **dict.fromkeys(("String", "CharSequence", "StringBuilder"), _TEXT),
    "OptionalInt": Shape(Kind.OPTION, (Shape(Kind.INT, bits=32),)),
    **dict.fromkeys(("Object", "Number", "Comparable", "Serializable", "var", "?", ""), UNKNOWN),
}
_LISTS = {
    *("List", "ArrayList", "LinkedList", "Collection", "Iterable", "Queue", "Deque", "ArrayDeque"),
    *("PriorityQueue", "Stack", "Vector", "SequencedCollection"),
}
_SETS = {"Set", "HashSet", "LinkedHashSet", "TreeSet", "SortedSet", "NavigableSet"}
_MAPS = {"Map", "HashMap", "LinkedHashMap", "TreeMap", "SortedMap", "NavigableMap"}
_WORDS = {"final", "extends", "super", "?"}
_N_OF_MAP = 2


def shape_of(written: str, variables: Collection[str] = ()) -> Shape:
    """The type that a text names, where ``variables`` are type parameters."""
    return _shape(type_text(written), variables)


def _shape(text: TypeText, variables: Collection[str]) -> Shape:
    words = [word for word in text.words if not word.startswith("@") and word not in _WORDS]
    name = words[0].rpartition(".")[2] if words else ""
    shape = UNKNOWN if name in variables else _named(name, text, variables)
    for number, _ in enumerate(text.marks):
        is_bytes = not number and name == "byte"
        shape = Shape(Kind.BYTES) if is_bytes else Shape(Kind.LIST, (shape,))
    return shape


def _named(name: str, text: TypeText, variables: Collection[str]) -> Shape:
    if name in _SCALARS:
        return _SCALARS[name]
    parts = tuple(_shape(each, variables) for each in text.arguments)
    one = parts[:1] or (UNKNOWN,)
    if name in _LISTS:
        return Shape(Kind.LIST, one)
    if name in _SETS:
        return Shape(Kind.SET, one)
    if name == "Optional":
        return Shape(Kind.OPTION, one)
    if name in _MAPS or name == "Entry":
        two = parts if len(parts) == _N_OF_MAP else (UNKNOWN, UNKNOWN)
        return Shape(Kind.TUPLE if name == "Entry" else Kind.MAP, two)
    return Shape(Kind.CLASS, name=name)
