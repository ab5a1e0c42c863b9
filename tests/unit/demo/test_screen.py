import io
from pathlib import Path

import pytest
from rich.console import Console

from codenook.context.snippets import Context, Dropped, DroppedSnippet, Snippet, Why
from codenook.models.engine.messages import Counters
from codenook.server.demo.client import Answer
from codenook.server.demo.places import EXAMPLE, PLACES, OpenFile, go_to
from codenook.server.demo.screen import Screen
from codenook.server.tasks.completion import CompletionResult
from codenook.server.verify.candidates import Verified

ANSWER = Answer(("book=book", "book,\n    member"), reason="", message="", wait_ms=12.4)
LOAN = Snippet("lending/records.py", 52, 64, "Loan", Why.IMPORTED, "class Loan:\n    book: Book", tokens=9)
FILE = OpenFile(Path("a.py"), "def f():\n    return \n\nx = 1\n", 20)


@pytest.fixture
def screen():
    return Screen(Console(file=io.StringIO(), width=80))


def printed(screen):
    return screen._console.file.getvalue()


def test_ghost_text_stands_at_the_cursor_and_real_lines_keep_their_numbers(screen):
    screen.window(FILE, "one(\n        two)")
    assert [line.rstrip() for line in printed(screen).splitlines()] == [
        "  1 def f():",
        "  2     return ▌one(",
        "            two)▐",
        "  3",
        "  4 x = 1",
    ]


def test_without_a_candidate_only_the_cursor_shows(screen):
    screen.window(FILE, "")
    assert "  2     return ▌" in printed(screen)
    assert "▐" not in printed(screen)


def test_candidates_carry_their_score_and_what_does_not_resolve(screen):
    verified = Verified("book=book", -0.5, parses=True, unresolved=("book",))
    screen.candidates(ANSWER, {verified.text: verified})
    text = printed(screen)
    assert "1 -0.50 book=book  unresolved: book" in text
    assert "2     - book," in text


def test_context_says_where_each_definition_is_from_and_what_did_not_fit(screen):
    left_out = DroppedSnippet(LOAN, Dropped.OVER_BUDGET)
    screen.context(CompletionResult(context=Context((LOAN,), (left_out,))), in_full=True)
    text = printed(screen)
    assert "Loan  lending/records.py:52  imported, 9 tokens" in text
    assert "      class Loan:" in text
    assert "left out, as the budget is spent: Loan (9)" in text


def test_an_empty_answer_is_shown_with_its_reason(screen):
    screen.no_candidate(Answer((), "no_candidate", "The model had nothing to add here.", 1.0))
    assert "The model had nothing to add here. (no_candidate)" in printed(screen)


@pytest.mark.parametrize("width", [30, 60, 200])
def test_no_line_is_wider_than_the_terminal(width):
    screen = Screen(Console(file=io.StringIO(), width=width))
    result = CompletionResult(context=Context((LOAN,)))
    for place in PLACES:
        screen.heading(place.title, place.file)
        screen.window(go_to(place, EXAMPLE), ANSWER.texts[1])
        screen.candidates(ANSWER, {})
        screen.context(result, in_full=True)
        screen.cost(ANSWER, 1, Counters(700, 10, 60, 25), result)
    lines = printed(screen).splitlines()
    assert max(len(line) for line in lines) <= width
    assert not any("\x1b" in line for line in lines)


def test_a_terminal_shows_ghost_text_by_its_style():
    screen = Screen(Console(file=io.StringIO(), width=80, force_terminal=True, color_system="standard"))
    screen.window(FILE, "one")
    assert "\x1b[2;3mone" in printed(screen)
    assert "▐" not in printed(screen)
