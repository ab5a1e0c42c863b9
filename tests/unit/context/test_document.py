"""Open documents: what a cursor sees is the same however the text came to be."""

import argparse
import inspect
import json.encoder
import textwrap
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.document import Documents, Place
from codenook.context.parse import language_named

PYTHON = language_named("python")
CURSOR = "|"
SOURCES = [
    inspect.getsource(json.encoder),
    inspect.getsource(textwrap),
    inspect.getsource(argparse)[:40_000],
]
TYPED = [
    *(
        "",
        "x",
        "é😀",
        "\n",
        "\n    ",
        "\n        ",
        "    ",
        "\t",
        "\r\n",
        "(",
        ")",
        "[",
        "}",
        '"""',
        "'''",
        '"',
        "'",
    ),
    *(
        "#",
        ":",
        ".",
        "\\",
        ",",
        " = ",
        "self.",
        "self.size = Size(1)\n",
        "\n    def added(self):\n        ",
        "\ndef new",
    ),
    *(
        "global names",
        "nonlocal x",
        "@wraps\n",
        "from os import path\n",
        "class Inner:\n",
        "lambda: ",
        "async ",
        "if ",
    ),
    *(
        "else:",
        "return ",
        "import ",
        "pass\n",
        "x: Size = 1",
        "y = z = \n",
        "'''text",
        '"""\n',
        "else:\n        x\n",
    ),
]


def place(documents: Documents, marked: str, path: str = "m.py") -> Place:
    offset = marked.index(CURSOR)
    return documents.place(PYTHON, path, marked.replace(CURSOR, "", 1), offset)


def seen(place: Place):
    """All that a place says."""
    outline = place.view.outline
    return {
        "view": place.view.path,
        "definitions": outline.definitions,
        "imports": outline.imports,
        "words": outline.occurrences,
        "owner": place.owner,
        "function": place.function,
        "near": [(reference.chain, reference.start, reference.is_open) for reference in place.near],
        "locals": place.locals,
        "far": +Counter(place.far),
        "line": place.line,
        "body": place.body_start,
        "source": place.source,
    }


def same_as_fresh(documents: Documents, text: str, offset: int) -> None:
    fresh = Documents().place(PYTHON, "m.py", text, offset)
    assert seen(documents.place(PYTHON, "m.py", text, offset)) == seen(fresh)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_place_is_the_same_after_any_edits(data) -> None:
    documents, text = Documents(), data.draw(st.sampled_from(SOURCES))
    offset = data.draw(st.integers(0, len(text)))
    for _ in range(data.draw(st.integers(2, 8))):
        same_as_fresh(documents, text, offset)
        start = data.draw(st.integers(max(0, offset - 40), min(len(text), offset + 40)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 0, 0, 1, 5, 60])))
        typed = data.draw(st.sampled_from(TYPED))
        text, offset = text[:start] + typed + text[end:], start + len(typed)
    same_as_fresh(documents, text, offset)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_place_is_the_same_while_lines_are_typed_key_by_key(data) -> None:
    documents, text = Documents(), data.draw(st.sampled_from(SOURCES))
    lines = text.splitlines(keepends=True)
    first = data.draw(st.integers(0, len(lines) - 1))
    n_lines = data.draw(st.integers(1, 3))
    before, typed = "".join(lines[:first]), "".join(lines[first : first + n_lines])[:90]
    after = "".join(lines[first + n_lines :])
    for n_keys in range(0, len(typed) + 1, 3):
        same_as_fresh(documents, before + typed[:n_keys] + after, len(before) + n_keys)
