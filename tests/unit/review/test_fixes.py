"""Fixes: which are offered, and which are dropped from their findings."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.server.review import rules
from codenook.server.review.finding import Edit, Evidence, Finding, Fix, SourceName, Span
from codenook.server.review.fixes import applied, applies
from codenook.server.review.merge import merged
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.scope.compare import hunks

OLD = "é = 1\n"
NEW = "é = äh(1)\nprint(é)\n"


def fix(*edits, path="a.py"):
    return Fix("Mend it", tuple(Edit(path, Span(*span), text) for span, text in edits))


APPLY = {
    "one": fix(((1, 5, 1, 7), "oh")),
    "two side by side": fix(((1, 5, 1, 7), "oh"), ((1, 7, 1, 10), "(2)")),
    "an insertion": fix(((2, 1, 2, 1), "\n")),
    "at the end": fix(((3, 1, 3, 1), "x = 2\n")),
    "lines that go": fix(((2, 1, 3, 1), "")),
}
FAIL = {
    "no edit": fix(),
    "nothing changes": fix(((1, 5, 1, 7), "äh")),
    "an error": fix(((1, 5, 1, 7), "(")),
    "two that overlap": fix(((1, 5, 1, 7), "oh"), ((1, 6, 1, 8), "x(")),
    "two at one place": fix(((1, 5, 1, 5), "x"), ((1, 5, 1, 5), "y")),
    "backwards": fix(((1, 7, 1, 5), "oh")),
    "beyond the line": fix(((1, 5, 1, 60), "oh(1)")),
    "beyond the text": fix(((9, 1, 9, 1), "x = 1\n")),
    "before the text": fix(((0, 1, 1, 1), "x = 1\n")),
    "a file that isn't there": fix(((1, 1, 1, 1), "x = 1\n"), path="b.py"),
    "a file outside": fix(((1, 1, 1, 1), "x = 1\n"), path="../b.py"),
    "a file that is gone": fix(((1, 1, 1, 1), "x = 1\n"), path="gone.py"),
}


@pytest.fixture
def change(change_of):
    return change_of({"a.py": (OLD, NEW), "gone.py": (OLD, None), "a.ts": ("", "let a = 1;\nlet b = (;\n")})


@pytest.mark.parametrize("good", APPLY.values(), ids=APPLY.keys())
def test_a_fix_that_applies_stays(change, good):
    assert applies(change, good)


@pytest.mark.parametrize("bad", FAIL.values(), ids=FAIL.keys())
def test_a_fix_that_does_not_is_dropped_and_its_finding_stays(change, bad):
    evidence = (Evidence(SourceName.FACTS, "e"),)
    found = Finding(rules.UNKNOWN_EXCEPTION, "a.py", Span(1, 5, 1, 7), "äh", "m", 0.5, evidence, fix=bad)
    (kept,) = merged(change, [found]).findings
    assert kept.fix is None


def test_code_with_errors_may_keep_them(change):
    assert applies(change, fix(((1, 5, 1, 6), "c"), path="a.ts"))
    assert not applies(change, fix(((1, 5, 1, 6), "("), path="a.ts"))


def test_files_of_the_workspace_are_edited_as_they_are_on_disk(tmp_path):
    (tmp_path / "b.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("c.py\n", encoding="utf-8")
    (tmp_path / "c.py").write_text("x = 1\n", encoding="utf-8")
    change = Change(tmp_path, "a change", ())
    assert applied(change, fix(((1, 1, 1, 2), "y"), path="b.py")) == {"b.py": ("x = 1\n", "y = 1\n")}
    assert applied(change, fix(((1, 1, 1, 2), "y"), path="c.py")) is None


SPANS = st.tuples(*[st.integers(0, 3), st.integers(0, 12)] * 2)
EDITS = st.lists(st.tuples(SPANS, st.sampled_from(["", "(", ")", "x", "\n", "é = 2\n"])), max_size=3)


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_what_applies_parses_and_is_what_the_edits_say(edits):
    before, after = Text(OLD), Text(NEW)
    change = Change(Path("/work"), "", (ChangedFile("a.py", "a.py", before, after, hunks(before, after)),))
    mend = fix(*edits)
    if not applies(change, mend):
        return
    ((_, text),) = applied(change, mend).values()
    ast.parse(text)
    expected = NEW
    for span, new in sorted(edits, reverse=True):
        start, end = after.offset(*span[:2]), after.offset(*span[2:])
        assert after.span(start, end) == Span(*span)
        expected = expected[:start] + new + expected[end:]
    assert text == expected
