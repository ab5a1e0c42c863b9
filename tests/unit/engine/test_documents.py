"""An open document in memory tells what its text says, however it came to be, and edits cost parts."""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.models.engine.documents import Document, parts
from codenook.models.memory import Memory

N_VOCAB = 256
CODE = Path(argparse.__file__).read_text("utf-8")
LINES = st.lists(
    st.sampled_from(["def f(x):\n", "    return x\n", "\n", "  \n", "y = f(1)\n", "\r\n", "é\n"]), max_size=60
)


def read(text):
    tokens = np.frombuffer(text.encode(), np.uint8).astype(np.intp)
    breaks = tokens == ord("\n")
    return tokens, (1 + np.cumsum(breaks) - breaks).astype(np.uint32)


def document():
    return Document(read)


def told(known, context, n_above, n_below):
    """Return what followed a text, by length of match, and the places of it."""
    memory = Memory(N_VOCAB)
    beyond = [memory.text("mine.py", *part) for part in known.beyond(n_above, n_below)]
    found = memory.reader([], before=[*context.encode()], beyond=beyond).after([])
    return [
        (seen.length, seen.n, {token: lines_of(seen, token) for token in seen.tokens})
        for seen in (found.prompt if found else ())
    ]


def lines_of(seen, token):
    return sorted(place.line for place in seen.places(token))


@given(st.lists(LINES, min_size=1, max_size=5), st.data())
@settings(max_examples=60, deadline=None)
def test_an_edited_document_tells_what_a_new_one_tells(versions, data):
    edited = document()
    for lines in versions:
        edited.update("".join(lines))
    text = "".join(versions[-1])
    new = document()
    new.update(text)
    n_lines = text.count("\n") + 1
    n_above = data.draw(st.integers(0, n_lines))
    n_below = data.draw(st.integers(0, n_lines - n_above))
    for context in ("f(", "\n    re", "ret", "\n\n", "x"):
        assert told(edited, context, n_above, n_below) == told(new, context, n_above, n_below)


@given(LINES, st.data())
@settings(max_examples=60, deadline=None)
def test_places_have_their_lines_and_what_is_shown_is_not_told(lines, data):
    text, known = "".join(lines), document()
    known.update(text)
    n_above = data.draw(st.integers(0, len(lines)))
    n_below = data.draw(st.integers(0, len(lines) - n_above))
    expected = [
        number
        for number, line in enumerate(text.split("\n"), start=1)
        if "return" in line and not n_above < number <= text.count("\n") + 1 - n_below
    ]
    found = told(known, "    ret", n_above, n_below)
    assert [one[2][ord("u")] for one in found if one[0] == len("    ret")] == ([expected] if expected else [])


def test_a_keystroke_costs_one_part():
    known, text = document(), CODE
    assert known.update(text) == len(CODE.encode())
    longest = max(len(part.encode()) for part in parts(CODE))
    assert longest < len(CODE) / 5
    spent = Counter()
    for n, at in enumerate(range(1000, len(CODE), len(CODE) // 20)):
        line_end = text.index("\n", at)
        for key in "x = 1\n":
            text, line_end = text[:line_end] + key + text[line_end:], line_end + 1
            spent[n] += 1
            assert known.update(text) <= 2 * longest + 10
        assert known.update(text) == 0
    everything = known.beyond(text.count("\n") + 1, 0)[0][0]
    assert bytes(everything.tolist()).decode() == text


def test_equal_parts_are_all_known():
    text = "".join(f"{part}" for part in [*parts(CODE)][:1] * 3)
    known = document()
    known.update(text)
    line = next(line for line in text.split("\n") if len(line) > 20)
    (one, *_) = told(known, line[:20], text.count("\n") + 1, 0)
    assert one[1] == text.count(line[:20])


@given(LINES)
def test_parts_are_the_text(lines):
    text = "".join(lines)
    assert "".join(parts(text)) == text


@pytest.mark.parametrize("at", range(0, len(CODE), len(CODE) // 10))
def test_an_edit_moves_no_other_cut(at):
    before, after = [*parts(CODE)], [*parts(CODE[:at] + "changed\n" + CODE[at:])]
    assert len(Counter(before) - Counter(after)) <= 2
    assert len(Counter(after) - Counter(before)) <= 2
    assert len(before) > 10
