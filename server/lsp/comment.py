"""The command ``codenook.comment``, and the code actions that offer it."""

import asyncio
from collections.abc import Callable
from typing import Any

from attrs import frozen
from lsprotocol import types

from codenook.models.engine.errors import EngineError
from codenook.models.hub.catalog import Role
from codenook.server import reasons
from codenook.server.lsp.announced import shows_disabled, tags_of_model, takes_actions, takes_edits
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument, PendingRequest
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.progress import show_progress
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.lsp.workspace_edit import is_newest, put_in
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import CommentRequest, CommentResult
from codenook.server.tasks.comment_offers import Offer, offers_at
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
    opened = server.documents.get(params.uri)
    try:
        return await _comment(server, opened, params)
    except NoAnswer as why:
        _say_why(server, why)
        return {"symbol": params.symbol, "applied": False, "reason": why.reason, "message": why.message}


async def _comment(
    server: CodenookServer, opened: OpenDocument | None, params: CommentParams
) -> dict[str, Any]:
    if opened is None:
        raise NoAnswer(Reason.DOCUMENT_NOT_OPEN)
    snapshot = opened.snapshot
    await server.configured.wait()
    if params.version not in {None, snapshot.version} or not is_newest(server, opened, snapshot):
        raise NoAnswer(Reason.DOCUMENT_CHANGED)
    if reason := server.switched_off(snapshot, automatic=False):
        raise NoAnswer(reason)
    if not takes_edits(server.client_capabilities):
        raise NoAnswer(Reason.EDIT_NOT_TAKEN)
    result = await _written(server, opened, snapshot, params)
    if result.reason is not None:
        _say_why(server, NoAnswer(result.reason, result.message))
    if result.edit is not None:
        await put_in(server, opened, snapshot, result.edit, "Document")
    return {**result.to_json(snapshot), "applied": result.edit is not None}


async def comment_actions(
    server: CodenookServer, snapshot: Document, wanted: types.Range
) -> list[types.Command | types.CodeAction]:
    """What can be commented in a range, and what can't and why; the model is asked when one is chosen."""
    announced = server.client_capabilities
    if not takes_edits(announced):
        return []
    start, end = span_of(snapshot.text, wanted, server.encoding)
    offers = await in_worker(offers_at, snapshot, start, end)
    if not takes_actions(announced):
        return [comment_command(snapshot, offer) for offer in offers if not offer.why_not]
    tags = tags_of_model(announced)
    return [
        types.CodeAction(offer.title, kind=KIND, disabled=types.CodeActionDisabled(offer.why_not))
        if offer.why_not
        else types.CodeAction(offer.title, kind=KIND, command=comment_command(snapshot, offer), tags=tags)
        for offer in offers
        if not offer.why_not or shows_disabled(announced)
    ]


def comment_command(snapshot: Document, offer: Offer) -> types.Command:
    """The command that takes an offer up."""
    lines = [offer.lines.first, offer.lines.last] if offer.lines else None
    argument = {
        "uri": snapshot.uri,
        "symbol": offer.symbol,
        "lines": lines,
        "version": snapshot.version,
        "replace": False,
    }
    return types.Command(offer.title, COMMENT, arguments=[argument])


async def _written(
    server: CodenookServer, opened: OpenDocument, snapshot: Document, params: CommentParams
) -> CommentResult:
    """What a model writes, until the document changes or the user has seen enough: raises NoAnswer then."""

    def cancel() -> None:
        pending.end(Reason.CANCELLED)

    pending = PendingRequest[CommentResult](asyncio.create_task(_ask_model(server, snapshot, params, cancel)))
    opened.comments.add(pending)
    try:
        return await pending.task
    except asyncio.CancelledError:
        if pending.ended_by is None:  # by $/cancelRequest; answered with the error RequestCancelled
            raise
        raise NoAnswer(pending.ended_by) from None
    finally:
        opened.comments.discard(pending)


async def _ask_model(
    server: CodenookServer, snapshot: Document, params: CommentParams, cancel: Callable[[], None]
) -> CommentResult:
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
        server,
        "codenook: documenting",
        describe,
        server.comment(request, told),
        after_s=SHOWN_AFTER_S,
        cancel=cancel,
    )


def _say_why(server: CodenookServer, why: NoAnswer) -> None:
    if why.reason is not Reason.CANCELLED:
        text = f"codenook: no comment ({why.reason}): {why.message}"
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
