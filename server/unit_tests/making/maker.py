"""How a kind of model is asked for tests; what it says is run like anything else."""

from collections.abc import Sequence
from typing import Protocol

from attrs import field, frozen

from codenook.models.engine.messages import Counters
from codenook.server.tasks.jobs import Strategy
from codenook.server.unit_tests.case import Call, Test


@frozen
class Made:
    """What a model proposed when it was asked once: calls whose outcome is observed, and whole tests."""

    calls: tuple[Call, ...] = ()
    tests: tuple[Test, ...] = ()
    refused: tuple[str, ...] = ()
    """Why other answers were left out, one code each."""
    counters: Counters = field(factory=Counters)


class Maker(Protocol):
    """A strategy, made for one target."""

    @property
    def strategy(self) -> Strategy:
        """The name that results have for it."""

    async def made(self, attempt: int, complaints: Sequence[str]) -> Made:
        """Ask; ``complaints`` say what was wrong with tests of the attempts before. Raises EngineError."""

    async def doubted(self, tests: Sequence[Test]) -> Sequence[Test]:
        """The tests, with `Test.doubt` where what was observed is not what the model expects."""
