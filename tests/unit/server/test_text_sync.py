"""Documents that come and go while the engine starts."""

import asyncio
from functools import partial

import pytest
from lsprotocol import types
from pygls.workspace import Workspace

from codenook.server.lsp.server import create_server
from codenook.server.lsp.text_sync import did_close, did_open

URI = "file:///comes_and_goes.py"
OPENED = types.DidOpenTextDocumentParams(types.TextDocumentItem(URI, "python", 1, "x = 1\n"))
CLOSED = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI))


async def n_warm_ups():
    """Count them when those that were cancelled have ended."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return sum(task.get_coro().__name__ == "_warm_up" for task in asyncio.all_tasks())


@pytest.fixture
def server():
    """A server without a folder and without its settings: every warm-up waits for them."""
    server = create_server({})
    server.protocol._workspace = Workspace(None)
    yield server
    server.shutdown()


@pytest.mark.parametrize("closes", [True, False])
async def test_a_document_has_one_warm_up(server, closes):
    open_, close = partial(did_open, server, OPENED), partial(did_close, server, CLOSED)
    for _ in range(20):
        open_()
        assert await n_warm_ups() == 1
        if closes:
            close()
            assert await n_warm_ups() == 0
    close()
    assert await n_warm_ups() == 0


async def test_a_document_is_warmed_up_again_in_the_place_of_the_first_time(server):
    did_open(server, OPENED)
    server.warm_up(server.documents[URI])
    assert await n_warm_ups() == 1
    did_close(server, CLOSED)
