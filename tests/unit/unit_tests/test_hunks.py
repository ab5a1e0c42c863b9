"""What is new in a test file, as edits that leave the rest alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codenook.server.unit_tests.hunks import hunks, newest

LINES = st.lists(
    st.sampled_from(["\n", "a\n", "b\r\n", "def f():\n", "    x\x0c = 1\n", "last"]), max_size=12
)


def applied(text, edits):
    for edit in reversed(edits):
        text = edit.apply(text)
    return text


@given(LINES.map("".join), LINES.map("".join))
def test_the_edits_make_the_new_text_of_the_old(before, after):
    edits = hunks(before, after)
    assert applied(before, edits) == after
    assert all(one.end < other.start for one, other in pairwise(edits))


def test_only_what_is_new_is_edited():
    before = "import a\n\n\ndef test_a():\n    assert a.a()\n"
    after = "import a\nimport b\n\n\ndef test_a():\n    assert a.a()\n\n\ndef test_b():\n    assert b.b()\n"
    imported, added = hunks(before, after)
    assert (imported.text, added.text) == ("import b\n", "\n\ndef test_b():\n    assert b.b()\n")
    assert imported.start == imported.end == len("import a\n")
    start, end = newest([imported, added])
    assert after[start:end] == "def test_b():\n    assert b.b()"


@pytest.mark.parametrize(("before", "after"), [("", ""), ("a\n", "a\n")])
def test_nothing_is_new_in_the_same_text(before, after):
    assert hunks(before, after) == []
    assert newest([]) == (0, 0)


def test_a_new_file_is_new_as_a_whole():
    after = "\n\ndef test_a():\n    pass\n"
    assert newest(hunks("", after)) == (2, len(after) - 1)
