"""A workspace that would run its own code, if it only could."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from lsp_wire import CODENOOK, Wire

PACKAGES = ["codenook", "server", "context", "models", "llama_cpp", "pygls", "lsprotocol", "numpy", "attrs"]
MODULES = ["sitecustomize", "usercustomize", "json", "asyncio", "logging", "tree_sitter", "filelock", "git"]
TEXT = "import os\n\n\ndef add(a, b):\n    return \n"


@pytest.fixture
def hostile(tmp_path):
    """A folder whose modules leave a mark when they are imported; `marks` shows who did."""
    workspace = tmp_path / "workspace"
    for name in [*(f"{package}/__init__" for package in PACKAGES), "codenook/__main__", *MODULES]:
        path = workspace / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"open({str(tmp_path / 'marks')!r}, 'a').write({name!r} + '\\n')\n")
    (workspace / ".codenook.toml").write_text('model = "evil.gguf"\n')
    (workspace / "a.py").write_text(TEXT)
    return workspace


@pytest.fixture
def marks(tmp_path):
    """Return the names of the modules of the workspace that ran."""
    path = tmp_path / "marks"
    return lambda: path.read_text().split() if path.exists() else []


def test_the_marks_work(hostile, marks):
    subprocess.run([sys.executable, "-c", ""], cwd=hostile, env={"PYTHONPATH": "."}, check=True)
    assert "sitecustomize" in marks()
    subprocess.run([sys.executable, "-m", "codenook"], cwd=hostile, env={}, check=True)
    assert "codenook/__main__" in marks()


def test_nothing_of_it_runs(private_environment, hostile, marks):
    environment = private_environment | {"PYTHONPATH": ".", "PYTHONSTARTUP": "sitecustomize.py"}
    wire = Wire(environment, cwd=hostile)
    wire.initialize(hostile)
    uri = (hostile / "a.py").as_uri()
    wire.open(uri, TEXT)
    assert wire.complete(uri, 4, 11)[1] in {None, "not_verified", "no_candidate"}
    server, engine = psutil.Process(wire.process.pid), psutil.Process(wire.engine()["pid"])
    for process in (server, engine):
        assert process.cmdline()[1:4] == ["-P", "-E", "-m"]
    assert Path(engine.cwd()) != hostile
    assert "evil" not in wire.status()["model"]
    assert wire.quit() == 0
    subprocess.run([*CODENOOK, "engine", "status"], cwd=hostile, env=environment, check=True)
    assert marks() == []


def test_the_plain_command_works_there(private_environment, hostile, marks):
    command = Path(sys.executable).with_name("codenook")
    ran = subprocess.run(
        [command, "complete", "a.py:5:12", "--json"],
        cwd=hostile,
        env=private_environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode in {0, 1}, ran.stderr
    assert b'"candidates"' in ran.stdout
    assert marks() == []
