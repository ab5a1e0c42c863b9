"""Runs with faults: one for each, or many in one where the framework can."""

from collections.abc import Callable, Sequence

from attrs import frozen

from codenook.server.unit_tests.frameworks.framework import Ran, RunsMany, Variant
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.runs import Runs, limits_after
from codenook.server.unit_tests.side_by_side import N_AT_ONCE, side_by_side

N_TOGETHER = 20
"""How many runs are one at most: after it, a person is told how far it is."""


@frozen
class FaultRuns:
    """Runs test files with a fault in the target, ``n_at_once`` of the processes that are needed.

    ``left_s`` says how much time there is for more.
    """

    runs: Runs
    left_s: Callable[[], float]
    n_at_once: int = N_AT_ONCE

    async def __call__(
        self,
        mutants: Sequence[Mutant],
        paths: Sequence[str],
        done: Callable[[int, Ran], None],
        *,
        text: str | None = None,
        wall_s: float = 0.0,
        stop_at_first: bool = False,
    ) -> None:
        """Run ``paths`` once for each mutant, with ``text`` as the test file.

        ``done`` hears of each by its place among them; not of those for which there was no time, or no
        sandbox.
        ``wall_s`` is what a run takes without a fault. Raises NoProject.
        """

        async def alone(place: int) -> None:
            if self.left_s() > 0:
                source = mutants[place].apply(self.runs.target.text)
                limits = limits_after(wall_s)
                ran = await self.runs(
                    paths, text=text, source=source, stop_at_first=stop_at_first, limits=limits
                )
                if ran.is_run:
                    done(place, ran)

        async def together(places: Sequence[int]) -> None:
            left = list(places)
            while left and self.left_s() > 0:
                found = await self.runs.many(
                    paths,
                    [Variant(mutants[place]) for place in left],
                    text=text,
                    within_s=self.left_s(),
                    stop_at_first=stop_at_first,
                )
                for place, ran in zip(left, found, strict=False):
                    done(place, ran)
                left = left[len(found) :]
                if not found:  # its tools can't be loaded for many, or the first ends all of them
                    for place in left:
                        await alone(place)
                    return

        places = range(len(mutants))
        if isinstance(self.runs.project.framework, RunsMany) and len(mutants) > 1:
            n_each = min(N_TOGETHER, -(-len(mutants) // self.n_at_once))
            await side_by_side(
                together, [places[at : at + n_each] for at in places[::n_each]], self.n_at_once
            )
        else:
            await side_by_side(alone, places, self.n_at_once)
