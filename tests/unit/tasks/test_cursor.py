"""What the place of the cursor asks for."""

import pytest

from codenook.models.engine.messages import StopRule
from codenook.server.tasks.cursor import MAX_BLOCK_LINES, MAX_LINE, Cursor

LINE = StopRule(max_lines=1, openers=(":",))


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("x = ¦", LINE),
        ("foo(¦)", StopRule(max_lines=1)),
        ("    ¦x = 1", StopRule(max_lines=1)),
        ("def f():¦", StopRule(MAX_BLOCK_LINES, min_indent=1, following="below")),
        ("    if x:¦", StopRule(MAX_BLOCK_LINES, min_indent=5, following="below")),
        ("    ¦", StopRule(MAX_BLOCK_LINES, min_indent=4, following="below")),
        ("    # sort by due date¦", StopRule(MAX_BLOCK_LINES, min_indent=4, following="below")),
        ("    ¦   ", StopRule(MAX_BLOCK_LINES, min_indent=4, following="below")),
        ("¦", StopRule(MAX_BLOCK_LINES, min_indent=0, following="below")),
    ],
)
def test_python(code, rule):
    text = f"above\n{code}\nbelow"
    offset = text.index("¦")
    assert Cursor.at(text.replace("¦", ""), offset).stop_rule("python") == rule


def test_languages_with_braces_keep_the_closing_line():
    assert Cursor("    while (x) {", "").stop_rule("c") == StopRule(
        MAX_BLOCK_LINES, min_indent=5, keep_closer=True
    )
    assert Cursor("    // then print it", "").stop_rule("go") == StopRule(
        MAX_BLOCK_LINES, min_indent=4, keep_closer=True
    )


def test_the_cursor_cuts_its_line_in_two():
    assert Cursor.at("a\nbc\r\nd", 3) == Cursor("b", "c", "d")
    assert Cursor.at("", 0) == Cursor("", "")
    assert Cursor.at("a", 1) == Cursor("a", "")


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("¦\n\n  \t\n    b = 2  \nc", "    b = 2"),
        ("¦\r\n\r\n\tb\r\n", "\tb"),
        ("a¦", ""),
        ("a¦\n \n", ""),
        ("a¦ \nb", "b"),
        ("¦\nä\u2028b", "ä\u2028b"),
        (f"¦\n{'b' * 2000}", "b" * MAX_LINE),
        (f"¦\n{' ' * 100_000}\nb", "b"),
    ],
)
def test_the_first_line_with_code_below_is_known(text, below):
    assert Cursor.at(text.replace("¦", ""), text.index("¦")).below == below
