"""Edits of one version of a document, as the editor at the other end takes them."""

from lsprotocol import types

from codenook.server.documentation.edits import Edit
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import position_at
from codenook.server.tasks.document import Document

_ANNOTATION = "codenook.documentation"


def range_of(server: CodenookServer, document: Document, start: int, end: int) -> types.Range:
    """The range between two offsets."""
    return types.Range(
        position_at(document.text, start, server.encoding), position_at(document.text, end, server.encoding)
    )


def documentation_edit(server: CodenookServer, document: Document, edit: Edit) -> types.WorkspaceEdit:
    """The edit of this very version; annotated where the editor shows that."""
    span = range_of(server, document, edit.start, edit.end)
    workspace = server.client_capabilities.workspace
    can = workspace.workspace_edit if workspace else None
    if can is None or not can.document_changes:
        return types.WorkspaceEdit(changes={document.uri: [types.TextEdit(span, edit.text)]})
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    if can.change_annotation_support is None:
        return types.WorkspaceEdit(
            document_changes=[types.TextDocumentEdit(identifier, [types.TextEdit(span, edit.text)])]
        )
    annotated = types.AnnotatedTextEdit(_ANNOTATION, span, edit.text)
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(identifier, [annotated])],
        change_annotations={
            _ANNOTATION: types.ChangeAnnotation("Documentation", description="proven to change no code")
        },
    )
