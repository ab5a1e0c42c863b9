"""Starting, sharing, losing and leaving the engine's process."""

import asyncio
import os
import signal

import psutil
import pytest

import codenook
from codenook.models import bundled
from codenook.models.engine import endpoint, process
from codenook.models.engine.client import running
from codenook.models.engine.errors import EngineDied, EngineUnavailable, ModelBroken, ModelMissing
from codenook.models.engine.options import EngineOptions

ENDLESS = {"max_tokens": 500, "stop": None, "n": 4}


async def pid_of(engine):
    return (await engine.status()).pid


async def test_two_servers_share_one_engine(start_engine):
    one, two = start_engine(n_slots=8), start_engine(n_slots=8)
    assert await pid_of(one) == await pid_of(two)
    assert (await one.status()).connections == 2
    assert one._peer._converter is two._peer._converter


async def test_servers_that_start_at_the_same_instant_get_one_engine(start_engine):
    engines = [start_engine(n_slots=4) for _ in range(4)]
    await asyncio.gather(*(engine.ready() for engine in engines))
    assert len({await pid_of(engine) for engine in engines}) == 1


async def test_an_engine_whose_place_is_taken_leaves_and_does_not_wait_for_it(start_engine, monkeypatch):
    monkeypatch.setattr(process, "LOCK_WAIT_S", -1)  # for ever
    engine = start_engine(n_slots=4)
    await engine.ready()
    options = EngineOptions(n_slots=4)
    socket = endpoint.socket_path(bundled.path(), options)
    assert await asyncio.to_thread(process.run, socket, bundled.path(), options) == 0


async def test_a_killed_engine_fails_one_request_and_the_next_one_works(start_engine, request_at):
    engine = start_engine(n_slots=5)
    pid = await pid_of(engine)
    request = asyncio.create_task(engine.generate(request_at(1200, **ENDLESS)))
    while not (await engine.status()).busy:
        await asyncio.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineDied):
        await request
    assert (await engine.generate(request_at(1200))).candidates
    assert await pid_of(engine) != pid


async def test_who_asks_after_the_connection_ended_is_told_so(start_engine):
    engine = start_engine(n_slots=5)
    await engine.ready()
    peer = engine._peer
    await engine.close()
    async with asyncio.timeout(30):
        with pytest.raises(EngineDied):
            await peer.ask("hello")
    assert peer.process == 0


async def test_an_older_engine_is_retired(start_engine, monkeypatch):
    old = start_engine(n_slots=6)
    pid = await pid_of(old)
    monkeypatch.setattr(codenook, "__version__", "99.0.0")
    new = start_engine(n_slots=6)
    assert await pid_of(new) != pid
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_an_idle_engine_leaves_and_is_started_again(start_engine):
    engine = start_engine(idle_exit_s=0.5)
    pid = await pid_of(engine)
    async with asyncio.timeout(30):
        while engine.is_ready:
            await asyncio.sleep(0.05)
    assert await pid_of(engine) != pid


async def test_running_lists_engines_and_ignores_dead_sockets(start_engine, runtime_directory):
    engine = start_engine(n_slots=7)
    pid = await pid_of(engine)
    (runtime_directory / "0000000000000000.sock").touch()
    assert pid in [status.pid for _, status in await running()]


async def test_a_missing_model_is_named(start_engine, tmp_path):
    engine = start_engine(tmp_path / "none.gguf")
    with pytest.raises(ModelMissing, match=r"none\.gguf"):
        await engine.ready()


@pytest.mark.parametrize("content", [b"", b"not a model", b"GGUF\x03\x00\x00\x00" + bytes(64)])
async def test_a_broken_model_is_named(start_engine, tmp_path, content):
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelBroken, match=r"broken\.gguf"):
        await start_engine(path).ready()


async def test_a_truncated_model_is_broken_and_can_be_mended(start_engine, tmp_path):
    path = tmp_path / "model.gguf"
    whole = bundled.path().read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    engine = start_engine(path)
    with pytest.raises(ModelBroken):
        await engine.ready()
    path.write_bytes(whole)
    assert (await engine.ready()).name


def test_a_socket_directory_that_others_may_enter_is_refused(tmp_path, monkeypatch):
    open_to_all = tmp_path / "open"
    open_to_all.mkdir(mode=0o755)
    open_to_all.chmod(0o755)
    monkeypatch.setenv("CODENOOK_RUNTIME_DIR", str(open_to_all))
    with pytest.raises(EngineUnavailable, match="0700"):
        endpoint.runtime_directory()


def test_options_and_the_model_name_the_socket():
    model = bundled.path()
    assert endpoint.socket_path(model, EngineOptions()) == endpoint.socket_path(model, EngineOptions())
    assert endpoint.socket_path(model, EngineOptions()) != endpoint.socket_path(
        model, EngineOptions(n_slots=2)
    )
