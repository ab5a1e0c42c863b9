"""Two roles, two models: when both engines run, and when one is ended for the other."""

import asyncio
import contextlib
import shutil
from types import SimpleNamespace

import psutil
import pytest

from codenook.models import bundled
from codenook.models.engine import endpoint, room
from codenook.models.engine.client import running, stop_engine
from codenook.models.engine.errors import EngineError, ModelMissing, ModelWaits
from codenook.models.engine.messages import MAX_CANDIDATES
from codenook.models.engine.room import BothModels
from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines, fit_for, roles_of

ENDLESS = {"max_tokens": 500, "stop": None, "n": 4}


@pytest.fixture(autouse=True)
async def no_other_engines():
    """End what earlier tests left, and what this one leaves: they are counted here."""
    await end_all()
    yield
    await end_all()


async def end_all():
    while found := await running():
        for socket, _ in found:
            with contextlib.suppress(OSError, EngineError):  # it is on its way out
                await stop_engine(socket)
        await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Let engines make room as soon as they are idle."""
    monkeypatch.setattr(room, "QUIET_S", 0.0)


@pytest.fixture
def chat_model(tmp_path):
    return shutil.copy(bundled.path(), tmp_path / "chat.gguf")


@pytest.fixture
async def start(chat_model):
    """Return the engines of a window with a model of its own for each role."""
    started = []

    def start(policy, chat_model=str(chat_model)):
        started.append(Engines(Settings(chat_model=chat_model, both_models=policy)))
        return started[-1]

    yield start
    for engines in started:
        await engines.close()


@pytest.fixture
def memory(monkeypatch):
    """Plant how much memory is available, in bytes."""

    def plant(available):
        monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=available))

    return plant


async def loaded(engines, *roles):
    """Make the engines of ``roles`` ready one after another; return the models that are loaded then."""
    for role in roles:
        await engines.of(role).ready()
    return {status.model.path for _, status in await running()}


def paths(*roles, chat_model):
    return {str(Settings(chat_model=str(chat_model)).model_path_of(role)) for role in roles}


async def test_always_loads_both(start, chat_model, memory):
    memory(0)
    both = await loaded(start(BothModels.ALWAYS), Role.FIM, Role.CHAT)
    assert both == paths(*Role, chat_model=chat_model)


async def test_one_at_a_time_leaves_the_one_that_was_asked_for(start, chat_model):
    engines = start(BothModels.ONE_AT_A_TIME)
    for role in (Role.FIM, Role.CHAT, Role.FIM):
        assert await loaded(engines, role) == paths(role, chat_model=chat_model)


@pytest.mark.parametrize(("spare", "n_loaded"), [(0, 2), (-1, 1)])
async def test_both_are_loaded_when_they_fit_to_the_byte(start, chat_model, memory, spare, n_loaded):
    engines = start(BothModels.WHEN_THEY_FIT)
    size = bundled.path().stat().st_size
    layers, kv_heads, head = 6, 2, 32
    cells = 1024 * (3 + MAX_CANDIDATES + 1)  # of each slot, each candidate, and a text that is scored
    kv_cache = cells * layers * kv_heads * 2 * head * 2
    memory(2 * size + kv_cache + 300_000_000 + spare)
    assert len(await loaded(engines, Role.FIM, Role.CHAT)) == n_loaded


async def test_the_same_model_is_the_same_engine(start):
    for name in ("", str(bundled.path())):
        engines = start(BothModels.ONE_AT_A_TIME, name)
        assert engines.of(Role.FIM) is engines.of(Role.CHAT)
        assert len(await loaded(engines, *Role)) == 1


async def test_an_engine_at_work_keeps_its_place(start, chat_model, request_at, monkeypatch):
    monkeypatch.setattr(room, "WAIT_S", 0.5)
    engines = start(BothModels.ONE_AT_A_TIME)
    requests = [request_at(1200, slot=str(n), **ENDLESS) for n in range(20)]
    work = asyncio.gather(*map(engines.of(Role.FIM).generate, requests))
    while not (await engines.of(Role.FIM).status()).busy:
        await asyncio.sleep(0.002)
    with pytest.raises(ModelWaits, match=r"chat\.gguf waits for codenook-base\.q8_0\.gguf"):
        await engines.of(Role.CHAT).ready()
    assert not work.done()
    assert {status.model.path for _, status in await running()} == paths(Role.FIM, chat_model=chat_model)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_a_request_is_finished_before_its_engine_makes_room(start, chat_model, request_at):
    window, other_window = start(BothModels.ONE_AT_A_TIME), start(BothModels.ONE_AT_A_TIME)
    work = asyncio.create_task(window.of(Role.FIM).generate(request_at(1200, **ENDLESS)))
    while not (await window.of(Role.FIM).status()).busy:
        await asyncio.sleep(0.002)
    assert await loaded(other_window, Role.CHAT) == paths(Role.CHAT, chat_model=chat_model)
    assert work.done()
    assert len((await work).candidates) == ENDLESS["n"]


async def test_an_engine_that_was_just_used_keeps_its_place(start, monkeypatch):
    monkeypatch.setattr(room, "QUIET_S", 600.0)
    monkeypatch.setattr(room, "WAIT_S", 0.5)
    engines = start(BothModels.ONE_AT_A_TIME)
    await engines.of(Role.FIM).count_tokens(["x"])
    with pytest.raises(ModelWaits):
        await engines.of(Role.CHAT).ready()


async def test_the_next_completion_starts_the_engine_that_made_room(start, chat_model, request_at):
    engines = start(BothModels.ONE_AT_A_TIME)
    first = (await engines.of(Role.FIM).status()).pid
    await engines.of(Role.CHAT).ready()
    assert (await engines.of(Role.FIM).generate(request_at(600))).candidates
    assert (await engines.of(Role.FIM).status()).pid != first


async def test_a_model_that_is_missing_moves_nobody(start):
    engines = start(BothModels.ONE_AT_A_TIME, "/nowhere/chat.gguf")
    pid = (await engines.of(Role.FIM).status()).pid
    with pytest.raises(ModelMissing):
        await engines.of(Role.CHAT).ready()
    assert [status.pid for _, status in await running()] == [pid]


async def test_an_engine_that_was_killed_is_in_nobody_s_way(start, chat_model):
    engines = start(BothModels.ONE_AT_A_TIME)
    status = await engines.of(Role.FIM).status()
    psutil.Process(status.pid).kill()
    settings = Settings()
    assert endpoint.socket_path(settings.model_path, settings.engine_options).exists()
    assert await loaded(engines, Role.CHAT) == paths(Role.CHAT, chat_model=chat_model)


async def test_a_model_tells_which_roles_it_is_fit_for(start, chat_model):
    info = await start(BothModels.ALWAYS).of(Role.CHAT).ready()
    assert not info.has_chat_template
    assert fit_for(info) == (Role.FIM,)
    settings = Settings(chat_model=str(chat_model))
    assert [roles_of(settings.model_path_of(role), settings) for role in Role] == [
        (Role.FIM,),
        (Role.CHAT,),
    ]
