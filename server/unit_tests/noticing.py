"""Which tests notice which faults: each fault is put in, and the tests are run."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from attrs import define, field, frozen

from codenook.server.sandbox.command import Ended
from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.existing import Existing
from codenook.server.unit_tests.fault_runs import FaultRuns
from codenook.server.unit_tests.frameworks.framework import Ran, Rendered, Verdict
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.passing import Passing, rendered_with
from codenook.server.unit_tests.run import LIMITS
from codenook.server.unit_tests.runs import Runs, first_failure
from codenook.server.unit_tests.side_by_side import N_AT_ONCE, side_by_side

N_BEFORE_THEIRS = 8
"""So many faults are tried before the project's own tests are run with them: what is known then is kept."""

N_ATTEMPTS_TO_CONFIRM = 2
"""A test may get no verdict where another one, before it in the file, hangs or breaks off the run."""


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
    refused: set[int] = field(factory=set, init=False)
    """Those that a compiler refuses: they are none."""
    tried: set[Test] = field(factory=set, init=False)
    """The tests that were run with at least one fault."""

    @property
    def is_time_up(self) -> bool:
        """Whether no more faults are tried."""
        return self.clock.left_s <= self.reserve_s

    @property
    def alive(self) -> list[int]:
        """Those that were tried, and that nothing notices."""
        return [number for number, each in self.noticed.items() if not (each.by_existing or each.by)]

    @property
    def n_untried(self) -> int:
        """How many there was no time for."""
        return len(self.mutants) - len(self.refused) - len(self.noticed)

    def kills(self, test: Test) -> frozenset[int]:
        """The faults that a test notices, and the project's own tests don't."""
        return frozenset(n for n, each in self.noticed.items() if test in each.by and not each.by_existing)

    async def look(self, found: Passing, told: Callable[[int, int], None]) -> None:
        """Try tests that pass on all faults, as far as there is time, that the project's own don't notice.

        ``told`` hears how many of how many are done.
        """
        numbers = [
            number
            for number in spread(self.mutants)
            if number not in self.refused and not self.noticed.get(number, Noticed()).by_existing
        ]
        numbers.sort(key=lambda number: bool(self.noticed.get(number, Noticed()).by))
        is_parted = not self.noticed and bool(self.existing.passed or self.existing.paths)
        n_each = min(N_BEFORE_THEIRS, -(-len(numbers) // N_AT_ONCE)) if is_parted else len(numbers)
        n_done = 0

        def one_done() -> None:
            nonlocal n_done
            n_done += 1
            told(n_done, len(numbers))

        async def look_at(some: Sequence[int]) -> None:
            await self._look_at(some, found, one_done, n_at_once=1 if is_parted else N_AT_ONCE)

        await side_by_side(look_at, [numbers[at : at + n_each] for at in range(0, len(numbers), n_each or 1)])

    async def _look_at(
        self, numbers: Sequence[int], found: Passing, one_done: Callable[[], None], *, n_at_once: int
    ) -> None:
        """Try tests on some faults, and the project's own on those of them that are new."""
        rendered, ran = rendered_with(self.runs, found.tests), dict[int, Ran]()

        def done(number: int, one: Ran) -> None:
            if one.is_built:
                ran[number] = one
            else:
                self.refused.add(number)
            one_done()

        await self._run(numbers, done, text=rendered.text, wall_s=found.wall_s, n_at_once=n_at_once)
        new = {number: one for number, one in ran.items() if number not in self.noticed}
        by_existing = await self._noticed_by_existing(new, found.wall_s, n_at_once)
        for number, one in ran.items():
            if number in new and number not in by_existing:
                continue  # there was no time to find out
            self.tried.update(found.tests)
            before = self.noticed.get(number, Noticed())
            by = before.by | _noticed_by(one, found.tests, rendered)
            self.noticed[number] = Noticed(by_existing.get(number, False), by)

    async def confirm(self, found: Passing, rendered: Rendered) -> frozenset[Test]:
        """The tests that notice a fault in the file as it will be, too; some for all are tried anew."""
        confirmed: set[Test] = set()
        tried: set[int] = set()

        def done(number: int, ran: Ran) -> None:
            confirmed.update(self.noticed[number].by & _noticed_by(ran, found.tests, rendered))

        for _ in range(N_ATTEMPTS_TO_CONFIRM):
            numbers = self._some_of_all([test for test in found.tests if test not in confirmed], tried)
            tried.update(numbers)
            await self._run(numbers, done, text=rendered.text, wall_s=found.wall_s, is_last=True)
        return frozenset(confirmed)

    def _some_of_all(self, tests: Sequence[Test], tried: Collection[int]) -> list[int]:
        """Few faults of which each of the tests notices one, without those that were ``tried``."""
        left, numbers = set(tests), list[int]()
        for test in tests:
            if test in left:
                own = self.kills(test).difference(tried)
                best = max(own, key=lambda number: len(left & self.noticed[number].by), default=None)
                if best is not None:
                    numbers.append(best)
                    left -= self.noticed[best].by
        return numbers

    async def _noticed_by_existing(
        self, ran: Mapping[int, Ran], wall_s: float, n_at_once: int
    ) -> dict[int, bool]:
        """Whether the project's own tests notice each fault that was tried; not all, without time."""
        known: dict[int, bool] = {}
        unsure: list[int] = []
        for number, one in ran.items():
            verdicts = [one.verdicts.get(name) for name in self.existing.passed]
            known[number] = Verdict.FAILED in verdicts
            if None in verdicts and not known[number]:  # the run broke off, be it for a test of ours
                unsure.append(number)

        def done(number: int, one: Ran) -> None:
            known[number] = bool(first_failure(one))

        own = self.runs.project.file.text or ""
        for number in unsure:
            del known[number]
        await self._run(unsure, done, text=own, wall_s=wall_s, stop_at_first=True, n_at_once=n_at_once)
        left = [n for n, is_known in known.items() if not is_known]
        left = [n for n in left if self.existing.others_may_notice(self.mutants[n])]
        for number in left:
            del known[number]
        others, wall_s = self.existing.paths, self.existing.wall_s
        await self._run(left, done, paths=others, wall_s=wall_s, stop_at_first=True, n_at_once=n_at_once)
        return known

    async def _run(
        self,
        numbers: Sequence[int],
        done: Callable[[int, Ran], None],
        *,
        paths: Sequence[str] = (),
        text: str | None = None,
        wall_s: float,
        stop_at_first: bool = False,
        is_last: bool = False,
        n_at_once: int = N_AT_ONCE,
    ) -> None:
        """Run the test file, or ``paths``, with each of the faults; what is last is run whatever the time."""

        def left_s() -> float:
            return LIMITS.wall_s if is_last else self.clock.left_s - self.reserve_s

        await FaultRuns(self.runs, left_s, n_at_once)(
            [self.mutants[number] for number in numbers],
            paths or [self.runs.project.file.path],
            lambda place, ran: done(numbers[place], ran),
            text=text,
            wall_s=wall_s,
            stop_at_first=stop_at_first,
        )


def _noticed_by(ran: Ran, tests: Sequence[Test], rendered: Rendered) -> frozenset[Test]:
    """Which tests notice a fault, by a run of the file's order with all of them.

    Where the run was ended or broke off, that is for the first test that has no verdict. When no test
    began, the fault keeps the file from being collected.
    """
    verdicts = {test: ran.verdicts.get(name) for test, name in zip(tests, rendered.names, strict=True)}
    by = [test for test, verdict in verdicts.items() if verdict is Verdict.FAILED]
    unknown = [test for test, verdict in verdicts.items() if verdict is None]
    is_broken = not (ran.verdicts or ran.has_begun) and ran.ended is Ended.BY_ITSELF
    return frozenset(by + (unknown if is_broken else unknown[:1]))


def spread(mutants: Sequence[Mutant]) -> list[int]:
    """Their numbers in the order to try them: the first of each line, then the second of each."""
    n_before = Counter[int]()
    nth: list[int] = []
    for mutant in mutants:
        nth.append(n_before[mutant.line])
        n_before[mutant.line] += 1
    return sorted(range(len(mutants)), key=nth.__getitem__)
