"""``codenook review`` with the project's linters: the real ruff and the real mypy, in the real sandbox."""

import asyncio
import json
import os
import sys
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from repositories import Built

from codenook.server.sandbox.run import why_not

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "review.schema.json").read_text("utf-8"))
PROJECT = '[tool.ruff.lint]\nselect = ["F", "ARG"]\n\n[tool.mypy]\nstrict = true\n'
BEFORE = """\
def area(width: int, height: int) -> int:
    return width * height


def half(of: int) -> str:
    return of
"""
AFTER = """\
import os


def area(width: int, height: int, unit: str) -> str:
    return height * width


def half(of: int) -> str:
    return of


größe = "ä"; print(undefined)
"""


@pytest.fixture
def built(tmp_path):
    built = Built((tmp_path / "top").resolve())
    built.commit(pyproject__toml=PROJECT, shapes__py=BEFORE)
    built.write(shapes__py=AFTER)
    return built


@pytest.fixture
def review(cli):
    """Run ``codenook review`` without a model, where ruff and mypy are on PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return partial(cli, "review", "--no-model", PATH=path)


@pytest.fixture
def sandboxed():
    if why := asyncio.run(why_not()):
        pytest.skip(why)


EXPECTED = [
    (1, "ruff/F401", "os", ["linters"]),
    (4, "unread-parameter", "unit: str", ["facts", "linters"]),
    (5, "mypy/return-value", "height * width", ["linters"]),
    (12, "mypy/name-defined", 'größe = "ä"; print(undefined)', ["linters"]),
    (12, "ruff/F821", "undefined", ["linters"]),
]


def told(ran):
    return sorted(
        (f["span"]["start_line"], f["rule"], f["quote"], f["sources"]) for f in ran.json["findings"]
    )


@pytest.mark.usefixtures("sandboxed")
def test_what_ruff_and_mypy_say_of_changed_lines(review, built):
    ran = review("--trust", "--json", cwd=built.top)
    jsonschema.validate(ran.json, SCHEMA)
    assert (ran.code, told(ran)) == (1, EXPECTED)
    assert [(each["source"], each["reason"]) for each in ran.json["sources"]] == [
        ("facts", None),
        ("linters", None),
        ("surprise", "no_model"),
        ("reading", "no_model"),
    ]
    unused = next(found for found in ran.json["findings"] if found["rule"] == "ruff/F401")
    assert unused["help"] == "https://docs.astral.sh/ruff/rules/unused-import"
    assert (unused["fix"]["sure"], unused["fix"]["edits"][0]["text"]) == (True, "")
    assert unused["evidence"][0]["facts"]["command"].startswith("ruff check")
    assert sorted(path.name for path in built.top.iterdir()) == [".git", "pyproject.toml", "shapes.py"]


@pytest.mark.usefixtures("sandboxed")
def test_staged_and_patches_are_looked_at_as_they_are_not_on_disk(review, built):
    built.git("add", "--all")
    patch = built.git("diff", "--staged") + "\n"
    built.write(shapes__py="x: int = ''\n")
    assert told(review("--trust", "--json", "--staged", cwd=built.top)) == EXPECTED
    built.git("reset", "-q", "--hard")
    assert told(review("--trust", "--json", "--diff", "-", stdin=patch, cwd=built.top)) == EXPECTED
    assert (built.top / "shapes.py").read_text() == BEFORE


@pytest.mark.usefixtures("sandboxed")
def test_trusted_folders_and_chosen_linters(review, built, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(f'trusted_folders = ["{tmp_path}"]\n')
    built.write(__codenook__toml='review_linters = ["ruff"]\n')
    ran = review("--json", cwd=built.top, CODENOOK_CONFIG_FILE=str(config))
    assert [row for row in told(ran) if row[1].startswith("mypy/")] == []
    assert [row[1] for row in told(ran) if row[1].startswith("ruff/")] == ["ruff/F401", "ruff/F821"]


def test_a_project_can_not_trust_itself(review, built):
    built.write(__codenook__toml='trusted_folders = ["/"]\nreview_linters = ["no-such"]\n')
    ran = review("--json", cwd=built.top)
    assert [each["reason"] for each in ran.json["sources"]][1] == "untrusted"
    assert "'trusted_folders' cannot be set by a project" in ran.err
    assert "'review_linters'" in ran.err


def test_without_linters_and_without_a_sandbox(review, built, tmp_path):
    ran = review("--trust", "--no-linters", cwd=built.top)
    assert "linters: it was asked to do without (linters_off)" in ran.err
    (tmp_path / "git").symlink_to("/usr/bin/git")
    ran = review("--trust", cwd=built.top, PATH=str(tmp_path))
    assert "apt install bubblewrap" in ran.err
    assert "(no_sandbox)" in ran.err
    assert "unread-parameter" in ran.out
