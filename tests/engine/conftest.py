"""Engines of their own for these tests: a private socket directory, the bundled model."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from codenook.models import bundled
from codenook.models.engine.client import MAX_STEP_S, LocalEngine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import GenerateRequest, StopRule
from codenook.models.engine.options import EngineOptions
from codenook.models.prompts import fim

CODE = Path(contextlib.__file__).read_text(encoding="utf-8")
"""Real code for prompts: a module of the standard library."""


@pytest.fixture(autouse=True, scope="session")
def runtime_directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="codenook-") as directory, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODENOOK_RUNTIME_DIR", directory)
        yield Path(directory)


@pytest.fixture
async def start_engine():
    """Start engines by options and stop them at the end."""
    engines = []

    def start(model: Path | None = None, max_step_s: float = MAX_STEP_S, **options) -> LocalEngine:
        engine = LocalEngine(model or bundled.path(), EngineOptions(**options), max_step_s=max_step_s)
        engines.append(engine)
        return engine

    yield start
    for engine in engines:
        with contextlib.suppress(EngineError):
            if engine.is_ready:
                await engine.stop()
        await engine.close()


@pytest.fixture(scope="session")
async def engine() -> AsyncIterator[LocalEngine]:
    shared = LocalEngine(bundled.path(), EngineOptions())
    yield shared
    await shared.stop()
    await shared.close()


@pytest.fixture
def request_at(request):
    """Return a request for a cursor in `CODE`, in a slot of this test's own."""

    def at(cut: int, *, slot: str = request.node.nodeid, start: int = 0, **options) -> GenerateRequest:
        prompt = fim.infill(
            fim.FimOrder.SPM,
            blocks=[],
            path="example.py",
            prefix=CODE[start:cut],
            suffix=CODE[cut : cut + 400],
        )
        options.setdefault("stop", StopRule(max_lines=4))
        return GenerateRequest(slot=slot, prompt=prompt, **options)

    return at
