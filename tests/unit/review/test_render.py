"""A review as it is written down."""

import io
import json
from pathlib import Path

import jsonschema
import pytest
from attrs import evolve
from rich.console import Console

from codenook.server.review import rules
from codenook.server.review.finding import (
    Edit,
    Evidence,
    Finding,
    Fix,
    Place,
    Severity,
    SourceName,
    Span,
)
from codenook.server.review.merge import merged
from codenook.server.review.render.github import N_OF_A_LEVEL, to_github
from codenook.server.review.render.json_report import to_json
from codenook.server.review.render.rdjson import to_rdjson
from codenook.server.review.render.sarif import to_sarif
from codenook.server.review.render.text import summary, to_rows
from codenook.server.review.report import Account, Ran, Report, RuleLeftOut

ROOT = Path(__file__).parents[3]
PATH = "a b/é:,.py"
OLD = "gone = 1\nkept = 2\n"
NEW = "kept = 2\n\té = näme + 1\n"


def finding(span, quote, **values):
    values = {"evidence": (Evidence(SourceName.FACTS, "because", {"n": 2}),), "message": "bad"} | values
    rule = values.pop("rule", rules.MISSING_ARGUMENT)
    return Finding(rule, PATH, Span(*span), quote, confidence=0.9, **values)


@pytest.fixture
def report(change_of):
    change = change_of({PATH: (OLD, NEW)})
    fix = Fix("Write name", (Edit(PATH, Span(2, 6, 2, 10), "name"),))
    related = (Place("other.py", Span(3, 1, 3, 4), "used here", "use(1)"),)
    found = merged(
        change,
        [
            finding((2, 6, 2, 10), "näme", fix=fix, related=related),
            finding((1, 1, 1, 1), "gone", removed=Span(1, 1, 1, 5), rule=rules.REMOVED_NAME),
        ],
    )
    ran = (Ran(SourceName.FACTS, 2), Ran(SourceName.SURPRISE, 0, "model_missing", "there is no model"))
    return Report(change, found.findings, ran, found.not_told)


