"""The whole demonstration, as its user starts it: real server, engine and bundled model."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from codenook.server.demo.places import NOT_SEEN_YET, PLACES


@pytest.fixture(scope="module")
def demonstration():
    """Return the finished process, and what it left behind in its temporary folder."""
    with tempfile.TemporaryDirectory(prefix="codenook-") as folder:
        own = {"TMPDIR": folder, "CODENOOK_CONFIG_FILE": f"{folder}/none.toml", "COLUMNS": "100"}
        command = [sys.executable, "-P", "-E", "-m", "codenook", "demo"]
        finished = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False)
        return finished, list(Path(folder).iterdir())


def test_every_place_is_shown_with_an_answer_or_a_reason(demonstration):
    finished, _ = demonstration
    assert finished.returncode == 0, finished.stderr
    sections = re.split(r"\n(?=\d  )", finished.stdout)[1:]
    assert len(sections) == len(PLACES)
    for section, place in zip(sections, PLACES, strict=True):
        assert place.title in section
        assert "candidates, with" in section or "no candidate here: " in section
        assert "context: " in section
        assert "evaluated of a prompt of" in section


def test_typing_along_and_cancelling_are_shown(demonstration):
    finished, _ = demonstration
    assert "Typing along" in finished.stdout
    assert NOT_SEEN_YET.title in finished.stdout


def test_nothing_is_left_behind(demonstration):
    finished, left = demonstration
    assert left == []
    assert finished.stderr == ""


def test_without_a_model_every_place_says_so():
    with tempfile.TemporaryDirectory(prefix="codenook-") as folder:
        settings = Path(folder) / "config.toml"
        settings.write_text(f'model = "{folder}/none.gguf"\n', encoding="utf-8")
        own = {"TMPDIR": folder, "CODENOOK_CONFIG_FILE": str(settings), "COLUMNS": "200"}
        command = [sys.executable, "-P", "-E", "-m", "codenook", "demo"]
        finished = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False)
        assert finished.returncode == 3, finished.stdout
        assert finished.stdout.count("(model_missing)") == len(PLACES)
        assert finished.stderr == ""
