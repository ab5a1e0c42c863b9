"""Servers and engines of these tests' own, driven over raw pipes."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from lsp_wire import CODENOOK, SAFETY_NET_S, Wire


def fresh_environment(directory: Path) -> dict[str, str]:
    own = {
        "CODENOOK_RUNTIME_DIR": str(directory),
        "CODENOOK_CONFIG_FILE": str(directory / "config.toml"),
        "CODENOOK_CACHE_DIR": str(directory / "cache"),
    }
    return os.environ | own


@pytest.fixture
def private_environment() -> Iterator[dict[str, str]]:
    """An environment in which no engine runs yet; a short path, as sockets need."""
    directory = Path(tempfile.mkdtemp(prefix="codenook-"))
    environment = fresh_environment(directory)
    yield environment
    subprocess.run([*CODENOOK, "engine", "stop"], env=environment, check=True, timeout=SAFETY_NET_S)
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def environment() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="codenook-") as directory:
        environment = fresh_environment(Path(directory))
        yield environment
        subprocess.run([*CODENOOK, "engine", "stop"], env=environment, check=True, timeout=SAFETY_NET_S)


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Callable[..., Wire]]:
    """Start servers that are not initialized yet; each must be alive at the end and leave well."""
    started = []

    def start(environment: dict[str, str] = environment, *arguments: str, **options: Any) -> Wire:
        started.append(Wire(environment, *arguments, **options))
        return started[-1]

    yield start
    for wire in started:
        if not wire.process.stdin.closed:
            assert wire.quit() == 0


@pytest.fixture(scope="session")
def shared(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    wire = Wire(environment)
    wire.initialize(tmp_path_factory.mktemp("workspace"))
    yield wire
    assert wire.quit() == 0


@pytest.fixture
def wire(shared: Wire) -> Iterator[Wire]:
    """A server with the default settings, which several tests share: it must survive each."""
    del shared.told[:], shared.unaddressed[:]
    yield shared
    assert shared.status()["version"]


@pytest.fixture
def processes() -> Callable[[Wire], tuple[psutil.Process, psutil.Process]]:
    """Return a server's process and its engine's."""

    def processes(wire: Wire) -> tuple[psutil.Process, psutil.Process]:
        return psutil.Process(wire.process.pid), psutil.Process(wire.engine()["pid"])

    return processes
