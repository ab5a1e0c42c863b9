import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from codenook.server.demo.client import Answer
from codenook.server.demo.places import EXAMPLE, PLACES, OpenFile, go_to
from codenook.server.demo.screen import Screen

NO_ANSWER = Answer((), "no_candidate", "The model had nothing to add here.", wait_ms=1.0)
LOAN = SimpleNamespace(
    path="lending/records.py",
    start_line=52,
    symbol="Loan",
    reason="base_class",
    text="class Loan:\n    book: Book",
    tokens=9,
)
CONTEXT = SimpleNamespace(tokens=9, snippets=[LOAN], dropped=[LOAN])
EXPLAINED = SimpleNamespace(
    candidates=[
        SimpleNamespace(text="book=book", score=-0.5, unresolved=["book"]),
        SimpleNamespace(text="book,\n    member", score=-1.25, unresolved=[]),
    ],
    timings_ms=SimpleNamespace(context=1.26, prefill=20.0, decode=30.0),
    tokens=SimpleNamespace(prompt=700, prompt_evaluated=3, generated=60, decode_calls=25),
)
FILE = OpenFile(Path("a.py"), "def f():\n    return \n\nx = 1\n", 20)


def answer(text):
    return Answer((text,), reason="", message="", wait_ms=12.4)


@pytest.fixture
def screen():
    return Screen(Console(file=io.StringIO(), width=80))


def printed(screen):
    return screen._console.file.getvalue()


def test_ghost_text_stands_at_the_cursor_and_real_lines_keep_their_numbers(screen):
    screen.window(FILE, answer("one(\n        two)"))
    assert [line.rstrip() for line in printed(screen).splitlines()] == [
        "  1 def f():",
        "  2     return ▌one(",
        "            two)▐",
        "  3",
        "  4 x = 1",
    ]


def test_an_empty_answer_is_shown_with_its_reason(screen):
    screen.window(FILE, NO_ANSWER)
    text = printed(screen)
    assert "  2     return ▌" in text
    assert "▐" not in text
    assert "The model had nothing to add here. (no_candidate)" in text


def test_candidates_carry_their_score_and_what_does_not_resolve(screen):
    screen.candidates(EXPLAINED)
    text = printed(screen)
    assert "1 -0.50 book=book  unresolved: book" in text
    assert "2 -1.25 book," in text


def test_context_says_where_each_definition_is_from_and_what_did_not_fit(screen):
    screen.context(CONTEXT, in_full=True)
    text = printed(screen)
    assert "Loan  lending/records.py:52  base class, 9 tokens" in text
    assert "      class Loan:" in text
    assert "left out, as the budget is spent: Loan (9)" in text


def test_the_cost_is_what_the_server_counted(screen):
    screen.cost(answer("one"), EXPLAINED)
    text = printed(screen)
    assert "12 ms from request to answer: context 1.3, prefill 20.0, decode 30.0" in text
    assert "3 tokens evaluated of a prompt of 700, 60 generated in 25 decode calls" in text


@pytest.mark.parametrize("width", [30, 60, 200])
def test_no_line_is_wider_than_the_terminal(width):
    screen = Screen(Console(file=io.StringIO(), width=width))
    for place in PLACES:
        screen.heading(place.title, place.file)
        screen.window(go_to(place, EXAMPLE), answer("book,\n            member"))
        screen.candidates(EXPLAINED)
        screen.context(CONTEXT, in_full=True)
        screen.cost(answer("one"), EXPLAINED)
    lines = printed(screen).splitlines()
    assert max(len(line) for line in lines) <= width
    assert not any("\x1b" in line for line in lines)


def test_a_terminal_shows_ghost_text_by_its_style():
    screen = Screen(Console(file=io.StringIO(), width=80, force_terminal=True, color_system="standard"))
    screen.window(FILE, answer("one"))
    assert "\x1b[2;3mone" in printed(screen)
    assert "▐" not in printed(screen)
