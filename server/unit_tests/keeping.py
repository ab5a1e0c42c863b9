"""Which tests are kept: the fewest that pass each time and notice the faults that all of them notice.

Tests come in rounds. What fails, and what no test notices, is told to whoever makes more of them.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from attrs import define, evolve, field, frozen

from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.cover import cover
from codenook.server.unit_tests.existing import Existing
from codenook.server.unit_tests.frameworks.framework import Coverage, Ran, Rendered, Verdict
from codenook.server.unit_tests.noticing import Faults
from codenook.server.unit_tests.passing import Passing, passing, rendered_with
from codenook.server.unit_tests.result import Thrown, ThrownFor
from codenook.server.unit_tests.runs import Runs

Named = Callable[[Sequence[Test]], Sequence[Test]]
Doubted = Callable[[Sequence[Test]], Awaitable[Sequence[Test]]]

N_ATTEMPTS_AT_LAST = 3
"""How often the last file is put together anew when something in it doesn't hold."""

N_LAST_PROCESSES = 6
"""So many processes run the last file one after another, when all goes well: three orders, two of them side
by side, faults, as it is started outside, with doubts. For these, time is kept as the first runs took it."""

MOST_RESERVED = 0.5
"""No more than so much of the time is kept for them: without faults that were tried, nothing is kept."""

N_SURVIVORS_TOLD = 3
"""So many faults that nothing notices are told to whoever makes more tests."""


@frozen
class Kept:
    """A test file that ran, with tests that each notice a fault; without tests there is nothing to show.

    ``kills`` are the numbers of the faults that each test notices and the project's own tests don't.
    """

    tests: tuple[Test, ...] = ()
    kills: tuple[frozenset[int], ...] = ()
    rendered: Rendered = field(factory=lambda: Rendered("", ()))
    coverage: Coverage | None = None


