"""What a sign means in one language and in another, as a sentence; empty where it is the same in both."""

from collections.abc import Callable, Mapping

from codenook.server.translation.languages.titles import title
from codenook.server.translation.rules import Rule

Difference = Callable[[str, str], str]
"""Of a source and a target."""

_ECMASCRIPT = ("javascript", "typescript")
_SMALL = {
    "python": "grow without limit",
    **dict.fromkeys(_ECMASCRIPT, "lose digits beyond 53 bits"),
    **dict.fromkeys(("java", "go"), "wrap around"),
    "rust": "panic or wrap around",
    **dict.fromkeys(("c", "cpp"), "may do anything if they are signed"),
}
_DIVISION = {
    "python": "rounds down (//)",
    **dict.fromkeys(_ECMASCRIPT, "gives a fraction"),
    **dict.fromkeys(("java", "go", "rust", "c", "cpp"), "rounds to zero"),
}
_REMAINDER = {
    "python": "the sign of the divisor",
    **dict.fromkeys((*_ECMASCRIPT, "java", "go", "rust", "c", "cpp"), "the sign of the dividend"),
}
_UNITS = {
    "python": "code points",
    **dict.fromkeys((*_ECMASCRIPT, "java"), "units of UTF-16"),
    **dict.fromkeys(("go", "rust", "c", "cpp"), "bytes"),
}
_ORDER = {
    "python": "the order of insertion (sets: in none)",
    **dict.fromkeys(_ECMASCRIPT, "the order of insertion"),
    **dict.fromkeys(("java", "go", "rust"), "no order"),
    **dict.fromkeys(("c", "cpp"), "the order of keys"),
}
_MISSING = {
    "python": "raises KeyError",
    **dict.fromkeys(_ECMASCRIPT, "is undefined"),
    "java": "is null",
    "go": "is a zero value",
    "rust": "is None or panics",
    **dict.fromkeys(("c", "cpp"), "is put in by []"),
}
_OUTSIDE = {
    **dict.fromkeys(("python", "java", "go", "rust"), "is an error"),
    **dict.fromkeys(_ECMASCRIPT, "is undefined"),
    **dict.fromkeys(("c", "cpp"), "may do anything"),
}
_COMPARED = {
    **dict.fromkeys(("python", "rust", "cpp", "go"), "compares contents"),
    **dict.fromkeys((*_ECMASCRIPT, "java", "c"), "compares identity"),
}
_ROUNDED = {
    "python": "to the even number",
    **dict.fromkeys((*_ECMASCRIPT, "java"), "up"),
    **dict.fromkeys(("go", "rust", "c", "cpp"), "away from zero"),
}
_WRITTEN = {
    **dict.fromkeys(("python", "java"), "as 1.0"),
    **dict.fromkeys((*_ECMASCRIPT, "go", "rust"), "as 1"),
    **dict.fromkeys(("c", "cpp"), "with six digits"),
}
_SORTED = {
    **dict.fromkeys(("python", "java", "rust"), "by value, equal elements in their order"),
    **dict.fromkeys(_ECMASCRIPT, "as texts unless a function compares"),
    **dict.fromkeys(("go", "c", "cpp"), "by value, equal elements in any order"),
}


def _told(what: str, table: Mapping[str, str]) -> Difference:
    """``what`` is said with both languages where the table has two things for them."""

    def difference(source: str, target: str) -> str:
        here, there = table[source], table[target]
        if here == there:
            return ""
        return what.format(source=title(source), here=here, target=title(target), there=there)

    return difference


def _negative(source: str, target: str) -> str:
    return (
        f"an index below zero counts from the end in Python, not in {title(target)}."
        if source != target
        else ""
    )


def _truth(source: str, target: str) -> str:
    if source == target or {source, target} <= {*_ECMASCRIPT}:
        return ""
    return f"what is empty or zero counts as false in {title(source)}; {title(target)} sees that otherwise."


def _nothing(source: str, target: str) -> str:  # noqa: ARG001 - only one language has it
    return "" if target in _ECMASCRIPT else f"undefined and null are one thing in {title(target)}."


DIFFERENCES: Mapping[Rule, Difference] = {
    Rule.INTEGER_OVERFLOW: _told("integers {here} in {source}, and {there} in {target}.", _SMALL),
    Rule.INTEGER_DIVISION: _told("division of integers {here} in {source}, {there} in {target}.", _DIVISION),
    Rule.REMAINDER: _told("a remainder has {here} in {source}, and {there} in {target}.", _REMAINDER),
    Rule.STRING_INDEX: _told("texts are counted in {here} in {source}, and in {there} in {target}.", _UNITS),
    Rule.NEGATIVE_INDEX: _negative,
    Rule.INDEX_RANGE: _told("what is outside of a list {here} in {source}, {there} in {target}.", _OUTSIDE),
    Rule.MISSING_KEY: _told("a key that is missing {here} in {source}, and {there} in {target}.", _MISSING),
    Rule.ITERATION_ORDER: _told("a map is read in {here} in {source}, in {there} in {target}.", _ORDER),
    Rule.EQUALITY: _told("== {here} in {source}, and {there} in {target}.", _COMPARED),
    Rule.ROUNDING: _told("halves are rounded {here} in {source}, and {there} in {target}.", _ROUNDED),
    Rule.FLOAT_TEXT: _told("a float is written {here} in {source}, and {there} in {target}.", _WRITTEN),
    Rule.TRUTH: _truth,
    Rule.NOTHING: _nothing,
    Rule.SORTING: _told("elements are sorted {here} in {source}, and {there} in {target}.", _SORTED),
}
"""By the rule of the note."""
