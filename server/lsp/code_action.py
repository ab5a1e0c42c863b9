"""``textDocument/codeAction``: quick fixes of what diagnostics tell, offers to document, test, translate."""

from lsprotocol import types

from codenook.server.lsp.announced import takes_actions
from codenook.server.lsp.comment import KIND, comment_actions
from codenook.server.lsp.comment_document import KIND as SOURCE_KIND
from codenook.server.lsp.comment_document import document_actions
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.fix import comes_back, fix_command
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.review_actions import KIND as REVIEW_KIND
from codenook.server.lsp.review_actions import (
    SELECTION_KIND,
    finding_actions,
    review_change,
    review_selection,
)
from codenook.server.lsp.stale_docs import diagnostics, findings_in, in_worker, is_wanted
from codenook.server.lsp.translate_actions import KIND as TRANSLATE_KIND
from codenook.server.lsp.translate_actions import SOURCE_KIND as TRANSLATE_FILE_KIND
from codenook.server.lsp.translate_actions import translate_actions, translate_file
from codenook.server.lsp.unit_tests import KIND as UNIT_TESTS_KIND
from codenook.server.lsp.unit_tests import unit_test_actions
from codenook.server.lsp.workspace_edit import documentation_edit
from codenook.server.tasks.document import Document
from codenook.server.tasks.stale_docs import proven_fixes

Action = types.Command | types.CodeAction

MOST_FIXES = 8
"""How many fixes are proven for one request, those that come first: each reads the whole document."""


async def code_action(server: CodenookServer, params: types.CodeActionParams) -> list[Action]:
    """Return what can be done in a range; nothing for a document that changes meanwhile."""
    opened = server.documents.get(params.text_document.uri)
    if opened is None:
        return []
    snapshot, actions = opened.snapshot, list[Action]()
    await server.configured.wait()
    if _is_asked_for(params, types.CodeActionKind.QuickFix) and is_wanted(server, snapshot):
        actions += await _fixes(server, opened, snapshot, params.range)
    is_on = server.switched_off(snapshot, automatic=False) is None
    if is_on and _is_asked_for(params, KIND):
        actions += await comment_actions(server, snapshot, params.range)
    if _is_asked_for(params, types.CodeActionKind.QuickFix):
        actions += await finding_actions(server, opened, snapshot, params)
    if is_on and _is_asked_for(params, UNIT_TESTS_KIND):
        actions += await unit_test_actions(server, snapshot, params.range)
    if is_on and _is_asked_for(params, TRANSLATE_KIND):
        actions += await translate_actions(server, snapshot, params.range)
    if is_on and _is_asked_for(params, SELECTION_KIND):
        actions += review_selection(server, snapshot, params.range)
    if is_on and params.context.only:  # what is about the whole file, only on request
        actions += await _of_file(server, snapshot, params)
    return actions if opened.snapshot is snapshot else []


async def _of_file(
    server: CodenookServer, snapshot: Document, params: types.CodeActionParams
) -> list[Action]:
    actions = list[Action]()
    if _is_asked_for(params, REVIEW_KIND):
        actions.append(review_change(server, snapshot))
    if _is_asked_for(params, SOURCE_KIND):
        actions += await document_actions(server, snapshot)
    if _is_asked_for(params, TRANSLATE_FILE_KIND):
        actions += await translate_file(server, snapshot)
    return actions


def _is_asked_for(params: types.CodeActionParams, kind: str) -> bool:
    """Whether a kind, or one that it is a part of, is among those asked for; of none, all are."""
    wanted = params.context.only
    return not wanted or any(kind == each or kind.startswith(f"{each}.") or not each for each in wanted)


async def _fixes(
    server: CodenookServer, opened: OpenDocument, snapshot: Document, wanted: types.Range
) -> list[Action]:
    """The fixes that are proven to change no code, as the editor takes them."""
    findings = await findings_in(opened, snapshot)
    start, end = span_of(snapshot.text, wanted, server.encoding)
    touched = [each for each in findings if each.fix and each.start <= end and start <= each.end]
    proven = await in_worker(proven_fixes, snapshot, touched[:MOST_FIXES]) if touched else []
    commands = [fix_command(snapshot, findings, finding) for finding, _ in proven]
    if not takes_actions(server.client_capabilities):
        return list(commands) if comes_back(server) else []
    shown = diagnostics(snapshot, [finding for finding, _ in proven], server.encoding)
    return [
        types.CodeAction(
            title=finding.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            is_preferred=finding.is_sure,
            edit=None if comes_back(server) else documentation_edit(server, snapshot, [edit]),
            command=command if comes_back(server) else None,
        )
        for (finding, edit), diagnostic, command in zip(proven, shown, commands, strict=True)
    ]
