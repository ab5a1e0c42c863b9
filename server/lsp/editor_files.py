"""The files as the editor has them: open documents in the place of what is on disk."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import define, field
from pygls.uris import to_fs_path

from codenook.server.lsp.language_server import CodenookServer
from codenook.server.review.scope.change import Text
from codenook.server.tasks.document import Document
from codenook.server.tasks.place import PlaceError, read_text


def place_of(server: CodenookServer, uri: str) -> Path:
    """Where a file is, symbolic links resolved; no absolute path where a URI names none."""
    if opened := server.documents.get(uri):
        return opened.real
    path = to_fs_path(uri)
    return Path(os.path.realpath(path)) if path else Path(uri)


@define(eq=False)
class EditorFiles:
    """One moment of it, for another thread; files are read when they are asked for, once.

    Paths are absolute, symbolic links resolved. ``folders`` are the workspace's as the editor spells them.
    """

    documents: Mapping[Path, Document]
    folders: Sequence[Path] = ()
    _texts: dict[Path, Text | None] = field(factory=dict, init=False)
    _real_folders: list[tuple[Path, Path]] | None = field(default=None, init=False)

    @classmethod
    def of(cls, server: CodenookServer) -> "EditorFiles":
        """The files as they are now."""
        documents = {opened.real: opened.snapshot for opened in server.documents.values()}
        return cls(documents, server.folders)

    def text(self, path: Path) -> Text | None:
        """The text of a file; None without one that can be read."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def uri(self, path: Path) -> str:
        """The URI by which the editor knows a file."""
        if opened := self.documents.get(path):
            return opened.uri
        if self._real_folders is None:
            self._real_folders = [(Path(os.path.realpath(folder)), folder) for folder in self.folders]
        around = [(real, folder) for real, folder in self._real_folders if path.is_relative_to(real)]
        real, folder = max(around, key=lambda pair: len(pair[0].parts), default=(path, path))
        return (folder / path.relative_to(real)).as_uri()

    def document(self, path: Path) -> Document | None:
        """A file as a document: without a version when it is not open."""
        text = self.text(path)
        if path in self.documents or text is None:
            return self.documents.get(path)
        return Document(self.uri(path), path, text.text, language="")

    def _read(self, path: Path) -> Text | None:
        if opened := self.documents.get(path):
            return Text(opened.text)
        try:
            return Text(read_text(path))
        except PlaceError:
            return None
