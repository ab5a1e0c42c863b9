"""``codenook unit-tests``, the whole way: the bundled model, the sandbox, a real pytest."""

import contextlib
import os
import pty
import shutil
import subprocess
import sys

import pytest
from python_projects import environment, put

SOURCE = '''\
"""Prices."""


def rebate(price: int, is_member: bool = False) -> int:
    """What is taken off a price.

    >>> rebate(200)
    20
    """
    if price < 0:
        raise ValueError("a price can't be negative")
    if is_member:
        return price // 5
    return price // 10
'''
IN_GO = """\
package prices

// Rebate is what is taken off.
//
//\tRebate(200) // 20
func Rebate(price int) int {
\treturn price / 10
}
"""
OWN = "from shop.prices import rebate\n\n\ndef test_nothing():\n    assert rebate(0) == 0\n"


@pytest.fixture
def project(tmp_path):
    if shutil.which("bwrap") is None:
        pytest.skip("there is no bubblewrap")
    code = {"shop/__init__.py": "", "shop/prices.py": SOURCE, "tests/test_prices.py": OWN}
    root = put(tmp_path / "project", {"pyproject.toml": "[tool.pytest.ini_options]\n", **code})
    environment(root)
    return root


def test_a_test_file_is_written_with_what_was_proved(cli, project):
    ran = cli(
        *("unit-tests", "shop/prices.py:rebate", "--write", "--json", "--time", 60),
        cwd=project,
    )
    assert ran.code == 0, ran.err
    told = ran.json
    path = project / "tests" / "test_prices.py"
    assert (told["written"], told["path"]) == (str(path), "tests/test_prices.py")
    assert path.read_text("utf-8") == told["text"] != OWN
    assert (told["framework"], told["strategy"], told["model"]) == ("pytest", "infill", "codenook-base")
    assert 0 < sum(mutant["by_existing"] for mutant in told["mutants"]) < told["killed"]
    kills = {number for test in told["tests"] for number in test["kills"]}
    assert kills
    assert not any(told["mutants"][number]["by_existing"] for number in kills)
    for row in ("tests of rebate kept (pytest)", "coverage of rebate: ", "faults noticed: "):
        assert row in ran.err.replace("1 test of", "1 tests of")


def test_without_a_model_a_diff_is_shown_and_nothing_is_written(cli, project):
    ran = cli("unit-tests", "shop/prices.py:rebate", "--no-model", "--time", 60, "-v", cwd=project)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("--- a/tests/test_prices.py\n+++ b/tests/test_prices.py\n@@ ")
    assert (project / "tests" / "test_prices.py").read_text("utf-8") == OWN
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["shop/prices.py"], 2, "shop/prices.py:SYMBOL"),
        (["shop/prices.py:"], 2, "there is no symbol"),
        (["nowhere.py:a"], 2, "there is no file nowhere.py"),
        (["shop/prices.py:rebat"], 2, "did you mean rebate?"),
        (["binary.py:a"], 2, "not a text in UTF-8"),
        (["shop/prices.py:rebate", "--out", "none/test.py"], 2, "its folder is not there"),
        (["shop/prices.py:rebate", "--out", "a.py", "--write"], 2, "exclude each other"),
        (["shop/prices.py:rebate", "--framework", "vitest"], 1, "are run by pytest, not by vitest"),
        (["shop/prices.py:rebate", "--time", "1"], 2, "5<=x<=3600"),
    ],
)
def test_what_can_not_be_done_is_one_line(cli, project, arguments, code, message):
    (project / "binary.py").write_bytes(b"\xff\xfe\x00")
    ran = cli("unit-tests", *arguments, "--no-model", cwd=project)
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1), ran.err
    assert message in ran.err


def test_without_a_sandbox_nothing_runs_and_it_is_said_what_helps(cli, project, tmp_path):
    ran = cli("unit-tests", "shop/prices.py:rebate", "--no-model", cwd=project, PATH=str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "install bubblewrap" in ran.err
    assert "(no_sandbox)" in ran.err


def test_a_preview_is_labelled_and_written_only_where_it_was_asked_for(cli, tmp_path):
    root = put(tmp_path / "go", {"go.mod": "module shop\n\ngo 1.21\n", "prices.go": IN_GO})
    arguments = ("unit-tests", "prices.go:Rebate", "--no-model")
    refused = cli(*arguments, "--write", cwd=root, PATH=str(tmp_path))
    assert (refused.code, "(not_run)" in refused.err) == (1, True)
    assert "+++ b/prices_test.go" in refused.out
    assert sorted(path.name for path in root.iterdir()) == ["go.mod", "prices.go"]
    asked = cli(*arguments, "--out", tmp_path / "seen.go", cwd=root, PATH=str(tmp_path))
    assert (asked.code, asked.out) == (1, "")
    assert "Rebate(200)" in (tmp_path / "seen.go").read_text("utf-8")


def test_a_diff_commands_no_terminal_and_a_pipe_gets_it_as_it_is(cli, tmp_path):
    raw = "// \x1b[2J \x9b \u202e \x07"
    code = IN_GO.replace("Rebate(200) // 20", 'Rebate(200) // 20 + len("\x1b[2J")')
    tests = f'package prices\n\nimport "testing"\n\nfunc TestNothing(t *testing.T) {{\n\tt.Log()\n}}\n{raw}\n'
    project = {"go.mod": "module shop\n\ngo 1.21\n", "prices.go": code, "prices_test.go": tests}
    root = put(tmp_path / "go", project)
    arguments = ("unit-tests", "prices.go:Rebate", "--no-model")
    ran = cli(*arguments, cwd=root, PATH=str(tmp_path))
    assert ran.code == 1, ran.err
    assert raw in ran.out
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-E", "-m", "codenook", *arguments],
        cwd=root,
        env=os.environ | {"PATH": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # what a terminal says when nobody writes any more
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert process.wait() == 1
    text = shown.decode()
    assert "// \\x1b[2J \\x9b \\u202e \\x07" in text
    assert "\tt.Log()" in text
    assert text.replace("\r\n", "").replace("\t", "").isprintable()
