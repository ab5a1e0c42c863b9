"""What commands share that have a model write: progress, and an end as soon as nobody wants the result."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from lsprotocol import types

from codenook.models.engine.errors import EngineError
from codenook.models.hub.catalog import Role
from codenook.server import reasons
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument, PendingRequest
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.progress import show_progress
from codenook.server.reasons import Reason
from codenook.server.tasks.jobs import Progress, Told

Result = TypeVar("Result")

SHOWN_AFTER_S = 0.5
"""Work that takes longer is shown as progress."""


async def written(
    server: CodenookServer, opened: OpenDocument, name: str, job: Callable[[Told], Awaitable[Result]]
) -> Result:
    """Await a job for the newest version of a document; ``name`` is shown until it tells of its progress.

    Raises NoAnswer when the document changes or is closed, when the user has it stopped, and when the engine
    can't be started.
    """

    def cancel() -> None:
        pending.end(Reason.CANCELLED)

    pending = PendingRequest[Result](asyncio.create_task(_run(server, name, job, cancel)))
    opened.comments.add(pending)
    try:
        return await pending.task
    except EngineError as error:
        raise NoAnswer(reasons.of_error(error), str(error)) from None
    except asyncio.CancelledError:
        if pending.ended_by is None:  # by $/cancelRequest; answered with the error RequestCancelled
            raise
        raise NoAnswer(pending.ended_by) from None
    finally:
        opened.comments.discard(pending)


async def _run(
    server: CodenookServer, name: str, job: Callable[[Told], Awaitable[Result]], cancel: Callable[[], None]
) -> Result:
    latest = Progress(0, 0)

    def told(progress: Progress) -> None:
        nonlocal latest
        latest = progress

    def describe(_seconds: float) -> types.WorkDoneProgressReport:
        done = f"{latest.done} of {latest.total}" if latest.total else name
        message = f"{done}: {latest.partial}" if latest.partial else done
        percentage = 100 * latest.done // latest.total if latest.total else None
        return types.WorkDoneProgressReport(message=message, percentage=percentage)

    await server.engine_ready(Role.CHAT)
    return await show_progress(
        server, "codenook: documenting", describe, job(told), after_s=SHOWN_AFTER_S, cancel=cancel
    )
