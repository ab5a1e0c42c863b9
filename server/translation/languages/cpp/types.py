"""What types of C and C++ are."""

import re
from collections.abc import Mapping

from codenook.server.translation.languages.type_text import TypeText, type_text
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

_QUALIFIERS = {
    *("const", "volatile", "static", "inline", "constexpr", "extern", "register", "typename", "struct"),
    *("class", "enum", "restrict", "mutable", "virtual", "explicit", "friend", "std::"),
}
_INT_WORDS = {"int", "long", "short", "signed", "unsigned"}
_BITS = {"short": 16, "int": 32, "long": 64}
_SIZED = re.compile(r"(u?)int(?:_fast|_least)?(8|16|32|64)_t")
_INTEGERS = {
    **dict.fromkeys(
        ("size_t", "size_type", "uintptr_t", "uintmax_t"), Shape(Kind.INT, bits=64, is_signed=False)
    ),
    **dict.fromkeys(("ssize_t", "ptrdiff_t", "intptr_t", "intmax_t"), Shape(Kind.INT, bits=64)),
    "__int128": Shape(Kind.INT, bits=128),
}
_SCALARS = {
    **_INTEGERS,
    "void": Shape(Kind.NOTHING),
    "bool": Shape(Kind.BOOL),
    "_Bool": Shape(Kind.BOOL),
    "char": Shape(Kind.CHAR),
    "float": Shape(Kind.FLOAT, bits=32),
    "double": Shape(Kind.FLOAT, bits=64),
    "long double": Shape(Kind.FLOAT, bits=64),
    "string": Shape(Kind.TEXT),
    "string_view": Shape(Kind.TEXT),
    "signed char": Shape(Kind.INT, bits=8),
    "unsigned char": Shape(Kind.INT, bits=8, is_signed=False),
    **dict.fromkeys(("auto", "any", "variant", "function", "wchar_t", "char16_t", "char32_t", ""), UNKNOWN),
}
_TEMPLATES = {
    **dict.fromkeys(
        ("vector", "list", "deque", "array", "span", "initializer_list", "forward_list"), Kind.LIST
    ),
    **dict.fromkeys(("set", "unordered_set"), Kind.SET),
    **dict.fromkeys(("map", "unordered_map"), Kind.MAP),
    **dict.fromkeys(("pair", "tuple"), Kind.TUPLE),
    "optional": Kind.OPTION,
}
_BYTE = Shape(Kind.INT, bits=8, is_signed=False)
_ALIAS = re.compile(r"^[ \t]*using[ \t]+(\w+)[ \t]*=[ \t]*([^;\n]+);", re.MULTILINE)
_TYPEDEF = re.compile(r"^[ \t]*typedef[ \t]+([^;{}\n()]+?)[ \t]*\b(\w+)[ \t]*;", re.MULTILINE)
_DEFINED = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+([a-z_][\w:<>, ]*?)[ \t]*$", re.MULTILINE)
_MOST_ALIASES = 10
_N_OF_MAP = 2


def aliases(text: str) -> dict[str, str]:
    """The names that a file gives to types."""
    macros = dict(_DEFINED.findall(text))
    return macros | dict(_ALIAS.findall(text)) | {name: written for written, name in _TYPEDEF.findall(text)}


def shape_of(written: str, known: Mapping[str, str], variables: frozenset[str] = frozenset()) -> Shape:
    """The type that a text names; ``known`` are aliases, ``variables`` the parameters of templates."""
    return _shape(type_text(written), known, variables, _MOST_ALIASES)


def _shape(text: TypeText, known: Mapping[str, str], variables: frozenset[str], hops: int) -> Shape:
    words = [word.removeprefix("::").removeprefix("std::") for word in text.words if word not in _QUALIFIERS]
    name = " ".join(words)
    pointers = [mark for mark in text.marks if mark != "&"]
    if pointers:
        inner = UNKNOWN if name in variables else _named(words, text, known, variables, hops)
        return _pointed(inner, pointers)
    return UNKNOWN if name in variables else _named(words, text, known, variables, hops)


def _pointed(inner: Shape, marks: list[str]) -> Shape:
    if len(marks) == 1 and inner.kind is Kind.CHAR:
        return Shape(Kind.TEXT)
    if len(marks) == 1 and inner.kind is Kind.CLASS:
        return inner
    return UNKNOWN


def _named(
    words: list[str], text: TypeText, known: Mapping[str, str], variables: frozenset[str], hops: int
) -> Shape:
    name = " ".join(words)
    if name in known and hops and not text.arguments:
        return _shape(type_text(known[name]), known, variables, hops - 1)
    if name in _SCALARS:
        return _SCALARS[name]
    if sized := _SIZED.fullmatch(name):
        return Shape(Kind.INT, bits=int(sized[2]), is_signed=not sized[1])
    if words and set(words) <= _INT_WORDS:
        bits = next((_BITS[word] for word in ("long", "short") if word in words), _BITS["int"])
        return Shape(Kind.INT, bits=bits, is_signed="unsigned" not in words)
    if set(words) in ({"unsigned", "char"}, {"signed", "char"}):
        return _SCALARS[" ".join(sorted(words, reverse=True))]
    parts = tuple(_shape(each, known, variables, hops) for each in text.arguments)
    return _of_template(name, text, parts)


def _of_template(name: str, text: TypeText, parts: tuple[Shape, ...]) -> Shape:
    kind = _TEMPLATES.get(name)
    if kind is Kind.TUPLE:
        return Shape(kind, parts)
    n_parts = _N_OF_MAP if kind is Kind.MAP else 1
    if kind and len(parts) >= n_parts:
        is_bytes = name == "vector" and (parts[0] == _BYTE or text.arguments[0].name == "std::byte")
        return Shape(Kind.BYTES) if is_bytes else Shape(kind, parts[:n_parts])
    if name in {"unique_ptr", "shared_ptr"} and parts and parts[0].kind is Kind.CLASS:
        return parts[0]
    return UNKNOWN if text.arguments else Shape(Kind.CLASS, name=name.rpartition("::")[2])
