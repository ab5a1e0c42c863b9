"""Texts are scored when nobody waits for candidates: one after the other, and a batch at a time."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import TypeVar

from codenook.models.engine.decode import Decoder
from codenook.models.engine.messages import ScoreRequest, Scores
from codenook.models.engine.scoring import Scoring
from codenook.models.engine.turns import Cancelled, Turn

T = TypeVar("T")

KEPT_S = 2.0
"""How long a text that was scored is kept for the next one that begins like it; then it makes way."""


class Scorer:
    """The score requests of one engine. Its methods belong to the event loop."""

    def __init__(self, decoder: Decoder, decodes: Executor) -> None:
        """``decodes`` runs what belongs to the decoder's thread."""
        self._decoder = decoder
        self._decodes = decodes
        self._one_at_a_time = asyncio.Lock()
        self._calm = asyncio.Event()
        self._calm.set()
        self._n_waiting = 0
        self._turn: Turn | None = None
        self._letting_go: asyncio.TimerHandle | None = None

    async def score(self, request: ScoreRequest, turn: Turn) -> Scores:
        """Answer a request. Raises Cancelled when ``turn`` was cancelled, else what `Scoring` does."""
        async with self._one_at_a_time:
            if self._letting_go is not None:
                self._letting_go.cancel()
            self._turn = turn
            try:
                scoring = await self._do(lambda: Scoring(self._decoder, request, turn))
                while True:
                    await self._calm.wait()
                    with contextlib.suppress(_Interrupted):
                        if scores := await self._do(lambda: self._step(scoring, turn)):
                            return scores
            finally:
                self._turn = None
                loop = asyncio.get_running_loop()
                self._letting_go = loop.call_later(KEPT_S, self._decodes.submit, self._decoder.let_go)

    @contextlib.contextmanager
    def making_way(self) -> Iterator[None]:
        """Score nothing meanwhile; the batch that is evaluated just now is ended, and done again later."""
        self._n_waiting += 1
        self._calm.clear()
        if self._turn is not None:
            self._decoder.interrupt(self._turn)
        try:
            yield
        finally:
            self._n_waiting -= 1
            if not self._n_waiting:
                self._calm.set()

    def _step(self, scoring: Scoring, turn: Turn) -> Scores | None:
        if not self._calm.is_set():
            raise _Interrupted
        try:
            return scoring.step()
        except Cancelled:
            if turn.cancelled:
                raise
            raise _Interrupted from None

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._decodes, work)


class _Interrupted(Exception):
    """Others come first; the step is to be taken again."""
