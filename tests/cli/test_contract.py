"""The JSON and the exit codes that others build on (docs/cli.md)."""

import re
import shutil

import pytest
from python_projects import environment

NUMBER = (int, float)
SNIPPET = {
    "path": str,
    "start_line": int,
    "end_line": int,
    "symbol": str,
    "reason": str,
    "text": str,
    "tokens": int,
}
LINES = {"path": str, "start_line": int, "end_line": int}
COMPLETE = {
    "candidates": [{"text": str, "score": NUMBER, "parses": bool, "unresolved": [str], "leans_on": [LINES]}],
    "context": {"tokens": int, "path_tokens": int, "snippets": [SNIPPET]},
    "timings_ms": dict.fromkeys(("context", "queue", "prefill", "decode", "total"), NUMBER),
    "tokens": dict.fromkeys(("prompt", "prompt_evaluated", "generated", "decode_calls"), int),
    "memory": dict.fromkeys(("tokenized", "document"), int),
    "model": str,
    "reason": (str, type(None)),
}
MODEL = {
    "name": str,
    "path": str,
    "size_bytes": (int, type(None)),
    "active": bool,
    "active_for": [str],
    "family": (str, type(None)),
    "roles": [str],
    "licence": (str, type(None)),
    "parameters": (str, type(None)),
    "quantization": (str, type(None)),
    "download_gb": (*NUMBER, type(None)),
    "memory_gb": (*NUMBER, type(None)),
    "fits": (str, type(None)),
}
SPAN = dict.fromkeys(("line", "column", "end_line", "end_column"), int)
DOCS_CHECK = {
    "files": int,
    "skipped": {"binary": {"n": int, "examples": [str]}},
    "findings": [
        SPAN
        | {"path": str, "rule": str, "symbol": str, "message": str, "fix": SPAN | {"title": str, "text": str}}
    ],
}
PLACE = {"line": int, "column": int, "end_line": int, "end_column": int}
COMMENTED = {
    "path": str,
    "symbol": str,
    "edit": PLACE | {"text": str},
    "style": str,
    "strategy": str,
    "words": [{"part": str, "name": str, "text": str, "score": NUMBER, "from_code": bool}],
    "wordless": [str],
    "refused": dict,
    "tokens": dict.fromkeys(("prompt", "prompt_evaluated", "generated", "decode_calls"), int),
    "total_ms": NUMBER,
    "model": str,
    "reason": type(None),
    "message": str,
}
COVERED = {"ran": int, "lines": int}
UNIT_TESTS = {
    "written": (str, type(None)),
    "symbol": str,
    "path": str,
    "is_new": bool,
    "text": str,
    "framework": str,
    "strategy": str,
    "tests": [
        {"name": str, "origin": str, "kills": [int], "evidence": str, "is_reasoned": bool, "doubt": str}
    ],
    "thrown": [{"what": str, "why": str, "message": str}],
    "mutants": [{"kind": str, "line": int, "diff": str, "by": [str], "by_existing": bool}],
    "killed": int,
    "untried": int,
    "coverage": {"before": COVERED, "after": COVERED},
    "runs": int,
    "seconds": dict.fromkeys(("before", "inputs", "model", "passing", "faults", "last", "total"), NUMBER),
    "tokens": dict.fromkeys(("prompt", "prompt_evaluated", "generated", "decode_calls"), int),
    "model": str,
    "notes": [str],
    "reason": type(None),
    "message": str,
}
TRANSLATION = {
    "written": (str, type(None)),
    "symbol": str,
    "path": str,
    "from": str,
    "to": str,
    "name": str,
    "text": (str, type(None)),
    "is_preview": bool,
    "functions": list,
    "notes": list,
    "toolchains": dict,
    "strategy": (str, type(None)),
    "model": str,
    "seconds": dict,
    "tokens": dict.fromkeys(("prompt", "prompt_evaluated", "generated", "decode_calls"), int),
    "reason": (str, type(None)),
    "message": str,
}
TRANSLATED = {
    "symbol": str,
    "name": str,
    "level": str,
    "asked": dict,
    "agreed": dict,
    "not_compared": dict,
    "tolerance": NUMBER,
    "differences": [dict.fromkeys(("input", "original", "translation", "origin", "evidence", "excuse"), str)],
    "notes": [{"rule": str, "text": str}],
    "why": str,
    "reason": (str, type(None)),
    "tried": int,
    "repairs": int,
    "refused": dict,
}
CONTEXT = COMPLETE["context"] | {"dropped": [SNIPPET | {"why": str}]}


