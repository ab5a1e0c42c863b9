"""The project's own tests of a target: those that pass as it is, and what of it they run."""

import asyncio
from collections.abc import Sequence

from attrs import evolve, frozen

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.framework import Coverage, NoProject, Ran, Verdict
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.runs import Runs, first_failure
from codenook.server.unit_tests.side_by_side import side_by_side

N_OTHERS = 6
"""How many other test files are run, at most."""

SLOW_S = 10.0
"""Other test files that take longer than this are left out: they would be run for each fault."""


@frozen
class Existing:
    """Test files of the project that pass.

    ``passed`` are the tests of the file that is added to, by their names. ``own`` and ``others`` say what of
    the target's file those run; None where that isn't known. ``wall_s`` is what a run of ``others`` takes.
    """

    passed: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    own: Coverage | None = None
    others: Coverage | None = None
    wall_s: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def coverage(self) -> Coverage | None:
        """What all of them run."""
        return _together([each for each in (self.own, self.others) if each is not None])

    def others_may_notice(self, mutant: Mutant) -> bool:
        """Whether the other files run the line of the fault, as far as that is known."""
        if not self.paths:
            return False
        return self.others is None or _may_run(self.others, mutant.line)


async def existing_tests(runs: Runs) -> Existing:
    """Run the project's own tests of the target as it is.

    Those that don't name the target, or fail, are not run again. Where the target's test file can't be run,
    tests are put into another one beside it. Raises NoProject when that can't be run either.
    """
    others: list[tuple[str, Ran]] = []
    own = Existing()

    async def run(path: str) -> None:
        nonlocal own
        if path == file.path:
            own = await _own(runs)
        else:
            others.append((path, await runs([path], with_coverage=True)))

    file = runs.project.file
    first = [] if file.text is None else [file.path]
    await side_by_side(run, [*first, *runs.project.others[:N_OTHERS]])
    found = _others(sorted(others, key=lambda each: each[0]))
    left_out = frozenset[str]().union(*(each.left_out for _, each in others))
    runs.project = evolve(runs.project, about=frozenset(), without=runs.project.without | left_out)
    return evolve(found, passed=own.passed, own=own.own, notes=own.notes + found.notes)


async def _own(runs: Runs) -> Existing:
    """The tests of the file that is added to, once those that fail are left out."""
    ran = await runs([runs.project.file.path], with_coverage=True)
    notes: tuple[str, ...] = ()
    if ran.problem:
        said = f"{runs.project.file.path} can't be run as it is: {ran.problem}"
        await asyncio.to_thread(runs.put_beside)
        notes = (f"the tests have a file of their own: {said}",)
        ran = Ran() if runs.project.file.text is None else await runs([runs.project.file.path])
        if ran.problem:
            raise NoProject(Reason.TESTS_FAIL, said)
    failed = frozenset(name for name, verdict in ran.verdicts.items() if verdict is Verdict.FAILED)
    if failed:
        why = f"{first_failure(ran)}" + (f", and {len(failed) - 1} more" if len(failed) > 1 else "")
        notes += (f"tests that fail as it is don't count: {why}",)
    runs.project = evolve(runs.project, without=failed | ran.left_out)
    passed = frozenset(name for name, verdict in ran.verdicts.items() if verdict is Verdict.PASSED)
    return Existing(passed=passed, own=ran.coverage, notes=notes)


def _others(ran: Sequence[tuple[str, Ran]]) -> Existing:
    notes = [
        f"{path} is left out: {first_failure(each) or f'it takes {each.wall_s:.0f} s'}"
        for path, each in ran
        if first_failure(each) or each.wall_s > SLOW_S
    ]
    usable = [(path, each) for path, each in ran if not first_failure(each) and each.wall_s <= SLOW_S]
    known = [each.coverage for _, each in usable if each.coverage is not None]
    return Existing(
        paths=tuple(path for path, _ in usable),
        others=_together(known) if len(known) == len(usable) else None,
        wall_s=sum(each.wall_s for _, each in usable),
        notes=tuple(notes),
    )


def _together(coverages: Sequence[Coverage]) -> Coverage | None:
    if not coverages:
        return None
    return Coverage(
        frozenset[int]().union(*(each.lines for each in coverages)),
        frozenset[int]().union(*(each.ran for each in coverages)),
    )


def _may_run(coverage: Coverage, line: int) -> bool:
    """Whether a line is run; one in the midst of a statement isn't told apart from it."""
    return line in coverage.ran or line not in coverage.lines