def test_json_is_as_its_schema_says(report, change_of):
    schema = json.loads((ROOT / "docs" / "review.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    value = json.loads(json.dumps(to_json(report)))
    jsonschema.validate(value, schema)
    assert [each["rule"] for each in value["findings"]] == ["removed-name", "missing-argument"]
    del value["findings"][0]["quote"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, schema)


def test_sarif_is_as_the_standard_says(report):
    schema = json.loads((ROOT / "tests/fixtures/sarif/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    log = json.loads(json.dumps(to_sarif(report)))
    jsonschema.validate(log, schema)
    (run,) = log["runs"]
    removed, missing = run["results"]
    assert missing["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b/%C3%A9%3A%2C.py", "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": 2,
            "startColumn": 6,
            "endLine": 2,
            "endColumn": 10,
            "snippet": {"text": "näme"},
        },
    }
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["rules"][missing["ruleIndex"]]["id"] == missing["ruleId"]
    assert removed["partialFingerprints"]["codenook/v1"] == report.findings[0].fingerprint
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes == ["the source surprise was not asked about all: there is no model (model_missing)"]


def test_columns_of_rdjson_count_bytes(report):
    value = to_rdjson(report)
    removed, missing = value["diagnostics"]
    assert missing["location"]["range"] == {
        "start": {"line": 2, "column": len("\té = ".encode()) + 1},
        "end": {"line": 2, "column": len("\té = näme".encode()) + 1},
    }
    assert missing["suggestions"] == [{"range": missing["location"]["range"], "text": "name"}]
    assert removed["location"]["range"] == {
        "start": {"line": 1, "column": 1},
        "end": {"line": 1, "column": 1},
    }


def test_github_escapes_what_would_end_a_command(report, change_of):
    tricky = finding((2, 6, 2, 10), "näme", message="100%\n::set-env name=X::\r")
    one = Report(report.change, (tricky,))
    (line,) = to_github(one)
    assert line == (
        "::error file=a b/é%3A%2C.py,line=2,endLine=2,col=6,endColumn=10,title=codenook%3A missing-argument"
        "::100%25%0A::set-env name=X::%0Abecause"
    )


def test_github_keeps_to_what_is_shown_and_tells_the_gravest_first(report):
    warnings = [finding((2, 6, 2, 10), "näme", severity=Severity.WARNING, message=str(n)) for n in range(13)]
    error = finding((2, 6, 2, 10), "näme")
    lines = list(to_github(Report(report.change, (*warnings, error))))
    assert lines[0].startswith("::error ")
    assert sum(line.startswith("::warning ") for line in lines) == N_OF_A_LEVEL
    assert lines[-1].startswith("3 more of the level warning")


def shown(report, **options):
    stream = io.StringIO()
    console = Console(file=stream, highlight=False, width=200, **options)
    for row in to_rows(report):
        console.print(row, soft_wrap=True)
    return stream.getvalue()


def test_text_shows_the_line_with_a_caret_below(report):
    assert shown(report) == (
        "a b/é:,.py:1:1: error: bad [removed-name]\n"
        "    1 - gone = 1\n"
        "      | ^^^^\n"
        "      because (facts, 90% sure)\n"
        "\n"
        "a b/é:,.py:2:6: error: bad [missing-argument]\n"
        "    2 |     é = näme + 1\n"
        "      |         ^^^^\n"
        "      because (facts, 90% sure)\n"
        "      other.py:3 used here: use(1)\n"
        "      fix: Write name\n"
        "\n"
    )
    assert "\x1b[" in shown(report, force_terminal=True, color_system="standard")


def test_wide_characters_move_the_caret(change_of):
    change = change_of({PATH: ("", "日本 = x\n")})
    rows = shown(Report(change, (finding((1, 6, 1, 7), "x"),))).split("\n")
    assert rows[1:3] == ["    1 | 日本 = x", "      |        ^"]


def test_nothing_in_a_file_reaches_the_terminal_as_a_command(change_of):
    change = change_of({PATH: ("", "x = '\x1b[2J\x07\u202e'\n")})
    text = shown(Report(change, (finding((1, 1, 1, 2), "x", message="\x1b]0;t\x07"),)))
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_the_summary_says_who_was_not_asked_and_why(report):
    assert list(summary(report)) == [
        "2 errors in 1 changed line of 1 file (a change)",
        "asked: facts",
        "not asked, or not about all: surprise: there is no model (model_missing)",
    ]


def test_severities_are_ordered_by_what_they_mean():
    order = [Severity.HINT, Severity.INFO, Severity.WARNING, Severity.ERROR]
    assert sorted(Severity) == order
    for n, low in enumerate(order):
        for high in order[n + 1 :]:
            assert low < high
            assert low <= high
            assert high > low
            assert high >= low
            assert not low >= high
    assert Severity.ERROR >= Severity.ERROR


def test_what_a_source_did_not_tell_is_counted_everywhere(report):
    rule = RuleLeftOut("team/plain", "rule_fails_its_examples", "the model misses its bad example")
    account = Account({"refuted": 2, "echo": 1}, {"language_not_read": 3}, (rule,))
    report = evolve(report, ran=(*report.ran, Ran(SourceName.READING, account=account)))
    told = to_json(report)
    jsonschema.validate(told, json.loads((ROOT / "docs" / "review.schema.json").read_text(encoding="utf-8")))
    reading = told["sources"][-1]
    assert reading["refused"] == {"echo": 1, "refuted": 2}
    assert reading["not_looked_at"] == {"language_not_read": 3}
    assert [each["rule"] for each in reading["rules_left_out"]] == ["team/plain"]
    rows = list(summary(report))
    assert "said by reading, and not told: 1 echo, 2 refuted" in rows
    assert "not looked at by reading: 3 changed lines (language_not_read)" in rows
    left_out = "team/plain: the model misses its bad example (rule_fails_its_examples)"
    assert f"not asked: {left_out}" in rows
    (run,) = to_sarif(report)["runs"]
    notes = [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("team/plain was not asked about" in note for note in notes)
