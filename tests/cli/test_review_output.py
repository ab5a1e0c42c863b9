"""What ``codenook review`` prints and where, whatever is in a file or reads it; and how it is stopped."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from github_runner import obeyed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from left_behind import AREA, WIDER
from repositories import Built

from codenook.server.review.scope.change import Text
from codenook.server.review.scope.compare import hunks

COMMAND = [sys.executable, "-P", "-E", "-m", "codenook", "review"]
SAFETY_NET_S = 120


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_out_is_what_would_have_been_printed(review, built, tmp_path, form):
    there = tmp_path / "found"
    there.write_text("older")
    printed = review("--format", form, cwd=built.top)
    written = review("--format", form, "--out", there, cwd=built.top)
    assert (written.code, written.out, written.err) == (printed.code, "", printed.err)
    assert there.read_text(encoding="utf-8") == printed.out != ""


def test_a_file_that_can_not_be_written_is_told_before_anything_is_asked(review, built):
    for there, why in ((built.top / "no" / "x", "not there"), (built.top, "a folder")):
        ran = review("--out", there, cwd=built.top)
        assert (ran.code, ran.out, ran.err.count("\n"), why in ran.err) == (2, "", 1, True)


def test_a_full_disk_is_told_in_one_line(review, codenook_environment, built):
    ran = review("--out", "/dev/full", cwd=built.top)
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        "codenook: can't write /dev/full: No space left on device\n",
    )
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "--no-model", "--json"],
            cwd=built.top,
            env=codenook_environment,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            timeout=SAFETY_NET_S,
        )
    assert (done.returncode, done.stderr) == (2, "codenook: can't write to stdout: No space left on device\n")


def test_help_has_examples_and_every_exit_code(review):
    ran = review("--help")
    assert ran.code == 0
    assert "git diff A B | codenook review --diff -\n" in ran.out
    assert all(f" {code} " in ran.out for code in (0, 1, 2, 3, 130))


def test_findings_are_in_the_order_of_files_and_lines(review, built):
    built.write(b__py="raise Missing\nraise Gone\n", a__py="x = 1\nraise Missing\n")
    ran = review("--json", cwd=built.top)
    places = [(found["path"], found["span"]["start_line"]) for found in ran.json["findings"]]
    assert places == [("a.py", 2), ("b.py", 1), ("b.py", 2), ("shapes.py", 1)]


HOSTILE = [
    b"::error file=x::y.py",
    b"::warning::z.pem",
    b"a\n::error::b.py",
    b"\x1b]0;title\x07.py",
    b"\xc2\x9b31m.py",
    b"##[error]z.pem",
    b"\xff.py",
]


def test_a_patch_that_does_not_fit_reaches_github_as_no_command(review, built):
    name = "##[set-output name=x]y.py"
    patch = f"--- a/{name}\n+++ b/{name}\n@@ -1 +1 @@\n-a\n+b\n"
    ran = review("--diff", "-", "--format", "github", cwd=built.top, stdin=patch)
    assert (ran.code, ran.out, "set-output" in ran.err) == (2, "", True)
    assert not any(map(obeyed, ran.err.split("\n")))


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_nothing_in_a_repository_reaches_a_terminal_or_github_as_a_command(review, built, form):
    for name in HOSTILE:
        built.put(name, b"raise Missing  # \x1b[2J\x07\xe2\x80\xae ##[error] \n")
    built.put(b".codenook.toml", b'"##[error]\\u001b[2J" = 1\n')
    built.put(b".codenook/dismissed.toml", b'[[dismissed]]\nrule = "\\u001b[2J"\n')
    ran = review("--format", form, cwd=built.top)
    assert ran.code == 1
    printed = (ran.out if form in {"text", "github"} else "") + ran.err
    assert all(char.isprintable() or char == "\n" for char in printed)
    if form == "github":
        commands = [obeyed(line) for line in printed.split("\n")]
        files = {properties["file"] for _, properties, _ in filter(None, commands)}
        names = [name.decode() for name in HOSTILE[:3] if name.endswith(b".py")]
        assert {*names, "shapes.py"} <= files
        assert {command for command, *_ in filter(None, commands)} == {"error"}


def test_a_patch_that_is_no_text(codenook_environment, built):
    for patch in (b"\xff\xfe\x00", b"--- a/shapes.py\n+++ b/shapes.py\n@@ -1 +1 @@\n-\xff\n+\xfe\n"):
        done = subprocess.run(
            [*COMMAND, "--no-model", "--diff", "-"],
            cwd=built.top,
            env=codenook_environment,
            input=patch,
            capture_output=True,
            check=False,
            timeout=SAFETY_NET_S,
        )
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)


def test_progress_is_shown_on_a_terminal_alone(review, codenook_environment, built):
    assert "%" not in review(cwd=built.top).err
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "--no-model", "--json"],
        cwd=built.top,
        env=codenook_environment | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    out, _ = process.communicate(timeout=SAFETY_NET_S)
    assert (process.returncode, b"100%" in shown) == (1, True)
    assert json.loads(out)["complete"]


def test_ctrl_c_tells_what_was_found_and_the_next_run_goes_on_there(
    cli, codenook_environment, built, tmp_path
):
    library = Path(subprocess.__file__).read_text(encoding="utf-8").split("\n")
    built.write(large__py="\n".join(library[700:950]))
    own = {"CODENOOK_CACHE_DIR": str(tmp_path / "cache")}
    answers = tmp_path / "cache" / "review"

    def known():
        return {path.name for path in answers.glob("*.answer")}

    process = subprocess.Popen(
        [*COMMAND, "--json"],
        cwd=built.top,
        env=codenook_environment | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    deadline = time.monotonic() + SAFETY_NET_S
    while len(known()) < 2 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=SAFETY_NET_S)
    report = json.loads(out)
    assert (process.returncode, report["complete"]) == (130, False)
    reasons = {source["source"]: source["reason"] for source in report["sources"]}
    assert (reasons["facts"], reasons["surprise"]) == (None, "stopped")
    assert "missing-argument" in {finding["rule"] for finding in report["findings"]}
    assert "the review was not completed" in told
    assert "Traceback" not in told
    before = {name: (answers / name).stat().st_ino for name in known()}
    ran = cli("review", "--json", cwd=built.top, **own)
    assert (ran.code, ran.json["complete"]) == (1, True)
    assert before.items() <= {name: (answers / name).stat().st_ino for name in known()}.items()
    assert len(known()) > len(before) >= 2


STATEMENTS = [
    "def area(width, height): return width",
    "def area(width, height, unit): return width",
    "area(1, 2)",
    "print(area(1, 2))",
    "raise Missing",
    "é = '日本'; raise Missing",
    "from shapes import gone",
    "",
]


@given(st.lists(st.tuples(*[st.lists(st.sampled_from(STATEMENTS), max_size=5)] * 2), min_size=1, max_size=2))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_told_of_unchanged_lines(review, tmp_path_factory, files):
    top = tmp_path_factory.mktemp("random")
    built = Built(top.resolve())
    texts = [["\n".join((*lines, "")) for lines in versions] for versions in files]
    built.commit(**{f"f{n}__py": old for n, (old, _) in enumerate(texts)}, shapes__py=AREA)
    built.write(**{f"f{n}__py": new for n, (_, new) in enumerate(texts)}, shapes__py=WIDER)
    by_path = {f"f{n}.py": [Text(text) for text in versions] for n, versions in enumerate(texts)}
    by_path["shapes.py"] = [Text(AREA), Text(WIDER)]
    ran = review("--json", "--fail-on", "never", cwd=built.top)
    assert ran.code == 0, ran.err
    for found in ran.json["findings"]:
        old, new = by_path[found["path"]]
        changes, side = hunks(old, new), "removed" if found["removed"] else "added"
        span, text = found["removed"] or found["span"], old if found["removed"] else new
        assert span["start_line"] in {line for hunk in changes for line in getattr(hunk, side)}
        line = text.line(span["start_line"])
        assert line[span["start_column"] - 1 :].startswith(found["quote"].split("\n")[0])
