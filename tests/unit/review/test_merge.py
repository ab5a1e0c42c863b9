"""What becomes of what sources find."""

from itertools import permutations
from pathlib import Path

from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codenook.server.review import rules
from codenook.server.review.finding import Category, Evidence, Finding, Rule, Severity, SourceName, Span
from codenook.server.review.merge import NotTold, merged, on_change
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.scope.compare import hunks

OLD = "one\ntwo\nthree\nfour\n"
NEW = "one\n  2 = 2\nthree\nfour\nfive\nsix\n"
RULE = rules.UNKNOWN_EXCEPTION


def finding(span, quote, **values):
    values = {"message": "m", "evidence": (Evidence(SourceName.FACTS, "e"),)} | values
    return Finding(values.pop("rule", RULE), "a.py", Span(*span), quote, confidence=0.5, **values)


def told(change, *findings):
    return merged(change, findings)


def test_on_a_changed_line_that_it_quotes(change_of):
    change = change_of({"a.py": (OLD, NEW)})
    assert told(change, finding((2, 3, 2, 8), "2 = 2")).findings[0].quote == "2 = 2"
    refused = [
        finding((1, 1, 1, 4), "one"),
        finding((3, 1, 3, 6), "three"),
        finding((9, 1, 9, 2), "x"),
        finding((2, 3, 2, 8), "2 = 3"),
        finding((2, 3, 2, 3), ""),
        finding((2, 1, 2, 3), "  "),
        evolve(finding((2, 3, 2, 8), "2 = 2"), path="b.py"),
    ]
    found = told(change, *refused)
    assert found.findings == ()
    assert found.not_told == {
        NotTold.UNCHANGED_LINE: 3,
        NotTold.NOT_QUOTED: 3,
        NotTold.NOT_IN_CHANGE: 1,
    }


def test_a_span_is_cut_to_the_changed_lines_that_it_begins_on(change_of):
    change = change_of({"a.py": (OLD, NEW)})
    (cut,) = told(change, finding((2, 3, 4, 5), "2 = 2\nthree\nfour")).findings
    assert (cut.span, cut.quote) == (Span(2, 3, 2, 8), "2 = 2")
    (whole,) = told(change, finding((5, 1, 7, 1), "five\nsix\n")).findings
    assert whole.span == Span(5, 1, 7, 1)


def test_about_a_removed_line(change_of):
    change = change_of({"a.py": (OLD, "one\nthree\nfour\n")})
    (found,) = told(change, finding((1, 1, 1, 1), "two", removed=Span(2, 1, 2, 4))).findings
    assert (found.span, found.removed) == (Span(2, 1, 2, 1), Span(2, 1, 2, 4))
    for span, quote in ((Span(3, 1, 3, 6), "three"), (Span(2, 1, 2, 4), "TWO"), (Span(2, 1, 3, 1), "two\n")):
        checked = on_change(change, finding((1, 1, 1, 1), quote, removed=span))
        assert isinstance(checked, NotTold) or span == Span(2, 1, 3, 1)


def test_about_a_file_that_is_gone(change_of):
    change = change_of({"a.py": (OLD, None)})
    (found,) = told(change, finding((1, 1, 1, 1), "two", removed=Span(2, 1, 2, 4))).findings
    assert found.span == Span(1, 1, 1, 1)
    assert told(change, finding((1, 1, 1, 4), "one")).findings == ()


def other(span, quote, source=SourceName.READING, category=Category.BUG, **values):
    rule = Rule("else", "s", "d", category, Severity.WARNING, source)
    return finding(span, quote, rule=rule, evidence=(Evidence(source, "f"),), **values)


def test_the_same_of_two_sources_is_told_once_with_all_evidence(change_of):
    change = change_of({"a.py": (OLD, NEW)})
    one, two = finding((2, 3, 2, 4), "2"), other((2, 3, 2, 8), "2 = 2", message="n")
    for order in ((one, two), (two, one)):
        (found,) = told(change, *order).findings
        assert (found.rule, found.message) == (RULE, "m"), "the fact's words"
        assert found.sources == (SourceName.FACTS, SourceName.READING)
        assert found.confidence == 0.75


def test_facts_have_the_word_before_models_and_these_before_linters(change_of):
    change = change_of({"a.py": (OLD, NEW)})
    fact = finding((2, 3, 2, 4), "2", severity=Severity.HINT)
    model = other((2, 3, 2, 8), "2 = 2", message="model", severity=Severity.INFO)
    linter = other(
        (2, 3, 2, 8), "2 = 2", SourceName.LINTERS, message="linter", severity=Severity.ERROR, subject="s"
    )
    for words, found in (("m", (fact, model, linter)), ("m", (fact, linter)), ("model", (model, linter))):
        for order in permutations(found):
            (together,) = told(change, *order).findings
            assert (together.message, together.severity) == (words, max(one.severity for one in found))
            assert len(together.evidence) == len(found)


