"""The proof in a process of its own: the same answers, and a refusal when the process ends."""

import subprocess
import sys

import pytest

from codenook.context.parse import language_named
from codenook.server.verify import apart
from codenook.server.verify.unchanged import difference

LONG = "".join(f"def f{n}(a):\n    return 'é{n}'\n\n\n" for n in range(50))
PYTHON = language_named("python")


@pytest.fixture(autouse=True)
def limit(monkeypatch):
    monkeypatch.setattr(apart, "LONG", 1000)


@pytest.fixture
def processes(monkeypatch):
    started, run = [], subprocess.run

    def noted(command, **options):
        started.append(command)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", noted)
    return started


@pytest.mark.parametrize("after", [f'"""All é."""\n\n{LONG}', LONG.replace("'é7'", "'é8'"), f"{LONG})"])
def test_the_answer_is_that_of_the_proof(processes, after):
    assert apart.difference_apart(PYTHON, LONG, after) == difference(PYTHON, LONG, after)
    assert [command[1:4] for command in processes] == [["-P", "-E", "-m"]]


def test_a_short_text_needs_no_process(processes):
    assert apart.difference_apart(PYTHON, "x = 1\n", "x = 1  # one\n") is None
    assert apart.difference_apart(PYTHON, "x = 1\n", "x = 2\n") is not None
    assert processes == []


def test_a_process_that_ends_proves_nothing(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert "could not be compared" in apart.difference_apart(PYTHON, LONG, LONG)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert "could not be compared" in apart.difference_apart(PYTHON, LONG, LONG)
