"""`codenook adapt` as a person runs it, as far as it goes without PyTorch."""

import json
from pathlib import Path

import pytest

STANDARD_LIBRARY = Path(json.__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A repository that is large enough."""
    root = tmp_path_factory.mktemp("repository")
    for package in ("asyncio", "email", "json", "unittest"):
        (root / package).mkdir()
        for path in (STANDARD_LIBRARY / package).glob("*.py"):
            (root / package / path.name).write_bytes(path.read_bytes())
    (root / "broken.py").write_text("def", encoding="utf-8")
    return root


def test_a_dry_run_shows_the_files_in_the_documented_shape(cli, folder):
    ran = cli("adapt", folder, "--dry-run", "--json")
    assert ran.code == 0, ran.err
    assert ran.json.keys() == {"learned", "held_out", "bytes", "left_out"}
    assert ran.json["bytes"] > 200_000
    assert ran.json["left_out"]["not Python 3"] == 1
    assert len(ran.json["held_out"]) >= 8
    assert f"{folder.name}/json/decoder.py" in {*ran.json["learned"], *ran.json["held_out"]}

    shown = cli("adapt", folder, "--dry-run").out
    assert f"{ran.json['held_out'][0]} (held out)\n" in shown
    assert "1 left out: not Python 3" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["."], "(left out: 1 too short)"),
        (["nowhere"], "does not exist"),
        ([".", "--name", "mine"], "begins with adapted-"),
        ([".", "--minutes", "0"], "--minutes"),
        ([], "Missing argument"),
    ],
)
def test_what_can_t_be_used_is_exit_code_2_and_one_line(cli, tmp_path, arguments, message):
    (tmp_path / "few.py").write_text("import os\n\n\ndef f():\n    return os\n\n\nf()\n", encoding="utf-8")
    ran = cli("adapt", *arguments, "--dry-run", cwd=tmp_path)
    assert ran.code == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") == 1
