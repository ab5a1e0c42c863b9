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
