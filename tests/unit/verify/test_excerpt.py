"""The statements around a cursor stand for the whole document."""

import ast
import tokenize
import warnings
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from codenook.server.verify.excerpt import Excerpt
from codenook.server.verify.syntax import Baseline

CURSOR = "|"

MODULES = ("argparse", "contextlib", "csv", "dataclasses", "heapq", "shutil", "textwrap", "typing")
"""Real Python to put candidates into: modules of the standard library."""

CANDIDATES = (
    "pass",
    "x = (",
    ")",
    '"""',
    "'",
    "if x:",
    "else:\n    pass",
    "@property",
    "return [\n",
    "def f(self):\n        return 1",
    "\n\ndef f():\n    return 1\n",
    "\n    def g(self):\n        return 2\n",
    "class A:\n    x = 1\n",
    "  y = 1",
    "\\",
    "# it's a comment (",
    "x = 1;",
    "f(a, b)",
    "",
)
"""What leaves something open, closes too much, goes on, or begins anew at another depth."""


@cache
def source(module: str) -> str:
    with tokenize.open(Path(ast.__file__).with_name(f"{module}.py")) as file:
        return file.read()


def excerpt(marked: str) -> str:
    offset = marked.index(CURSOR)
    cut = Excerpt.around("python", marked.replace(CURSOR, "", 1), offset)
    return cut.with_candidate(CURSOR)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("a = 1\nb = 2\n|\nc = 3\nd = 4", "b = 2\n|\nc = 3"),
        ("def f():\n a = 1\n b = 2\n |\n c = 3\n\nx = 1", "class _:\n b = 2\n |\n c = 3\npass"),
        ("def f():\n a = 1\n b = 2\n |\n\nx = 1\ny = 2", "class _:\n b = 2\n |\n\nx = 1"),
        (
            "@a\nclass A:\n def f(self): ...\n async def g(self):\n  a = 1\n  |\n def h(self): ...",
            "class _:\n class _:\n  a = 1\n  |\n def h(self): ...",
        ),
        ("def f(\n a,\n |\n):\n a = 1\n return a\nx = 1", "def f(\n a,\n |\n):\n a = 1\npass"),
        ("def f():\n |", "def f():\n |"),
        ("if a:\n b = 1\n |\nelse:\n c = 1\nd = 1", "if a:\n b = 1\n |\nelse:\n c = 1\nd = 1"),
        ("a; b = '''\n'''; c\n|\nd = '''\n'''; e\nf", "a; b = '''\n'''; c\n|\nd = '''\n'''; e"),
        ("a = 1\nb = 2\n# why\n|\n# what\nc = 3", "b = 2\n# why\n|\n# what\nc = 3"),
        ("|", "|"),
    ],
)
def test_it_is_what_stands_around_the_cursor(marked: str, expected: str) -> None:
    assert excerpt(f"{marked}\n").removesuffix("\n") == expected


def test_a_document_with_errors_elsewhere_is_taken_whole() -> None:
    assert excerpt("a = (\n\nb = 1\n|\nc = 2\n") == "a = (\n\nb = 1\n|\nc = 2\n"


@settings(deadline=None)
@given(st.sampled_from(MODULES), st.data(), st.sampled_from(CANDIDATES))
def test_what_is_said_of_the_excerpt_holds_for_the_document(
    module: str, data: st.DataObject, candidate: str
) -> None:
    """On a line of its own, indented like the line above or not, where the document is legible."""
    lines = source(module).split("\n")
    row = data.draw(st.integers(0, len(lines) - 1))
    line = lines[row]
    indent = line[: len(line) - len(line.lstrip())] if data.draw(st.booleans()) else ""
    above, below = "\n".join([*lines[: row + 1], indent]), "\n".join(["", *lines[row + 1 :]])
    assume(is_python(above + below))
    verdict = Baseline(Excerpt.around("python", above + below, len(above))).parses(candidate)
    assert verdict == is_python(above + candidate + below)


def is_python(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError:
            return False
    return True
