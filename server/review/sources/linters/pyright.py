"""pyright (https://github.com/microsoft/pyright): JSON, lines and columns from 0, columns in UTF-16.

The package of PyPI fetches the program when it first runs, which it can't in the sandbox: it needs the one
of npm, or that package with the extra `nodejs`.
"""

import json
from collections.abc import Iterator

from codenook.server.review.finding import Category, Severity
from codenook.server.review.sources.linters.linter import PYTHON, Asked, Columns, Home, Linter, Place, Said

_PAGE = "https://github.com/microsoft/pyright/blob/main/docs/configuration.md"
_SYNTAX = "syntax"
_FAILS = {
    "reportAttributeAccessIssue": Category.API,
    "reportCallIssue": Category.API,
    "reportUndefinedVariable": Category.BUG,
    _SYNTAX: Category.BUG,
}
_UNUSED = "reportUnused"
_SEVERITIES = {"error": Severity.WARNING, "warning": Severity.WARNING, "information": Severity.INFO}


def _arguments(asked: Asked) -> list[str]:
    python = ["--pythonpath", str(asked.python)] if asked.python else []
    return ["--outputjson", *python, *map(str, asked.files)]


def _read(stdout: str, _stderr: str) -> Iterator[Said]:
    for each in json.loads(stdout)["generalDiagnostics"]:
        start, end = (each["range"][name] for name in ("start", "end"))
        place = Place(start["line"] + 1, start["character"] + 1, end["line"] + 1, end["character"] + 1)
        code = each.get("rule") or _SYNTAX
        yield Said(each["file"], place, code, each["message"], level=each["severity"], url=f"{_PAGE}#{code}")


def _weigh(said: Said) -> tuple[Category, Severity]:
    if said.code in _FAILS and said.level == "error":
        return _FAILS[said.code], Severity.ERROR
    category = Category.UNUSED if said.code.startswith(_UNUSED) else _FAILS.get(said.code, Category.TYPES)
    return category, _SEVERITIES.get(said.level, Severity.INFO)


PYRIGHT = Linter(
    name="pyright",
    suffixes=PYTHON,
    configured_by={"pyrightconfig.json": "", "pyproject.toml": r"\[tool\.pyright[].]"},
    program="pyright",
    homes=(Home.VENV, Home.NODE_MODULES),
    columns=Columns.UTF16,
    arguments=_arguments,
    read=_read,
    weigh=_weigh,
)
