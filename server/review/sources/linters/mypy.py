"""mypy (https://mypy.readthedocs.io/): a JSON object a line (since 1.11), columns from 0.

Columns of lines with other than ASCII characters are bytes in some versions and neither these nor characters
in others (2.4), so that such lines are quoted as a whole.
"""

import json
import re
from collections.abc import Iterator

from codenook.server.review.finding import Category, Severity
from codenook.server.review.sources.linters.linter import PYTHON, Asked, Columns, Home, Linter, Place, Said

_FAILS = {
    "attr-defined": Category.API,
    "call-arg": Category.API,
    "call-overload": Category.API,
    "name-defined": Category.BUG,
    "syntax": Category.BUG,
}
"""Rules that tell what fails when it runs; all others are about types alone."""

_CACHE = ".mypy_cache"
_OWN_CHOICE = re.compile(r"^[ \t]*(?:files|packages|modules)[ \t]*=", re.MULTILINE)
_SECTION = re.compile(r"^\[(?:tool\.)?mypy\][ \t\r]*$(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)


def _arguments(asked: Asked) -> list[str]:
    notes = f"/tmp/{_CACHE}"  # noqa: S108 - the sandbox's own
    options = ["--output", "json", "--show-error-end", "--no-error-summary", "--cache-dir", notes]
    if asked.python is not None:
        options += ["--python-executable", str(asked.python)]
    sections = (match for text in asked.configuration.values() for match in _SECTION.findall(text))
    if any(_OWN_CHOICE.search(section) for section in sections):
        return options  # the project says what is checked, and by which names its modules go
    return [*options, "--", *map(str, asked.files)]


def _read(stdout: str, _stderr: str) -> Iterator[Said]:
    for line in stdout.splitlines():
        if not line.startswith("{"):
            continue
        each = json.loads(line)
        if each["severity"] == "note" or each["line"] < 1:
            continue
        code = each["code"] or "misc"
        place = Place(each["line"], each["column"] + 1, each.get("end_line"), _from_1(each.get("end_column")))
        url = f"https://mypy.readthedocs.io/en/stable/_refs.html#code-{code}"
        yield Said(each["file"], place, code, each["message"], level=each["severity"], url=url)


def _from_1(column: int | None) -> int | None:
    return None if column is None else column + 1


def _weigh(said: Said) -> tuple[Category, Severity]:
    if said.code in _FAILS:
        return _FAILS[said.code], Severity.ERROR
    return Category.TYPES, Severity.WARNING


MYPY = Linter(
    name="mypy",
    suffixes=PYTHON,
    configured_by={
        "mypy.ini": "",
        ".mypy.ini": "",
        "pyproject.toml": r"\[tool\.mypy\]",
        "setup.cfg": r"\[mypy\]",
    },
    program="mypy",
    homes=(Home.VENV,),
    columns=Columns.UNSURE,
    arguments=_arguments,
    read=_read,
    weigh=_weigh,
    stopped_codes=frozenset({2}),
    cache=_CACHE,
)
