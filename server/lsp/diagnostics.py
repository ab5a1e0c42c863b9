"""``textDocument/publishDiagnostics``: of each file all that is told of it, from wherever it comes.

Stale documentation is about open documents, what reviews found about any file. The editor keeps one list for
each, so both are put together here. What is told of an open document is of one version of it.
"""

import asyncio
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from lsprotocol import types

from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.editor_files import EditorFiles
from codenook.server.lsp.finding_diagnostics import finding_diagnostics
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.reviewed import Reviewed, in_worker
from codenook.server.lsp.stale_docs import stale_docs
from codenook.server.review.finding import Finding
from codenook.server.tasks.document import Document

PAUSE_S = 0.5
"""How long nobody types before a changed document is looked at."""


def check(server: CodenookServer, opened: OpenDocument, after_s: float = 0.0) -> None:
    """Look at a document, and tell the editor what there is to tell of it."""
    opened.end_checking()
    opened.checking = asyncio.create_task(_check(server, opened, after_s))


def check_soon(server: CodenookServer, opened: OpenDocument) -> None:
    """Look at a document once nobody types."""
    check(server, opened, PAUSE_S)


def closed(server: CodenookServer, opened: OpenDocument) -> None:
    """Have the editor forget what it shows of a document, but for findings, which are about the file."""
    if server.reviewed.of(opened.real) is None:
        _publish(server, opened.real, opened.snapshot.uri, ())
    changed(server, [opened.real])


def tell(server: CodenookServer, places: Iterable[Path]) -> None:
    """Tell what was found in these files, or is not any more; one after the other, each as it is then."""
    server.to_tell |= dict.fromkeys(places)
    _go_on(server)


def changed(server: CodenookServer, paths: Iterable[Path]) -> None:
    """Look again at findings about files that changed without their documents, or with evidence there."""
    server.changed.update(paths)
    _go_on(server)


def _go_on(server: CodenookServer) -> None:
    if (server.to_tell or server.changed) and (server.telling is None or server.telling.done()):
        server.telling = asyncio.create_task(_tell(server))


async def _tell(server: CodenookServer) -> None:
    while server.to_tell or server.changed:
        if server.changed:
            paths, server.changed = server.changed, set()
            server.to_tell |= dict.fromkeys(await in_worker(_concerned, server.reviewed, paths))
            continue
        place = next(iter(server.to_tell))
        del server.to_tell[place]
        opened = _opened(server, place)
        if opened is None:
            await _tell_closed(server, place)
            continue
        if opened.checking is not None:
            await asyncio.wait([opened.checking])
        check(server, opened)
        if opened.checking is not None:
            await asyncio.wait([opened.checking])


def _concerned(reviewed: Reviewed, paths: Iterable[Path]) -> list[Path]:
    places: set[Path] = set()
    for path in paths:
        with suppress(ValueError):  # from a path that no file can have
            places.add(Path(os.path.realpath(path)))
    return reviewed.concerned(frozenset(places))


async def all_told(server: CodenookServer) -> None:
    """Wait until the editor knows everything that was to be told."""
    while server.telling is not None and not server.telling.done():
        await asyncio.wait([server.telling])


async def _tell_closed(server: CodenookServer, place: Path) -> None:
    files = EditorFiles.of(server)
    told, _ = await in_worker(_found, server, place, files)
    if _opened(server, place) is None:
        _publish(server, place, files.uri(place), told)


async def _check(server: CodenookServer, opened: OpenDocument, after_s: float) -> None:
    await server.configured.wait()
    await asyncio.sleep(after_s)
    snapshot = opened.snapshot
    stale = await stale_docs(server, opened, snapshot)
    found, standing = await in_worker(_found, server, opened.real, EditorFiles.of(server))
    if opened.snapshot is not snapshot or server.documents.get(snapshot.uri) is not opened:
        return
    is_new, opened.standing = opened.standing[0] is not snapshot, (snapshot, standing)
    _publish(server, opened.real, snapshot.uri, [*stale, *found], snapshot.version)
    if is_new:
        tell(server, server.reviewed.pointing_to(opened.real))


def _found(
    server: CodenookServer, place: Path, files: EditorFiles
) -> tuple[list[types.Diagnostic], tuple[Finding, ...]]:
    """What reviews found in a file, as far as it still stands."""
    file = server.reviewed.of(place)
    if file is None:
        return [], ()
    standing = file.standing(files.text)
    root, announced = file.change.root, server.client_capabilities
    return finding_diagnostics(standing, root, files, server.encoding, announced), standing


async def standing_in(opened: OpenDocument, snapshot: Document) -> tuple[Finding, ...]:
    """The findings in a snapshot, where they are in it; none in an old one."""
    if opened.checking is not None:
        await asyncio.wait([opened.checking])
    document, standing = opened.standing
    return standing if document is snapshot else ()


def _opened(server: CodenookServer, place: Path) -> OpenDocument | None:
    return next((opened for opened in server.documents.values() if opened.real == place), None)


def _publish(
    server: CodenookServer,
    place: Path,
    uri: str,
    told: Sequence[types.Diagnostic],
    version: int | None = None,
) -> None:
    before = server.shown.pop(place, None)
    if before is not None and before != uri:
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(before, ()))
    if told:
        server.shown[place] = uri
    if told or before == uri:
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, told, version))
