"""The model's part, which may fail: what is kept is decided by runs, so the rest goes on without it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from attrs import define, field

from codenook.context.manager import ContextManager
from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import Counters
from codenook.server import reasons
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.tasks.clock import Clock
from codenook.server.tasks.jobs import Strategy, knows
from codenook.server.tasks.turns import NoTurn, Turns
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.kit import Kit
from codenook.server.unit_tests.making.maker import Made, Maker
from codenook.server.unit_tests.parts import MakerFor
from codenook.server.unit_tests.proposing import Proposed

T = TypeVar("T")

SHARE_OF_TIME = 0.5
"""A model gets so much of the time that is left, each time it is asked."""


@define(eq=False)
class ByModel:
    """Asks a model about targets, as long as nothing is in the way.

    ``trouble`` is what is, and ``note`` says it in one line for a person.
    """

    engine: Engine
    settings: Settings
    turns: Turns
    known: ContextManager
    kit: Kit
    project: Project
    clock: Clock
    maker_for: MakerFor
    trouble: Reason | None = field(default=None, init=False)
    note: str = field(default="", init=False)
    counters: Counters = field(factory=Counters, init=False)
    strategy: Strategy | None = field(default=None, init=False)
    model: str = field(default="", init=False)
    _makers: dict[str, Maker] = field(factory=dict, init=False)

    async def made(self, proposed: Proposed, attempt: int, complaints: Sequence[str]) -> Made:
        """What the model proposes for a target, of which ``proposed`` is known."""

        async def ask() -> Made:
            maker = await self._maker(proposed)
            return Made() if maker is None else await maker.made(attempt, complaints)

        made = await self._asked(ask, Made())
        self.counters += made.counters
        return made

    async def doubted(self, proposed: Proposed, tests: Sequence[Test]) -> Sequence[Test]:
        """The tests, with what the model doubts; as they are where it can't be asked."""
        maker = self._makers.get(proposed.target.symbol)
        if maker is None or not tests:
            return tests
        return await self._asked(lambda: maker.doubted(tests), tests)

    async def _asked(self, question: Callable[[], Awaitable[T]], otherwise: T) -> T:
        """Ask when it is our turn; what goes wrong is noted, and there is ``otherwise`` instead."""
        if self.trouble is not None or not self.clock.left_s:
            return otherwise
        try:
            async with asyncio.timeout(SHARE_OF_TIME * self.clock.left_s), self.turns.taken():
                return await question()
        except NoTurn as error:
            self._give_up(Reason.TOO_MANY_REQUESTS, str(error))
        except TimeoutError:
            self.note = "the model was asked for no more: it takes too long"
        except EngineError as error:
            self._give_up(reasons.of_error(error), str(error))
        return otherwise

    def _give_up(self, why: Reason, message: str) -> None:
        self.note = f"done without a model: {message} ({why})"
        if why is not Reason.PROMPT_TOO_LONG:  # which another definition may not meet
            self.trouble = why

    async def _maker(self, proposed: Proposed) -> Maker | None:
        target = proposed.target
        if target.symbol in self._makers:
            return self._makers[target.symbol]
        model = await self.engine.ready()
        self.model = model.name
        if not knows(model, target.language):
            told = f"{model.name} was trained on {', '.join(model.languages)} only"
            self._give_up(Reason.LANGUAGE_NOT_IN_MODEL, told)
            return None
        maker = await self.maker_for(
            target,
            self.project,
            self.kit,
            known=self.known,
            engine=self.engine,
            settings=self.settings,
            calls=proposed.calls,
            examples=proposed.tests,
        )
        self.strategy = maker.strategy
        self._makers[target.symbol] = maker
        return maker
