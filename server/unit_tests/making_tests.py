"""From a project to the tests that are kept: what is proposed is run, and what runs decides."""

from collections.abc import Sequence

from attrs import define, field

from codenook.server.tasks.clock import Clock
from codenook.server.tasks.jobs import N_ATTEMPTS
from codenook.server.unit_tests.aim import Aim
from codenook.server.unit_tests.by_model import ByModel
from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.existing import Existing, existing_tests
from codenook.server.unit_tests.keeping import Keeping, Kept
from codenook.server.unit_tests.noticing import Faults
from codenook.server.unit_tests.outside import needed_outside
from codenook.server.unit_tests.parts import Parts
from codenook.server.unit_tests.passing import rendered_with
from codenook.server.unit_tests.proposing import Proposed, Proposing
from codenook.server.unit_tests.result import UnitTestsResult
from codenook.server.unit_tests.runs import Runs
from codenook.server.unit_tests.telling import told

N_MUTANTS = 40
"""How many faults are put into a target, at most."""

RESERVED_SHARE = 0.15
"""So much of the time is kept for the last runs."""


@define(eq=False)
class MakingTests:
    """One target's way through all parts; ``model`` None asks none."""

    aim: Aim
    runs: Runs
    proposing: Proposing
    model: ByModel | None
    parts: Parts
    clock: Clock
    _proposed: list[Proposed] = field(factory=list, init=False)
    _origin: dict[Test, Proposed] = field(factory=dict, init=False)
    """Of which target a test is."""

    async def result(self) -> UnitTestsResult:
        """Make tests, and keep those that are worth it; raises NoProject."""
        with self.clock.part("before", 2, "running the project's own tests"):
            existing = await existing_tests(self.runs)
        keeping = self._keeping(existing)
        with self.clock.part("inputs", 12, "looking what calls by rule give"):
            self._proposed = await self.proposing.by_rule(self.aim.called)
        tests = [test for proposed in self._proposed for test in self._known(proposed, proposed.tests)]
        complaints: Sequence[str] = ()
        for attempt in range(N_ATTEMPTS):
            tests += await self._modelled(attempt, complaints)
            if tests:
                complaints = await keeping.try_(tests)
            if not complaints or keeping.faults.is_time_up:
                break
            tests = []
        if not keeping.found.tests and not keeping.thrown:
            self.proposing.note = await self._why_nothing() or self.proposing.note
        kept = await keeping.keep(self.proposing.named, self._doubted)
        needed = await self._needed_outside(kept)
        return told(
            self.aim.target,
            keeping,
            kept,
            proposing=self.proposing,
            model=self.model,
            diff_of=self.parts.diff_of,
            needed=needed,
        )

    async def _needed_outside(self, kept: Kept) -> str:
        """What a person must do to run the file."""
        if not kept.tests:
            return ""
        with self.clock.part("last", 98, "running the file as it is started outside"):
            return await needed_outside(self.runs, kept.rendered)

    async def _why_nothing(self) -> str:
        """Why no call gave anything, when that is because a test can't even import the target."""
        nothing = Test("it_is_imported", Origin.TYPES, checks=(Check(Kind.EQUAL, "1", "1"),))
        try:
            rendered = rendered_with(self.runs, [nothing])
        except ValueError as error:  # nothing can be put into the file that is there
            return str(error)
        ran = await self.runs([self.runs.project.file.path], text=rendered.text)
        return f"a test can't import {self.aim.target.path}: {ran.problem}" if ran.problem else ""

    def _keeping(self, existing: Existing) -> Keeping:
        mutants = self.parts.mutants_of(self.aim.target, most=N_MUTANTS)
        reserve_s = RESERVED_SHARE * self.clock.time_s
        faults = Faults(self.runs, existing, mutants, self.clock, reserve_s)
        return Keeping(self.runs, existing, faults, self.clock)

    def _known(self, proposed: Proposed, tests: Sequence[Test]) -> Sequence[Test]:
        self._origin.update((test, proposed) for test in tests)
        return tests

    async def _modelled(self, attempt: int, complaints: Sequence[str]) -> list[Test]:
        found: list[Test] = []
        if self.model is None:
            return found
        for proposed in self._proposed:
            with self.clock.part("model", 22, "asking the model for inputs"):
                made = await self.model.made(proposed, attempt, complaints)
            with self.clock.part("inputs", 30, "looking what the model's calls give"):
                found += self._known(proposed, await self.proposing.made(proposed.target, made))
        return found

    async def _doubted(self, tests: Sequence[Test]) -> Sequence[Test]:
        """The tests in their order, with what the model doubts of them."""
        if self.model is None:
            return tests
        doubted = dict(zip(tests, tests, strict=True))
        for proposed in self._proposed:
            own = [test for test in tests if self._origin[test] is proposed]
            doubted.update(zip(own, await self.model.doubted(proposed, own), strict=True))
        return list(doubted.values())
