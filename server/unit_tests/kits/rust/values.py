"""Values of a type, as source text, the most telling first."""

import re
from collections.abc import Callable

from codenook.server.unit_tests.kits.bracketed import split

_SIGNED = ("2", "0", "-1", "1", "7", "10", "-12", "100")
_UNSIGNED = ("2", "0", "1", "7", "10", "100")
_FLOATS = ("1.5", "0.0", "-2.0", "10.0", "0.25")
_TEXTS = ('"Hello, World"', '""', '"a"', '"abcba"', '" a  b "', '"12"', '"-3.5"', '"éß"')
_CHARACTERS = ("'a'", "'Z'", "'0'", "' '", "'é'")
_MOST = 8
_MOST_DEPTH = 4
_MOST_NEAR = 3

Named = Callable[[str], list[str]]
"""Values of a type that is told."""

NUMBER = re.compile(r"[iu](?:8|16|32|64|128|size)")
FLOAT = re.compile(r"f(?:32|64)")
TEXT = re.compile(r"(?:&(?:'\w+ )?str|impl (?:AsRef|Into)<(?:str|String)>|Cow<.*str>)")


def values(type_: str, named: Named, depth: int = 0) -> list[str]:
    """Values of ``type_``, none where none are known; ``named`` gives those of types of the project."""
    if depth > _MOST_DEPTH or type_.startswith("&mut "):
        return []
    if simple := _simple(type_):
        return list(simple)
    for pattern, form in _FORMS:
        if match := pattern.fullmatch(type_):
            return form(match, lambda inner: values(inner, named, depth + 1))
    return named(type_)[:_MOST]


def near(type_: str, source: str) -> list[str]:
    """Values of ``type_`` that a function's own constants suggest: these, and those beside them."""
    code = re.sub(r"//[^\n]*", "", source)
    if NUMBER.fullmatch(type_):
        numbers = [int(each) for each in re.findall(r"(?<![\w.])\d{1,5}(?![\w.])", code)][:_MOST_NEAR]
        beside = [number + step for number in numbers for step in (0, 1, -1)]
        return [str(each) for each in dict.fromkeys(beside) if each >= 0]
    if TEXT.fullmatch(type_) or type_ == "String":
        texts = re.findall(r'"([^"\\{}\n]{1,20})"', code) + re.findall(r"'([^'\\\n])'", code)
        made = [f'"{form.format(text)}"' for text in texts[:_MOST_NEAR] for form in ("{}12", "{}", "ab{}c")]
        return [f"{each}.to_string()" if type_ == "String" else each for each in dict.fromkeys(made)]
    return []


def combined(types: list[list[str]], most: int) -> list[str]:
    """Arguments of a call: other ones in all places at once, then in one place at a time."""
    if not all(types):
        return []
    found: dict[str, None] = {}
    best = [each[0] for each in types]
    found[", ".join(best)] = None
    for turn in range(1, max(map(len, types))):
        found[", ".join(each[(turn + place) % len(each)] for place, each in enumerate(types))] = None
    for index, each in enumerate(types):
        for other in each[1:]:
            found[", ".join((*best[:index], other, *best[index + 1 :]))] = None
    return list(found)[:most]


def _simple(type_: str) -> tuple[str, ...]:
    if NUMBER.fullmatch(type_):
        return _SIGNED if type_.startswith("i") else _UNSIGNED
    if FLOAT.fullmatch(type_):
        return _FLOATS
    if type_ == "bool":
        return ("true", "false")
    if type_ == "char":
        return _CHARACTERS
    if TEXT.fullmatch(type_):
        return _TEXTS
    return tuple(f"{each}.to_string()" for each in _TEXTS) if type_ == "String" else ()


def _lists(form: str) -> Callable[[re.Match[str], Named], list[str]]:
    def made(match: re.Match[str], inner: Named) -> list[str]:
        each = inner(match[1])[:_MOST]
        if not each:
            return []
        shown = [each[:3], [], each[:1], each[2::-1], [each[0], each[0], *each[1:2]], each[:6]]
        return list(dict.fromkeys(form.format(", ".join(one)) for one in shown))

    return made


def _array(match: re.Match[str], inner: Named) -> list[str]:
    each, n_elements = inner(match[1]), int(match[2])
    rows = [(each * n_elements)[start : start + n_elements] for start in (0, 1)] if each else []
    return [f"[{', '.join(row)}]" for row in rows if len(row) == n_elements]


def _wrapped(form: str) -> Callable[[re.Match[str], Named], list[str]]:
    return lambda match, inner: [form.format(each) for each in inner(match[1])]


def _option(match: re.Match[str], inner: Named) -> list[str]:
    return [*(f"Some({each})" for each in inner(match[1])[:4]), "None"]


def _tuple(match: re.Match[str], inner: Named) -> list[str]:
    each = [inner(type_)[:4] for type_ in split(match[1], angles=True)]
    return [f"({one})" for one in combined(each, _MOST)] if len(each) > 1 else []


_FORMS = (
    (re.compile(r"&(?:'\w+ )?\[([^;]*)\]"), _lists("&[{}]")),
    (re.compile(r"\[(.*); *(\d{1,2})\]"), _array),
    (re.compile(r"&(?:'\w+ )?(.*)"), _wrapped("&{}")),
    (re.compile(r"Option<(.*)>"), _option),
    (re.compile(r"Vec<(.*)>"), _lists("vec![{}]")),
    (re.compile(r"Box<(.*)>"), _wrapped("Box::new({})")),
    (re.compile(r"\((.*)\)"), _tuple),
)
"""How values of types are made of those of the types in them; the first pattern that fits counts."""
