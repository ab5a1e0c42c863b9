"""Edits of one version of a document, as the editor at the other end takes them."""

from collections.abc import Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codenook.server.documentation.edits import Edit
from codenook.server.lsp.announced import keeps_versions, shows_annotations
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import positions_at
from codenook.server.reasons import Reason
from codenook.server.tasks.document import Document

_ANNOTATION = "codenook.documentation"


def documentation_edit(
    server: CodenookServer, document: Document, edits: Sequence[Edit]
) -> types.WorkspaceEdit:
    """The edits, in order, of this very version; annotated where the editor shows that."""
    places = positions_at(
        document.text, [at for each in edits for at in (each.start, each.end)], server.encoding
    )
    spans = [types.Range(*span) for span in zip(places[::2], places[1::2], strict=True)]
    plain = [types.TextEdit(span, edit.text) for span, edit in zip(spans, edits, strict=True)]
    if not keeps_versions(server.client_capabilities):
        return types.WorkspaceEdit(changes={document.uri: plain})
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    if not shows_annotations(server.client_capabilities):
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, plain)])
    annotated = [types.AnnotatedTextEdit(_ANNOTATION, each.range, each.new_text) for each in plain]
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(identifier, annotated)],
        change_annotations={
            _ANNOTATION: types.ChangeAnnotation("Documentation", description="proven to change no code")
        },
    )


async def put_in(
    server: CodenookServer, opened: OpenDocument, snapshot: Document, edits: Sequence[Edit], label: str
) -> None:
    """Have the editor put edits of ``snapshot`` in, in order; raises NoAnswer when it doesn't.

    Whether the document is still the same is looked at last, so that an editor that knows no versions in
    edits doesn't overwrite a newer one that it has told of.
    """
    params = types.ApplyWorkspaceEditParams(documentation_edit(server, snapshot, edits), label=label)
    if not is_newest(server, opened, snapshot):
        raise NoAnswer(Reason.DOCUMENT_CHANGED)
    try:
        answer = await server.workspace_apply_edit_async(params)
    except JsonRpcException as error:
        raise NoAnswer(Reason.EDIT_NOT_TAKEN, error.message) from None
    if not answer.applied:
        is_same = is_newest(server, opened, snapshot)
        reason = Reason.EDIT_NOT_TAKEN if is_same else Reason.DOCUMENT_CHANGED
        raise NoAnswer(reason, answer.failure_reason or "")


def is_newest(server: CodenookServer, opened: OpenDocument, snapshot: Document) -> bool:
    """Whether a document is still open and still as in ``snapshot``."""
    return opened.snapshot is snapshot and server.documents.get(snapshot.uri) is opened
