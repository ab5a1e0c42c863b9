"""``textDocument/inlineCompletion``: the way of a request, from the cursor to the items in the editor."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from attrs import frozen
from lsprotocol import types

from codenook.models.engine.errors import EngineError
from codenook.server import reasons
from codenook.server.lsp.accepted import ACCEPTED
from codenook.server.lsp.answered import NoAnswer, say_why
from codenook.server.lsp.debounce import delay_s
from codenook.server.lsp.documents import OpenDocument, PendingRequest
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import offset_at, position_at
from codenook.server.lsp.selection import Selection, no_selection, selection_at
from codenook.server.lsp.type_along import Offer, Shown, rests
from codenook.server.reasons import Reason
from codenook.server.tasks.completion import CompletionRequest, CompletionResult
from codenook.server.tasks.document import Document


async def inline_completion(
    server: CodenookServer, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """Answer with candidates to insert at the cursor, or in the place of the menu's selected item."""
    automatic = params.context.trigger_kind is types.InlineCompletionTriggerKind.Automatic
    answer = await candidates(
        server,
        params.text_document.uri,
        params.position,
        automatic=automatic,
        debounced=automatic,
        selected=params.context.selected_completion_info,
    )
    return types.InlineCompletionList(
        items=[
            types.InlineCompletionItem(
                insert_text=answer.selection.text + offer.text,
                range=answer.selection.range,
                command=accepting(offer),
            )
            for offer in answer.offers
        ]
    )


@frozen
class Answer:
    """What to offer, and the document and cursor it fits: newer ones, if someone typed along meanwhile."""

    selection: Selection
    offers: tuple[Offer, ...] = ()
    text: str = ""
    offset: int = 0
    language: str = ""


async def candidates(
    server: CodenookServer,
    uri: str,
    position: types.Position,
    *,
    automatic: bool,
    debounced: bool,
    selected: types.SelectedCompletionInfo | None = None,
) -> Answer:
    """Return candidates, or say why there are none and return nothing to offer.

    The snapshot is taken before the first ``await``: what follows may take a while, and the text goes on.
    """
    server.counters.requests += 1
    opened = server.documents.get(uri)
    version = opened.snapshot.version if opened else None
    try:
        return await _complete(
            server, opened, position, automatic=automatic, debounced=debounced, selected=selected
        )
    except NoAnswer as why:
        say_why(server, uri, version, why)
        return Answer(no_selection(position, 0))
    except asyncio.CancelledError:  # by $/cancelRequest; pygls answers with the error RequestCancelled
        server.counters.cancelled += 1
        server.last_reason = Reason.CANCELLED
        raise


def accepting(offer: Offer) -> types.Command:
    """Return what the editor runs after it inserted ``offer``: it sends the id back (see `accepted`)."""
    return types.Command("Accept completion", ACCEPTED, arguments=[offer.id])


async def _complete(
    server: CodenookServer,
    opened: OpenDocument | None,
    position: types.Position,
    *,
    automatic: bool,
    debounced: bool,
    selected: types.SelectedCompletionInfo | None,
) -> Answer:
    if opened is None:
        raise NoAnswer(Reason.DOCUMENT_NOT_OPEN)
    snapshot = opened.snapshot
    await server.configured.wait()
    if reason := server.switched_off(snapshot, automatic=automatic):
        raise NoAnswer(reason)
    offset = offset_at(snapshot.text, position, server.encoding)
    if offset is None:
        raise NoAnswer(Reason.POSITION_OUTSIDE)

    opened.end_request(Reason.SUPERSEDED)
    selection = selection_at(snapshot.text, position, offset, selected, server.encoding)
    accepted, cursor = selection.accepted(snapshot, offset)
    if opened.shown and (offers := rests(opened.shown, accepted.text, cursor)):
        server.counters.answered_from_typing += 1
        return Answer(selection, offers, snapshot.text, offset, snapshot.language)

    wait_s = _debounce_s(server, opened) if debounced else 0.0
    result = await _newest_only(server, opened, _ask_model(server, accepted, cursor, wait_s))
    opened.result = result
    if result.reason is not None:
        raise NoAnswer(result.reason, result.message)

    offers = tuple(server.offer(candidate.text) for candidate in result.candidates)
    opened.shown = shown = Shown(
        snapshot.text[: selection.start], snapshot.text[offset:], selection.continued(offers)
    )
    newest = opened.snapshot
    if newest.version != snapshot.version:  # someone typed meanwhile: along a candidate, with luck
        offset = len(newest.text) - len(shown.after)
        offers = rests(shown, newest.text, offset)
        if not offers:
            raise NoAnswer(Reason.DOCUMENT_CHANGED)
        selection = no_selection(position_at(newest.text, offset, server.encoding), offset)
    server.counters.answered_by_model += 1
    return Answer(selection, offers, newest.text, offset, newest.language)


def _debounce_s(server: CodenookServer, opened: OpenDocument) -> float:
    return delay_s(
        opened.edits_s,
        time.monotonic(),
        request_s=server.request_s,
        least_s=server.settings.debounce_min_ms / 1e3,
        most_s=server.settings.debounce_max_ms / 1e3,
    )


async def _newest_only(
    server: CodenookServer, opened: OpenDocument, asking: Coroutine[Any, Any, CompletionResult]
) -> CompletionResult:
    """Await ``asking`` unless a newer request or the editor ends it, which stops the model too."""
    request = opened.request = PendingRequest(asyncio.create_task(asking))
    try:
        return await request.task
    except asyncio.CancelledError:
        if request.ended_by is None:
            raise
        server.counters.superseded += request.ended_by is Reason.SUPERSEDED
        raise NoAnswer(request.ended_by) from None


async def _ask_model(
    server: CodenookServer, snapshot: Document, offset: int, wait_s: float
) -> CompletionResult:
    await asyncio.sleep(wait_s)
    try:
        await server.engine_ready()
    except EngineError as error:
        raise NoAnswer(reasons.of_error(error), str(error)) from None
    started_s = time.monotonic()
    request = CompletionRequest(snapshot, offset, workspace=server.folder_of(snapshot.path))
    result = await server.completion(request)
    server.note_request(time.monotonic() - started_s)
    return result
