"""Languages by name and by file, and parsing from the difference."""

import argparse
import inspect
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Parser

from codenook.context.parse import Parsed, encode, errors, language_named, language_of, parse

PYTHON = language_named("python")
SOURCE = inspect.getsource(argparse)[:30_000]
TEXT = st.text("aé😀\n ():'#", max_size=30)


def parsed(text: str, before: Parsed | None = None) -> Parsed:
    assert PYTHON is not None
    return parse(PYTHON, encode(text), before)


def test_languages_are_found_by_name_and_extension() -> None:
    assert language_of(Path("a/b.py")) is language_of(Path("B.PYI")) is PYTHON
    assert language_named("cobol") is None
    assert language_of(Path("Makefile")) is None


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT)
def test_incremental_parse_equals_full_parse_on_any_text(old: str, new: str) -> None:
    assert str(parsed(new, parsed(old)).root) == str(parsed(new).root)


@settings(max_examples=50, deadline=None)
@given(
    st.integers(0, len(SOURCE)), st.integers(0, 200), st.sampled_from(["", "x", "(", "é😀", "\n    if x:\n"])
)
def test_incremental_parse_equals_full_parse_on_real_code(start: int, length: int, typed: str) -> None:
    edited = SOURCE[:start] + typed + SOURCE[start + length :]
    assert str(parsed(edited, parsed(SOURCE)).root) == str(parsed(edited).root)
    assert str(parsed(SOURCE, parsed(edited)).root) == str(parsed(SOURCE).root)


def test_the_same_text_is_not_parsed_again() -> None:
    before = parsed("x = 1\n")
    assert parsed("x = 1\n", before) is before


@pytest.mark.parametrize(
    ("text", "n_errors"), [("x = 1\n", 0), ("", 0), ("x = (1\n", 1), ("x = 1)\ny = )\n", 2)]
)
def test_errors_are_counted(text: str, n_errors: int) -> None:
    assert len(list(errors(parsed(text).root))) == n_errors


def test_nodes_of_words_are_found_as_whole_words() -> None:
    found = list(parsed("try: \u00e9try(abc, ab, ab\u00e9, \u00e9)  # ab 'ab'\n").nodes_of(["ab", "\u00e9"]))
    assert [(node.type, node.start_byte) for node in found] == [
        ("identifier", 16),
        ("identifier", 26),
        ("comment", 31),
        ("comment", 31),
    ]
    assert list(parsed("ab = 1\n").nodes_of([])) == []


@pytest.mark.parametrize("end", ["", "def f(:\n    é = \n"])
def test_a_long_text_has_the_tree_that_it_has_in_one_piece(end: str) -> None:
    source = encode("".join(f"def f{n}(a):\n    return 'é', a\n\n\n" for n in range(2000)) + end)
    tree, whole = parse(PYTHON, source).tree, Parser(PYTHON.grammar).parse(source)
    assert str(tree.root_node) == str(whole.root_node)
    assert tree.root_node.text == source
    assert [node.text for node in tree.root_node.children] == [node.text for node in whole.root_node.children]
