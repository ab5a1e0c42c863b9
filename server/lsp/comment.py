"""The command ``codenook.comment``, and where it is offered: code actions and code lenses."""

from typing import Any

from attrs import frozen
from lsprotocol import types

from codenook.models.engine.errors import EngineError
from codenook.models.hub.catalog import Role
from codenook.server import reasons
from codenook.server.documentation.edits import Edit
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.progress import show_progress
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.lsp.workspace_edit import documentation_edit
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import CommentRequest, CommentResult
from codenook.server.tasks.comment_offers import Offer, offers_at, offers_in
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import Progress
from codenook.server.tasks.line_comment import Lines

COMMENT = "codenook.comment"
KIND = types.CodeActionKind.RefactorRewrite

SHOWN_AFTER_S = 0.5
"""Work that takes longer is shown as progress."""


@frozen
class CommentParams:
    """The command's one argument: what to comment, in which version of a document.

    ``lines`` are the first and the last line of a selection, from 1; without them it is ``symbol``, empty for
    the file itself.
    """

    uri: str
    symbol: str = ""
    lines: tuple[int, int] | None = None
    version: int | None = None
    replace: bool = False


async def comment(server: CodenookServer, params: CommentParams) -> dict[str, Any]:
    """Have the editor put in a comment, unless the document changed; return what came of it."""
    await server.configured.wait()
    opened = server.documents.get(params.uri)
    if opened is None:
        return _empty(server, params, Reason.DOCUMENT_NOT_OPEN)
    snapshot = opened.snapshot
    if params.version not in {None, snapshot.version}:
        return _empty(server, params, Reason.DOCUMENT_CHANGED)
    if reason := server.switched_off(snapshot, automatic=False):
        return _empty(server, params, reason)
    result = await _ask_model(server, snapshot, params)
    if result.edit is not None and not await _apply(server, opened, snapshot, result.edit):
        return _empty(server, params, Reason.DOCUMENT_CHANGED)
    if result.reason is not None:
        _say_why(server, result.reason, result.message)
    return {**result.to_json(snapshot), "applied": result.edit is not None}


async def comment_actions(
    server: CodenookServer, snapshot: Document, wanted: types.Range
) -> list[types.CodeAction]:
    """What can be commented in a range; the model is asked when one is chosen."""
    start, end = span_of(snapshot.text, wanted, server.encoding)
    offers = await in_worker(offers_at, snapshot, start, end)
    return [types.CodeAction(offer.title, kind=KIND, command=_command(snapshot, offer)) for offer in offers]


async def code_lens(server: CodenookServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Offer to document each definition that has no documentation, if the settings want that."""
    await server.configured.wait()
    opened = server.documents.get(params.text_document.uri)
    if opened is None or not server.settings.comment_lenses:
        return []
    snapshot = opened.snapshot
    if server.switched_off(snapshot, automatic=True) is not None:
        return []
    offers = await in_worker(offers_in, snapshot)
    if opened.snapshot is not snapshot:
        return []
    return [types.CodeLens(_row(offer.row), command=_command(snapshot, offer)) for offer in offers]


async def _ask_model(server: CodenookServer, snapshot: Document, params: CommentParams) -> CommentResult:
    request = CommentRequest(
        snapshot,
        params.symbol,
        server.folder_of(snapshot.path),
        replace=params.replace,
        lines=Lines(*params.lines) if params.lines else None,
    )
    latest = Progress(0, 0)

    def told(progress: Progress) -> None:
        nonlocal latest
        latest = progress

    def describe(_seconds: float) -> types.WorkDoneProgressReport:
        done = f"{latest.done} of {latest.total}" if latest.total else params.symbol
        message = f"{done}: {latest.partial}" if latest.partial else done
        percentage = 100 * latest.done // latest.total if latest.total else None
        return types.WorkDoneProgressReport(message=message, percentage=percentage)

    try:
        await server.engine_ready(Role.CHAT)
    except EngineError as error:
        return CommentResult(params.symbol, reason=reasons.of_error(error), message=str(error))
    return await show_progress(
        server, "codenook: documenting", describe, server.comment(request, told), after_s=SHOWN_AFTER_S
    )


async def _apply(server: CodenookServer, opened: OpenDocument, snapshot: Document, edit: Edit) -> bool:
    """Whether the editor took the edit; a document that changed meanwhile is left alone."""
    if opened.snapshot is not snapshot or server.documents.get(snapshot.uri) is not opened:
        return False
    answer = await server.workspace_apply_edit_async(
        types.ApplyWorkspaceEditParams(documentation_edit(server, snapshot, edit), label="Document")
    )
    return answer.applied


def _command(snapshot: Document, offer: Offer) -> types.Command:
    lines = [offer.lines.first, offer.lines.last] if offer.lines else None
    argument = {
        "uri": snapshot.uri,
        "symbol": offer.symbol,
        "lines": lines,
        "version": snapshot.version,
        "replace": False,
    }
    return types.Command(offer.title, COMMENT, arguments=[argument])


def _row(row: int) -> types.Range:
    return types.Range(types.Position(row, 0), types.Position(row, 0))


def _empty(server: CodenookServer, params: CommentParams, reason: Reason) -> dict[str, Any]:
    message = reasons.describe(reason)
    _say_why(server, reason, message)
    return {"symbol": params.symbol, "applied": False, "reason": reason, "message": message}


def _say_why(server: CodenookServer, reason: Reason, message: str) -> None:
    text = f"codenook: no comment ({reason}): {message}"
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
