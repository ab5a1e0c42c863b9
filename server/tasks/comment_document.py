"""Comment a document as a whole: one definition after the other, and what was proven so far is kept."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from codenook.context.parse import language_named
from codenook.server.documentation.edits import Edit
from codenook.server.reasons import Reason, is_engine_failure
from codenook.server.tasks.comment import Comment, CommentRequest, CommentResult
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import Progress, Told
from codenook.server.tasks.undocumented import undocumented
from codenook.server.verify.apart import difference_apart

MOST_DEFINITIONS = 50
"""How many definitions a model is asked about for one request; the next request goes on."""


class DocumentComments:
    """What is written for a document.

    ``results`` and ``left``, the definitions that nobody was asked about, are true at any time, also when
    `write` is cancelled.
    """

    def __init__(self, comment: Comment, document: Document, workspace: Path | None) -> None:
        self.results: list[CommentResult] = []
        self.left: list[str] = []
        self._comment = comment
        self._document = document
        self._workspace = workspace

    async def write(self, told: Told) -> None:
        """Have each definition documented that is not, in the order of the file, until the model fails."""
        self.left = await asyncio.to_thread(undocumented, self._document)
        total = min(len(self.left), MOST_DEFINITIONS)
        while self.left and len(self.results) < MOST_DEFINITIONS:
            symbol = self.left[0]
            told(Progress(len(self.results), total, symbol))
            result = await self._comment(CommentRequest(self._document, symbol, self._workspace))
            if result.reason is not None and (
                result.reason is Reason.TOO_MANY_REQUESTS or is_engine_failure(result.reason)
            ):
                self.results.append(result)
                return
            self.left.pop(0)
            self.results.append(result)

    @property
    def reason(self) -> Reason | None:
        """Why there is nothing to put in; None when there is something."""
        if any(result.edit is not None for result in self.results):
            return None
        reasons = [result.reason for result in self.results if result.reason is not None]
        return reasons[-1] if reasons else Reason.NOTHING_TO_DOCUMENT

    async def proven(self) -> list[Edit]:
        """All edits, in order, none if they change code together; each was proven by itself."""
        edits = sorted(
            (result.edit for result in self.results if result.edit is not None), key=lambda edit: edit.start
        )
        is_same = await asyncio.to_thread(_changes_nothing, self._document, edits)
        return edits if is_same else []


def _changes_nothing(document: Document, edits: Sequence[Edit]) -> bool:
    language, after = language_named(document.language), document.text
    if language is None or any(one.end > other.start for one, other in pairwise(edits)):
        return False
    for edit in reversed(edits):
        after = edit.apply(after)
    return difference_apart(language, document.text, after) is None
