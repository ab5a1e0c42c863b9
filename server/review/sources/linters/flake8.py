"""flake8 (https://flake8.pycqa.org/): a line for each finding, laid out as it is told to.

Columns count from 1: bytes where pyflakes says it, characters where pycodestyle does.
"""

from collections.abc import Iterator

from codenook.server.review.finding import Category, Severity
from codenook.server.review.sources.linters.linter import Asked, Columns, Home, Linter, Place, Said

_LAYOUT = "%(row)d\t%(col)d\t%(code)s\t%(path)s\t%(text)s"
_UNUSED = ("F401", "F811", "F841", "F842")
_FAILS = ("F821", "F822", "F823", "F50", "F63", "F70", "E9")
_BY_LETTERS = {
    "B": Category.BUG,
    "C": Category.READABILITY,
    "D": Category.DOCUMENTATION,
    "F": Category.BUG,
    "PT": Category.TESTS,
    "S": Category.SECURITY,
    "SIM": Category.READABILITY,
}
_WARNED = frozenset({Category.BUG, Category.SECURITY})


def _arguments(asked: Asked) -> list[str]:
    return [f"--format={_LAYOUT}", "--", *map(str, asked.files)]


def _read(stdout: str, _stderr: str) -> Iterator[Said]:
    for line in stdout.splitlines():
        row, column, code, path, text = line.split("\t", 4)
        yield Said(path, Place(int(row), int(column)), code, text)


def _weigh(said: Said) -> tuple[Category, Severity]:
    if said.code.startswith(_FAILS):
        return Category.BUG, Severity.ERROR
    if said.code.startswith(_UNUSED):
        return Category.UNUSED, Severity.WARNING
    category = _BY_LETTERS.get(said.code.rstrip("0123456789"), Category.STYLE)
    return category, Severity.WARNING if category in _WARNED else Severity.INFO


FLAKE8 = Linter(
    name="flake8",
    suffixes=(".py",),
    configured_by={".flake8": "", "setup.cfg": r"\[flake8\]", "tox.ini": r"\[flake8\]"},
    program="flake8",
    homes=(Home.VENV,),
    columns=Columns.UNSURE,
    arguments=_arguments,
    read=_read,
    weigh=_weigh,
)
