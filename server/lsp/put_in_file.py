"""A file into the editor: as an edit of what it was when its new text was made, or not at all."""

import contextlib
import os
from pathlib import Path

from attrs import frozen
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codenook.server.documentation.edits import Edit
from codenook.server.lsp.announced import creates_files, shows_documents, takes_edits
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.editor_files import EditorFiles
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import positions_at
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.lsp.workspace_edit import Annotation, edit_of, send
from codenook.server.reasons import Reason
from codenook.server.tasks.document import Document
from codenook.server.tasks.place import PlaceError, read_text
from codenook.server.unit_tests.hunks import hunks, newest


@frozen
class ChangedFile:
    """A file with symbolic links resolved: its text ``before`` (None: it is new), and ``after``."""

    place: Path
    before: str | None
    after: str

    @classmethod
    def of(cls, root: Path, path: str, before: str | None, after: str) -> "ChangedFile":
        """The file that has a path in a workspace; raises NoAnswer when its links lead out of it."""
        real, place = Path(os.path.realpath(root)), Path(os.path.realpath(root / path))
        if not place.is_relative_to(real):
            raise NoAnswer(Reason.FILE_NOT_WRITTEN, f"{path} leads out of the workspace")
        return cls(place, before, after)


async def put_in_file(server: CodenookServer, file: ChangedFile, annotation: Annotation) -> str:
    """Have the editor make or change a file, and show it; return its URI.

    ``annotation`` is what the edit says of itself. Raises NoAnswer when the file isn't what it was any more,
    open or on disk, and when the editor doesn't take the edit.
    """
    announced = server.client_capabilities
    if not takes_edits(announced):
        raise NoAnswer(Reason.EDIT_NOT_TAKEN)
    opened = _opened(server, file.place)
    is_created = opened is None and file.before is None
    if is_created and not creates_files(announced):
        raise NoAnswer(Reason.EDIT_NOT_TAKEN, "The editor makes no file when it is asked to.")
    if opened is None and not await in_worker(_is_as_before, file):
        raise _changed(file)
    document = opened.snapshot if opened else _document(server, file)
    if document.text != (file.before or ""):
        raise _changed(file)

    def is_same() -> bool:
        now = _opened(server, file.place)
        return now is opened and (now is None or now.snapshot is document)

    edits = await in_worker(hunks, document.text, file.after)
    created = [document.uri] if is_created else []
    edit = edit_of(announced, server.encoding, [(document, edits)], annotation, created)
    await send(server, edit, annotation.label, is_same)
    await _show(server, document.uri, file.after, edits)
    return document.uri


def _opened(server: CodenookServer, place: Path) -> OpenDocument | None:
    return next((opened for opened in server.documents.values() if opened.real == place), None)


def _document(server: CodenookServer, file: ChangedFile) -> Document:
    """A file that is not open."""
    return Document(EditorFiles.of(server).uri(file.place), file.place, file.before or "", language="")


def _is_as_before(file: ChangedFile) -> bool:
    if file.before is None:
        return not os.path.lexists(file.place)
    try:
        return read_text(file.place) == file.before
    except PlaceError:
        return False


def _changed(file: ChangedFile) -> NoAnswer:
    return NoAnswer(Reason.DOCUMENT_CHANGED, f"{file.place.name} changed meanwhile; it is left as it is.")


async def _show(server: CodenookServer, uri: str, text: str, edits: list[Edit]) -> None:
    """Show the file where the editor can, with what is new in it selected; of a new file, its beginning."""
    if not shows_documents(server.client_capabilities):
        return
    start, end = newest(edits)
    selection = types.Range(*positions_at(text, [start, start if start == 0 else end], server.encoding))
    params = types.ShowDocumentParams(uri, take_focus=True, selection=selection)
    with contextlib.suppress(JsonRpcException):
        await server.window_show_document_async(params)
