"""`codenook index`, and what commands do about an index before they ask."""

import shutil

import pytest

STATUS = {
    "root": str,
    "path": str,
    "size_bytes": int,
    "age_s": (float, type(None)),
    "files": int,
    "definitions": int,
    "skipped": dict,
    "trouble": str,
}


@pytest.fixture
def project(example, tmp_path):
    """A copy of the example, with files that are left out."""
    project = tmp_path / "project"
    shutil.copytree(example, project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for number in range(5):
        (project / f"big{number}.py").write_text("#" * 1_000_001, encoding="utf-8")
    (project / ".gitignore").write_text("local.py\n", encoding="utf-8")
    (project / "local.py").write_text("LOCAL = 1\n", encoding="utf-8")
    return project


def ledger_at(project, code):
    before, _, _ = (project / "lending" / "ledger.py").read_text(encoding="utf-8").partition(code)
    line = before.count("\n") + 1
    return f"{project / 'lending' / 'ledger.py'}:{line}:{len(before.rpartition(chr(10))[2]) + 1}"


def test_the_status_of_no_index_makes_none(cli, project):
    found = cli("index", "status", project, "--json").json
    assert found.keys() == STATUS.keys()
    assert (found["age_s"], found["files"], found["size_bytes"]) == (None, 0, 0)
    assert "no index yet" in cli("index", "status", project).out
    assert cli("index", "status", project, "--json").json["age_s"] is None


def test_build_and_status(cli, project):
    built = cli("index", "build", cwd=project / "lending")
    assert built.code == 0, built.err
    assert built.err == ""
    found = cli("index", "status", project, "--json").json
    assert all(isinstance(found[name], kind) for name, kind in STATUS.items())
    n_files = len([*project.rglob("*.py")]) - 6
    assert (found["root"], found["files"], found["trouble"]) == (str(project), n_files, "")
    assert found["skipped"] == {
        "ignored": {"n": 1, "examples": ["local.py"]},
        "too_large": {"n": 5, "examples": ["big0.py", "big1.py", "big2.py"]},
    }
    assert found["definitions"] > n_files
    assert found["size_bytes"] > 0
    shown = cli("index", "status", project).out
    assert "5: big0.py, big1.py, big2.py, …" in shown


def test_asking_for_context_builds_an_index_and_keeps_it_current(cli, project):
    at = ledger_at(project, "late = [loan for loan in ")
    assert cli("context", at, "--json").code == 0
    before = cli("index", "status", project, "--json").json["files"]
    (project / "more.py").write_text("MORE = 1\n", encoding="utf-8")
    assert cli("context", at, "--json").code == 0
    assert cli("index", "status", project, "--json").json["files"] == before + 1


def test_the_setting_keeps_commands_from_making_one(cli, project):
    (project / ".codenook.toml").write_text("index = false\n", encoding="utf-8")
    assert cli("context", ledger_at(project, "late = [loan for loan in "), "--json").code == 0
    assert cli("index", "status", project, "--json").json["age_s"] is None


@pytest.mark.parametrize(
    ("task", "reason", "symbol"),
    [
        ("comment", "caller", "run"),
        ("review", "test", "ledger"),
        ("unit-tests", "type_in_scope", "Ledger"),
        ("translation", "callee", "Loan"),
    ],
)
def test_the_context_of_other_tasks(cli, project, task, reason, symbol):
    at = ledger_at(project, "late = [loan for loan in ")
    ran = cli("context", at, "--task", task, "--json")
    assert ran.code == 0, ran.err
    assert (reason, symbol) in {(s["reason"], s["symbol"]) for s in ran.json["snippets"]}


def test_a_task_needs_a_definition(cli, project):
    ran = cli("context", f"{project / 'lending' / 'ledger.py'}:1:1", "--task", "comment")
    assert ran.code == 1
    assert "no_definition" in ran.err
    assert cli("context", f"{project / 'lending' / 'ledger.py'}:1:1", "--task", "poetry").code == 2
