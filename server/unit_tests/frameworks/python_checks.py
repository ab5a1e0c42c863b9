"""How a comparison is written as a statement of pytest or of unittest."""

import ast
import re

from attrs import evolve, frozen

from codenook.server.unit_tests.case import Check, Kind
from codenook.server.unit_tests.frameworks.python_imports import Import
from codenook.server.unit_tests.frameworks.python_layout import (
    expression,
    indented,
    literal,
    operand,
    quoted,
    wrapped,
)
from codenook.server.unit_tests.frameworks.python_names import Names
from codenook.server.unit_tests.frameworks.python_style import Form, Style

_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")
_METHODS = {Kind.EQUAL: "assertEqual", Kind.CLOSE: "assertAlmostEqual", Kind.SAME: "assertIs"}


@frozen
class Checks:
    """Writes checks in a style, in lines of ``width`` characters; what they need, ``names`` get."""

    style: Style
    names: Names
    width: int

    def written(self, check: Check) -> str:
        """The statement; raises NotWritten for what are no expressions."""
        actual, expected = (quoted(each, self.style.quote) for each in (check.actual, check.expected))
        expression(actual)
        expression(expected)
        check = evolve(check, actual=actual, expected=expected)
        is_method = self.style.form is Form.TEST_CASES
        if check.kind is Kind.RAISES:
            return self._raises(check, "self.assertRaises" if is_method else f"{self._pytest}.raises")
        return self._method(check) if is_method else self._assert(check)

    @property
    def _pytest(self) -> str:
        return self.names.need(Import("pytest"))

    def _raises(self, check: Check, function: str) -> str:
        matching = ""
        if check.message:
            is_method = function.startswith("self.")
            matching = f", {'' if is_method else 'match='}{self._pattern(check.message)}"
            function += "Regex" if is_method else ""
        head = self._wrapped(f"{function}({check.expected}{matching})", before="with ", after=":")
        return f"with {head}:\n{indented(check.actual, self.style.indent)}"

    def _pattern(self, message: str) -> str:
        """An expression for a regular expression that finds this text."""
        text = literal(message, self.style.quote)
        return f"{self.names.need(Import('re'))}.escape({text})" if _SPECIAL.search(message) else text

    def _assert(self, check: Check) -> str:
        actual, expected = operand(check.actual), operand(check.expected)
        if check.kind is Kind.CLOSE:
            expected = f"{self._pytest}.approx({check.expected})"
        sign = " is " if check.kind is Kind.SAME else " == "
        shown = self._wrapped(expected, before=f"assert {actual}{sign}")
        actual = self._wrapped(actual, before="assert ", after=sign + shown.partition("\n")[0])
        if "\n" in actual:
            shown = self._wrapped(expected, before=f"{actual.rpartition(chr(10))[2]}{sign}")
        return f"assert {actual}{sign}{shown}"

    def _method(self, check: Check) -> str:
        if check.kind is Kind.SAME and check.expected == "None":
            return self._wrapped(f"self.assertIsNone({_argument(check.actual)})")
        arguments = f"{_argument(check.actual)}, {_argument(check.expected)}"
        return self._wrapped(f"self.{_METHODS[check.kind]}({arguments})")

    def _wrapped(self, code: str, before: str = "", after: str = "") -> str:
        return wrapped(code, before=before, after=after, indent=self.style.indent, width=self.width)


def _argument(code: str) -> str:
    """An expression as an argument among others."""
    node = expression(code)
    is_bare_tuple = isinstance(node, ast.Tuple) and not code.lstrip().startswith("(")
    return f"({code})" if is_bare_tuple or isinstance(node, ast.GeneratorExp | ast.NamedExpr) else code
