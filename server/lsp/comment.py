"""The command ``codenook.comment``, and the code actions that offer it."""

from functools import partial
from typing import Any

from attrs import frozen
from lsprotocol import types

from codenook.server.lsp.announced import shows_disabled, tags_of_model, takes_actions, takes_edits
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.model_job import Shown, snapshot_of, written
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.lsp.workspace_edit import put_in
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import CommentRequest
from codenook.server.tasks.comment_offers import Offer, offers_at
from codenook.server.tasks.document import Document
from codenook.server.tasks.line_comment import Lines

COMMENT = "codenook.comment"
KIND = types.CodeActionKind.RefactorRewrite
DOCUMENTING = "codenook: documenting"


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
    try:
        return await _comment(server, params)
    except NoAnswer as why:
        say_why(server, why)
        return {"symbol": params.symbol, "applied": False, "reason": why.reason, "message": why.message}


async def _comment(server: CodenookServer, params: CommentParams) -> dict[str, Any]:
    opened, snapshot = await snapshot_to_comment(server, params.uri, params.version)
    request = CommentRequest(
        snapshot,
        params.symbol,
        server.folder_of(snapshot.path),
        replace=params.replace,
        lines=Lines(*params.lines) if params.lines else None,
    )
    result = await written(
        server, opened, Shown(DOCUMENTING, params.symbol), partial(server.comment, request)
    )
    if result.reason is not None:
        say_why(server, NoAnswer(result.reason, result.message))
    if result.edit is not None:
        await put_in(server, opened, snapshot, [result.edit], "Document")
    return {**result.to_json(snapshot), "applied": result.edit is not None}


async def snapshot_to_comment(
    server: CodenookServer, uri: str, version: int | None
) -> tuple[OpenDocument, Document]:
    """The document of that version (None: as it is), if a comment may be put in; raises NoAnswer."""
    opened, snapshot = await snapshot_of(server, uri, version)
    if not takes_edits(server.client_capabilities):
        raise NoAnswer(Reason.EDIT_NOT_TAKEN)
    return opened, snapshot


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


def say_why(server: CodenookServer, why: NoAnswer) -> None:
    """Tell the user why there is no comment, unless they stopped it themselves."""
    if why.reason is not Reason.CANCELLED:
        text = f"codenook: no comment ({why.reason}): {why.message}"
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
