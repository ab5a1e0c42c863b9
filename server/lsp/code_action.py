"""``textDocument/codeAction``: quick fixes of stale documentation, each proven to change no code."""

from collections.abc import Sequence

from lsprotocol import types

from codenook.context.parse import language_named
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.stale import Finding
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.stale_docs import diagnostic, findings_in, in_worker, is_wanted, range_of
from codenook.server.tasks.document import Document
from codenook.server.tasks.stale_docs import proven_fix

_ANNOTATION = "codenook.documentation"


async def code_action(server: CodenookServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return the fixes of what is stale in a range; none for a document that changes meanwhile."""
    await server.configured.wait()
    opened, wanted = server.documents.get(params.text_document.uri), params.context.only
    if opened is None or not is_wanted(server, opened.snapshot):
        return []
    if wanted is not None and not any(types.CodeActionKind.QuickFix.startswith(kind) for kind in wanted):
        return []
    snapshot = opened.snapshot
    findings = await findings_in(opened, snapshot)
    if not findings:
        return []
    start, end = span_of(snapshot.text, params.range, server.encoding)
    touched = [each for each in findings if each.start <= end and start <= each.end]
    found = await in_worker(_proven, snapshot, touched) if touched else []
    if opened.snapshot is not snapshot:
        return []
    return [_action(server, snapshot, finding, fix) for finding, fix in found]


def _proven(document: Document, touched: Sequence[Finding]) -> list[tuple[Finding, Edit]]:
    language = language_named(document.language)
    if language is None:
        return []
    fixes = [(finding, proven_fix(language, document.text, finding)) for finding in touched]
    return [(finding, fix) for finding, fix in fixes if fix is not None]


def _action(server: CodenookServer, document: Document, finding: Finding, fix: Edit) -> types.CodeAction:
    return types.CodeAction(
        title=finding.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(server, document, finding)],
        is_preferred=finding.is_sure,
        edit=_edit(server, document, fix),
    )


def _edit(server: CodenookServer, document: Document, fix: Edit) -> types.WorkspaceEdit:
    """The edit of this very version; annotated where the editor shows that."""
    span = range_of(server, document, fix.start, fix.end)
    workspace = server.client_capabilities.workspace
    can = workspace.workspace_edit if workspace else None
    if can is None or not can.document_changes:
        return types.WorkspaceEdit(changes={document.uri: [types.TextEdit(span, fix.text)]})
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    if can.change_annotation_support is None:
        return types.WorkspaceEdit(
            document_changes=[types.TextDocumentEdit(identifier, [types.TextEdit(span, fix.text)])]
        )
    edit = types.AnnotatedTextEdit(_ANNOTATION, span, fix.text)
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(identifier, [edit])],
        change_annotations={
            _ANNOTATION: types.ChangeAnnotation("Documentation", description="proven to change no code")
        },
    )
