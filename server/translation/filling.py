"""One function's way from its original to a body that was proved: asked for, tried, put right."""

from collections import Counter
from collections.abc import Sequence

from attrs import define, evolve, field

from codenook.models.engine.messages import Counters
from codenook.server.reasons import Reason
from codenook.server.tasks.clock import Clock
from codenook.server.translation.making.maker import Body, Complaint, Hole, Maker
from codenook.server.translation.result import Level, Translated
from codenook.server.translation.trying import Failed, Tried, Trying

N_REPAIRS = 2
"""How often a model is told what was wrong with a body, at most."""

_UNREAD = Complaint(Body(""), ("There was no body in the answer.",))
_REASONS = {
    Failed.PARSING: Reason.NOT_VERIFIED,
    Failed.COMPILING: Reason.NOT_COMPILED,
    Failed.COMPARING: Reason.DIFFERS,
}


@define(eq=False)
class Filling:
    """Fills one hole; ``about`` is what is told of it from the start, ``per_cent`` how far the job is.

    ``which`` of so many functions it is, in words.
    """

    hole: Hole
    maker: Maker
    trying: Trying
    clock: Clock
    about: Translated
    per_cent: int = 0
    which: str = "1 of 1"
    counters: Counters = field(factory=Counters, init=False)
    _refused: Counter[str] = field(factory=Counter, init=False)
    _seen: set[str] = field(factory=set, init=False)

    async def filled(self) -> tuple[Body | None, Translated]:
        """The first body that nothing speaks against, and what was proved of it; None where there is none.

        Raises EngineError, NoSandbox, SandboxFailed.
        """
        complaints: list[Complaint] = []
        best: Tried | None = None
        while True:
            tried = await self._tried(complaints)
            if tried and tried[-1].failed is None:
                return tried[-1].body, self._told(tried[-1], len(complaints))
            best = max([*tried, *([best] if best else [])], key=lambda each: each.rank, default=None)
            if len(complaints) == N_REPAIRS or not self.clock.left_s:
                return None, self._told(best, len(complaints))
            worst = max(tried, key=lambda each: each.rank, default=None)
            complaints.append(worst.complaint if worst else next(iter(complaints[-1:]), _UNREAD))

    async def _tried(self, complaints: Sequence[Complaint]) -> list[Tried]:
        """What came of the bodies that the model writes, up to the first that nothing speaks against."""
        what = "telling the model what was wrong" if complaints else "asking the model"
        with self.clock.part("model", self.per_cent, f"{self.which}, {self.hole.symbol}: {what}"):
            made = await self.maker.made(self.hole, complaints)
        self.counters += made.counters
        self._refused["unreadable"] += made.unread
        found: list[Tried] = []
        for body in made.bodies:
            if body.text in self._seen:
                continue
            self._seen.add(body.text)
            with self.clock.part(
                "checks", self.per_cent, f"{self.which}, {self.hole.symbol}: trying what it wrote"
            ):
                found.append(await self.trying(self.hole, body))
            if found[-1].failed is None or not self.clock.left_s:
                break
            self._refused[found[-1].failed] += 1
        return found

    def _told(self, tried: Tried | None, n_repairs: int) -> Translated:
        refused = {name: n for name, n in sorted(self._refused.items()) if n}
        about = evolve(self.about, tried=len(self._seen), repairs=n_repairs, refused=refused)
        if tried is None:
            return evolve(about, reason=Reason.NOT_VERIFIED, why="the model wrote no body")
        about = tried.told(about)
        if tried.failed is None:
            return about
        return evolve(about, level=Level.NOTHING, reason=_REASONS[tried.failed])
