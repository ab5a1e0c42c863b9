"""An engine that hangs inside ``llama_decode``, while its event loop answers."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys

import attrs
import pytest

from codenook.models import bundled
from codenook.models.engine import client, endpoint
from codenook.models.engine.client import LocalEngine, ask_socket
from codenook.models.engine.errors import EngineDied, EngineHung
from codenook.models.engine.options import EngineOptions

SAFETY_NET_S = 30.0

HANGING = """
import ctypes, runpy
from codenook.models.engine import decode

class NeverAnswers(decode.AbortFlag):
    def __init__(self):
        super().__init__()  # llama.cpp asks libc's pause whether to stop, and that waits for ever
        self.callback = ctypes.cast(ctypes.CDLL(None).pause, decode.llama.ggml_abort_callback)

decode.AbortFlag = NeverAnswers
runpy.run_module("codenook.models.engine", run_name="__main__")
"""

SLOW_TO_LOAD = """
import runpy, time
from codenook.models.engine import process

Decoder = process.Decoder

def load(*arguments):
    time.sleep(3)
    return Decoder(*arguments)

process.Decoder = load
runpy.run_module("codenook.models.engine", run_name="__main__")
"""


@pytest.fixture
async def start_faulty():
    """Start the engine of these options with a fault, where others find it; return its socket and process."""
    started = []

    async def start(fault, **options):
        options = EngineOptions(n_gpu_layers=0, **options)
        socket = endpoint.socket_path(bundled.path(), options)
        arguments = [socket, bundled.path(), json.dumps(attrs.asdict(options))]
        process = subprocess.Popen(  # noqa: ASYNC220 - forking takes about a millisecond
            [sys.executable, "-P", "-E", "-c", fault, *arguments]
        )
        started.append(process)
        while not await listens(socket):
            assert process.poll() is None
            await asyncio.sleep(0.02)
        return socket, process

    yield start
    for process in started:
        process.kill()
        process.wait()


async def listens(socket):
    with contextlib.suppress(OSError):
        return await ask_socket(socket, "hello")


async def step_s(socket):
    return (await ask_socket(socket, "hello"))["step_s"]


async def hanging_in(engine: LocalEngine, socket, request) -> asyncio.Task:
    """Ask, and wait until the engine hangs in the request's first call."""
    asking = asyncio.create_task(engine.generate(request))
    while not await step_s(socket):
        assert not asking.done()
        await asyncio.sleep(0.02)
    return asking


async def test_it_is_ended_and_the_next_request_works(start_faulty, start_engine, request_at, monkeypatch):
    monkeypatch.setattr(client, "HANG_S", 2.0)
    _, process = await start_faulty(HANGING, n_slots=8)
    engine = start_engine(n_gpu_layers=0, n_slots=8, max_step_s=0.5)
    with pytest.raises(EngineHung, match="one step"):
        await engine.generate(request_at(1200))
    assert process.wait(SAFETY_NET_S) == -signal.SIGKILL
    assert (await engine.generate(request_at(1200))).candidates
    assert (await engine.status()).pid != process.pid


async def test_it_is_left_alone_within_the_limit(start_faulty, start_engine, request_at, monkeypatch):
    monkeypatch.setattr(client, "HANG_S", 1.0)
    socket, process = await start_faulty(HANGING, n_slots=7)
    asking = await hanging_in(start_engine(n_gpu_layers=0, n_slots=7), socket, request_at(1200))
    while await step_s(socket) < 3:  # so it has been asked for a sign of life
        await asyncio.sleep(0.1)
    assert not asking.done()
    assert process.poll() is None
    asking.cancel()


async def test_whoever_meets_it_starts_another(start_faulty, start_engine, request_at):
    socket, process = await start_faulty(HANGING, n_slots=6)
    asking = await hanging_in(start_engine(n_gpu_layers=0, n_slots=6), socket, request_at(1200))
    newcomer = start_engine(n_gpu_layers=0, n_slots=6, max_step_s=0.0)
    assert (await newcomer.status()).pid != process.pid
    with pytest.raises(EngineDied):
        await asking


async def test_it_leaves_when_told_to(start_faulty, start_engine, request_at):
    socket, process = await start_faulty(HANGING, n_slots=5)
    engine = start_engine(n_gpu_layers=0, n_slots=5)
    asking = await hanging_in(engine, socket, request_at(1200))
    await engine.stop()
    with pytest.raises(EngineDied):
        await asking
    assert process.wait(SAFETY_NET_S) == 0
    assert (await engine.generate(request_at(1200))).candidates


async def test_loading_is_no_step(start_faulty, start_engine, monkeypatch):
    monkeypatch.setattr(client, "HANG_S", 2.0)
    _, process = await start_faulty(SLOW_TO_LOAD, n_slots=4)
    engine = start_engine(n_gpu_layers=0, n_slots=4, max_step_s=0.0)
    assert (await engine.status()).pid == process.pid


async def test_no_step_lasts_when_nothing_runs(start_engine, request_at):
    engine = start_engine(n_gpu_layers=0, n_slots=3)
    await engine.generate(request_at(1200))
    socket = endpoint.socket_path(bundled.path(), EngineOptions(n_gpu_layers=0, n_slots=3))
    assert await step_s(socket) == 0.0
