"""The report says what was kept, noticed and thrown away; nothing of the project is read as Markdown."""

import re

import pytest
from attrs import evolve

from codenook.server.reasons import Reason
from codenook.server.tasks.jobs import Strategy
from codenook.server.unit_tests.case import Origin
from codenook.server.unit_tests.report_markdown import summary, to_markdown
from codenook.server.unit_tests.result import (
    Covered,
    Fate,
    KeptTest,
    Thrown,
    ThrownFor,
    UnitTestsResult,
)
from codenook.server.unit_tests.wording import ORIGINS, THROWN

DIFF = "@@ -2 +2 @@\n-    return a + b\n+    return a - b\n"
RESULT = UnitTestsResult(
    "add",
    path="tests/test_sums.py",
    text="def test_add(): ...\n",
    framework="pytest",
    strategy=Strategy.INFILL,
    kept=(
        KeptTest("test_add", Origin.TYPES, (0, 2)),
        KeptTest("test_add_of_a_call", Origin.CALL_SITE, (2,), evidence="shop.py:3", is_reasoned=True),
        KeptTest("test_doubted", Origin.MODEL, (), doubt="3 was expected"),
    ),
    thrown=(Thrown("add(object())", ThrownFor.NOT_WRITTEN_DOWN, "no literal"),),
    mutants=(
        Fate("operator", 2, DIFF, by=("test_add",)),
        Fate("removed", 2, DIFF),
        Fate("return", 2, DIFF, by=("test_add", "test_add_of_a_call"), by_existing=True),
    ),
    n_untried=4,
    coverage_before=Covered(0, 2),
    coverage=Covered(2, 2),
    n_runs=9,
    seconds={"observing": 1.25, "total": 3.0},
    model="small",
)


def test_everything_is_told():
    report = to_markdown(RESULT)
    rows = report.split("\n")
    assert rows[0] == "# Unit tests for `add`"
    assert "3 tests in `tests/test_sums.py` (pytest)." in report
    assert "- `test_add`: kills 2 mutants (#1, #3), input by its types, records current behaviour" in rows
    assert (
        "- `test_add_of_a_call`: kills 1 mutant (#3), from a call at `shop.py:3`, expected by reasoning"
        in rows
    )
    assert "  - **looks wrong to the model**: `3 was expected`" in rows
    assert "## Mutants: 2 of 3 killed, 4 not tried" in rows
    assert rows.index("### Alive") < rows.index("#2, line 2, removed:") < rows.index("### Killed")
    assert "#3, line 2, return, killed by the project's own tests, `test_add`, `test_add_of_a_call`:" in rows
    assert report.count("```diff\n@@ -2 +2 @@\n-    return a + b\n+    return a - b\n```") == 3
    assert {"- before: 0 of 2", "- after: 2 of 2"} <= set(rows)
    thrown = (
        "- `add(object())`: what comes of it can't be written down, or isn't the same twice (`no literal`)"
    )
    assert thrown in rows
    assert {"- tests were run 9 times", "- 3.0 s (observing 1.2 s)", "- model: `small`, infill"} <= set(rows)


def test_one_line_says_what_is_proved():
    assert summary(RESULT) == (
        "3 tests: each ran, passed every time, and notices a fault that the project's own don't; "
        "2 of 3 mutants killed; lines run: 0 before, 2 now, of 2"
    )
    assert summary(UnitTestsResult("add", kept=RESULT.kept[:1])).startswith("1 test: ")


def test_without_anything_to_report_there_is_no_report():
    assert to_markdown(UnitTestsResult("add", reason=Reason.NO_SANDBOX, message="install bubblewrap")) == ""


def test_a_preview_is_labelled_so():
    preview = evolve(RESULT, reason=Reason.NOT_RUN, message="There is no go.", kept=(), mutants=())
    assert "**Not run** (`not_run`): `There is no go.`" in to_markdown(preview)
    none = evolve(preview, reason=Reason.NO_TEST_KEPT, text=None)
    assert "**No tests** (`no_test_kept`): `There is no go.`" in to_markdown(none)


def test_only_so_many_of_the_thrown_are_named():
    many = tuple(Thrown(f"add({n})", ThrownFor.ADDS_NOTHING) for n in range(70))
    report = to_markdown(evolve(RESULT, thrown=many))
    assert report.count("notice every fault that it does") == 50
    assert "## Thrown away: 70" in report
    assert "- and 20 more" in report


HOSTILE = "`` ![x](https://example.org/x.png) ```\n</code><img src=x>\x1b[31m\u202e"


@pytest.mark.parametrize(
    "changes",
    [
        {"symbol": HOSTILE},
        {"path": HOSTILE},
        {"notes": (HOSTILE,)},
        {"model": HOSTILE},
        {"reason": Reason.NO_TEST_KEPT, "message": HOSTILE},
        {"thrown": (Thrown(HOSTILE, ThrownFor.FAILED, HOSTILE),)},
        {"kept": (KeptTest(HOSTILE, Origin.DOCTEST, (0,), evidence=HOSTILE, doubt=HOSTILE),)},
        {"mutants": (Fate("operator", 2, HOSTILE, by=(HOSTILE,)),)},
    ],
)
def test_nothing_of_the_project_is_read_as_markdown(changes):
    report = to_markdown(evolve(RESULT, **changes))
    assert "example.org" in report
    assert "\x1b" not in report
    assert "\u202e" not in report
    outside = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", report, flags=re.DOTALL | re.MULTILINE)
    outside = re.sub(r"(?<!`)(`+)(?!`)[^\n]+?(?<!`)\1(?!`)", "", outside)
    assert "example.org" not in outside
    assert "img" not in outside
    assert "`" not in outside


def test_every_code_has_its_words():
    assert set(ORIGINS) == set(Origin)
    assert set(THROWN) == set(ThrownFor)
