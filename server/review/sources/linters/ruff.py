"""ruff (https://docs.astral.sh/ruff/): JSON with columns in characters, and fixes."""

import json
from collections.abc import Iterator
from typing import Any

from codenook.server.review.finding import Category, Severity
from codenook.server.review.sources.linters.linter import (
    PYTHON,
    Asked,
    Columns,
    Home,
    Linter,
    Place,
    Said,
    SaidFix,
)

_SYNTAX = "syntax-error"
_UNUSED = ("F401", "F811", "F841", "ARG", "ERA", "RUF059", "RUF100")
_FAILS = ("F821", "F822", "F823", "F50", "F62", "F63", "F70", "E9", "PLE", _SYNTAX)
_BY_PREFIX = {
    "ANN": Category.TYPES,
    "ASYNC": Category.BUG,
    "B": Category.BUG,
    "BLE": Category.BUG,
    "C4": Category.PERFORMANCE,
    "D": Category.DOCUMENTATION,
    "DOC": Category.DOCUMENTATION,
    "E7": Category.READABILITY,
    "F": Category.BUG,
    "FURB": Category.READABILITY,
    "PERF": Category.PERFORMANCE,
    "PL": Category.READABILITY,
    "PT": Category.TESTS,
    "RET": Category.READABILITY,
    "S": Category.SECURITY,
    "SIM": Category.READABILITY,
    "TRY": Category.READABILITY,
}
"""The category of the rules whose code begins so, the longest prefix first; all others are about style."""

_WARNED = frozenset({Category.BUG, Category.SECURITY, Category.UNUSED, Category.TYPES})


def _arguments(asked: Asked) -> list[str]:
    options = ("--output-format", "json", "--no-cache", "--no-fix", "--force-exclude")
    return ["check", *options, "--", *map(str, asked.files)]


def _read(stdout: str, _stderr: str) -> Iterator[Said]:
    for each in json.loads(stdout):
        if each["cell"] is not None:  # lines of a notebook count in its cells
            continue
        yield Said(
            each["filename"],
            _place(each["location"], each["end_location"]),
            each["code"] or _SYNTAX,
            each["message"],
            name=each.get("name") or "",
            url=each["url"] or "",
            fix=_fix(each["fix"]),
        )


def _place(start: dict[str, int], end: dict[str, int]) -> Place:
    return Place(start["row"], start["column"], end["row"], end["column"])


def _fix(fix: dict[str, Any] | None) -> SaidFix | None:
    if fix is None or fix["applicability"] not in {"safe", "unsafe"}:
        return None
    edits = tuple((_place(e["location"], e["end_location"]), e["content"]) for e in fix["edits"])
    return SaidFix(fix["message"] or "", edits, is_sure=fix["applicability"] == "safe")


def _weigh(said: Said) -> tuple[Category, Severity]:
    if said.code.startswith(_FAILS) or said.code == "invalid-syntax":
        return Category.BUG, Severity.ERROR
    if said.code.startswith(_UNUSED):
        return Category.UNUSED, Severity.WARNING
    found = [prefix for prefix in _BY_PREFIX if said.code.startswith(prefix) and _ends(said.code, prefix)]
    category = _BY_PREFIX[max(found, key=len)] if found else Category.STYLE
    return category, Severity.WARNING if category in _WARNED else Severity.INFO


def _ends(code: str, prefix: str) -> bool:
    """Whether a code's letters are those of the prefix: B is none of BLE001, but PL is one of PLR0913."""
    letters = code.rstrip("0123456789")
    return letters == prefix.rstrip("0123456789") or prefix == "PL"


RUFF = Linter(
    name="ruff",
    suffixes=PYTHON,
    configured_by={"ruff.toml": "", ".ruff.toml": "", "pyproject.toml": r"\[tool\.ruff[].]"},
    program="ruff",
    homes=(Home.VENV,),
    columns=Columns.CHARACTERS,
    arguments=_arguments,
    read=_read,
    weigh=_weigh,
)
