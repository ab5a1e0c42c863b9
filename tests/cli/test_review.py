"""``codenook review``: what it reviews, how it writes that down, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from left_behind import AREA, WIDER
from vocabularies import write_chat_model

ROOT = Path(__file__).parents[2]


def test_a_call_left_behind_is_told_with_its_line(review, built):
    ran = review(cwd=built.top)
    assert ran.code == 1
    assert ran.out.split("\n")[:4] == [
        "shapes.py:1:25: error: `area` needs `unit`, which a call does not give [missing-argument]",
        "    1 | def area(width, height, unit):",
        "      |                         ^^^^",
        "      it fitted before the change: cli.py:3 (facts, 95% sure)",
    ]
    assert ran.err.split("\n")[:2] == [
        "1 error in 2 changed lines of 1 file (uncommitted changes)",
        "asked: facts",
    ]
    for source in ("surprise", "reading"):
        assert f"{source}: it asks a model (no_model)" in ran.err


def test_with_the_bundled_model(cli, built):
    ran = cli("review", cwd=built.top)
    assert (ran.code, ran.err.split("\n")[1]) == (1, "asked: facts, surprise")
    assert "reading: codenook-base is a base model" in ran.err
    assert "(model_without_chat_template)" in ran.err


def test_rules_of_a_team_need_a_chat_model_and_broken_ones_are_named(cli, built):
    rule = '[[review.rules]]\nid = "plain"\nsays = "Names are plain."\n'
    built.write(__codenook__toml=rule)
    ran = cli("review", "--json", cwd=built.top)
    (reading,) = [each for each in ran.json["sources"] if each["source"] == "reading"]
    assert (reading["done"], reading["reason"]) == (False, "model_without_chat_template")
    assert "nor about the rule of the team" in reading["message"]
    built.write(__codenook__toml=rule + 'severity = "loud"\n')
    ran = cli("review", "--no-model", cwd=built.top)
    assert "'review_rules': rule 1 ('plain'): `severity` is 'loud'" in " ".join(ran.err.split())


def test_a_chat_model_reads_the_change(cli, built, tmp_path):
    chat = write_chat_model(tmp_path / "chat.gguf", n_ctx=8192)
    ran = cli("review", "--json", "--chat-model", chat, cwd=built.top)
    jsonschema.validate(ran.json, json.loads((ROOT / "docs" / "review.schema.json").read_text("utf-8")))
    assert (ran.code, ran.json["complete"]) == (1, True)
    reading = ran.json["sources"][-1]
    assert (reading["source"], reading["done"], reading["findings"]) == ("reading", True, 0)
    assert sum(reading["refused"].values()) > 0  # its weights are random
    again = cli("review", "--json", "--chat-model", chat, cwd=built.top).json["sources"][-1]
    assert (again["done"], again["refused"]) == (True, reading["refused"])  # of answers that were kept


def test_a_model_that_is_not_there_leaves_the_facts(cli, built, tmp_path):
    ran = cli("review", "--json", "--model", tmp_path / "none.gguf", cwd=built.top)
    assert (ran.code, ran.json["complete"]) == (3, False)
    assert [finding["rule"] for finding in ran.json["findings"]] == ["missing-argument"]
    assert [(each["source"], each["reason"]) for each in ran.json["sources"]] == [
        ("facts", None),
        ("linters", "no_linter"),
        ("surprise", "model_missing"),
        ("reading", "model_missing"),
    ]


def test_json_is_as_documented(review, built):
    schema = json.loads((ROOT / "docs" / "review.schema.json").read_text(encoding="utf-8"))
    (built.top / "key.pem").write_text("1\n")
    ran = review("--json", cwd=built.top)
    jsonschema.validate(ran.json, schema)
    assert [finding["rule"] for finding in ran.json["findings"]] == ["missing-argument"]
    assert ran.json["left_out"] == [{"path": "key.pem", "reason": "secret", "lines": 0}]
    assert ran.json["complete"] is True


@pytest.mark.parametrize("form", ["sarif", "rdjson"])
def test_other_formats_are_json_on_stdout_alone(review, built, form):
    ran = review("--format", form, cwd=built.top)
    assert (ran.code, "missing-argument" in ran.out) == (1, True)
    assert json.loads(ran.out)


def test_github_gets_commands(review, built):
    ran = review("--format", "github", cwd=built.top)
    assert ran.out.startswith("::error file=shapes.py,line=1,endLine=1,col=25,endColumn=29,")


@pytest.mark.parametrize(("fail_on", "code"), [("hint", 1), ("warning", 1), ("error", 1), ("never", 0)])
def test_the_exit_code_follows_fail_on(review, built, fail_on, code):
    assert review("--fail-on", fail_on, cwd=built.top).code == code


def test_nothing_found_is_no_failure(review, built):
    built.commit()
    ran = review(cwd=built.top)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("nothing found in 0 changed lines of 0 files (uncommitted changes)\n")


def test_staged_since_paths_and_patches(review, built):
    assert review("--staged", cwd=built.top).code == 0
    built.git("add", "--all")
    assert review("--staged", cwd=built.top).code == 1
    assert review("cli.py", cwd=built.top).code == 0
    patch = built.git("diff", "HEAD") + "\n"
    built.commit()
    assert review("--diff", "HEAD~1", cwd=built.top).code == 1
    assert review("--diff", "HEAD~1...", cwd=built.top).code == 1
    assert review("--diff", "-", stdin=patch, cwd=built.top).code == 1
    built.git("reset", "-q", "--hard", "HEAD~1")
    assert review("--diff", "-", stdin=patch, cwd=built.top).code == 1
    assert (built.top / "shapes.py").read_text() == AREA


def test_lines_and_whole_files(review, built):
    ran = review("cli.py:3", "--json", cwd=built.top)
    assert [(f["path"], f["span"]["start_line"]) for f in ran.json["findings"]] == [("cli.py", 3)]
    assert review("cli.py:1-2", cwd=built.top).code == 0
    assert review("--whole", ".", cwd=built.top).code == 1


def test_files_outside_of_a_repository_are_reviewed_whole(review, tmp_path):
    (tmp_path / "a.py").write_text("raise Missing\n")
    ran = review("a.py", cwd=tmp_path)
    assert (ran.code, "unknown-exception" in ran.out) == (1, True)


WRONG = {
    "no such revision": ["--diff", "nowhere"],
    "no such file": ["gone.py"],
    "two scopes": ["--diff", "HEAD", "--staged"],
    "lines that are not there": ["cli.py:90"],
    "lines backwards": ["cli.py:3-1"],
    "a patch and a path": ["--diff", "-", "cli.py"],
    "no such format": ["--format", "xml"],
    "a path outside": ["--staged", "/"],
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_wrong_use_is_told_in_one_line(review, built, arguments):
    ran = review(*arguments, cwd=built.top)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("codenook: ")


def test_a_patch_that_does_not_fit(review, built):
    patch = "--- a/shapes.py\n+++ b/shapes.py\n@@ -1 +1 @@\n-no such line\n+another\n"
    ran = review("--diff", "-", stdin=patch, cwd=built.top)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "doesn't fit" in ran.err


def test_no_repository_and_no_path(review, tmp_path):
    ran = review(cwd=tmp_path)
    assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_a_reader_that_leaves_is_no_traceback(codenook_environment, built):
    done = subprocess.run(  # noqa: S602 - a pipe is what is tested
        f"{sys.executable} -P -E -m codenook review --no-model --json | head -c 10",
        shell=True,
        cwd=built.top,
        env=codenook_environment | {"PYTHONUNBUFFERED": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr


def test_what_is_dismissed_stays_so_after_its_line_moved(review, built):
    assert review("--dismiss", "shapes.py:9", cwd=built.top).code == 2
    ran = review("--dismiss", "shapes.py:1", "--why", "a draft", cwd=built.top)
    assert (ran.code, ran.out) == (0, "")
    assert "1 written to .codenook/dismissed.toml" in ran.err
    (built.top / "shapes.py").write_text("\n\n" + WIDER)
    ran = review("--json", cwd=built.top)
    assert (ran.code, ran.json["findings"], ran.json["dismissed"]) == (0, [], 1)


def test_nothing_is_added_to_a_list_of_dismissals_that_can_not_be_read(review, built):
    file = built.top / ".codenook" / "dismissed.toml"
    file.parent.mkdir()
    file.write_text("dismissed = [\n")
    ran = review("--dismiss", "shapes.py:1", cwd=built.top)
    assert (ran.code, file.read_text()) == (2, "dismissed = [\n")
    assert "dismissed.toml can't be read" in ran.err


def test_a_project_says_what_it_wants_told(review, built):
    built.write(__codenook__toml='review_off = ["api"]\nreview_severities = ["bug=loud"]\n')
    ran = review("--json", cwd=built.top)
    assert (ran.code, ran.json["findings"], ran.json["switched_off"]) == (0, [], 1)
    assert "'review_severities'" in ran.err
    built.write(__codenook__toml='review_files_off = ["shapes.py"]\n')
    ran = review("--json", cwd=built.top)
    assert {"path": "shapes.py", "reason": "file_off", "lines": 0} in ran.json["left_out"]
