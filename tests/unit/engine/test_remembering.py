"""Weighing a memory: a request interrupts it, and it goes on from there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from codenook.models.engine import remembering
from codenook.models.engine.memories import Memories
from codenook.models.engine.remembering import Remembering
from codenook.models.engine.turns import Cancelled
from codenook.models.memory import OFF, Observation, Spelling

N_FILES = 5


class Bytes:
    """A decoder whose tokens are bytes."""

    def memories(self):
        spelling = Spelling([bytes([n]) for n in range(256)], list)
        return Memories("bytes", lambda text: list(text.encode()), spelling, (), OFF)

    def cancel(self, job):
        raise AssertionError("nothing runs")


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.setenv("CODENOOK_CACHE_DIR", str(tmp_path))
    with ThreadPoolExecutor(1) as decodes:
        yield Remembering(Bytes(), decodes, lambda _: True)


@pytest.fixture
async def held(made):
    """A memory of some files, not weighed yet."""
    files = [{"path": f"{n}.py", "version": "1", "text": f"x{n} = {n}\n" * 400} for n in range(N_FILES)]
    await made.offer({"name": "/w", "versions": {file["path"]: "1" for file in files}})
    await made.learn({"name": "/w", "files": files, "gone": [], "more": False})
    return await made.get("/w")


async def test_what_was_read_before_an_interruption_counts(made, held, monkeypatch):
    read = []

    def observe(_decoder, _job, _memory, window):
        if len(read) in interrupted:
            interrupted.discard(len(read))
            raise Cancelled
        read.append(window.path)
        return [Observation(0.5)]

    interrupted = {0, 2, 4}
    monkeypatch.setattr(remembering, "observe", observe)
    for _ in range(3):
        await made._weigh(held)
        assert held.calibrated_at == 0
    await made._weigh(held)
    assert held.calibrated_at == held.memory.n_tokens
    assert sorted(read) == [f"{n}.py" for n in range(N_FILES)]


@pytest.mark.parametrize("is_interrupted", [False, True])
async def test_a_model_that_reads_slowly_is_not_measured(made, held, monkeypatch, is_interrupted):
    read = []

    def observe(_decoder, _job, _memory, window):
        read.append(window.path)
        if is_interrupted:
            raise Cancelled
        return [Observation(0.5)]

    monkeypatch.setattr(remembering, "observe", observe)
    monkeypatch.setattr(remembering, "SLOWEST_WINDOW_S", 0.0)
    before = held.weights
    await made._weigh(held)
    assert len(read) == 1
    assert (held.calibrated_at, held.weights) == (held.memory.n_tokens, before)
