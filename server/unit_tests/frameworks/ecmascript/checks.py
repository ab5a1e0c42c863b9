"""Checks as statements: ``assert`` of node's own runner, ``expect`` of vitest and jest."""

import math
import re
from collections.abc import Callable

from codenook.server.unit_tests.case import Check, Kind
from codenook.server.unit_tests.frameworks.ecmascript.style import Style

Written = Callable[[Check, Style], str]

_PRIMITIVE = re.compile(
    r"""-?(?:\d[\d_.eE+-]*n?|Infinity)|NaN|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|true|false|null|undefined"""
)
_BUILT_IN_ERRORS = frozenset(
    {"RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "EvalError"}
)
_MATCHERS = {"undefined": "toBeUndefined", "null": "toBeNull", "NaN": "toBeNaN"}
_DIGITS = 9
"""How many digits of a number count."""


def with_assert(check: Check, style: Style) -> str:
    """A check by ``node:assert/strict``."""
    actual, expected = check.actual, check.expected
    if check.kind is Kind.RAISES:
        parts = [f"name: {style.quoted(expected)}"] if expected else []
        parts += [f"message: {style.quoted(check.message)}"] if check.message else []
        what = f", {{ {', '.join(parts)} }}" if parts else ""
        if actual.startswith("await "):
            return f"await assert.rejects({actual.removeprefix('await ')}{what})"
        return f"assert.throws(() => {_as_body(actual)}{what})"
    if check.kind is Kind.CLOSE:
        return f"assert.ok(Math.abs({actual} - {_term(expected)}) < 1e{_exponent(expected) - _DIGITS})"
    name = "strictEqual" if _PRIMITIVE.fullmatch(expected) else "deepStrictEqual"
    return f"assert.{name}({actual}, {expected})"


def with_expect(check: Check, style: Style) -> str:
    """A check by ``expect``."""
    actual, expected = check.actual, check.expected
    if check.kind is Kind.RAISES:
        wanted = style.quoted(check.message) if check.message else ""
        wanted = wanted or (expected if expected in _BUILT_IN_ERRORS else "")
        if actual.startswith("await "):
            return f"await expect({actual.removeprefix('await ')}).rejects.toThrow({wanted})"
        return f"expect(() => {_as_body(actual)}).toThrow({wanted})"
    if check.kind is Kind.CLOSE:
        return f"expect({actual}).toBeCloseTo({expected}, {max(_DIGITS - _exponent(expected), 0)})"
    if expected in _MATCHERS:
        return f"expect({actual}).{_MATCHERS[expected]}()"
    name = "toBe" if _PRIMITIVE.fullmatch(expected) else "toEqual"
    return f"expect({actual}).{name}({expected})"


def _as_body(code: str) -> str:
    """An expression as the body of an arrow function."""
    return f"({code})" if code.startswith("{") else code


def _term(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _exponent(number: str) -> int:
    """The power of ten of a number's size."""
    try:
        size = abs(float(number))
    except ValueError:
        size = 1.0
    return math.floor(math.log10(size)) if size and math.isfinite(size) else 0
