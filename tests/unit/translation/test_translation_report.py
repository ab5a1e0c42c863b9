"""The report says what was proved of each function; nothing of the project is read as Markdown."""

import pytest
from attrs import evolve
from markdown_it import MarkdownIt

from codenook.models.engine.messages import Counters
from codenook.server.reasons import Reason
from codenook.server.tasks.jobs import Strategy
from codenook.server.translation.languages.language import Note
from codenook.server.translation.outcome import Origin
from codenook.server.translation.report_markdown import summary, to_markdown
from codenook.server.translation.result import Level, Row, Translated, TranslationResult

PROVED = Translated(
    "half",
    "half",
    Level.AGREES,
    agreed={Origin.DOCUMENTATION: 1, Origin.TYPES: 30},
    not_compared={"it fails by accident": 2},
    tolerance=1e-9,
    differences=(Row("half(9)", "4", "4.5", Origin.TYPES, excuse="no such input is shown"),),
    notes=(Note("integer-width", "Integers are 64 bits wide here: `value`."),),
    tried=3,
    repairs=1,
    refused={"comparing": 2},
)
LOST = Translated(
    "next_to",
    "nextTo",
    Level.NOTHING,
    differences=(Row("nextTo(1)", "2", "3", Origin.TYPES),),
    why="1 of 9 calls differs",
    reason=Reason.DIFFERS,
    tried=1,
)
RESULT = TranslationResult(
    "",
    "shop/amounts.py",
    "python",
    "javascript",
    "amounts.js",
    "// A preview\n",
    (PROVED, LOST),
    toolchains={"python": "Python 3.11", "javascript": ""},
    strategy=Strategy.CHAT,
    model="small",
    seconds={"model": 1.25, "total": 3.0},
    counters=Counters(generated=40),
    reason=Reason.PARTLY_TRANSLATED,
    message="1 of 2 functions were translated, without next_to",
)
WHOLE = evolve(RESULT, functions=(PROVED,), reason=None, message="")
HOSTILE = "`) ![x](http://evil/) | <img src=http://evil/> \x1b[2J\n# title `` <!-- \\"


def test_everything_is_told():
    rows = to_markdown(RESULT).split("\n")
    assert rows[0] == "# Translation of `shop/amounts.py` to JavaScript"
    assert "**A preview** (`partly_translated`): `1 of 2 functions were translated, without next_to`" in rows
    assert "- agrees on 31 calls (1 from documentation, 30 by type); floats within 1e-09" in rows
    assert "- 2 calls not compared: `it fails by accident`" in rows
    assert "- 3 bodies tried, 1 repair; failed: 2 comparing" in rows
    assert {"Differences that do not count:", "half(9)  4         4.5", "- `no such input is shown`"} <= set(
        rows
    )
    assert "It does something else:" in rows
    assert "## `next_to` is `nextTo`" in rows
    assert "- not translated (differs): `1 of 9 calls differs`" in rows
    assert "nextTo(1)  2         3" in rows
    assert "- `Integers are 64 bits wide here: value.` (`integer-width`)" in rows
    assert "- JavaScript: nothing here runs it" in rows
    assert "- model: `small`, chat, 40 tokens" in rows


def test_what_is_proved_is_one_line():
    assert summary(WHOLE) == (
        "JavaScript, 1 of 1 function proved: in the sandbox it did what the original did, on 31 calls"
    )
    assert "preview" not in to_markdown(WHOLE)


def test_without_functions_there_is_nothing_to_report():
    assert to_markdown(evolve(RESULT, functions=())) == ""


@pytest.mark.parametrize(
    "result",
    [
        evolve(RESULT, symbol=HOSTILE),
        evolve(RESULT, message=HOSTILE, path=HOSTILE, model=HOSTILE, toolchains={"python": HOSTILE}),
        evolve(RESULT, notes=(Note(HOSTILE, HOSTILE),)),
        evolve(RESULT, functions=(evolve(LOST, symbol=HOSTILE, name=HOSTILE, why=HOSTILE),)),
        evolve(RESULT, functions=(evolve(PROVED, not_compared={HOSTILE: 1}),)),
        evolve(
            RESULT,
            functions=(
                evolve(
                    LOST,
                    differences=(
                        Row(HOSTILE, HOSTILE, HOSTILE, Origin.TYPES),
                        Row(HOSTILE, HOSTILE, HOSTILE, Origin.TYPES, excuse=HOSTILE),
                    ),
                ),
            ),
        ),
    ],
)
def test_nothing_of_the_project_is_markdown(result):
    report = to_markdown(result)
    tokens = [*MarkdownIt("gfm-like", {"linkify": False}).parse(report)]
    parts = tokens + [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in parts}
    assert kinds.isdisjoint({"image", "html_block", "html_inline", "link_open", "table_open"})
    assert "evil" not in "".join(token.content for token in parts if token.type == "text")
    assert "\x1b" not in report
