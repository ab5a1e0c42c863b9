"""``textDocument/didOpen``, ``didChange``, ``didSave``, ``didClose``: keep snapshots of what is open.

These take the place of pygls' own handlers, which share its conversion of positions (see `positions`).
They are plain functions: a change must be in before the request that follows it is read.
"""

import logging

from lsprotocol import types

from codenook.server.lsp.diagnostics import check, check_soon, closed
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.reasons import Reason

log = logging.getLogger(__name__)


def did_open(server: CodenookServer, params: types.DidOpenTextDocumentParams) -> None:
    """Remember the document, and have the engine ready before anyone types."""
    if before := server.documents.get(params.text_document.uri):
        before.end_work(Reason.DOCUMENT_CHANGED)
    opened = server.documents[params.text_document.uri] = OpenDocument.of(params.text_document)
    server.warm_up(opened)
    check(server, opened)


def did_change(server: CodenookServer, params: types.DidChangeTextDocumentParams) -> None:
    """Bring the document to its next version."""
    identifier = params.text_document
    opened = server.documents.get(identifier.uri)
    if opened is None:
        log.warning("the editor changed a document that it has not opened")
        return
    opened.edit(params.content_changes, identifier.version, server.encoding)
    opened.end_jobs(Reason.DOCUMENT_CHANGED)
    check_soon(server, opened)
    server.memories.soon(server.folder_of(opened.snapshot.path), edited=identifier.uri)


def did_close(server: CodenookServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the document and end what is done for it."""
    if opened := server.documents.pop(params.text_document.uri, None):
        opened.end_work(Reason.DOCUMENT_NOT_OPEN)
        closed(server, opened)
        path = opened.snapshot.path
        server.workspaces.of(server.folder_of(path)).forget(path)
        server.memories.soon(server.folder_of(path))


def did_save(server: CodenookServer, params: types.DidSaveTextDocumentParams) -> None:
    """Read the document as a whole, and have its file read again for when it is closed."""
    if opened := server.documents.get(params.text_document.uri):
        path = opened.snapshot.path
        server.workspaces.of(server.folder_of(path)).refresh([path])
        server.warm_up(opened)