def test_different_things_of_one_line_are_told_both(change_of):
    change = change_of({"a.py": (OLD, NEW)})
    one = finding((2, 3, 2, 4), "2")
    for two in (
        other((2, 3, 2, 8), "2 = 2", category=Category.STYLE),
        other((2, 7, 2, 8), "2"),
        other((5, 1, 5, 5), "five"),
        other((2, 3, 2, 8), "2 = 2", source=SourceName.FACTS),
    ):
        assert len(told(change, one, two).findings) == 2


def test_the_same_twice_of_one_source_is_told_once(change_of):
    change = change_of({"a.py": (OLD, NEW)})
    (found,) = told(change, finding((2, 3, 2, 4), "2"), finding((2, 3, 2, 4), "2")).findings
    assert (len(found.evidence), found.confidence) == (1, 0.5)


def test_a_fingerprint_stays_when_the_line_moves_and_not_when_it_changes(change_of):
    line = "  2 = 2\n"
    before = told(change_of({"a.py": (OLD, NEW)}), finding((2, 3, 2, 8), "2 = 2")).findings
    moved = told(
        change_of({"a.py": (OLD, f"zero\n\n\n    {line}")}), finding((4, 7, 4, 12), "2 = 2")
    ).findings
    changed = told(
        change_of({"a.py": (OLD, NEW.replace("2 = 2", "2 = 3"))}), finding((2, 3, 2, 8), "2 = 3")
    ).findings
    assert before[0].fingerprint == moved[0].fingerprint
    assert before[0].fingerprint != changed[0].fingerprint


def test_equal_lines_have_fingerprints_of_their_own(change_of):
    change = change_of({"a.py": ("", "x\nx\n")})
    first, second = told(change, finding((2, 1, 2, 2), "x"), finding((1, 1, 1, 2), "x")).findings
    assert [first.span.start_line, second.span.start_line] == [1, 2]
    assert first.fingerprint[:-1] == second.fingerprint[:-1]
    assert first.fingerprint.endswith(":1")
    assert second.fingerprint.endswith(":2")


LINES = st.lists(
    st.one_of(st.sampled_from(["a", "b = 1", "", "\u00e9", "}"]), st.text(max_size=3)), max_size=12
)
TEXTS = st.builds(lambda lines, end: Text(end.join(lines)), LINES, st.sampled_from(["\n", "\r\n"]))
EDITS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), LINES), max_size=3)
PLACES = st.integers(min_value=-1, max_value=15)
SPANS = st.lists(st.tuples(PLACES, PLACES, PLACES, PLACES, st.booleans(), st.booleans()), max_size=8)


def rewritten(old, edits):
    lines = old.text.split("\n")
    for at, n, instead in edits:
        lines[at : at + n] = instead
    return Text("\n".join(lines))


@settings(deadline=None)
@given(TEXTS, EDITS, SPANS)
@example(Text(""), [(0, 0, ["a", "a"])], [(1, 1, 1, 5, False, True)])
@example(Text("a\na\na"), [(0, 2, [])], [(1, 1, 1, 5, True, True)])
@example(Text(""), [(0, 0, ["a", "a"])], [(1, 1, 3, 1, False, True)])
def test_nothing_is_told_of_unchanged_lines_whatever_sources_say(before, edits, spans):
    after = rewritten(before, edits)
    change = Change(Path("/"), "", (ChangedFile("a.py", "a.py", before, after, hunks(before, after)),))
    found = []
    for *numbers, is_removed, is_quoted in spans:
        span, text = Span(*numbers), before if is_removed else after
        try:
            quote = text.quote(span) if is_quoted else "x"
        except IndexError:
            quote = "x"
        found.append(finding(numbers, quote, removed=span if is_removed else None))
    together = merged(change, found)
    assert sum(together.not_told.values()) + len(together.findings) <= len(found)
    old, new = (text.text.split("\n") for text in (before, after))
    for told_of in together.findings:
        span, text = (told_of.removed, before) if told_of.removed else (told_of.span, after)
        lines = range(span.start_line, span.last_line + 1)
        changed = change.files[0].removed if told_of.removed else change.files[0].changed
        assert set(lines) <= changed
        assert told_of.quote.strip()
        assert told_of.quote == text.quote(span)
        told_lines = (old if told_of.removed else new)[lines[0] - 1 : lines[-1]]
        assert told_of.quote in "".join(f"{line}\n" for line in told_lines)


@settings(deadline=None)
@given(TEXTS, EDITS)
def test_lines_that_are_not_changed_are_the_same_in_both_texts(before, edits):
    after = rewritten(before, edits)
    file = ChangedFile("a.py", "a.py", before, after, hunks(before, after))

    def left(text, taken):
        return [text.line(n) for n in range(1, text.n_lines + 1) if n not in taken]

    assert left(before, file.removed) == left(after, file.changed)
