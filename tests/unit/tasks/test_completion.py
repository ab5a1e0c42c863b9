"""How often the model is asked for a completion, and what for."""

import asyncio
from pathlib import Path

import pytest
from scripted import ScriptedEngine

from codenook.models.engine.messages import MAX_CANDIDATES
from codenook.server.config import Settings
from codenook.server.tasks.completion import Completion, CompletionRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.workspaces import Workspaces

BROKEN = "1 +"


class Telling(ScriptedEngine):
    """Tells each candidate as soon as it is there, as an engine does."""

    async def generate(self, request, finished=None):
        generation = await super().generate(request, finished)
        for candidate in generation.candidates:
            finished(candidate)
        return generation


def complete(*rounds, n=None, before="x = ", after="\n"):
    """Ask at a cursor; the model writes the texts of each of ``rounds`` in turn."""
    left = list(rounds)
    engine = Telling(lambda _: left.pop(0))
    path = Path("/a/b.py")
    completion = Completion(engine, Settings(memory=False), Workspaces())
    document = Document(path.as_uri(), path, before + after, "python", 1)
    try:
        result = asyncio.run(completion(CompletionRequest(document, len(before), n_candidates=n)))
    finally:
        completion.close()
    return [candidate.text for candidate in result.candidates], engine.requests


def test_one_more_is_asked_for_than_is_shown_as_some_fail():
    shown, (request,) = complete(["1", BROKEN, "3", "2"])
    assert shown == ["1", "3", "2"]
    assert (request.n, request.n_parting) == (2, 2)
    shown, _ = complete(["1", "2", "3", "4"])
    assert len(shown) == 3


@pytest.mark.parametrize(("n", "asked"), [(1, (1, 0)), (2, (1, 2)), (5, (4, 2)), (MAX_CANDIDATES, (7, 2))])
def test_as_many_as_are_wanted_are_asked_for(n, asked):
    shown, (request,) = complete([str(number) for number in range(9)], n=n)
    assert len(shown) == n
    assert (request.n, request.n_parting) == asked


def test_where_fewer_than_two_pass_the_model_is_asked_again_and_bolder():
    shown, (first, second) = complete(["1", "1 ", BROKEN, BROKEN], ["2", "3", "4"])
    assert shown == ["1", "2", "3"]
    assert (second.n, second.n_parting, second.greedy_first) == (6, 0, False)
    assert second.temperature > first.temperature
    assert second.prompt == first.prompt


def test_who_wants_one_is_answered_with_one():
    shown, requests = complete(["1"], n=1)
    assert (shown, len(requests)) == (["1"], 1)
    shown, requests = complete([BROKEN], ["2", "3"], n=1)
    assert (shown, len(requests)) == (["2"], 2)


def test_the_line_below_the_cursor_ends_an_answer():
    _, (request,) = complete(["pass", "return"], before="def f():\n    ", after="\n\n    g()  \n")
    assert request.stop.following == "    g()"
