"""The engine's memory of a workspace: candidates repeat its code, say from where, and forget what is gone."""

import asyncio
import email.message
import inspect
import itertools
import json
from pathlib import Path

import psutil
import pytest
from attrs import evolve

from codenook.models.engine import memories
from codenook.models.engine.messages import GenerateRequest, Lines, MemoryFile, StopRule
from codenook.models.prompts import fim

NAME = "/a workspace"
NUMBERS = itertools.count()
"""For engines of their own: one with options that another had may meet that one on its way out."""

ODD = """\
from quux import frobnicate


def turn_the_crank(wheel):
    return frobnicate(wheel, 417, by='hand')
"""
PREFIX = "from quux import frobnicate\n\n\ndef again(wheel):\n    return frobnicate("


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv(memories.FOLDER_VARIABLE, str(folder))
    return folder


def package(module) -> list[MemoryFile]:
    """The sources of a package of the standard library, as files of a workspace."""
    paths = sorted(Path(module.__file__).parent.glob("*.py"))
    return [MemoryFile(f"{module.__name__}/{path.name}", "1", path.read_text("utf-8")) for path in paths]


def asked(prefix=PREFIX, memory=NAME, **options):
    prompt = fim.infill(fim.FimOrder.SPM, blocks=[], path="mine.py", prefix=prefix, suffix="\n")
    stop = StopRule(max_lines=1)
    return GenerateRequest(slot="s", prompt=prompt, n=1, max_tokens=24, stop=stop, memory=memory, **options)


async def in_document(engine, said, prefix=PREFIX):
    """Return a request in a document on its own that says something from its line 40 on, above the prompt."""
    await engine.learn_document("", "mine.py", "\n" * 39 + said)
    n_above = 39 + said.count("\n")
    return asked(prefix, memory="", document="mine.py", n_lines_above=n_above)


async def weighed(engine):
    """Return what the status says of the only memory, once it was weighed."""
    while True:
        (held,) = (await engine.status()).memories
        if held.calibrated_at:
            return held
        await asyncio.sleep(0.1)


async def greedy(engine, request):
    (candidate,) = (await engine.generate(request)).candidates
    return candidate


@pytest.fixture
async def remembering(start_engine):
    """An engine that has learned two packages of the standard library and an odd file, and weighed them."""
    engine = start_engine(idle_exit_s=600 + next(NUMBERS))
    files = [*package(json), *package(email), MemoryFile("odd.py", "1", ODD), MemoryFile("twin.py", "1", ODD)]
    assert await engine.offer_memory(NAME, {file.path: file.version for file in files}) == [
        file.path for file in files
    ]
    assert await engine.learn(NAME, files)
    held = await asyncio.wait_for(weighed(engine), 60)
    assert (held.name, held.files, held.counts) == (NAME, len(files), True)
    return engine


async def test_a_candidate_repeats_the_workspace_and_says_which_lines(remembering):
    alone = await greedy(remembering, asked(memory=None))
    recalled = await greedy(remembering, asked())
    assert "417" not in alone.text
    assert alone.leans_on == ()
    assert recalled.text == "wheel, 417, by='hand')"
    assert recalled.leans_on == (Lines("odd.py", 5, 5), Lines("twin.py", 5, 5))


async def test_what_is_gone_is_forgotten_at_once_and_what_has_changed_is_known(remembering):
    await remembering.learn(NAME, [MemoryFile("odd.py", "2", ODD.replace("417", "96"))], ["twin.py"])
    assert "96, by='hand'" in (await greedy(remembering, asked())).text
    await remembering.learn(NAME, [], ["odd.py"])
    recalled = await greedy(remembering, asked())
    assert "417" not in recalled.text
    assert "96" not in recalled.text


async def test_a_request_for_another_workspace_is_told_nothing(remembering):
    assert await greedy(remembering, asked(memory="/b")) == await greedy(remembering, asked(memory=""))


