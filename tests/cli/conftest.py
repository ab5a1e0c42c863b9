"""The command line in a process of its own, with engines of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from attrs import frozen
from left_behind import left_behind
from lsp_wire import CONFINED

import codenook.server.demo


@frozen
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture(scope="session")
def codenook_environment() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="codenook-") as directory:
        yield os.environ | {
            "CODENOOK_RUNTIME_DIR": directory,
            "CODENOOK_CONFIG_FILE": f"{directory}/config.toml",
            "CODENOOK_CACHE_DIR": f"{directory}/cache",
            "COLUMNS": "100",
        }


@pytest.fixture(scope="session")
def cli(codenook_environment):
    """Run ``codenook ARGUMENTS``; the engine that it starts is stopped at the end.

    With ``obey_modes``, files and folders are as closed as their modes say, for root, too.
    """

    def run(
        *arguments: object,
        cwd: Path | None = None,
        obey_modes: bool = False,
        stdin: str = "",
        **environment: str,
    ) -> Ran:
        confined = [*CONFINED, "modes", "--"] if obey_modes else []
        done = subprocess.run(
            [*confined, sys.executable, "-P", "-E", "-m", "codenook", *map(str, arguments)],
            cwd=cwd,
            env=codenook_environment | environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    yield run
    run("engine", "stop")


@pytest.fixture(scope="session")
def example() -> Path:
    """Return the example package's folder."""
    return Path(codenook.server.demo.__file__).parent / "example"


@pytest.fixture
def built(tmp_path):
    return left_behind(tmp_path / "top")


@pytest.fixture
def review(cli):
    """Run ``codenook review`` without a model."""
    return partial(cli, "review", "--no-model")
