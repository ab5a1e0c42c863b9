"""``textDocument/codeAction``: quick fixes of stale documentation, and offers to write some."""

from collections.abc import Sequence

from lsprotocol import types

from codenook.context.parse import language_named
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.stale import Finding
from codenook.server.lsp.comment import KIND, comment_actions
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.stale_docs import diagnostic, findings_in, in_worker, is_wanted
from codenook.server.lsp.workspace_edit import documentation_edit
from codenook.server.tasks.document import Document
from codenook.server.tasks.stale_docs import proven_fix


async def code_action(server: CodenookServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return what can be done about documentation in a range; nothing for a document that changes."""
    await server.configured.wait()
    opened = server.documents.get(params.text_document.uri)
    if opened is None:
        return []
    snapshot, actions = opened.snapshot, list[types.CodeAction]()
    if _is_asked_for(params, types.CodeActionKind.QuickFix) and is_wanted(server, snapshot):
        findings = await findings_in(opened, snapshot)
        start, end = span_of(snapshot.text, params.range, server.encoding)
        touched = [each for each in findings if each.start <= end and start <= each.end]
        found = await in_worker(_proven, snapshot, touched) if touched else []
        actions += [_action(server, snapshot, finding, fix) for finding, fix in found]
    if _is_asked_for(params, KIND) and server.switched_off(snapshot, automatic=False) is None:
        actions += await comment_actions(server, snapshot, params.range)
    return actions if opened.snapshot is snapshot else []


def _is_asked_for(params: types.CodeActionParams, kind: types.CodeActionKind) -> bool:
    wanted = params.context.only
    return wanted is None or any(kind == each or kind.startswith(f"{each}.") or not each for each in wanted)


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
        edit=documentation_edit(server, document, fix),
    )
