"""What a task is given: one version of one document."""

from pathlib import Path

from attrs import frozen

MAX_CHARACTERS = 1_000_000
"""Longer documents are left alone: parsing them takes longer than anyone waits."""


@frozen
class Document:
    """A snapshot; offsets into ``text`` count code points, ``language`` is an LSP language id."""

    uri: str
    path: Path
    text: str
    language: str
    version: int | None = None

    def path_in(self, workspace: Path | None) -> str:
        """Return the path as the model reads it: relative to the workspace."""
        if workspace is not None and self.path.is_relative_to(workspace):
            return self.path.relative_to(workspace).as_posix()
        return self.path.name


def is_utf8(text: str) -> bool:
    """Whether a text can be a file: an editor may send halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