def assert_shape(value, shape, at="$"):
    """Compare the keys and types of ``value`` with ``shape``; a list's shape is that of each element."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), at
        assert value.keys() == shape.keys(), at
        for key, inner in shape.items():
            assert_shape(value[key], inner, f"{at}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), at
        for number, element in enumerate(value):
            assert_shape(element, shape[0], f"{at}[{number}]")
    else:
        assert isinstance(value, shape), f"{at} is {value!r}"


def place(path, code):
    """Return FILE:LINE:COL of the first place after ``code`` in ``path``."""
    before, found, _ = path.read_text(encoding="utf-8").partition(code)
    assert found, f"{code!r} is not in {path}"
    before += code
    return f"{path}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


@pytest.fixture
def ledger(example):
    return example / "lending" / "ledger.py"


@pytest.fixture
def unfinished(example, tmp_path):
    """The example package, where the end of a line is not written yet; the place of that."""
    shutil.copytree(example, tmp_path / "example")
    path, before = tmp_path / "example" / "lending" / "ledger.py", "late = [loan for loan in "
    path.write_text(re.sub(f"({re.escape(before)}).*", r"\1", path.read_text("utf-8")), "utf-8")
    return place(path, before)


def test_complete_has_the_documented_shape(cli, unfinished):
    ran = cli("complete", unfinished, "-n", 3, "--json")
    assert ran.code == 0, ran.err
    assert_shape(ran.json, COMPLETE)
    assert 1 <= len(ran.json["candidates"]) <= 3
    assert ran.json["reason"] is None
    assert all(candidate["parses"] for candidate in ran.json["candidates"])
    scores = [candidate["score"] for candidate in ran.json["candidates"]]
    assert scores == sorted(scores, reverse=True)
    context = ran.json["context"]
    prices = [snippet["tokens"] for snippet in context["snippets"]]
    assert sum(prices) + context["path_tokens"] == context["tokens"]


def test_an_empty_answer_has_the_same_shape_a_reason_and_exit_code_1(cli, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<p>hello </p>", encoding="utf-8")
    ran = cli("complete", f"{path}:1:10", "--json")
    assert ran.code == 1
    assert_shape(ran.json, COMPLETE)
    assert ran.json["candidates"] == []
    assert ran.json["reason"] == "language_not_in_model"
    assert ran.err.count("\n") == 1


def test_context_has_the_documented_shape_and_keeps_to_its_budget(cli, ledger):
    whole = cli("context", place(ledger, "late = [loan for loan in "), "--json")
    assert whole.code == 0, whole.err
    assert_shape(whole.json, CONTEXT)
    assert {"Loan", "Book"} <= {snippet["symbol"] for snippet in whole.json["snippets"]}

    small = cli("context", place(ledger, "late = [loan for loan in "), "--budget", 100, "--json").json
    assert small["tokens"] <= 100
    assert {snippet["why"] for snippet in small["dropped"]} == {"over_budget"}


def test_the_context_of_complete_is_the_context_of_context(cli, ledger):
    at = place(ledger, "late = [loan for loan in ")
    assert (
        cli("complete", at, "--json").json["context"]["snippets"]
        == cli("context", at, "--json").json["snippets"]
    )


def test_people_get_candidates_with_scores(cli, unfinished):
    ran = cli("complete", unfinished)
    assert ran.code == 0
    assert "score" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["complete", "nowhere.py:1:1"], "can't read"),
        (["complete", "nowhere.py"], "FILE:LINE:COL"),
        (["context", "nowhere.py:1:1"], "can't read"),
        (["complete"], "Missing argument"),
        (["complete", "a.py:1:1", "-n", "99"], "99"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_is_exit_code_2(cli, tmp_path, arguments, message):
    ran = cli(*arguments, cwd=tmp_path)
    assert ran.code == 2
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_a_missing_model_is_exit_code_3_and_one_line(cli, ledger, tmp_path):
    ran = cli("complete", f"{ledger}:1:1", "--model", tmp_path / "none.gguf", "--json")
    assert ran.code == 3
    assert ran.err.count("\n") == 1
    assert "none.gguf" in ran.err
    assert "model_missing" in ran.err


def test_a_broken_model_is_exit_code_3_and_one_line(cli, ledger, tmp_path):
    model = tmp_path / "broken.gguf"
    model.write_bytes(b"GGUF, but not really")
    ran = cli("complete", f"{ledger}:1:1", "--model", model)
    assert ran.code == 3
    assert ran.err.count("\n") == 1
    assert "model_broken" in ran.err


def test_a_project_cannot_choose_the_model(cli, example, tmp_path):
    project = tmp_path / "project"
    shutil.copytree(example, project)
    (project / ".codenook.toml").write_text('model = "/tmp/evil.gguf"\n', encoding="utf-8")
    ran = cli("complete", place(project / "lending" / "ledger.py", "late = [loan for loan in "), "--json")
    assert ran.json["model"] == "codenook-base"
    assert "'model' cannot be set by a project" in ran.err


def test_engine_status_and_stop(cli, ledger):
    cli("engine", "stop")  # whatever other tests left
    cli("context", f"{ledger}:1:1")
    running = cli("engine", "status", "--json").json
    assert [engine["model"]["name"] for engine in running] == ["codenook-base"]
    assert [engine["active_for"] for engine in running] == [["fim", "chat"]]
    assert "codenook-base" in cli("engine", "status").out
    assert "stopped 1" in cli("engine", "stop").out
    assert cli("engine", "status", "--json").json == []
    assert "no engine is running" in cli("engine", "status").out


def test_models_list_and_path(cli):
    ran = cli("models", "list", "--json")
    assert_shape(ran.json, [MODEL])
    bundled, *others = ran.json
    assert bundled["active"]
    assert bundled["size_bytes"] > 0
    assert bundled["active_for"] == ["fim", "chat"]
    assert not any(model["active"] or model["active_for"] for model in others)
    assert cli("models", "path").out.strip() == bundled["path"]


def test_a_configured_model_is_listed_beside_the_bundled_one(cli, tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text('model = "/models/other.gguf"\n', encoding="utf-8")
    ran = cli("models", "list", "--json", CODENOOK_CONFIG_FILE=str(settings))
    assert [(row["name"], row["active"], row["size_bytes"]) for row in ran.json][1] == ("other", True, None)


def test_each_role_s_model_is_listed(cli, tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text('chat_model = "/models/talks.gguf"\n', encoding="utf-8")
    ran = cli("models", "list", "--json", CODENOOK_CONFIG_FILE=str(settings))
    assert [(row["name"], row["active"], row["active_for"]) for row in ran.json[:2]] == [
        ("codenook-base", True, ["fim"]),
        ("talks", False, ["chat"]),
    ]


def test_docs_check_has_the_documented_shape(cli, tmp_path):
    stale = tmp_path / "cart.py"
    stale.write_text(
        'def far():\n    """Go far.\n\n    Args:\n        angle: Where.\n    """\n', encoding="utf-8"
    )
    (tmp_path / "binary.py").write_bytes(b"\0")
    ran = cli("docs", "check", tmp_path, "--json")
    assert ran.code == 1
    assert len(ran.json["findings"]) == 1
    assert_shape(ran.json, DOCS_CHECK)


def test_help_names_every_command(cli):
    shown = cli("--help")
    assert shown.code == 0
    for command in (
        "serve",
        "complete",
        "context",
        "engine",
        "models",
        "adapt",
        "docs",
        "doctor",
        "demo",
        "review",
        "unit-tests",
        "translate",
    ):
        assert command in shown.out


def test_the_version_is_printed(cli):
    assert cli("--version").out.startswith("codenook 0.")


def test_comment_has_the_documented_shape(cli, example, tmp_path):
    shutil.copytree(example, tmp_path / "project")
    ran = cli("comment", tmp_path / "project" / "lending" / "records.py", "--replace", "--json")
    assert ran.json.keys() == {"written", "results", "skipped"}
    assert ran.json["skipped"] == {}
    assert ran.json["written"] is False
    documented = [each for each in ran.json["results"] if each["edit"] is not None]
    refused = [each for each in ran.json["results"] if each["edit"] is None]
    assert documented, ran.err
    for each in documented:
        assert_shape(each, COMMENTED)
    for each in refused:
        assert_shape(each, COMMENTED | {"edit": type(None), "reason": str})
    assert ran.code == 0


def test_unit_tests_has_the_documented_shape(cli, example, tmp_path):
    if shutil.which("bwrap") is None:
        pytest.skip("there is no bubblewrap")
    shutil.copytree(example, tmp_path / "project")
    environment(tmp_path / "project")
    place = tmp_path / "project" / "lending" / "records.py"
    nothing = cli("unit-tests", f"{place}:nothing", "--no-model", "--json")
    assert (nothing.code, nothing.json["reason"]) == (2, "no_definition")
    no_values = {"text": type(None), "strategy": type(None), "reason": str}
    no_coverage = {"coverage": {"before": type(None), "after": type(None)}}
    assert_shape(nothing.json, UNIT_TESTS | no_values | no_coverage | {"seconds": {"total": NUMBER}})
    assert nothing.json.keys() == UNIT_TESTS.keys()


def test_translate_has_the_documented_shape(cli, example):
    place = example / "lending" / "records.py"
    refused = cli("translate", place, "--to", "java", "--json")
    assert (refused.code, refused.json["reason"], refused.json["text"]) == (1, "language_not_in_model", None)
    assert_shape(refused.json, TRANSLATION)
    asked = cli("translate", place, "--to", "java", "--any-language", "--time", 5, "--json")
    assert asked.code in {1, 3}, asked.err
    assert_shape(asked.json, TRANSLATION)
    for each in asked.json["functions"]:
        assert_shape(each, TRANSLATED)
