"""What commands share that have a model write: progress, and an end as soon as nobody wants the result."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from attrs import frozen
from lsprotocol import types

from codenook.models.engine.errors import EngineError
from codenook.models.hub.catalog import Role
from codenook.server import reasons
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument, PendingRequest
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.progress import show_progress
from codenook.server.lsp.workspace_edit import is_newest
from codenook.server.reasons import Reason
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import Progress, Told

Result = TypeVar("Result")

SHOWN_AFTER_S = 0.5
"""Work that takes longer is shown as progress."""


def parts_done(name: str, progress: Progress) -> str:
    """How many parts are done, and the newest; ``name`` until the job tells of its progress."""
    done = f"{progress.done} of {progress.total}" if progress.total else name
    return f"{done}: {progress.partial}" if progress.partial else done


def being_done(name: str, progress: Progress) -> str:
    """What is being done, for a job that tells per cent."""
    return progress.partial or name


@frozen
class Shown:
    """What the editor shows of a job: ``title``, and what ``message`` makes of ``name`` and its progress."""

    title: str
    name: str
    message: Callable[[str, Progress], str] = parts_done


async def snapshot_of(server: CodenookServer, uri: str, version: int | None) -> tuple[OpenDocument, Document]:
    """The document of that version (None: as it is), if it may be asked about; raises NoAnswer."""
    opened = server.documents.get(uri)
    if opened is None:
        raise NoAnswer(Reason.DOCUMENT_NOT_OPEN)
    snapshot = opened.snapshot
    await server.configured.wait()
    if version not in {None, snapshot.version} or not is_newest(server, opened, snapshot):
        raise NoAnswer(Reason.DOCUMENT_CHANGED)
    if reason := server.switched_off(snapshot, automatic=False):
        raise NoAnswer(reason)
    return opened, snapshot


async def written(
    server: CodenookServer,
    opened: OpenDocument,
    shown: Shown,
    job: Callable[[Told], Awaitable[Result]],
    *,
    needs_model: bool = True,
) -> Result:
    """Await a job for the newest version of a document; with ``needs_model``, the engine is started first.

    Raises NoAnswer when the document changes or is closed, when the user has it stopped, and when the engine
    can't be started.
    """

    def cancel() -> None:
        pending.end(Reason.CANCELLED)

    async def run() -> Result:
        if needs_model:
            await server.engine_ready(Role.CHAT)
        return await _shown(server, shown, job, cancel)

    pending = PendingRequest[Result](asyncio.create_task(run()))
    opened.jobs.add(pending)
    try:
        return await pending.task
    except EngineError as error:
        raise NoAnswer(reasons.of_error(error), str(error)) from None
    except asyncio.CancelledError:
        if pending.ended_by is None:  # by $/cancelRequest; answered with the error RequestCancelled
            raise
        raise NoAnswer(pending.ended_by) from None
    finally:
        opened.jobs.discard(pending)


async def _shown(
    server: CodenookServer, shown: Shown, job: Callable[[Told], Awaitable[Result]], cancel: Callable[[], None]
) -> Result:
    latest = Progress(0, 0)

    def told(progress: Progress) -> None:
        nonlocal latest
        latest = progress

    def describe(_seconds: float) -> types.WorkDoneProgressReport:
        percentage = 100 * latest.done // latest.total if latest.total else None
        return types.WorkDoneProgressReport(message=shown.message(shown.name, latest), percentage=percentage)

    return await show_progress(server, shown.title, describe, job(told), after_s=SHOWN_AFTER_S, cancel=cancel)
