"""What finds something about a change: facts of the index, the model's surprise, its reading, linters."""

from collections.abc import AsyncIterator, Callable
from typing import Protocol, runtime_checkable

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.review.finding import Finding, SourceName
from codenook.server.review.report import Account
from codenook.server.review.scope.change import ChangedFile


@frozen
class Unready:
    """Why a source can't be asked about a change: a code, and a sentence without a full stop."""

    reason: str
    message: str


class Incomplete(Exception):
    """A source told what it has about a file, and couldn't find out all; the message has no full stop."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class Source(Protocol):
    """Finds something about one file of a change after the other.

    What it yields need not be on a changed line, nor be told once: `merge` sees to both.
    """

    @property
    def name(self) -> SourceName:
        """What it is called."""

    async def unready(self) -> Unready | None:
        """Why it can't be asked; None when it can."""

    def about(self, file: ChangedFile) -> AsyncIterator[Finding]:
        """What it finds about a file. Cancelling the task that asks stops it.

        Raises EngineError when a model failed, and Incomplete, after what it found, when a part of it is
        missing; then it is asked about the next file all the same.
        """


@runtime_checkable
class TellsLines(Protocol):
    """A source that says how far it is in a file: the path, and how many more changed lines it looked at."""

    looked: Callable[[str, int], None]


@runtime_checkable
class Accountable(Protocol):
    """A source that also says what it didn't tell, and why."""

    def account(self) -> Account:
        """What it has to say so far."""


@frozen
class Unasked:
    """In the place of a source that somebody doesn't want asked; ``message`` has no full stop."""

    name: SourceName
    reason: Reason
    message: str

    async def unready(self) -> Unready | None:
        """Why it isn't asked."""
        return Unready(self.reason.value, self.message)

    async def about(self, file: ChangedFile) -> AsyncIterator[Finding]:  # noqa: ARG002 - there is no answer
        """Nothing."""
        findings: tuple[Finding, ...] = ()
        for finding in findings:
            yield finding
