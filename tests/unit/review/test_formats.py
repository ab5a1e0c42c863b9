"""Reports of any kind, in every format: as its schema says, and read back as they were meant."""

import json
from pathlib import Path

import jsonschema
import pytest
from github_runner import obeyed
from hypothesis import given, settings
from hypothesis import strategies as st
from sarif_pydantic import Sarif

from codenook.context.files.skip import Skip
from codenook.server.review import rules
from codenook.server.review.finding import Edit, Evidence, Finding, Fix, Place, Severity, SourceName, Span
from codenook.server.review.merge import merged
from codenook.server.review.render.github import N_CHARACTERS, N_OF_A_LEVEL, no_command, to_github
from codenook.server.review.render.json_report import to_json
from codenook.server.review.render.rdjson import to_rdjson
from codenook.server.review.render.sarif import to_sarif
from codenook.server.review.render.text import summary, to_rows
from codenook.server.review.report import Ran, Report
from codenook.server.review.scope.change import Change, ChangedFile, LeftOut, Text
from codenook.server.review.scope.compare import hunks

ROOT = Path(__file__).parents[3]
FEW = settings(max_examples=50, deadline=None)


def validator(*path):
    schema = json.loads(ROOT.joinpath(*path).read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


SARIF = validator("tests", "fixtures", "sarif", "sarif-2.1.0-rtm.5.json")
RDJSON = validator("tests", "fixtures", "rdjson", "rdjson.schema.json")
JSON = validator("docs", "review.schema.json")

LINES = st.one_of(
    st.sampled_from(
        [
            "x = 1",
            "日本 = 'é'",
            "e\u0301\t\N{WOMAN}\u200d\N{GIRL} = 2",
            "\x1b[2J\x07::error::x",
            "\u202e\xa0y",
            "##[error]",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=6),
)
TEXTS = st.builds(
    lambda lines, end: Text(end.join(lines)),
    st.lists(LINES, min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
)
WORDS = st.one_of(
    st.sampled_from(["why", "100%\r\n::set-env name=X::y", "%0A", "\x1b]0;t\x07", "##[add-mask]a"]),
    st.text(min_size=1),
)
PATHS = st.sampled_from(
    [
        "a.py",
        "a b/é:,.py",
        "::error::x.py",
        "x\n::set-env name=A::b",
        "%0A%3A=.py",
        "\x1b]0;t\x07.py",
        "\udcff.py",
        "##[error]y",
    ]
)
RULES = st.sampled_from([rules.MISSING_ARGUMENT, rules.REMOVED_NAME, rules.UNREAD_PARAMETER])


@st.composite
def spans(draw, text):
    n = len(text.text)
    start = draw(st.integers(0, max(n - 1, 0)))
    return text.span(start, draw(st.integers(min(start + 1, n), n)))


@st.composite
def fixes(draw, path, text):
    """One edit or two that don't overlap."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text.text)), min_size=4, max_size=4)))
    places = [text.span(*cuts[:2]), text.span(*cuts[2:])][: draw(st.integers(1, 2))]
    return Fix(draw(WORDS), tuple(Edit(path, span, draw(st.text(max_size=3))) for span in places))


@st.composite
def findings(draw, file):
    removed, text = None, file.new
    if file.old and (text is None or draw(st.booleans())):
        text, removed = file.old, draw(spans(file.old))
    span = removed or draw(spans(text))
    fix = draw(st.none() | fixes(file.path, file.new)) if file.new else None
    places = st.builds(Place, PATHS, spans(Text("one\ntwo é\n")), WORDS, WORDS)
    return Finding(
        draw(RULES),
        file.path,
        span,
        text.quote(span),
        draw(WORDS),
        draw(st.floats(0, 1)),
        (Evidence(SourceName.FACTS, draw(WORDS), {"n": 1}),),
        removed=removed,
        fix=fix,
        related=tuple(draw(st.lists(places, max_size=2))),
        severity=draw(st.sampled_from(Severity)),
    )


@st.composite
def reports(draw):
    path, old, new = draw(PATHS), draw(st.none() | TEXTS), draw(st.none() | TEXTS)
    file = ChangedFile(path, path if old else None, old, new, hunks(old, new))
    left = LeftOut(draw(PATHS), Skip.SECRET, draw(st.integers(0, 3)))
    change = Change(Path("/work"), draw(WORDS), (file,) if old or new else (), (left,))
    found = draw(st.lists(findings(file), min_size=1, max_size=6)) if change.files else ()
    together = merged(change, found)
    ran = (Ran(SourceName.FACTS, len(found)), Ran(SourceName.SURPRISE, 0, "model_missing", draw(WORDS)))
    return Report(change, together.findings, ran, together.not_told, is_whole=draw(st.booleans()))


def as_read(value):
    """A value as another program reads it."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def extras(value):
    """What a model of pydantic was given that it has no name for."""
    if isinstance(value, list):
        return {name for each in value for name in extras(each)}
    if not hasattr(value, "model_extra"):
        return set()
    inside = [extras(getattr(value, name)) for name in type(value).model_fields]
    return set(value.model_extra).union(*inside)


@FEW
@given(reports())
def test_json_and_sarif_are_as_their_schemas_say(report):
    JSON.validate(as_read(to_json(report)))
    log = as_read(to_sarif(report))
    SARIF.validate(log)
    read = Sarif.model_validate(log)
    assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == log
    assert extras(read) <= {"columnKind", "toolExecutionNotifications"}, "the library has a name for all else"
    (run,) = read.runs
    assert [result.rule_id for result in run.results] == [finding.rule.id for finding in report.findings]
    for result, finding in zip(run.results, report.findings, strict=True):
        assert run.tool.driver.rules[result.rule_index].id == result.rule_id
        region = result.locations[0].physical_location.region
        assert region.start_line == finding.span.start_line
        assert (region.snippet.text if region.snippet else None) == (
            None if finding.removed else finding.quote
        )
        assert len(result.fixes or ()) == (finding.fix is not None)
    notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert len(notes) == 1 + len(report.change.left_out), (
        "the source that was not asked, and what is left out"
    )


@given(st.lists(st.sampled_from("abcab"), min_size=1, max_size=6), st.randoms(), st.data())
@FEW
def test_partial_fingerprints_stay_where_lines_move(lines, chance, data):
    def fingerprints(lines, about):
        text = Text("".join(f"{line}\n" for line in lines))
        change = Change(Path("/work"), "", (ChangedFile("a.py", None, None, text, hunks(None, text)),))
        found = [
            Finding(
                rules.UNKNOWN_EXCEPTION,
                "a.py",
                text.span_of_line(n),
                line.strip(),
                "m",
                0.5,
                (Evidence(SourceName.FACTS, ""),),
            )
            for n, line in enumerate(lines, 1)
            if line.strip() in about
        ]
        (run,) = to_sarif(Report(change, merged(change, found).findings))["runs"]
        return sorted(result["partialFingerprints"]["codenook/v1"] for result in run["results"])

    moved = [f"    {line}" for line in lines] + data.draw(
        st.lists(st.sampled_from(["", "# more", "z"]), max_size=4)
    )
    chance.shuffle(moved)
    before = fingerprints(lines, set("abc"))
    assert len(set(before)) == len(lines)
    assert fingerprints(moved, set("abc")) == before
    assert not set(fingerprints(["x", *lines[1:]], {"x"})) & set(before)


def offset(content, position):
    """The offset in bytes of a place that rdjson names."""
    lines = content.split(b"\n")
    return sum(len(line) + 1 for line in lines[: position["line"] - 1]) + position["column"] - 1


def edited(text, fix):
    for edit in sorted(fix.edits, key=lambda edit: edit.span, reverse=True):
        span = edit.span
        start, end = (
            text.offset(span.start_line, span.start_column),
            text.offset(span.end_line, span.end_column),
        )
        text = Text(text.text[:start] + edit.text + text.text[end:])
    return text.text.encode()


@FEW
@given(reports())
def test_rdjson_counts_bytes_and_suggests_what_the_fix_does(report):
    value = as_read(to_rdjson(report))
    RDJSON.validate(value)
    for told, finding in zip(value["diagnostics"], report.findings, strict=True):
        text = report.change.by_path[finding.path].new
        if text is None:
            continue
        content, at = text.text.encode(), told["location"]["range"]
        quoted = content[offset(content, at["start"]) : offset(content, at["end"])]
        assert quoted == (b"" if finding.removed else finding.quote.encode())
        assert len(told.get("suggestions", ())) == (finding.fix is not None)
        for suggestion in told.get("suggestions", ()):
            start, end = (offset(content, suggestion["range"][name]) for name in ("start", "end"))
            assert content[:start] + suggestion["text"].encode() + content[end:] == edited(text, finding.fix)


@FEW
@given(reports())
def test_nothing_in_a_report_is_a_command_of_its_own_on_github(report):
    printed = "".join(f"{line}\n" for line in to_github(report))
    lines = printed.replace("\r", "\n").split("\n")[:-1]
    commands = [obeyed(line) for line in lines]
    assert len(commands) == len(report.findings)
    for command, properties, message in commands:
        assert command in {"error", "warning", "notice"}
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert properties["title"].startswith("codenook: ")
        assert len(message.encode("utf-16-le")) <= 2 * N_CHARACTERS
    for row in summary(report):
        assert obeyed(no_command(row)) is None
    assert all(char.isprintable() for char in printed if ord(char) < 0xA0 and char != "\n")


@FEW
@given(st.text(st.sampled_from("#[]: ae\n\x1b"), max_size=12))
def test_no_command(line):
    assert obeyed(no_command(line)) is None


@pytest.mark.parametrize(
    "path", ["a.py", "a b/é:,.py", "::error::x.py", "x\n::set-env name=A::b", "%0A%3A=,.py"]
)
def test_github_is_told_the_file_by_its_name(path):
    text = Text("x = 1\n")
    change = Change(Path("/work"), "", (ChangedFile(path, None, None, text, hunks(None, text)),))
    finding = Finding(rules.UNKNOWN_EXCEPTION, path, Span(1, 1, 1, 2), "x", "m", 0.5, ())
    many = tuple(
        Finding(rules.UNKNOWN_EXCEPTION, path, Span(1, 1, 1, 2), "x", "m" * 5000, 0.5, ()) for _ in range(12)
    )
    assert [obeyed(line)[1]["file"] for line in to_github(Report(change, (finding,)))] == [path]
    *lines, more = to_github(Report(change, many))
    assert (len(lines), more.split()[:2]) == (N_OF_A_LEVEL, ["2", "more"])
    assert {len(obeyed(line)[2]) for line in lines} == {N_CHARACTERS}


@FEW
@given(reports())
def test_nothing_reaches_a_terminal_but_what_it_prints(report):
    for row in (*(row.plain for row in to_rows(report)), *summary(report)):
        assert row.isprintable()


CARETS = {
    "tab": ("\tx", "x", "        x", "        ^"),
    "wide": ("日本 = x", "日本", "    日本 = x", "    ^^^^"),
    "behind wide": ("日本 = x", "x", "    日本 = x", "           ^"),
    "combining": ("e\u0301 = x", "x", "    e\u0301 = x", "        ^"),
    "emoji": ("'\N{THUMBS UP SIGN}' + x", "x", "    '\N{THUMBS UP SIGN}' + x", "           ^"),
    "joined emoji": ("\N{WOMAN}\u200d\N{GIRL}x", "x", "    \N{WOMAN}\\u200d\N{GIRL}x", "              ^"),
    "escape": ("\x1b[2Jx", "x", "    \\x1b[2Jx", "           ^"),
    "no-break space": ("\xa0x", "x", "    \\xa0x", "        ^"),
}


@pytest.mark.parametrize(("line", "quote", "shown", "caret"), CARETS.values(), ids=CARETS.keys())
def test_the_caret_is_below_what_is_meant(line, quote, shown, caret):
    text, at = Text(f"{line}\n"), line.index(quote) + 1
    change = Change(Path("/work"), "", (ChangedFile("a.py", None, None, text, hunks(None, text)),))
    span = Span(1, at, 1, at + len(quote))
    rows = [
        row.plain
        for row in to_rows(
            Report(change, (Finding(rules.UNKNOWN_EXCEPTION, "a.py", span, quote, "m", 0.5, ()),))
        )
    ]
    assert [rows[1].replace("    1 | ", "    "), rows[2].replace("      | ", "    ")] == [shown, caret]
