"""Edits of one version of a document, or of several, as the editor at the other end takes them."""

from collections.abc import Callable, Sequence

from attrs import frozen
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

Edits = tuple[Document, Sequence[Edit]]
"""A document and edits of it, in order; one without a version is a file that is not open."""


@frozen
class Annotation:
    """What the editor says of an edit, and the name that the edit has for that."""

    id: str
    label: str
    description: str


_DOCUMENTATION = Annotation("codenook.documentation", "Documentation", "proven to change no code")


def documentation_edit(
    server: CodenookServer, document: Document, edits: Sequence[Edit]
) -> types.WorkspaceEdit:
    """The edits, in order, of this very version; annotated where the editor shows that."""
    return edit_of(server.client_capabilities, server.encoding, [(document, edits)], _DOCUMENTATION)


def edit_of(
    announced: types.ClientCapabilities,
    encoding: str,
    changes: Sequence[Edits],
    annotation: Annotation,
    created: Sequence[str] = (),
) -> types.WorkspaceEdit:
    """Edits of these very versions of documents; annotated where the editor shows that.

    Files that are ``created`` are made before, which the editor has to announce; one that is there by then
    is not overwritten, and nothing is edited.
    """
    plain = [(document, _text_edits(document.text, edits, encoding)) for document, edits in changes]
    if not keeps_versions(announced) and not created:
        return types.WorkspaceEdit(changes={document.uri: edits for document, edits in plain})
    is_annotated = shows_annotations(announced)
    by_document: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = [
        types.CreateFile(
            uri=uri,
            options=types.CreateFileOptions(overwrite=False, ignore_if_exists=False),
            annotation_id=annotation.id if is_annotated else None,
        )
        for uri in created
    ]
    by_document += [
        types.TextDocumentEdit(
            types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version),
            [types.AnnotatedTextEdit(annotation.id, each.range, each.new_text) for each in edits]
            if is_annotated
            else edits,
        )
        for document, edits in plain
    ]
    if not is_annotated:
        return types.WorkspaceEdit(document_changes=by_document)
    shown = types.ChangeAnnotation(annotation.label, description=annotation.description)
    return types.WorkspaceEdit(document_changes=by_document, change_annotations={annotation.id: shown})


def _text_edits(text: str, edits: Sequence[Edit], encoding: str) -> list[types.TextEdit]:
    places = positions_at(text, [at for each in edits for at in (each.start, each.end)], encoding)
    spans = [types.Range(*span) for span in zip(places[::2], places[1::2], strict=True)]
    return [types.TextEdit(span, edit.text) for span, edit in zip(spans, edits, strict=True)]


async def put_in(
    server: CodenookServer, opened: OpenDocument, snapshot: Document, edits: Sequence[Edit], label: str
) -> None:
    """Have the editor put edits of ``snapshot`` in, in order; raises NoAnswer when it doesn't.

    Whether the document is still the same is looked at last, so that an editor that knows no versions in
    edits doesn't overwrite a newer one that it has told of.
    """
    edit = documentation_edit(server, snapshot, edits)
    await send(server, edit, label, lambda: is_newest(server, opened, snapshot))


async def send(
    server: CodenookServer, edit: types.WorkspaceEdit, label: str, is_same: Callable[[], bool]
) -> None:
    """Have the editor put an edit in, while ``is_same`` says that it fits; raises NoAnswer."""
    params = types.ApplyWorkspaceEditParams(edit, label=label)
    if not is_same():
        raise NoAnswer(Reason.DOCUMENT_CHANGED)
    try:
        answer = await server.workspace_apply_edit_async(params)
    except JsonRpcException as error:
        raise NoAnswer(Reason.EDIT_NOT_TAKEN, error.message) from None
    if not answer.applied:
        reason = Reason.EDIT_NOT_TAKEN if is_same() else Reason.DOCUMENT_CHANGED
        raise NoAnswer(reason, answer.failure_reason or "")


def is_newest(server: CodenookServer, opened: OpenDocument, snapshot: Document) -> bool:
    """Whether a document is still open and still as in ``snapshot``."""
    return opened.snapshot is snapshot and server.documents.get(snapshot.uri) is opened
