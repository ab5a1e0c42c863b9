"""What ``{:?}`` writes of a value, as a literal of the value's type."""

import re

from codenook.server.unit_tests.frameworks.rust_texts import escaped, text_literal
from codenook.server.unit_tests.kits.bracketed import split
from codenook.server.unit_tests.kits.rust.values import FLOAT, NUMBER

_ESCAPED = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|(.))", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_ESCAPE = r"\\(?:[nrt0'\"\\]|u\{[0-9a-fA-F]{1,6}\})"
_TEXT = re.compile(rf'"(?:[^"\\]|{_ESCAPE})*"')
_CHARACTER = re.compile(rf"'(?:[^'\\]|{_ESCAPE})'")
_LONGEST_TYPE = 300
_SIMPLE = (
    (NUMBER, re.compile(r"-?[0-9]{1,40}")),
    (FLOAT, re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?")),
    (re.compile("bool"), re.compile("true|false")),
)
_TEXT_TYPE = re.compile(r"&(?:'\w+ )?str")
_PLAIN = re.compile(r"(?:[iuf](?:\d+|size)|bool|char|String|&'static str)")


def literal(type_: str, shown: str, *, is_inner: bool = False) -> str | None:
    """A literal that equals the value; None where there is none of its type.

    What is shown may be the project's own words: it is a literal as a whole, or it counts for nothing.
    """
    if len(type_) > _LONGEST_TYPE:
        return None
    for pattern, form in _SIMPLE:
        if pattern.fullmatch(type_):
            return shown if form.fullmatch(shown) else None
    if type_ == "char":
        return _character(shown)
    if type_ == "String" or _TEXT_TYPE.fullmatch(type_):
        return _text(shown, is_owned=is_inner and type_ == "String")
    return _compound(type_, shown)


def unescaped(shown: str) -> str:
    """The text that ``{:?}`` wrote in quotes."""

    def one(match: re.Match[str]) -> str:
        code, short = match.groups()
        return chr(min(int(code, 16), 0x10FFFF)) if code else _SHORT.get(short, short)

    return _ESCAPED.sub(one, shown[1:-1])


def _text(shown: str, *, is_owned: bool) -> str | None:
    if not _TEXT.fullmatch(shown):
        return None
    text = text_literal(unescaped(shown))
    return f"{text}.to_string()" if is_owned else text


def _character(shown: str) -> str | None:
    if not _CHARACTER.fullmatch(shown):
        return None
    return shown if shown.isprintable() else f"'{escaped(unescaped(shown))}'"


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
