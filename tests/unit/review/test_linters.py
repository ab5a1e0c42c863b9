"""Linters as a source: which are asked, on which texts, and what becomes of those that fail."""

import json
import sys
from functools import partial
from pathlib import Path

import pytest

from codenook.server.config import LINTERS
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.scope.compare import hunks
from codenook.server.review.sources import Incomplete
from codenook.server.review.sources.linters import ask
from codenook.server.review.sources.linters.find import uses
from codenook.server.review.sources.linters.linter import Asked
from codenook.server.review.sources.linters.sides import Side
from codenook.server.review.sources.linters.source import Linters
from codenook.server.review.sources.linters.table import TABLE
from codenook.server.sandbox.command import Limits
from codenook.server.sandbox.run import why_not
from codenook.server.tasks.review import Review

RUFF_TOML = 'lint.select = ["F", "B"]\n'


def change_in(root, files):
    """A change of files (old text, new text), the new ones on disk."""
    changed = []
    for path, (old, new) in files.items():
        before, after = (None if text is None else Text(text) for text in (old, new))
        changed.append(ChangedFile(path, None if old is None else path, before, after, hunks(before, after)))
        if new is not None:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(new, encoding="utf-8", newline="")
    return Change(root, "a change", tuple(changed))


def put(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def program(root, name, script, place=".venv/bin"):
    """Put a program where a project has its own."""
    path = root / place / name
    put(root, {f"{place}/{name}": f"#!/bin/sh\n{script}\n"})
    path.chmod(0o755)
    (root / ".venv").mkdir(exist_ok=True)
    (root / ".venv" / "pyvenv.cfg").write_text("")
    return path


@pytest.fixture
async def sandboxed():
    if why := await why_not():
        pytest.skip(why)


@pytest.fixture
def tools_on_path(monkeypatch):
    """ruff and mypy, as the environment of these tests has them."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin")


async def reviewed(change, **values):
    """The report of linters alone."""
    return await Review(change, [Linters(change, is_trusted=True, **values)]).run()


def told(report):
    return [(f.path, f.span.start_line, f.rule.id, f.quote) for f in report.findings]


def test_the_settings_know_the_table():
    assert tuple(TABLE) == LINTERS
    assert all(name == linter.name for name, linter in TABLE.items())


# Which are asked


def use_of(found):
    return [(use.linter.name, use.folder.name, [file.path for file in use.files]) for use in found]


def test_those_that_the_project_configures_where_it_does(tmp_path):
    root = tmp_path / "root"
    put(
        root,
        {
            "pyproject.toml": "[tool.mypy]\nstrict = true\n[tool.ruffles]\n",
            "a/pyproject.toml": "[tool.ruff.lint]\n",
            "b/setup.cfg": "[metadata]\n[flake8]\n",
            "web/tsconfig.json": "{}",
        },
    )
    files = ("a/in/x.py", "b/y.py", "z.py", "web/w.ts", "web/w.css")
    change = change_in(root, dict.fromkeys(files, ("", "1\n")) | {"a/gone.py": ("1\n", None)})
    assert use_of(uses(change, Side.new(change), ())) == [
        ("ruff", "a", ["a/in/x.py"]),
        ("flake8", "b", ["b/y.py"]),
        ("mypy", "root", ["a/in/x.py", "b/y.py", "z.py"]),
        ("tsc", "web", ["web/w.ts"]),
    ]
    assert use_of(uses(change, Side.new(change), ["ruff"])) == [
        ("ruff", "a", ["a/in/x.py"]),
        ("ruff", "root", ["b/y.py", "z.py"]),
    ]


def test_a_configuration_that_the_change_brings_or_takes_counts(tmp_path):
    put(tmp_path, {"mypy.ini": "[mypy]\n"})
    files = {"ruff.toml": ("", RUFF_TOML), "a.py": ("", "1\n"), "mypy.ini": ("[mypy]\n", None)}
    change = change_in(tmp_path, files)
    (tmp_path / "ruff.toml").unlink()
    assert use_of(uses(change, Side.new(change), ())) == [("ruff", tmp_path.name, ["a.py"])]


@pytest.mark.parametrize(
    ("name", "content"),
    [("package.json", "\n" * 100_000), ("package.json", '"eslintConfig":' + " " * 1_000_000)],
    ids=["blank lines", "too large"],
)
def test_a_configuration_that_would_take_long_to_read(tmp_path, name, content):
    put(tmp_path, {name: content})
    change = change_in(tmp_path, {"a.js": ("", "1\n")})
    assert uses(change, Side.new(change), ()) == []


def test_what_mypy_checks_is_looked_for_in_one_pass():
    text = "[mypy]\r\n" + "\n" * 100_000
    asked = Asked(Path("/p"), (Path("/p/a.py"),), {"mypy.ini": text})
    assert TABLE["mypy"].arguments(asked)[-1] == "/p/a.py"


def test_a_folder_is_looked_at_once(tmp_path, monkeypatch):
    change = change_in(tmp_path, {f"a/{name}.rs": ("", "1\n") for name in "xyz"})
    looked = []
    monkeypatch.setattr(Side, "text", lambda _, path: looked.append(path))
    assert uses(change, Side.new(change), ["clippy"])
    assert looked == [tmp_path / "a" / "Cargo.toml", tmp_path / "Cargo.toml"]


def test_a_file_that_is_to_be_gone_may_be_of_any_size(tmp_path):
    old = Text("1\n")
    change = Change(tmp_path, "a change", (ChangedFile("a.py", "a.py", old, None, hunks(old, None)),))
    put(tmp_path, {"a.py": "1\n" * 600_000})
    assert Side.new(change).files == {"a.py": None}


def test_the_projects_own_copy_comes_first(tmp_path, monkeypatch):
    put(tmp_path, {"ruff.toml": "", "web/eslint.config.js": "", "elsewhere/ruff": "", "elsewhere/eslint": ""})
    for name in ("ruff", "eslint"):
        (tmp_path / "elsewhere" / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "elsewhere"))
    change = change_in(tmp_path, {"a.py": ("", "1\n"), "web/b.js": ("", "1\n")})

    def programs():
        return [use.program for use in uses(change, Side.new(change), ())]

    assert programs() == [tmp_path / "elsewhere" / "ruff", tmp_path / "elsewhere" / "eslint"]
    own = [program(tmp_path, "ruff", ""), program(tmp_path, "eslint", "", "node_modules/.bin")]
    assert programs() == own
    monkeypatch.setenv("PATH", "")
    (tmp_path / ".venv" / "bin" / "ruff").unlink()
    assert programs() == [None, own[1]]


def test_links_that_lead_nowhere_are_no_programs(tmp_path, monkeypatch):
    put(tmp_path, {"ruff.toml": "", "web/eslint.config.js": "", "venv/pyvenv.cfg": ""})
    for link in (".venv/pyvenv.cfg", "venv/bin/python", "venv/bin/ruff", "node_modules/.bin/eslint"):
        (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / link).symlink_to("x" * 300)
    monkeypatch.setenv("PATH", "")
    change = change_in(tmp_path, {"a.py": ("", "1\n"), "web/b.js": ("", "1\n")})
    found = uses(change, Side.new(change), ())
    assert [(use.linter.name, use.program, use.python) for use in found] == [
        ("ruff", None, None),
        ("eslint", None, None),
    ]


def test_mypy_is_left_what_the_project_says_is_checked():
    def arguments(text):
        return TABLE["mypy"].arguments(Asked(Path("/p"), (Path("/p/a.py"),), {"pyproject.toml": text}))

    assert arguments("[tool.mypy]\nstrict = true\n[tool.other]\nfiles = 1\n")[-2:] == ["--", "/p/a.py"]
    assert "/p/a.py" not in arguments('[tool.mypy]\npackages = ["p"]\n[tool.other]\n')


def test_sides_are_what_is_not_on_disk(tmp_path):
    same, new = Text("same\n"), Text("new\n")
    files = (
        ChangedFile("added.py", None, None, new, hunks(None, new)),
        ChangedFile("changed.py", "changed.py", same, new, hunks(same, new)),
        ChangedFile("deleted.py", "deleted.py", same, None, hunks(same, None)),
        ChangedFile("moved.py", "was.py", same, new, hunks(same, new)),
    )
    change = Change(tmp_path, "a change", files)
    before = {"changed.py": b"same\n", "deleted.py": b"same\n", "was.py": b"same\n"}
    after = {"added.py": b"new\n", "changed.py": b"new\n", "moved.py": b"new\n"}
    put(tmp_path, {name: content.decode() for name, content in before.items()})
    assert Side.old(change).files == {}
    assert Side.new(change).files == after | {"deleted.py": None, "was.py": None}
    for name in before:
        (tmp_path / name).unlink()
    put(tmp_path, {name: content.decode() for name, content in after.items()})
    assert Side.new(change).files == {}
    assert Side.old(change).files == before | {"added.py": None, "moved.py": None}


# Why they are not asked


async def reason(change, **values):
    unready = await Linters(change, **{"is_trusted": True} | values).unready()
    return unready and unready.reason


async def test_reasons_for_asking_none(tmp_path, monkeypatch):
    change = change_in(tmp_path, {"a.py": ("", "1\n")})
    assert await reason(change) == "no_linter"
    put(tmp_path, {"ruff.toml": ""})
    assert await reason(change, is_trusted=False) == "untrusted"
    monkeypatch.setenv("PATH", "")
    assert await reason(change) == "no_sandbox"


async def test_nothing_of_an_untrusted_workspace_runs(tmp_path):
    change = change_in(tmp_path, {"a.py": ("", "import os\n")})
    put(tmp_path, {"ruff.toml": RUFF_TOML})
    program(tmp_path, "ruff", "exit 3")
    work = Review(change, [Linters(change, is_trusted=False)])
    report = await work.run()
    assert (report.ran[0].reason, report.ran[0].findings) == ("untrusted", 0)
    assert str(tmp_path) in report.ran[0].message


async def test_a_bubblewrap_of_the_workspace_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    change = change_in(tmp_path, {"a.py": ("", "1\n")})
    put(tmp_path, {"ruff.toml": ""})
    tried = program(tmp_path, "bwrap", f"touch {tmp_path}/was_run")
    monkeypatch.setenv("PATH", str(tried.parent))
    assert await reason(change) == "no_sandbox"
    assert not (tmp_path / "was_run").exists()


# What becomes of what they say


@pytest.mark.usefixtures("sandboxed", "tools_on_path")
async def test_on_changed_lines_what_the_removed_ones_did_not_have(tmp_path):
    put(tmp_path, {"ruff.toml": RUFF_TOML})
    old = "import a\nx = b  # first\ny = b\nz = 1\n"
    new = "import a\nx = b  # second\ny = b\nz = b + c\n"
    change = change_in(tmp_path, {"m.py": (old, new)})
    report = await reviewed(change)
    assert [(ran.reason, ran.findings) for ran in report.ran] == [("", 2)]
    assert told(report) == [("m.py", 4, "ruff/F821", "b"), ("m.py", 4, "ruff/F821", "c")]
    (first, _) = report.findings
    assert first.rule.page == "https://docs.astral.sh/ruff/rules/undefined-name"
    assert first.evidence[0].facts["command"].startswith("ruff check --output-format json")


@pytest.mark.usefixtures("sandboxed", "tools_on_path")
async def test_a_new_text_that_is_not_on_disk(tmp_path):
    put(tmp_path, {"mypy.ini": "[mypy]\n", "p/__init__.py": ""})
    change = change_in(
        tmp_path,
        {
            "p/a.py": ("def f() -> int:\n    return 1\n", "def f() -> str:\n    return ''\n"),
            "p/b.py": (None, "from p.a import f\n\nx: int = f()\n"),
        },
    )
    (tmp_path / "p" / "a.py").write_text("def f() -> int:\n    return 1\n")
    (tmp_path / "p" / "b.py").unlink()
    report = await reviewed(change)
    assert told(report) == [("p/b.py", 3, "mypy/assignment", "f()")]
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == ["__init__.py", "a.py"]


PLUGIN = """\
import os, socket
from mypy.plugin import Plugin
found = []
for path in {paths!r}:
    try:
        found.append(open(path).read())
        open(path, "w").write("pwned")
    except OSError:
        pass
try:
    socket.create_connection(("127.0.0.1", {port}), 1)
    found.append("connected")
except OSError:
    pass
raise ValueError("plugin ran and found " + str(found))
"""


@pytest.mark.usefixtures("sandboxed", "tools_on_path")
async def test_what_a_configuration_runs_is_contained(tmp_path):
    work, secret = tmp_path / "work", tmp_path / "secret"
    secret.write_text("s3cret")
    plugin = PLUGIN.format(paths=[str(secret), "/etc/passwd"], port=9)
    put(work, {"mypy.ini": "[mypy]\nplugins = plugin.py\n", "plugin.py": plugin})
    report = await reviewed(change_in(work, {"a.py": ("", "x: int = ''\n")}))
    assert report.ran[0].reason == "linter_failed"
    assert "plugin ran and found []" in report.ran[0].message
    assert secret.read_text() == "s3cret"


def said_by_ruff(**values):
    """A program that says one thing as ruff does."""
    place = {"row": 1, "column": 1}
    said = {"code": "F401", "cell": None, "filename": "a.py", "fix": None, "message": "m", "name": "n"}
    said |= {"url": "", "location": place, "end_location": place} | values
    return f"cat <<'END'\n{json.dumps([said])}\nEND"


BROKEN = {
    "it crashes": ("echo 'first: line' >&2; echo second >&2; exit 2", "ended with 2: first: line"),
    "it is killed": ("kill -SEGV $$", "ended with 139"),
    "it says what can't be read": ("echo '[{]'", "wrote what can't be read: [{]"),
    "it says something else": ("echo '{\"a\": 1}'; echo 'what: now' >&2", "can't be read: what: now"),
    "it says what is too deep": ("printf '%200000s' | tr ' ' '['", "wrote what can't be read"),
    "it names a path that is none": (
        said_by_ruff(filename="a\0.py"),
        "can't be asked or understood: ValueError",
    ),
    "it names a line that is none": (
        said_by_ruff(location={"row": "x", "column": 1}),
        "can't be asked or understood: TypeError",
    ),
    "it takes too long": ("sleep 600", "took too much wall time"),
}


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(("script", "message"), BROKEN.values(), ids=BROKEN)
async def test_a_linter_that_fails_is_told_and_the_others_are_asked(tmp_path, monkeypatch, script, message):
    monkeypatch.setattr(ask, "LIMITS", Limits(wall_s=1))
    put(tmp_path, {"ruff.toml": "", ".flake8": "", "tsconfig.json": "{}"})
    program(tmp_path, "ruff", script)
    program(tmp_path, "flake8", "printf '1\\t8\\tF401\\ta.py\\tunused\\n'; exit 1")
    change = change_in(tmp_path, {"a.py": ("", "import os\n"), "b.py": ("", "1\n")})
    report = await reviewed(change)
    assert told(report) == [("a.py", 1, "flake8/F401", "os")]
    assert report.ran[0].reason == "linter_failed"
    assert report.ran[0].message.startswith("ruff ")
    assert message in report.ran[0].message
    assert report.is_whole


@pytest.mark.usefixtures("sandboxed", "tools_on_path")
async def test_what_mypy_stops_at_is_told(tmp_path):
    put(tmp_path, {"mypy.ini": "[mypy]\n"})
    report = await reviewed(change_in(tmp_path, {"a.py": ("", "x = (\n")}))
    assert ({each[2] for each in told(report)}, report.ran[0].reason) == ({"mypy/syntax"}, "")
    put(tmp_path, {"mypy.ini": "[mypy]\nplugins = none.py\n"})
    report = await reviewed(change_in(tmp_path, {"a.py": ("", "x = (\n")}))
    assert report.ran[0].message.startswith("mypy ended with 2: ")


NOTES = "/tmp/.mypy_cache/3/notes"  # noqa: S108 - in the sandbox


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(
    ("script", "code"),
    [
        (f"echo more >> {NOTES} && say warm || say cold", "warm"),
        (f"test -f {NOTES} && exit 9; say cold", "cold"),
    ],
    ids=["as they are", "they break it"],
)
async def test_notes_of_earlier_runs_are_there_as_a_copy(tmp_path, script, code):
    put(tmp_path, {"mypy.ini": "[mypy]\n", ".mypy_cache/3/notes": "0123456789"})
    said = {"file": "a.py", "line": 1, "column": 0, "message": "m", "code": "CODE", "severity": "error"}
    say = json.dumps(said).replace("CODE", "'$1'")
    program(tmp_path, "mypy", f"say() {{ echo '{say}'; }}\n{script}")
    report = await reviewed(change_in(tmp_path, {"a.py": ("", "x\n")}))
    assert (told(report), report.ran[0].reason) == ([("a.py", 1, f"mypy/{code}", "x")], "")
    assert (tmp_path / ".mypy_cache" / "3" / "notes").read_text() == "0123456789"


@pytest.mark.usefixtures("sandboxed")
async def test_what_takes_too_long_with_notes_is_not_tried_without(tmp_path, monkeypatch):
    monkeypatch.setattr(ask, "LIMITS", Limits(wall_s=1))
    put(tmp_path, {"mypy.ini": "[mypy]\n", ".mypy_cache/3/notes": "0123456789"})
    program(tmp_path, "mypy", f"test -f {NOTES} && sleep 600; exit 9")
    report = await reviewed(change_in(tmp_path, {"a.py": ("", "x\n")}))
    assert "took too much wall time" in report.ran[0].message


@pytest.mark.usefixtures("sandboxed")
async def test_what_may_have_been_said_before_is_not_told_as_new(tmp_path):
    put(tmp_path, {".flake8": "", **{f"many/{number}": "" for number in range(3200)}})
    said = "".join(f"1\\t1\\tF401\\tmany/{name}.py\\tunused\\n" for name in ("changed", "new"))
    program(tmp_path, "flake8", f"printf '{said}'; exit 1")
    change = change_in(tmp_path, {"many/changed.py": ("1\n", "2\n"), "many/new.py": (None, "1\n")})
    report = await reviewed(change)
    assert [each[:3] for each in told(report)] == [("many/new.py", 1, "flake8/F401")]
    assert report.ran[0].reason == "linter_failed"
    assert "before the change: flake8 could not be run: bubblewrap would need" in report.ran[0].message


@pytest.mark.usefixtures("sandboxed")
async def test_a_linter_that_is_not_installed_is_told(tmp_path, monkeypatch):
    put(tmp_path, {"mypy.ini": "[mypy]\n", ".flake8": ""})
    program(tmp_path, "flake8", "printf '1\\t8\\tF401\\ta.py\\tunused\\n'; exit 1")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    change = change_in(tmp_path, {"a.py": ("", "import os\n")})
    source = Linters(change, is_trusted=True, wanted=["flake8", "clippy", "mypy"])
    assert await source.unready() is None
    answer = source.about(change.files[0])
    assert (await anext(answer)).rule.id == "flake8/F401"
    with pytest.raises(Incomplete, match=r"mypy is named in mypy.ini and not installed") as incomplete:
        await anext(answer)
    assert incomplete.value.reason == "linter_missing"


def test_a_command_names_one_file_or_says_how_many(tmp_path):
    change = change_in(tmp_path, {f"p/{number}.py": ("", "1\n") for number in range(3)})
    side = Side.new(change)
    (ruff,) = uses(change, side, ["ruff"])
    command = partial(ask.Asker(ruff, tmp_path / "ruff").command, side)
    assert command(["p/0.py"]).startswith("ruff check --output-format json")
    assert command(["p/0.py"]).endswith(" -- p/0.py")
    assert command([f"p/{number}.py" for number in range(3)]).endswith(" -- (3 files)")


@pytest.mark.usefixtures("sandboxed")
async def test_what_two_linters_say_of_the_same_name_is_told_once(tmp_path):
    put(tmp_path, {"ruff.toml": "", ".flake8": ""})
    change = change_in(tmp_path, {"a.py": ("", "x = 1\nimport os\n")})
    said = partial("printf '{}\\t{}\\t{}\\ta.py\\tsaid\\n'".format)
    program(tmp_path, "flake8", "; ".join([said(2, 8, "F401"), said(1, 1, "E301")]))
    ruff = [
        {"code": code, "location": {"row": row, "column": start}, "end_location": {"row": row, "column": end}}
        for code, row, start, end in (("F401", 2, 8, 10), ("E225", 1, 1, 2))
    ]
    same = {"cell": None, "filename": "a.py", "fix": None, "message": "m", "name": "n", "url": ""}
    program(tmp_path, "ruff", f"cat <<'END'\n{json.dumps([same | each for each in ruff])}\nEND")
    report = await reviewed(change)
    tools = [[each.facts["tool"] for each in found.evidence] for found in report.findings]
    assert sorted(tools) == [["flake8"], ["ruff"], ["ruff", "flake8"]]
