"""Turns on the decoder: what runs, and what ends it."""

import time
from collections.abc import Callable

from codenook.models.engine.memories import Held
from codenook.models.engine.messages import Candidate, GenerateRequest


class Cancelled(Exception):
    """The request was cancelled; what was evaluated of its prompt stays in its slot."""


class Turn:
    """A request's turn on the decoder; any thread may cancel it, before or while it runs."""

    def __init__(self) -> None:
        self.cancelled = False
        self.queued_at = time.perf_counter()


class Job(Turn):
    """The turn of a request for candidates.

    ``finished`` is called for each candidate, on the decoder's thread, before the next one is looked at.
    """

    def __init__(
        self,
        request: GenerateRequest,
        finished: Callable[[Candidate], None] = lambda _: None,
        memory: Held | None = None,
    ) -> None:
        super().__init__()
        self.request = request
        self.finished = finished
        self.memory = memory
