"""Weighing a memory: a request interrupts it, and it goes on from there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from codenook.models.engine import remembering
from codenook.models.engine.decode import Cancelled
from codenook.models.engine.memories import Memories
from codenook.models.engine.messages import MemoryFile
from codenook.models.engine.remembering import Remembering
from codenook.models.memory import OFF, Observation

N_FILES = 5


class Spelling:
    """A decoder whose tokens are bytes."""

    def memories(self):
        return Memories("bytes", lambda text: list(text.encode()), [bytes([n]) for n in range(256)], (), OFF)

    def cancel(self, job):
        raise AssertionError("nothing runs")


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.setenv("CODENOOK_CACHE_DIR", str(tmp_path))
    with ThreadPoolExecutor(1) as decodes:
        yield Remembering(Spelling(), decodes, lambda _: True)


async def test_what_was_read_before_an_interruption_counts(made, monkeypatch):
    files = [MemoryFile(f"{n}.py", "1", f"x{n} = {n}\n" * 400) for n in range(N_FILES)]
    learned = {"name": "/w", "gone": [], "more": False}
    await made.offer({"name": "/w", "versions": {file.path: file.version for file in files}})
    await made.learn(learned | {"files": [{"path": f.path, "version": "1", "text": f.text} for f in files]})
    read = []

    def observe(_decoder, _job, _memory, window):
        if len(read) in interrupted:
            interrupted.discard(len(read))
            raise Cancelled
        read.append(window.path)
        return [Observation(0.5)]

    interrupted = {0, 2, 4}
    monkeypatch.setattr(remembering, "observe", observe)
    held = await made.get("/w")
    for _ in range(3):
        await made._weigh(held)
        assert held.calibrated_at == 0
    await made._weigh(held)
    assert held.calibrated_at == held.memory.n_tokens
    assert sorted(read) == [file.path for file in files]
