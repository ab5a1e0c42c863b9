"""pylint (https://pylint.readthedocs.io/): JSON, columns from 0.

They are bytes where the syntax tree says it, characters where the tokens do.
"""

import json
from collections.abc import Iterator

from codenook.server.review.finding import Category, Severity
from codenook.server.review.sources.linters.linter import Asked, Columns, Home, Linter, Place, Said

_PAGE = "https://pylint.readthedocs.io/en/stable/user_guide/messages"
_BY_TYPE = {
    "fatal": (Category.BUG, Severity.ERROR),
    "error": (Category.BUG, Severity.ERROR),
    "warning": (Category.BUG, Severity.WARNING),
    "refactor": (Category.READABILITY, Severity.INFO),
    "convention": (Category.STYLE, Severity.INFO),
}
_A_BIT_FOR_EACH_TYPE = frozenset(range(32))


def _arguments(asked: Asked) -> list[str]:
    return ["--output-format=json", "--persistent=n", "--score=n", "--", *map(str, asked.files)]


def _read(stdout: str, _stderr: str) -> Iterator[Said]:
    for each in json.loads(stdout):
        end_line, end_column = each.get("endLine"), each.get("endColumn")
        place = Place(
            each["line"], each["column"] + 1, end_line, None if end_column is None else end_column + 1
        )
        kind, symbol = each["type"], each["symbol"]
        url = f"{_PAGE}/{kind}/{symbol}.html"
        yield Said(each["path"], place, each["message-id"], each["message"], kind, symbol, url)


def _weigh(said: Said) -> tuple[Category, Severity]:
    if said.name.startswith("unused-"):
        return Category.UNUSED, Severity.WARNING
    if said.name.endswith("-docstring"):
        return Category.DOCUMENTATION, Severity.INFO
    return _BY_TYPE.get(said.level, (Category.STYLE, Severity.INFO))


PYLINT = Linter(
    name="pylint",
    suffixes=(".py",),
    configured_by={
        **dict.fromkeys((".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml"), ""),
        "pyproject.toml": r"\[tool\.pylint[].]",
        "setup.cfg": r"\[pylint",
    },
    program="pylint",
    homes=(Home.VENV,),
    columns=Columns.UNSURE,
    arguments=_arguments,
    read=_read,
    weigh=_weigh,
    done_codes=_A_BIT_FOR_EACH_TYPE,
)
