"""Candidates parse or don't, whatever state the document is in."""

import ast
import tokenize
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.server.verify.excerpt import Excerpt
from codenook.server.verify.syntax import Baseline

MODULES = (
    "argparse",
    "bisect",
    "colorsys",
    "contextlib",
    "csv",
    "dataclasses",
    "heapq",
    "textwrap",
    "typing",
)
"""Real Python to cut holes into: modules of the standard library."""

CURSOR = "|"


@cache
def source(module: str) -> str:
    with tokenize.open(Path(ast.__file__).with_name(f"{module}.py")) as file:
        return file.read()


@frozen
class Hole:
    """A module with a piece cut out."""

    module: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return source(self.module)[: self.start] + source(self.module)[self.end :]

    @property
    def removed(self) -> str:
        return source(self.module)[self.start : self.end]


@st.composite
def holes(draw: st.DrawFn) -> Hole:
    module = draw(st.sampled_from(MODULES))
    start = draw(st.integers(0, len(source(module))))
    return Hole(module, start, min(start + draw(st.integers(0, 200)), len(source(module))))


@st.composite
def line_ends(draw: st.DrawFn) -> Hole:
    """Draw holes that end where a line does, like what a model is asked to write."""
    module = draw(st.sampled_from(MODULES))
    start = draw(st.integers(0, len(source(module)) - 1))
    n_lines = draw(st.integers(1, 6))
    return Hole(module, start, start + len("\n".join(source(module)[start:].split("\n")[:n_lines])))


def baseline(marked: str, language: str = "python") -> Baseline:
    offset = marked.index(CURSOR)
    return Baseline(Excerpt.around(language, marked.replace(CURSOR, "", 1), offset))


@pytest.mark.parametrize(
    ("marked", "candidate"),
    [
        ("x = |\n", "1"),
        ("foo(|)\n", "bar(x)"),
        ("foo(|\n", "bar(x))"),
        ("def f():\n    |\n\ndef g(): ...\n", "return {\n        1: 2,\n    }"),
        ("|\n", "def f():\n    return 1"),
        ("def |\n    return 1\n", "f():"),
        ("class A:\n    def f(self):\n        return |\n\n    def g(self): ...\n", "[self.g() for _ in ()]"),
        ("class A:\n    def f(self):\n        |\n", "return 1\n\n    def g(self):\n        return 2"),
        ("if a:\n    |\nelse:\n    pass\n", "b()"),
        ("x = 'é😀' + |\ny = 1\n", "'ü' + \"😀\""),
        ("s = '''\n|\n'''\n", "anything (goes"),
        ("x = 1  # |\n", "a comment (open"),
        ("x = [\n    1,\n    |\n]\n", "2,\n    3,"),
        ("", ""),
    ],
)
def test_code_that_fits_parses(marked: str, candidate: str) -> None:
    assert baseline(marked or CURSOR).parses(candidate) is True


@pytest.mark.parametrize(
    ("marked", "candidate"),
    [
        ("x = |\n", "1)"),
        ("x = |\n", "(1"),
        ("foo(|)\n", "bar(x"),
        ("foo(|)\n", "x)"),
        ("foo(|\n", "bar(x)"),
        ("def f():\n    |\n\ndef g(): ...\n", "return 'unfinished"),
        ("def f():\n    |\n\ndef g(): ...\n", "if x:"),
        ("def f():\n    |\n", "return 1\n      return 2"),
        ("def f():\n    |\n", "x = 1\n  y = 2"),
        ("def f():\n    x = 1\n    |\n", "def"),
        ("class A:\n    def f(self):\n        |\n\n    def g(self): ...\n", "for x in y:"),
        (
            "class A:\n    def f(self):\n        |\n\n    def g(self): ...\n",
            "return 1\n    def h(self:\n        pass",
        ),
        ("x = |\n", "print 'old'"),
        ("x = 'é😀' + |\ny = 1\n", "'ü' + \"😀"),
        ("|\n", "```python\nx = 1\n```"),
    ],
)
def test_code_that_does_not_fit_is_found_out(marked: str, candidate: str) -> None:
    assert baseline(marked).parses(candidate) is False


def test_errors_elsewhere_are_not_held_against_the_candidate() -> None:
    elsewhere = "def broken(:\n    pass\n\n\ndef f():\n    return |\n"
    assert baseline(elsewhere).parses("1 + 2") is True
    assert baseline(elsewhere).parses("(1 + 2") is False


def test_syntax_that_the_running_python_rejects_is_tolerated() -> None:
    old = "def f():\n    print 'a'\n    |\n"
    assert baseline(old).parses("x = 1") is True


def test_unknown_languages_are_not_judged() -> None:
    assert baseline("|", "cobol").parses("MOVE A TO B.") is None
    assert baseline("|", "cobol").longest_parsing("MOVE A TO B.") == "MOVE A TO B."


@pytest.mark.parametrize(
    ("marked", "candidate", "expected"),
    [
        ("def f():\n    |\n", "x = 1\n    if x:\n        return (1,", "x = 1"),
        (
            "def f():\n    |\n",
            "x = 1\n    if x:\n        return 1\n    y = foo(",
            "x = 1\n    if x:\n        return 1",
        ),
        ("def f():\n    |\n", "return (", None),
        ("def f():\n    |\n", "return 1", "return 1"),
        ("def f():\n    |\n", "\n", None),
    ],
)
def test_longest_parsing_keeps_whole_lines(marked: str, candidate: str, expected: str | None) -> None:
    assert baseline(marked).longest_parsing(candidate) == expected


@settings(deadline=None)
@given(holes())
def test_what_was_removed_always_parses(hole: Hole) -> None:
    assert Baseline(Excerpt.around("python", hole.text, hole.start)).parses(hole.removed) is True


@settings(deadline=None)
@given(st.sampled_from(MODULES), st.data(), st.sampled_from("([{"))
def test_an_unbalanced_bracket_never_parses(module: str, data: st.DataObject, bracket: str) -> None:
    text = source(module)
    definitions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    row = data.draw(st.sampled_from(definitions)).lineno - 1
    offset = sum(len(line) + 1 for line in text.split("\n")[:row])
    assert Baseline(Excerpt.around("python", text, offset)).parses(f"x = {bracket}1\n") is False


@settings(deadline=None)
@given(line_ends())
def test_longest_parsing_is_a_prefix_that_parses(hole: Hole) -> None:
    checked = Baseline(Excerpt.around("python", hole.text, hole.start))
    part = checked.longest_parsing(hole.removed)
    if part is None:
        assert not hole.removed.strip()
    else:
        assert hole.removed.startswith(part)
        assert checked.parses(part) is True


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(0, 60), st.text(max_size=20))
def test_any_text_gets_an_answer(text: str, offset: int, candidate: str) -> None:
    assert Baseline(Excerpt.around("python", text, min(offset, len(text)))).parses(candidate) in {True, False}
