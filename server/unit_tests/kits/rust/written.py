"""What ``{:?}`` writes of a value, as a literal of the value's type."""

import re

from codenook.server.unit_tests.kits.bracketed import split
from codenook.server.unit_tests.kits.rust.values import FLOAT, NUMBER

_ESCAPED = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|(.))", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_TEXT_TYPE = re.compile(r"&(?:'\w+ )?str")
_PLAIN = re.compile(r"(?:[iuf](?:\d+|size)|bool|char|String|&'static str)")


def literal(type_: str, shown: str, *, is_inner: bool = False) -> str | None:
    """A literal that equals the value; None where there is none of its type."""
    if NUMBER.fullmatch(type_):
        return shown if re.fullmatch(r"-?\d+", shown) else None
    if FLOAT.fullmatch(type_):
        return shown if re.fullmatch(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", shown) else None
    if type_ == "bool":
        return shown if shown in {"true", "false"} else None
    if type_ == "char" or _TEXT_TYPE.fullmatch(type_):
        return shown if shown[:1] in {'"', "'"} else None
    if type_ == "String":
        return f"{shown}.to_string()" if is_inner else shown
    return _compound(type_, shown)


def text_literal(text: str) -> str:
    """A text as a literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    named = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return '"' + "".join(each if each.isprintable() else f"\\u{{{ord(each):x}}}" for each in named) + '"'


def unescaped(shown: str) -> str:
    """The text that ``{:?}`` wrote in quotes."""

    def one(match: re.Match[str]) -> str:
        code, short = match.groups()
        return chr(min(int(code, 16), 0x10FFFF)) if code else _SHORT.get(short, short)

    return _ESCAPED.sub(one, shown[1:-1])


def _compound(type_: str, shown: str) -> str | None:
    for pattern, form in _FORMS:
        if match := pattern.fullmatch(type_):
            return form(match[1], shown)
    return None


def _option(inner: str, shown: str) -> str | None:
    return "None" if shown == "None" else _wrapped("Some", inner, shown)


def _result(inner: str, shown: str) -> str | None:
    types, name = split(inner, angles=True), shown.partition("(")[0]
    if name == "Err" and len(types) < 2:  # noqa: PLR2004 - an error whose type stands elsewhere
        return None
    return _wrapped(name, types[name == "Err"], shown) if name in {"Ok", "Err"} and types else None


def _vector(inner: str, shown: str) -> str | None:
    if shown == "[]":
        return f"Vec::<{inner}>::new()" if _PLAIN.fullmatch(inner) else None
    return _list(inner, shown, "vec![{}]")


def _array(inner: str, shown: str) -> str | None:
    return _list(inner, shown, "[{}]")


def _tuple(inner: str, shown: str) -> str | None:
    types, parts = split(inner, angles=True), split(shown[1:-1])
    return _joined(types, parts, "({})") if len(types) == len(parts) > 1 else None


def _reference(inner: str, shown: str) -> str | None:
    value = literal(inner, shown, is_inner=True)
    return None if value is None else f"&{value}"


_FORMS = (
    (re.compile(r"(?:\w+::)*Option<(.*)>"), _option),
    (re.compile(r"(?:\w+::)*Result<(.*)>"), _result),
    (re.compile(r"Vec<(.*)>"), _vector),
    (re.compile(r"\[(.*);.*\]"), _array),
    (re.compile(r"\((.*)\)"), _tuple),
    (re.compile(r"&(?:'\w+ )?([^\[].*)"), _reference),
)
"""How literals are made of those of what is in a value; the first pattern that fits a type counts."""


def _wrapped(name: str, type_: str, shown: str) -> str | None:
    if not (shown.startswith(f"{name}(") and shown.endswith(")")):
        return None
    inner = "()" if type_ == "()" else literal(type_, shown[len(name) + 1 : -1], is_inner=True)
    return None if inner is None else f"{name}({inner})"


def _list(type_: str, shown: str, form: str) -> str | None:
    parts = split(shown[1:-1]) if shown.startswith("[") and shown.endswith("]") else []
    return _joined([type_] * len(parts), parts, form) if parts else None


def _joined(types: list[str], parts: list[str], form: str) -> str | None:
    each = [literal(type_, part, is_inner=True) for type_, part in zip(types, parts, strict=True)]
    known = [one for one in each if one is not None]
    return form.format(", ".join(known)) if len(known) == len(each) else None
