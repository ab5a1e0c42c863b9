"""Which lines differ."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from codenook.server.review.scope.change import Hunk, Text
from codenook.server.review.scope.compare import hunks

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "}", "def f():", "é"]), max_size=20)


def text(lines):
    return Text("".join(f"{line}\n" for line in lines))


@given(LINES, LINES)
def test_what_is_in_no_hunk_is_the_same_on_both_sides(old, new):
    found = hunks(text(old), text(new))
    removed, added = ({line for hunk in found for line in side} for side in ([], []))
    for hunk in found:
        assert hunk.n_old or hunk.n_new
        removed |= set(hunk.removed)
        added |= set(hunk.added)
    assert [line for n, line in enumerate(old, 1) if n not in removed] == [
        line for n, line in enumerate(new, 1) if n not in added
    ]
    assert bool(found) == (old != new)


@given(LINES, LINES)
def test_hunks_are_in_order_and_apart(old, new):
    found = hunks(text(old), text(new))
    for one, other in pairwise(found):
        assert one.old_start + one.n_old < other.old_start
        assert one.new_start + one.n_new < other.new_start


def test_a_function_that_was_put_between_two_others():
    old = ["def a():", "    return 1", "", "", "def c():", "    return 3"]
    new = [*old[:4], "def b():", "    return 2", "", "", *old[4:]]
    assert hunks(text(old), text(new)) == (Hunk(5, 0, 5, 4),)


def test_nothing_before_and_nothing_after():
    assert hunks(None, text(["a", "b"])) == (Hunk(1, 0, 1, 2),)
    assert hunks(text(["a", "b"]), None) == (Hunk(1, 2, 1, 0),)
    assert hunks(None, Text("")) == ()


def test_line_ends_and_a_last_newline_are_no_difference():
    assert hunks(Text("a\nb\n"), Text("a\r\nb")) == ()
    assert hunks(Text("a\x0cb\n"), Text("a\x0bb\n")) == (Hunk(1, 1, 1, 1),)


def test_ten_thousand_equal_lines_are_soon_compared():
    old = ["}"] * 5_000 + ["x"] + ["}"] * 5_000
    new = ["}"] * 5_000 + ["y"] + ["}"] * 5_000
    assert hunks(text(old), text(new)) == (Hunk(5_001, 1, 5_001, 1),)
