"""Which tests notice which faults: each fault is put in, and the tests are run."""

from collections import Counter
from collections.abc import Callable, Sequence

from attrs import define, field, frozen

from codenook.server.sandbox.command import Ended
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.clock import Clock
from codenook.server.unit_tests.existing import Existing
from codenook.server.unit_tests.frameworks.framework import Ran, Rendered, Verdict
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.passing import Passing, rendered_with
from codenook.server.unit_tests.runs import Runs, first_failure, limits_after
from codenook.server.unit_tests.side_by_side import side_by_side


@frozen
class Noticed:
    """Who notices a fault: the project's own tests, and which of ours."""

    by_existing: bool = False
    by: frozenset[Test] = frozenset()


@define(eq=False)
class Faults:
    """The faults of a target, and what is known of those that were tried, by their numbers.

    ``reserve_s`` of the time are left alone.
    """

    runs: Runs
    existing: Existing
    mutants: Sequence[Mutant]
    clock: Clock
    reserve_s: float = 0.0
    noticed: dict[int, Noticed] = field(factory=dict, init=False)

    @property
    def is_time_up(self) -> bool:
        """Whether no more faults are tried."""
        return self.clock.left_s <= self.reserve_s

    @property
    def alive(self) -> list[int]:
        """Those that were tried, and that nothing notices."""
        return [number for number, each in self.noticed.items() if not (each.by_existing or each.by)]

    def kills(self, test: Test) -> frozenset[int]:
        """The faults that a test notices, and the project's own tests don't."""
        return frozenset(n for n, each in self.noticed.items() if test in each.by and not each.by_existing)

    async def look(self, found: Passing, told: Callable[[int, int], None]) -> None:
        """Try tests that pass on all faults, as far as there is time, that the project's own don't notice.

        ``told`` hears how many of how many are done.
        """
        is_first = not self.noticed
        numbers = [
            number
            for number in spread(self.mutants)
            if is_first or (number in self.noticed and not self.noticed[number].by_existing)
        ]
        numbers.sort(key=lambda number: bool(self.noticed.get(number, Noticed()).by))
        rendered, n_done = rendered_with(self.runs, found.tests), 0

        async def look_at(number: int) -> None:
            nonlocal n_done
            if self.is_time_up:
                return
            mutant, before = self.mutants[number], self.noticed.get(number, Noticed())
            ran = await self._run(rendered, mutant, found.wall_s)
            by_existing = is_first and await self._is_noticed_by_existing(ran, mutant, found.wall_s)
            by = before.by
            if not by_existing:
                by |= _noticed_by(ran, found.tests, rendered)
            self.noticed[number] = Noticed(by_existing, by)
            n_done += 1
            told(n_done, len(numbers))

        await side_by_side(look_at, numbers)

    async def confirm(self, found: Passing, rendered: Rendered) -> frozenset[Test]:
        """The tests that notice a fault in the file as it will be, too; some for all are tried anew."""
        names = dict(zip(found.tests, rendered.names, strict=True))
        left, numbers = set(found.tests), list[int]()
        for test in found.tests:
            if test in left:
                own = self.kills(test)
                best = max(own, key=lambda number: len(left & self.noticed[number].by), default=None)
                if best is not None:
                    numbers.append(best)
                    left -= self.noticed[best].by
        confirmed: set[Test] = set()

        async def look_at(number: int) -> None:
            ran = await self._run(rendered, self.mutants[number], found.wall_s)
            claimed = self.noticed[number].by & names.keys()
            confirmed.update(test for test in claimed if ran.verdicts.get(names[test]) is not Verdict.PASSED)

        await side_by_side(look_at, numbers)
        return frozenset(confirmed)

    async def _is_noticed_by_existing(self, ran: Ran, mutant: Mutant, wall_s: float) -> bool:
        verdicts = [ran.verdicts.get(name) for name in self.existing.passed]
        if Verdict.FAILED in verdicts:
            return True
        if None in verdicts:  # the run broke off, be it for a test of ours
            file = self.runs.project.file
            ran = await self._run(Rendered(file.text or "", ()), mutant, wall_s, stop_at_first=True)
            if first_failure(ran):
                return True
        if not self.existing.others_may_notice(mutant):
            return False
        source = mutant.apply(self.runs.target.text)
        limits = limits_after(self.existing.wall_s)
        ran = await self.runs(self.existing.paths, source=source, stop_at_first=True, limits=limits)
        return bool(first_failure(ran))

    async def _run(
        self, rendered: Rendered, mutant: Mutant, wall_s: float, *, stop_at_first: bool = False
    ) -> Ran:
        return await self.runs(
            [self.runs.project.file.path],
            text=rendered.text,
            source=mutant.apply(self.runs.target.text),
            stop_at_first=stop_at_first,
            limits=limits_after(wall_s),
        )


def _noticed_by(ran: Ran, tests: Sequence[Test], rendered: Rendered) -> frozenset[Test]:
    """Which tests notice a fault, by a run of the file's order with all of them.

    Where the run was ended or broke off, that is for the first test that has no verdict. When there is no
    verdict at all, the fault keeps the file from being collected.
    """
    verdicts = {test: ran.verdicts.get(name) for test, name in zip(tests, rendered.names, strict=True)}
    by = [test for test, verdict in verdicts.items() if verdict is Verdict.FAILED]
    unknown = [test for test, verdict in verdicts.items() if verdict is None]
    is_broken = not ran.verdicts and ran.ended is Ended.BY_ITSELF
    return frozenset(by + (unknown if is_broken else unknown[:1]))


def spread(mutants: Sequence[Mutant]) -> list[int]:
    """Their numbers in the order to try them: the first of each line, then the second of each."""
    n_before = Counter[int]()
    nth: list[int] = []
    for mutant in mutants:
        nth.append(n_before[mutant.line])
        n_before[mutant.line] += 1
    return sorted(range(len(mutants)), key=nth.__getitem__)
