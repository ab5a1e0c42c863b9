"""Findings in a text that went on changing are where their line is, or nowhere."""

from hypothesis import given
from hypothesis import strategies as st

from codenook.server.review.finding import Evidence, Finding, Place, SourceName, Span
from codenook.server.review.placing import Shift, placed
from codenook.server.review.rules import MISSING_ARGUMENT
from codenook.server.review.scope.change import Text

LINES = st.lists(st.sampled_from(["a = 1", "bb = 2", "é🐢 = 3", "", "x"]), min_size=1, max_size=12)
TEXTS = st.builds(
    lambda mark, lines, end: mark + end.join(lines) + end,
    st.sampled_from(["", "\ufeff"]),
    LINES,
    st.sampled_from(["\n", "\r\n"]),
)


@st.composite
def spans(draw):
    """A text and a stretch of it, which begins and ends in no line end."""
    text = Text(draw(TEXTS))
    whole = [at for at in range(len(text.text) + 1) if text.text[max(at - 1, 0) : at + 1] != "\r\n"]
    start, end = sorted(draw(st.tuples(*[st.sampled_from(whole)] * 2)))
    return text, text.span(start, end)


def read(text, span):
    """What stands in a span, whatever the kind of line ends, without a byte order mark."""
    return text.quote(span).replace("\r\n", "\n").replace("\ufeff", "")


def whole(text, span):
    lines = (text.line(number) for number in range(span.start_line, span.last_line + 1))
    return [line.removeprefix("\ufeff") for line in lines]


@given(spans(), TEXTS)
def test_what_is_placed_stands_there(given_, now):
    before, span = given_
    if before.text.startswith("\ufeff") and span.start_column == 1:
        return  # what an editor keeps to itself: no finding is there
    now = Text(now)
    there = Shift(before, now).span(span)
    if there is not None:
        assert read(now, there) == read(before, span)
        assert whole(now, there) == whole(before, span)


@given(spans(), LINES)
def test_lines_before_and_behind_move_it_and_no_more(given_, lines):
    before, span = given_
    other = [f"other {number}" for number in range(len(lines))]
    above = "".join(f"{line}\n" for line in other)
    text = before.text
    if text.startswith("\ufeff"):
        return
    there = Shift(before, Text(above + text)).span(span)
    assert there == Span(
        span.start_line + len(other), span.start_column, span.end_line + len(other), span.end_column
    )
    if before.text.endswith("\n") and span.last_line <= before.n_lines:
        assert Shift(before, Text(text + above)).span(span) == span


def test_a_changed_line_ends_it_and_the_old_one_brings_it_back():
    before, span = Text("a\nb\nc\n"), Span(2, 1, 2, 2)
    assert Shift(before, Text("a\nB\nc\n")).span(span) is None
    assert Shift(before, Text("a\nc\n")).span(span) is None
    assert Shift(before, Text("")).span(span) is None
    assert Shift(before, Text("0\na\nb\nc")).span(span) == Span(3, 1, 3, 2)


def test_lines_put_between_its_lines_end_it():
    before, span = Text("a\nb\nc\nd\n"), Span(2, 1, 3, 2)
    assert Shift(before, Text("a\nb\nnew\nc\nd\n")).span(span) is None
    assert Shift(before, Text("a\nnew\nb\nc\nd\n")).span(span) == Span(3, 1, 4, 2)


def test_where_a_line_is_missing_something_may_be_put_again():
    before, mark = Text("a\nc\n"), Span(2, 1, 2, 1)
    shift = Shift(before, Text("a\nb\nc\n"))
    assert shift.span(mark) == Span(3, 1, 3, 1)
    assert shift.span(mark, is_mark=True) is None
    assert Shift(before, Text("0\na\nc\n")).span(mark, is_mark=True) == Span(3, 1, 3, 1)


def test_a_finding_goes_with_the_last_of_its_evidence():
    def place(line):
        return Place("b.py", Span(line, 1, line, 2), "here", "call(1)")

    finding = Finding(
        MISSING_ARGUMENT,
        "a.py",
        Span(1, 1, 1, 2),
        "a",
        "wrong",
        1.0,
        (Evidence(SourceName.FACTS, "so"),),
        related=(place(1), Place("b.py", Span(2, 1, 2, 2), "there", "other(1)")),
    )
    shift = Shift(Text("a\n"), Text("\na\n"))

    def related(text):
        found = placed(finding, shift, {"b.py": text and Text(text)}.get)
        return found and [(at.message, at.span.start_line) for at in found.related]

    assert placed(finding, shift, {"b.py": Text("call(1)\nother(1)\n")}.get).span == Span(2, 1, 2, 2)
    assert related("\n\nx = call(1)\nother(1)\n") == [("here", 3), ("there", 4)]
    assert related("call(2)\n  other(1)\n") == [("there", 2)]
    assert related("call(2)\n") is None
    assert related(None) is None
