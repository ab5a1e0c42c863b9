"""What linters say, as they write it, read into findings: places in all units, fixes, how bad it is."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codenook.server.review.finding import Category, Severity, SourceName
from codenook.server.review.merge import merged
from codenook.server.review.scope.change import Text
from codenook.server.review.sources.linters.linter import Columns, Place, Said
from codenook.server.review.sources.linters.table import TABLE
from codenook.server.review.sources.linters.telling import Run, finding, located, span_of

PYTHON = 'import os\ns = "𝒳äö"; n: int = s\ndef f(a: int) -> str:\n    return a\n'
SCRIPT = 'const s = "𝒳äö"; let b = 1; foo(s, b);\nlet unused = 2\n'
TYPED = (
    'const s: number = "𝒳äö"; const t = "𝒳äö"; const u: number = t;\n'
    "function f(a: string) { return nope + a; }\n"
)
RUST = 'fn main() {\n    let s = "𝒳äö"; let n = 1;\n}\n'

RUFF_SAYS = [
    {
        "cell": None,
        "code": "F401",
        "end_location": {"column": 10, "row": 1},
        "filename": "a.py",
        "fix": {
            "applicability": "safe",
            "edits": [
                {
                    "content": "",
                    "end_location": {"column": 1, "row": 2},
                    "location": {"column": 1, "row": 1},
                }
            ],
            "message": "Remove unused import: `os`",
        },
        "location": {"column": 8, "row": 1},
        "message": "`os` imported but unused",
        "name": "unused-import",
        "url": "https://docs.astral.sh/ruff/rules/unused-import",
    },
    {
        "cell": None,
        "code": "E702",
        "end_location": {"column": 11, "row": 2},
        "filename": "a.py",
        "fix": None,
        "location": {"column": 10, "row": 2},
        "message": "Multiple statements on one line (semicolon)",
        "name": "multiple-statements-on-one-line-semicolon",
        "url": "https://docs.astral.sh/ruff/rules/multiple-statements-on-one-line-semicolon",
    },
]
MYPY_SAYS = [
    {
        "file": "a.py",
        "line": 2,
        "column": 13,
        "end_line": 2,
        "end_column": 14,
        "message": 'Incompatible types in assignment (expression has type "str", variable has type "int")',
        "hint": None,
        "code": "assignment",
        "severity": "error",
    },
    {
        "file": "a.py",
        "line": 4,
        "column": 11,
        "message": 'Incompatible return value type (got "int", expected "str")',
        "hint": None,
        "code": "return-value",
        "severity": "error",
    },
    {"file": "a.py", "line": 4, "column": 0, "message": "See here", "code": None, "severity": "note"},
]
PYRIGHT_SAYS = {
    "generalDiagnostics": [
        {
            "file": "a.py",
            "severity": "error",
            "message": 'Type "str" is not assignable to declared type "int"\n  more',
            "range": {"start": {"line": 1, "character": 21}, "end": {"line": 1, "character": 22}},
            "rule": "reportAssignmentType",
        }
    ]
}
PYLINT_SAYS = [
    {
        "type": "warning",
        "symbol": "unused-import",
        "message": "Unused import os",
        "message-id": "W0611",
        "line": 1,
        "column": 0,
        "endLine": 1,
        "endColumn": 9,
        "path": "a.py",
    },
    {
        "type": "convention",
        "symbol": "invalid-name",
        "message": "Constant name",
        "message-id": "C0103",
        "line": 2,
        "column": 16,
        "endLine": None,
        "endColumn": None,
        "path": "a.py",
    },
]
ESLINT_SAYS = [
    {
        "filePath": "a.js",
        "messages": [
            {
                "ruleId": "prefer-const",
                "severity": 2,
                "message": "'b' is never reassigned. Use 'const' instead.",
                "line": 1,
                "column": 23,
                "endLine": 1,
                "endColumn": 24,
                "fix": {"range": [18, 28], "text": "const b = 1;"},
            },
            {"ruleId": None, "severity": 1, "message": "File ignored.", "fatal": False},
        ],
        "source": SCRIPT,
    }
]
TSC_SAYS = (
    "a.ts(1,51): error TS2322: Type 'string' is not assignable to type 'number'.\n"
    "  more of it\n"
    "a.ts(2,32): error TS2304: Cannot find name 'nope'.\n"
)
CLIPPY_SPAN = {"file_name": "a.rs", "line_start": 2, "line_end": 2, "column_start": 24, "column_end": 25}
CLIPPY_SAYS = {
    "reason": "compiler-message",
    "message": {
        "message": "unused variable: `n`",
        "level": "warning",
        "code": {"code": "unused_variables"},
        "spans": [CLIPPY_SPAN | {"is_primary": True}],
        "children": [
            {
                "message": "prefix it",
                "spans": [
                    CLIPPY_SPAN
                    | {"suggested_replacement": "_n", "suggestion_applicability": "MachineApplicable"}
                ],
            }
        ],
    },
}
WHOLE = 's = "𝒳äö"; n: int = s'
SAYS = {
    "ruff": ("a.py", PYTHON, json.dumps(RUFF_SAYS), [("F401", "os"), ("E702", ";")]),
    "mypy": (
        "a.py",
        PYTHON,
        "\n".join(map(json.dumps, MYPY_SAYS)),
        [("assignment", WHOLE), ("return-value", "a")],
    ),
    "pyright": ("a.py", PYTHON, json.dumps(PYRIGHT_SAYS), [("reportAssignmentType", "s")]),
    "flake8": (
        "a.py",
        PYTHON,
        "1\t8\tF401\ta.py\t'os' imported but unused\n2\t10\tE702\ta.py\tmultiple\tstatements\n",
        [("F401", "os"), ("E702", WHOLE)],
    ),
    "pylint": ("a.py", PYTHON, json.dumps(PYLINT_SAYS), [("W0611", "import os"), ("C0103", WHOLE)]),
    "eslint": ("a.js", SCRIPT, json.dumps(ESLINT_SAYS), [("prefer-const", "b")]),
    "tsc": ("a.ts", TYPED, TSC_SAYS, [("TS2322", "u"), ("TS2304", "nope")]),
    "clippy": ("a.rs", RUST, json.dumps(CLIPPY_SAYS), [("unused_variables", "n")]),
}
"""By linter: a file, its text, what the linter says of it (recorded in 2026), and which code it means."""


def findings_of(name, change_of):
    path, text, stdout, _ = SAYS[name]
    linter = TABLE[name]
    change = change_of({path: (None, text)})
    here = located(linter, linter.read(stdout, ""), change.root, change.root, {path: Text(text)})
    return change, [finding(Run(linter, "1.0", "command"), change.files[0], each) for each in here]


@pytest.mark.parametrize("name", TABLE)
def test_what_linters_say_of_lines_that_are_not_ascii(change_of, name):
    change, found = findings_of(name, change_of)
    expected = [(f"{name}/{code}", quote) for code, quote in SAYS[name][3]]
    assert [(f.rule.id, f.quote) for f in found] == expected
    assert merged(change, found).not_told == {}
    assert all(f.sources == (SourceName.LINTERS,) and "\n" not in f.message for f in found)
    assert found[0].evidence[0].facts["tool"] == name


def mended(text, fix):
    (edit,) = fix.edits
    start, end = (
        text.offset(edit.span.start_line, edit.span.start_column),
        text.offset(edit.span.end_line, edit.span.end_column),
    )
    return text.text[:start] + edit.text + text.text[end:]


@pytest.mark.parametrize(
    ("name", "is_sure", "gone", "come"),
    [
        ("ruff", True, "import os\n", ""),
        ("eslint", False, "let b = 1;", "const b = 1;"),
        ("clippy", True, "let n", "let _n"),
    ],
)
def test_fixes_of_linters(change_of, name, is_sure, gone, come):
    change, found = findings_of(name, change_of)
    text = change.files[0].new
    assert (found[0].fix.is_sure, mended(text, found[0].fix)) == (is_sure, text.text.replace(gone, come, 1))


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("stdout", ["", "Traceback", "{}", "[1]", "null", '{"reason": 1}\n[]'])
def test_what_can_not_be_read_says_so_or_nothing(name, stdout):
    with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
        assert list(TABLE[name].read(stdout, "")) == []


def test_places_of_many_fixes_of_eslint():
    source = "\n" * 100_000 + "'😀' = 1;\n"
    at = 100_000 + len("'😀'".encode("utf-16-le")) // 2
    each = {"ruleId": "semi", "line": 1, "column": 1, "message": "m", "severity": 1}
    each["fix"] = {"range": [at, at + 4], "text": ""}
    said = [{"filePath": "a.js", "source": source, "messages": [each] * 10_000}]
    found = list(TABLE["eslint"].read(json.dumps(said), ""))
    assert {each.fix.edits[0][0] for each in found} == {Place(100_001, 5, 100_001, 9)}


def test_a_project_that_tsc_can_not_read():
    with pytest.raises(ValueError, match="Cannot read file"):
        list(TABLE["tsc"].read("error TS5083: Cannot read file 'base.json'.\n", ""))


@pytest.mark.parametrize(
    ("name", "said", "category", "severity"),
    [
        ("ruff", "F401", Category.UNUSED, Severity.WARNING),
        ("ruff", "F821", Category.BUG, Severity.ERROR),
        ("ruff", "B006", Category.BUG, Severity.WARNING),
        ("ruff", "BLE001", Category.BUG, Severity.WARNING),
        ("ruff", "S101", Category.SECURITY, Severity.WARNING),
        ("ruff", "SLF001", Category.STYLE, Severity.INFO),
        ("ruff", "D103", Category.DOCUMENTATION, Severity.INFO),
        ("ruff", "E711", Category.READABILITY, Severity.INFO),
        ("ruff", "PLR0913", Category.READABILITY, Severity.INFO),
        ("ruff", "FURB101", Category.READABILITY, Severity.INFO),
        ("mypy", "arg-type", Category.TYPES, Severity.WARNING),
        ("mypy", "call-arg", Category.API, Severity.ERROR),
        ("tsc", "TS1005", Category.BUG, Severity.ERROR),
        ("tsc", "TS2322", Category.TYPES, Severity.WARNING),
        ("flake8", "E302", Category.STYLE, Severity.INFO),
    ],
)
def test_how_bad_it_is(name, said, category, severity):
    assert TABLE[name].weigh(Said("a", Place(1), said, "m")) == (category, severity)


LINES = st.text(st.sampled_from("aß\U0001d4b3 é_\t"), max_size=12)
UNITS = {
    Columns.CHARACTERS: len,
    Columns.UTF16: lambda text: len(text.encode("utf-16-le")) // 2,
    Columns.BYTES: lambda text: len(text.encode()),
}


@given(before=LINES, word=st.text(st.sampled_from("aß\U0001d4b3é"), min_size=1, max_size=4), after=LINES)
def test_columns_of_any_unit_quote_the_same(before, word, after):
    text = Text(f"one\n{before}{word}{after}\nthree")
    for columns, length in UNITS.items():
        start = length(before) + 1
        place = Place(2, start, 2, start + length(word))
        assert text.quote(span_of(text, place, columns)) == word


NUMBERS = st.none() | st.integers(-1, 40)


@given(
    st.text(st.sampled_from("aß \n"), max_size=20),
    st.builds(Place, st.integers(1, 30), NUMBERS, NUMBERS, NUMBERS),
    st.sampled_from(Columns),
)
def test_any_place_is_a_stretch_of_the_text(text, place, columns):
    text = Text(text)
    if place.line <= text.n_lines:
        span = span_of(text, place, columns)
        assert span.start_line == place.line
        assert text.offset(span.start_line, span.start_column) <= text.offset(span.end_line, span.end_column)