@pytest.mark.parametrize("indent", ["    ", "\t\t"])
async def test_what_follows_the_indentation_is_found(engine, indent):
    said = f"def crank(wheel):\n{indent}frobnicate(wheel, 417)\n"
    prefix = f"import quux\n\n\ndef crank(wheel):\n{indent}"
    recalled = await greedy(engine, await in_document(engine, said, prefix))
    assert recalled.text == "frobnicate(wheel, 417)"


async def test_a_file_on_its_own_repeats_what_it_says_beyond_the_prompt(engine):
    recalled = await greedy(engine, await in_document(engine, ODD))
    assert recalled.text == "wheel, 417, by='hand')"
    assert recalled.leans_on == (Lines("mine.py", 44, 44),)


async def test_what_the_prompt_shows_is_not_asked_of_the_document_again(engine):
    request = await in_document(engine, ODD)
    shown = evolve(request, n_lines_above=0, n_lines_below=0)
    counted = [(await engine.generate(one)).recalled.document for one in (request, shown)]
    assert counted[0] > counted[1] == 0
    assert "417" not in (await greedy(engine, shown)).text


async def test_a_document_that_was_not_learned_yet_is_not_waited_for(engine):
    request = asked(memory="/nobody told", document="mine.py", n_lines_above=50)
    generation = await engine.generate(request)
    assert generation.recalled.document == 0
    assert generation.candidates[0].text


async def test_a_request_costs_memory_its_prompt_and_what_it_writes(engine):
    code = inspect.getsource(email.message)
    n_read = await engine.learn_document("", "mine.py", code)
    assert n_read > 5_000
    request = asked(memory="", document="mine.py", n_lines_above=9_999)
    for _ in range(2):
        recalled = (await engine.generate(request)).recalled
        assert recalled.document == n_read
    assert 0 < recalled.tokenized < 100, "the text before the cursor: what is written was written before"
    edited = code.replace("def ", "def  ", 1)
    assert 0 < await engine.learn_document("", "mine.py", edited) < n_read / 4
    assert await engine.learn_document("", "mine.py", edited) == 0


async def test_of_many_documents_the_latest_are_known(engine):
    for number in range(memories.N_DOCUMENTS + 1):
        await engine.learn_document("", f"{number}.py", ODD)
    known = [
        (await engine.generate(asked(memory="", document=f"{number}.py", n_lines_above=9))).recalled.document
        > 0
        for number in (0, 1, memories.N_DOCUMENTS)
    ]
    assert known == [False, True, True]


async def test_the_edited_document_counts_as_it_was_typed_last(remembering):
    await remembering.learn(NAME, [], ["twin.py"])
    assert "417" not in (await greedy(remembering, asked(document="odd.py"))).text
    await remembering.learn_document(NAME, "odd.py", ODD.replace("417", "96"))
    recalled = await greedy(remembering, asked(document="odd.py", n_lines_above=99))
    assert "96, by='hand'" in recalled.text
    assert "417" not in recalled.text


async def test_memory_outlives_the_engine(remembering, start_engine):
    status = await remembering.status()
    before = await greedy(remembering, asked())
    await remembering.stop()
    await asyncio.wait_for(until_gone(status.pid), 20)
    again = start_engine(idle_exit_s=700 + next(NUMBERS))
    assert await again.offer_memory(NAME, {"odd.py": "1", "new.py": "1"}) == ["new.py"]
    (held,) = (await again.status()).memories
    assert (held.files, held.calibrated_at) == (1, status.memories[0].calibrated_at)
    assert (await greedy(again, asked())).text == before.text


async def until_gone(pid):
    while psutil.pid_exists(pid):
        await asyncio.sleep(0.05)


async def test_a_damaged_file_is_set_aside(remembering, start_engine, cache):
    status = await remembering.status()
    await remembering.stop()
    await asyncio.wait_for(until_gone(status.pid), 20)
    (file,) = (cache / "memory").glob("*.memory")
    file.write_bytes(file.read_bytes()[:-100])
    again = start_engine(idle_exit_s=700 + next(NUMBERS))
    assert await again.offer_memory(NAME, {"odd.py": "1"}) == ["odd.py"]


async def test_what_was_not_offered_is_not_learned(engine):
    assert not await engine.learn("/nobody offered", [MemoryFile("a.py", "1", "x")])