@define(eq=False)
class Keeping:
    """What is known of the tests so far."""

    runs: Runs
    existing: Existing
    faults: Faults
    clock: Clock
    found: Passing = field(factory=Passing, init=False)
    thrown: list[Thrown] = field(factory=list, init=False)

    async def try_(self, tests: Sequence[Test]) -> list[str]:
        """Try more tests; return what was wrong with them, and what goes unnoticed, a line each."""
        known = set(self.found.tests)
        new = [test for test in tests if test not in known]
        with self.clock.part("passing", 35, f"running {len(new)} tests three times"):
            found = await passing(self.runs, new, self.clock)
        self.thrown += found.thrown
        self.found = Passing(self.found.tests + found.tests, (), max(self.found.wall_s, found.wall_s))
        last_s = min(N_LAST_PROCESSES * self.found.wall_s, MOST_RESERVED * self.clock.time_s)
        self.faults.reserve_s = max(self.faults.reserve_s, last_s)
        if found.tests:
            with self.clock.part("faults", 45, "putting faults in"):
                await self.faults.look(found, self._tell)
        failed = [f"{each.what}: {each.message}" for each in found.thrown if each.why is ThrownFor.FAILED]
        return failed + [self._survivor(number) for number in self.faults.alive[:N_SURVIVORS_TOLD]]

    async def keep(self, named: Named, doubted: Doubted) -> Kept:
        """The file with the tests that are kept, and what the model doubts of them.

        ``named`` gives tests the names that are right for so few.
        """
        left = list(self.found.tests)
        for _ in range(N_ATTEMPTS_AT_LAST):
            chosen = self._chosen(left)
            if not chosen:
                break
            with self.clock.part("last", 92, "running the file as it will be"):
                kept, wrong = await self._last(chosen, named(chosen))
            if not wrong:
                self._throw_others(chosen)
                return await self._with_doubts(kept, chosen, doubted)
            self.thrown += wrong.values()
            left = [test for test in left if test not in wrong]
        self._throw_others(())
        return Kept()

    def _chosen(self, tests: Sequence[Test]) -> list[Test]:
        kills = {test: self.faults.kills(test) for test in tests}
        chosen = cover({test: numbers for test, numbers in kills.items() if numbers}, worth)
        return sorted(chosen, key=tests.index)

    async def _last(self, tests: Sequence[Test], shown: Sequence[Test]) -> tuple[Kept, dict[Test, Thrown]]:
        """The file with ``tests`` as ``shown``, and what is wrong with those that don't hold in it."""
        rendered = rendered_with(self.runs, shown)
        ran = await self.runs.in_orders(rendered.text, with_coverage=True)
        wrong = {
            test: Thrown(test.name, ThrownFor.FLAKY, _why_not(ran, name))
            for test, name in zip(tests, rendered.names, strict=True)
            if any(each.verdicts.get(name) is not Verdict.PASSED for each in ran)
        }
        if not wrong and (lost := await self._lost(ran[0], rendered.text)):
            wrong = {test: Thrown(test.name, ThrownFor.FAILED, f"with it, {lost} fails") for test in tests}
        if not wrong:
            found = Passing(tuple(tests), (), max(each.wall_s for each in ran))
            confirmed = await self.faults.confirm(found, rendered)
            wrong = {
                test: Thrown(test.name, ThrownFor.KILLS_NOTHING, "in the last file it noticed no fault")
                for test in tests
                if test not in confirmed
            }
        kills = tuple(self.faults.kills(test) for test in tests)
        return Kept(tuple(shown), kills, rendered, ran[0].coverage), wrong

    async def _lost(self, ran: Ran, text: str) -> str:
        """A test of the project that passed in the file before, and doesn't now.

        One that doesn't pass each time is none, be that without our tests or with them.
        """
        for again in (self.runs.project.file.text, text):
            if not (lost := _not_passed(ran, self.existing.passed)):
                return ""
            once_more = await self.runs([self.runs.project.file.path], text=again)
            still = _not_passed(once_more, lost)
            flaky = lost & still if again != text else lost - still
            self.existing = evolve(self.existing, passed=self.existing.passed - flaky)
            self.faults.existing = self.existing
        return min(_not_passed(ran, self.existing.passed), default="")

    async def _with_doubts(self, kept: Kept, chosen: Sequence[Test], doubted: Doubted) -> Kept:
        """The same with what the model doubts: words beside the tests, after which they still pass."""
        with self.clock.part("model", 97, "asking the model what it doubts"):
            doubts = [test.doubt for test in await doubted(chosen)]
        tests = [evolve(test, doubt=doubt) for test, doubt in zip(kept.tests, doubts, strict=True)]
        if tuple(tests) == kept.tests:
            return kept
        try:
            marked = evolve(kept, tests=tuple(tests), rendered=rendered_with(self.runs, tests))
        except ValueError:  # what the model said can't stand in the file
            return kept
        if marked.rendered.text == kept.rendered.text:
            return marked
        ran = await self.runs([self.runs.project.file.path], text=marked.rendered.text)
        passed = all(ran.verdicts.get(name) is Verdict.PASSED for name in marked.rendered.names)
        return marked if passed else kept

    def _throw_others(self, kept: Sequence[Test]) -> None:
        """Say why tests that pass aren't kept."""
        told = {thrown.what for thrown in self.thrown}
        for test in self.found.tests:
            if test in kept or test.name in told:
                continue
            self.thrown.append(self._unused(test))

    def _unused(self, test: Test) -> Thrown:
        """Why a test that passes isn't kept."""
        if self.faults.kills(test):
            return Thrown(test.name, ThrownFor.ADDS_NOTHING)
        if test not in self.faults.tried and self.faults.n_untried:
            why = "the time was up" if self.faults.is_time_up else "it couldn't be run with a fault"
            return Thrown(test.name, ThrownFor.NOT_TRIED, why)
        return Thrown(test.name, ThrownFor.KILLS_NOTHING)

    def _survivor(self, number: int) -> str:
        mutant, target = self.faults.mutants[number], self.runs.target
        before, after = target.text[mutant.start : mutant.end], mutant.text
        return f"no test notices when {before!r} in line {mutant.line} of {target.path} becomes {after!r}"

    def _tell(self, done: int, total: int) -> None:
        self.clock.tell(45 + 45 * done // total, f"{done} of {total} faults put in")


def _not_passed(ran: Ran, names: Collection[str]) -> frozenset[str]:
    return frozenset(name for name in names if ran.verdicts.get(name) is not Verdict.PASSED)


def worth(test: Test) -> Any:
    """What is preferred of two tests: one whose values somebody reasoned, and the shorter one."""
    texts = (*test.imports, *test.statements, test.body, *(f"{c.actual}{c.expected}" for c in test.checks))
    return test.is_reasoned, -sum(map(len, texts))


def _why_not(ran: Sequence[Ran], name: str) -> str:
    said = (each.messages.get(name) or each.problem for each in ran)
    return next(filter(None, said), "it didn't pass each time in the last file")
