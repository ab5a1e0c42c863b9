"""``codenook/cursor``: where the cursor rests, so that a first key there finds its context chosen."""

import asyncio

from lsprotocol import types

from codenook.models.engine.errors import EngineError
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import offset_at
from codenook.server.tasks.completion import CompletionRequest

CURSOR = "codenook/cursor"


def cursor(server: CodenookServer, params: types.TextDocumentPositionParams) -> None:
    """Look at the place as soon as nothing else is to be done for the document; the last cursor counts."""
    if opened := server.documents.get(params.text_document.uri):
        opened.end_looking()
        opened.looking = asyncio.create_task(_look(server, opened, params.position))


async def _look(server: CodenookServer, opened: OpenDocument, position: types.Position) -> None:
    snapshot = opened.snapshot
    await server.configured.wait()
    if opened.warming is not None:
        await asyncio.wait([opened.warming])
    offset = offset_at(snapshot.text, position, server.encoding)
    is_wanted = snapshot is opened.snapshot and server.switched_off(snapshot, automatic=True) is None
    if offset is None or not is_wanted or not server.engine.is_ready:
        return
    try:
        await server.completion.look(
            CompletionRequest(snapshot, offset, workspace=server.folder_of(snapshot.path))
        )
    except EngineError as error:
        server.tell(str(error))
    else:
        server.counters.places_looked_at += 1
