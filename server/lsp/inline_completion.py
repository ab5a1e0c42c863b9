"""``textDocument/inlineCompletion``: the way of a request, from the cursor to the items in the editor."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from lsprotocol import types

from codenook.models.engine.errors import EngineError
from codenook.server import reasons
from codenook.server.lsp.accepted import ACCEPTED
from codenook.server.lsp.answered import NoAnswer, say_why
from codenook.server.lsp.debounce import delay_s
from codenook.server.lsp.documents import OpenDocument, PendingRequest
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import offset_at, position_at
from codenook.server.lsp.type_along import Offer, Shown, rests
from codenook.server.reasons import Reason
from codenook.server.tasks.completion import CompletionRequest, CompletionResult
from codenook.server.tasks.document import Document


async def inline_completion(
    server: CodenookServer, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """Answer with candidates, or say why there are none and answer with an empty list.

    The snapshot is taken before the first ``await``: what follows may take a while, and the text goes on.
    """
    server.counters.requests += 1
    uri = params.text_document.uri
    opened = server.documents.get(uri)
    version = opened.snapshot.version if opened else None
    try:
        return await _complete(server, opened, params)
    except NoAnswer as why:
        say_why(server, uri, version, why)
        return types.InlineCompletionList(items=[])
    except asyncio.CancelledError:  # by $/cancelRequest; pygls answers with the error RequestCancelled
        server.counters.cancelled += 1
        server.last_reason = Reason.CANCELLED
        raise


async def _complete(
    server: CodenookServer, opened: OpenDocument | None, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    if opened is None:
        raise NoAnswer(Reason.DOCUMENT_NOT_OPEN)
    snapshot = opened.snapshot
    await server.configured.wait()
    if not server.settings.enabled:
        raise NoAnswer(Reason.DISABLED)
    offset = offset_at(snapshot.text, params.position, server.encoding)
    if offset is None:
        raise NoAnswer(Reason.POSITION_OUTSIDE)

    opened.end_request(Reason.SUPERSEDED)
    if opened.shown and (offers := rests(opened.shown, snapshot.text, offset)):
        server.counters.answered_from_typing += 1
        return _items(offers, params.position)

    automatic = params.context.trigger_kind is types.InlineCompletionTriggerKind.Automatic
    wait_s = _debounce_s(server, opened) if automatic else 0.0
    result = await _newest_only(server, opened, _ask_model(server, snapshot, offset, wait_s))
    opened.result = result
    if result.reason is not None:
        raise NoAnswer(result.reason, result.message)

    offers = tuple(server.offer(candidate.text) for candidate in result.candidates)
    opened.shown = Shown(snapshot.text[:offset], snapshot.text[offset:], offers)
    position, newest = params.position, opened.snapshot
    if newest.version != snapshot.version:  # someone typed meanwhile: along a candidate, with luck
        offset = len(newest.text) - len(opened.shown.after)
        offers = rests(opened.shown, newest.text, offset)
        if not offers:
            raise NoAnswer(Reason.DOCUMENT_CHANGED)
        position = position_at(newest.text, offset, server.encoding)
    server.counters.answered_by_model += 1
    return _items(offers, position)


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


def _items(offers: Sequence[Offer], position: types.Position) -> types.InlineCompletionList:
    """Insert at the cursor, replace nothing; accepting an item sends its id back (see `accepted`)."""
    return types.InlineCompletionList(
        items=[
            types.InlineCompletionItem(
                insert_text=offer.text,
                range=types.Range(position, position),
                command=types.Command("Accept completion", ACCEPTED, arguments=[offer.id]),
            )
            for offer in offers
        ]
    )
