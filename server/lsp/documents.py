"""What the editor has open: the text of each document as a frozen snapshot, and what is going on in it."""

import asyncio
import os
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

from attrs import define, evolve, field
from lsprotocol.types import (
    TextDocumentContentChangeEvent,
    TextDocumentContentChangePartial,
    TextDocumentItem,
)
from pygls.uris import to_fs_path, urlparse

from codenook.server.lsp.debounce import N_EDITS
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.type_along import Shown
from codenook.server.reasons import Reason
from codenook.server.review.finding import Finding
from codenook.server.tasks.completion import CompletionResult
from codenook.server.tasks.document import Document
from codenook.server.tasks.stale_docs import Looked

Result = TypeVar("Result")


@define(eq=False)
class PendingRequest(Generic[Result]):
    """A request that waits for the model, and the reason if it was ended before."""

    task: asyncio.Task[Result]
    ended_by: Reason | None = None

    def end(self, reason: Reason) -> None:
        """Stop it for a reason, which stops the model, too; the first reason counts."""
        if self.ended_by is None and not self.task.done():
            self.ended_by = reason
            self.task.cancel()


def _real(path: Path) -> Path:
    """Resolve symbolic links, as far as a file can have such a name at all."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path


@define(eq=False)
class OpenDocument:
    """One open document: its newest snapshot, the pace of its edits, its request and what came of it."""

    snapshot: Document
    real: Path
    """Where its file is, symbolic links resolved; no absolute path where it has none."""
    edits_s: deque[float] = field(factory=lambda: deque(maxlen=N_EDITS))
    warming: asyncio.Task[None] | None = None
    """What is done for the document before the first request in it."""
    looking: asyncio.Task[None] | None = None
    """What is done for the place where the cursor rests."""
    checking: asyncio.Task[None] | None = None
    """What looks at the document, for diagnostics."""
    looked: Looked | None = None
    """The newest snapshot in which it was looked for, and what was found."""
    standing: tuple[Document | None, tuple[Finding, ...]] = (None, ())
    """The newest snapshot that diagnostics were told of, and what reviews found, where it is there."""
    request: PendingRequest[CompletionResult] | None = None
    jobs: set[PendingRequest[Any]] = field(factory=set)
    """What is written about this version: comments, unit tests."""
    shown: Shown | None = None
    result: CompletionResult | None = None
    """The latest answer of the model in this document, with its evidence."""

    @classmethod
    def of(cls, item: TextDocumentItem) -> "OpenDocument":
        """Begin with the text that the editor sent on opening."""
        file = to_fs_path(item.uri)
        path = Path(file or urlparse(item.uri)[2])
        document = Document(item.uri, path, item.text, item.language_id, item.version)
        return cls(document, _real(path) if file else Path(item.uri))

    def edit(self, changes: Iterable[TextDocumentContentChangeEvent], version: int, encoding: str) -> None:
        """Apply the editor's changes, each to the text that the one before left."""
        text = self.snapshot.text
        for change in changes:
            if isinstance(change, TextDocumentContentChangePartial):
                start, end = span_of(text, change.range, encoding)
                text = text[:start] + change.text + text[end:]
            else:
                text = change.text
        self.snapshot = evolve(self.snapshot, text=text, version=version)
        self.edits_s.append(time.monotonic())

    def end_work(self, reason: Reason) -> None:
        """Stop whatever is done for the document."""
        self.end_looking()
        self.end_checking()
        self.end_warming()
        self.end_request(reason)
        self.end_jobs(reason)

    def end_warming(self) -> None:
        """Stop what is done before the first request; an engine that starts goes on starting."""
        if self.warming is not None:
            self.warming.cancel()

    def end_checking(self) -> None:
        """Stop looking at a version that is no longer the newest."""
        if self.checking is not None:
            self.checking.cancel()

    def end_looking(self) -> None:
        """Stop what is done for a place that the cursor has left."""
        if self.looking is not None:
            self.looking.cancel()

    def end_request(self, reason: Reason) -> None:
        """Stop the request that waits for the model, if there is one."""
        if self.request is not None:
            self.request.end(reason)

    def end_jobs(self, reason: Reason) -> None:
        """Stop what is written for a version that is no longer the newest."""
        for job in self.jobs:
            job.end(reason)
