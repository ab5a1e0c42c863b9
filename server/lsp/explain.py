"""``codenook/explain``: how the latest answer of the model in a document came about."""

from typing import Any

from lsprotocol import types

from codenook.server.lsp.language_server import CodenookServer

EXPLAIN = "codenook/explain"


def explain(server: CodenookServer, params: types.DocumentSymbolParams) -> dict[str, Any] | None:
    """Return what ``codenook complete --json`` prints; null when the model was not asked in this document."""
    opened = server.documents.get(params.text_document.uri)
    return opened.result.to_json() if opened and opened.result else None
