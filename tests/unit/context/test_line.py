"""The line at the cursor: how it is cut, and which edits of it leave the choice of snippets alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codenook.context.line import Line

TEXTS = st.text(st.sampled_from("ab_.é(🙂 \t\n"), max_size=30)
NAMES = frozenset({"models", "Point"})


def line(marked: str) -> Line:
    return Line.at(marked.replace("|", "", 1), marked.index("|"))


@given(TEXTS, TEXTS)
def test_only_the_word_at_the_cursor_is_left_out(before, after):
    cut = Line.at(before + after, len(before))
    word = (before + after)[len(cut.before) : len(before + after) - len(cut.after)]
    assert cut.before + word + cut.after == before + after
    assert not word or word.isidentifier() or word.replace("_", "a").isalnum()
    assert not cut.left[-1:].isalnum()
    assert not cut.right[:1].isalnum()


@pytest.mark.parametrize(
    ("earlier", "later", "same"),
    [
        ("x = mod|", "x = models|", True),  # the word is still being typed
        ("x = models|", "x = models.|", False),
        ("x = models.P|", "x = models.Point|", True),
        ("x = other|", "x = other(1, |", True),
        ("x = other(|", "x = other(Point, |", False),
        ("Point, |", "Point, Point, |", False),
        ("a\nx|", "b\nx|", False),
        ("x|\na", "x|\nb", False),
        ("x.models, |", "x.models, y, |", True),
    ],
)
def test_what_asks_the_same(earlier, later, same):
    assert line(earlier).asks_the_same(line(later), NAMES) is same
    assert line(later).asks_the_same(line(earlier), NAMES) is same
