"""``codenook/context``: what the model would see of other files at a position, and why."""

from typing import Any

from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import offset_at
from codenook.server.lsp.protocol import ContextParams
from codenook.server.reasons import Reason, describe
from codenook.server.tasks.completion import CompletionRequest, context_json, dropped_json

CONTEXT = "codenook/context"


async def context(server: CodenookServer, params: ContextParams) -> dict[str, Any]:
    """Return the documented JSON; where there is nothing to tell about, nothing but the reason."""
    opened = server.documents.get(params.textDocument.uri)
    if opened is None:
        return _nothing(Reason.DOCUMENT_NOT_OPEN)
    snapshot = opened.snapshot
    offset = offset_at(snapshot.text, params.position, server.encoding)
    if offset is None:
        return _nothing(Reason.POSITION_OUTSIDE)
    await server.engine_ready()
    request = CompletionRequest(snapshot, offset, workspace=server.folder_of(snapshot.path))
    shown = await server.inspection(request, params.task)
    if shown is None:
        return _nothing(Reason.NO_DEFINITION)
    return {**context_json(shown), "dropped": dropped_json(shown), "reason": None}


def _nothing(reason: Reason) -> dict[str, Any]:
    return {
        "tokens": 0,
        "path_tokens": 0,
        "snippets": [],
        "dropped": [],
        "reason": reason,
        "message": describe(reason),
    }
