"""Where keys are typed: lines of real functions, in the example package and in the standard library.

The choice depends on nothing but the files, so two runs with the same Python type the same keys.
"""

import ast
import importlib.util
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from codenook.server import demo

T = TypeVar("T")

EXAMPLE = Path(demo.__file__).with_name("example")
STANDARD_LIBRARY = Path(ast.__file__).parent

MODULES = (
    "argparse",
    "configparser",
    "contextlib",
    "csv",
    "json.decoder",
    "queue",
    "shelve",
    "shutil",
    "statistics",
    "tempfile",
    "textwrap",
    "zipfile",
)
"""Modules of the standard library, of 200 to 2,600 lines; those that this Python lacks are left out."""

N_LINES_PER_FILE = 8

MIN_KEYS = 12
"""Shorter lines are not worth a completion."""


@frozen
class Place:
    """One line of a file, taken out and about to be typed again; the cursor is after its indentation."""

    path: Path
    before: str
    line: str
    after: str

    @property
    def text(self) -> str:
        """The file as it is before the first key."""
        return self.before + self.after


def places() -> list[Place]:
    """Return all places: files of the two packages in turn, a line of each file before the next line."""
    example = [list(_in_file(path)) for path in sorted((EXAMPLE / "lending").glob("*.py"))]
    library = [list(_in_file(path)) for path in _library_files()]
    files = _present(chain.from_iterable(zip_longest(example, library)))
    return list(_present(chain.from_iterable(zip_longest(*files))))


def _present(values: Iterator[T | None]) -> Iterator[T]:
    return (value for value in values if value is not None)


def _library_files() -> Iterator[Path]:
    for name in MODULES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None and spec.origin.endswith(".py"):
            yield Path(spec.origin)


def _in_file(path: Path) -> Iterator[Place]:
    """Yield statements of functions that fill one line, spread evenly over the file."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    rows = [row for row in _statement_rows(ast.parse(text)) if _is_worth_typing(lines[row])]
    step = max(1, len(rows) // N_LINES_PER_FILE)
    for row in rows[step // 2 :: step][:N_LINES_PER_FILE]:
        line = lines[row].strip()
        indent = lines[row][: lines[row].index(line)]
        yield Place(path, "".join(lines[:row]) + indent, line, "\n" + "".join(lines[row + 1 :]))


def _statement_rows(module: ast.Module) -> list[int]:
    functions = (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef))
    inside = chain.from_iterable(ast.walk(function) for function in functions)
    rows = {
        node.lineno - 1
        for node in inside
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr | ast.Raise)
        and node.lineno == node.end_lineno
        and not _is_docstring(node)
    }
    return sorted(rows)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_worth_typing(line: str) -> bool:
    return line.isascii() and len(line.strip()) >= MIN_KEYS
