"""The command ``codenook.review``: findings about a change, as diagnostics."""

import asyncio
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from attrs import frozen
from lsprotocol import types

from codenook.context.files.repository import top_above
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import PendingRequest
from codenook.server.lsp.editor_files import EditorFiles, place_of
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.progress import show_progress
from codenook.server.lsp.review_job import ReviewJob
from codenook.server.lsp.switches import off_everywhere
from codenook.server.reasons import Reason
from codenook.server.review.render.json_report import to_json
from codenook.server.review.render.text import summary
from codenook.server.review.report import Report
from codenook.server.review.scope import lines as lines_scope
from codenook.server.review.scope import repository
from codenook.server.review.scope.change import Change
from codenook.server.review.scope.errors import ScopeError

REVIEW = "codenook.review"

SHOWN_AFTER_S = 0.5
"""A review that takes longer is shown as progress."""


class Scope(StrEnum):
    """What is reviewed."""

    CHANGE = "change"
    """All files of a repository that changed."""
    DOCUMENT = "document"
    """One of them; outside of a repository, all of its lines."""
    SELECTION = "selection"
    """Lines of a document, whether they changed or not."""


@frozen
class ReviewParams:
    """The command's one argument, which may be left out: what to review.

    ``uri`` is a document. Of a ``change`` it says which repository is meant: that of the first workspace
    folder when it is empty. ``since`` is a revision, HEAD when it is empty; with ``...`` behind it, it means
    where HEAD parted from it. ``lines`` are the first and the last line of a selection, from 1, in the
    document's ``version``.
    """

    scope: Scope = Scope.CHANGE
    uri: str = ""
    since: str = ""
    lines: tuple[int, int] | None = None
    version: int | None = None
    model: bool = True


async def review(server: CodenookServer, params: ReviewParams | None = None) -> dict[str, Any]:
    """Review, tell what is found as diagnostics, and return the documented JSON."""
    await server.configured.wait()
    reason: Reason | None = None
    message = ""
    report: Report | None = None
    try:
        report = await _reviewed(server, params or ReviewParams())
    except _Ended as why:
        report, reason, message = why.report, why.reason, why.message
    except NoAnswer as why:
        reason, message = why.reason, why.message
    _say(server, report, reason, message)
    return {
        "report": await asyncio.to_thread(to_json, report) if report else None,
        "reason": reason,
        "message": message,
    }


class _Ended(NoAnswer):
    """A review was stopped; ``report`` is what it has, None when it has not begun."""

    def __init__(self, reason: Reason, report: Report | None) -> None:
        super().__init__(reason)
        self.report = report


async def _reviewed(server: CodenookServer, params: ReviewParams) -> Report:
    job = _job(server, params)
    if server.reviewing is not None:
        server.reviewing.end(Reason.SUPERSEDED)

    def cancel() -> None:
        pending.end(Reason.CANCELLED)

    work = show_progress(
        server, "codenook: reviewing", job.describe, job.run(), after_s=SHOWN_AFTER_S, cancel=cancel
    )
    pending = server.reviewing = PendingRequest[Report](asyncio.create_task(work))
    try:
        return await pending.task
    except ScopeError as error:
        raise NoAnswer(Reason.NO_CHANGE, str(error)) from None
    except asyncio.CancelledError:
        if pending.ended_by is None:  # by $/cancelRequest; answered with the error RequestCancelled
            raise
        raise _Ended(pending.ended_by, job.report) from None
    finally:
        if pending.ended_by is not Reason.SUPERSEDED:
            await job.finish()


def _job(server: CodenookServer, params: ReviewParams) -> ReviewJob:
    """The review that is asked for; raises NoAnswer when there is nothing to review."""
    opened, place = server.documents.get(params.uri), place_of(server, params.uri)
    is_of_all = params.scope is Scope.CHANGE
    off = off_everywhere(server.settings, automatic=False)
    if opened is not None and not is_of_all:
        off = server.switched_off(opened.snapshot, automatic=False)
    if off is not None:
        raise NoAnswer(off)
    read = _of_all(server, params, place) if is_of_all else _of_document(server, params, place)
    return ReviewJob(server, read, partial(_covers, place=None if is_of_all else place), params.model)


def _of_all(server: CodenookServer, params: ReviewParams, place: Path) -> Callable[[], Change]:
    start = place if place.is_absolute() else server.main_folder
    if start is None:
        raise NoAnswer(Reason.NO_CHANGE, "no folder is open that could have changed")
    return partial(_read_all, start, params.since or None, EditorFiles.of(server))


def _of_document(server: CodenookServer, params: ReviewParams, place: Path) -> Callable[[], Change]:
    opened, files = server.documents.get(params.uri), EditorFiles.of(server)
    if not place.is_absolute():
        raise NoAnswer(Reason.DOCUMENT_NOT_OPEN, "the document is in no file")
    folder = server.folder_of(opened.snapshot.path if opened else place) or place.parent
    if params.scope is Scope.DOCUMENT:
        return partial(_read_document, folder, place, params.since or None, files)
    if opened is None:
        raise NoAnswer(Reason.DOCUMENT_NOT_OPEN)
    if params.version not in {None, opened.snapshot.version}:
        raise NoAnswer(Reason.DOCUMENT_CHANGED)
    first, last = params.lines or (0, 0)
    if not 1 <= first <= last:
        raise NoAnswer(Reason.POSITION_OUTSIDE, "lines count from 1, the last not before the first")
    return partial(_read_lines, folder, place, files, [range(first, last + 1)])


def _covers(change: Change, path: Path, *, place: Path | None) -> bool:
    """Whether a review had a say in a file: all of the change's folder, or one ``place``."""
    return path.is_relative_to(change.root) if place is None else path == place


def _read_all(start: Path, since: str | None, files: EditorFiles) -> Change:
    folder = start if start.is_dir() else start.parent
    return repository.changed(folder, since=since, texts=_texts(files))


def _read_document(folder: Path, place: Path, since: str | None, files: EditorFiles) -> Change:
    if since is None and top_above(place.parent) is None:
        return _read_lines(folder, place, files, None)
    return repository.changed(place.parent, since=since, only=[place], texts=_texts(files))


def _read_lines(folder: Path, place: Path, files: EditorFiles, lines: Sequence[range] | None) -> Change:
    text = files.text(place)
    if text is None:
        raise ScopeError(f"{place} can't be read as a text")
    root = top_above(place.parent) or folder.resolve()
    root = root if place.is_relative_to(root) else place.parent
    return lines_scope.of_document(root, place.relative_to(root).as_posix(), text.text, lines)


def _texts(files: EditorFiles) -> dict[Path, str]:
    return {place: document.text for place, document in files.documents.items() if place.is_absolute()}


def _say(server: CodenookServer, report: Report | None, reason: Reason | None, message: str) -> None:
    """Tell the user what the diagnostics don't, in one message: that there are none, or not all of them."""
    if reason in {Reason.CANCELLED, Reason.SUPERSEDED}:
        return
    if reason is not None:
        text = f"codenook: no review ({reason}): {message}"
    elif report is None or (report.findings and report.is_whole):
        return
    else:
        text = f"codenook: {'; '.join(summary(report))}"
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
