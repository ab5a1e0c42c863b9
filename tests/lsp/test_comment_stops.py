"""Comments that are stopped or refused in an editor: the model is idle at once, and the answer says why."""

import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from test_comment import EDITS, Window

N_PARTS = 60
LONG = f"def configure({', '.join(f'option_{n}' for n in range(N_PARTS))}):\n    print(option_0)\n"
"""A function that a model has to be asked about so often that there is time to stop it."""

CANCELLED = -32800
SAFETY_NET_S = 120


class Busy(Window):
    """An editor whose server is kept busy with comments."""

    async def engine(self):
        return await self.editor.engine()

    def command(self, name, **argument):
        uri = self.editor.uri(name)
        return types.Command("Document", "codenook.comment", [{"uri": uri, "symbol": "configure"} | argument])

    async def begin(self, *names):
        """Ask for a long comment in each document; return the answers to come once a model writes."""
        for name in names:
            self.editor.open(name, LONG)
        before = (await self.engine()).requests
        running = [asyncio.ensure_future(self.run(self.command(name))) for name in names]
        async with asyncio.timeout(SAFETY_NET_S):
            while (await self.engine()).requests < before + 2:
                assert not running[0].done()
        return running

    async def stopped(self):
        """Wait until the model is idle, and return how often it was asked by then."""
        async with asyncio.timeout(SAFETY_NET_S):
            while (engine := await self.engine()).busy:
                pass
        return engine.requests


@pytest.fixture
async def window(start_editor):
    workspace = types.WorkspaceClientCapabilities(apply_edit=True, workspace_edit=EDITS)
    return Busy(await start_editor(workspace=workspace))


async def test_a_change_of_the_document_stops_the_model(window):
    before = (await window.engine()).requests if False else None
    (running,) = await window.begin("long.py")
    asked = (await window.engine()).requests
    window.editor.insert("long.py", 0, 0, "#\n")
    answer = await running
    assert (answer.applied, answer.reason) == (False, "document_changed")
    n_asked = await window.stopped()
    assert n_asked < asked + N_PARTS // 2
    assert (await window.stopped(), window.edits) == (n_asked, [])
