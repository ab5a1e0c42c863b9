"""The project's own tests of a target: those that pass as it is, and what of it they run."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.framework import Coverage, NoProject, Ran, Verdict
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.runs import Runs, first_failure
from codenook.server.unit_tests.side_by_side import side_by_side

N_OTHERS = 6
"""How many other test files are run, at most."""

SLOW_S = 10.0
"""Other test files that together take longer than this are left out: they would be run for each fault."""


@frozen
class Existing:
    """Test files of the project that pass.

    ``passed`` are the tests of the file that is added to, by their names. ``own`` and ``others`` say what of
    the target's file those run; None where that isn't known. ``wall_s`` is what a run of ``others`` takes.
    ``is_whole`` is False where a file of tests couldn't be run, so that nobody knows what it would notice.
    """

    passed: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    own: Coverage | None = None
    others: Coverage | None = None
    wall_s: float = 0.0
    notes: tuple[str, ...] = ()
    is_whole: bool = True

    @property
    def coverage(self) -> Coverage | None:
        """What all of them run that are run."""
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
    others: dict[str, Ran] = {}
    own, unnamed = Existing(), frozenset[str]()

    async def run(path: str) -> None:
        nonlocal own, unnamed
        if path == file.path:
            own, unnamed = await _own(runs)
        else:
            others[path] = await runs([path], with_coverage=True)

    file = runs.project.file
    first = [] if file.text is None else [file.path]
    await side_by_side(run, [*first, *runs.project.others[:N_OTHERS]])
    left_out = unnamed.union(*(each.left_out for each in others.values()))
    failed = frozenset[str]().union(*(failing(each) for each in others.values()))
    runs.project = evolve(runs.project, about=frozenset(), without=runs.project.without | left_out | failed)
    found = await _others(runs, dict(sorted(others.items())))
    notes = (*own.notes, *found.notes, *_not_run(runs, len(left_out)))
    is_whole = own.is_whole and found.is_whole
    return evolve(found, passed=own.passed, own=own.own, notes=notes, is_whole=is_whole)


def _not_run(runs: Runs, n_unnamed: int) -> Iterator[str]:
    if n_unnamed:
        yield f"tests of the project that were not run, as they name nothing of the target: {n_unnamed}"
    n_more = len(runs.project.others) - N_OTHERS
    if n_more > 0:
        yield f"other test files that were not run: {n_more}"


async def _own(runs: Runs) -> tuple[Existing, frozenset[str]]:
    """The tests of the file that is added to, once those that fail are left out, and those left out."""
    ran = await runs([runs.project.file.path], with_coverage=True)
    notes: tuple[str, ...] = ()
    is_whole = not ran.problem
    if ran.problem:
        said = f"{runs.project.file.path} can't be run as it is: {ran.problem}"
        await asyncio.to_thread(runs.put_beside)
        notes = (f"the tests have a file of their own: {said}",)
        ran = Ran() if runs.project.file.text is None else await runs([runs.project.file.path])
        if ran.problem:
            raise NoProject(Reason.TESTS_FAIL, said)
    failed = failing(ran)
    notes += _fail_as_it_is(ran)
    runs.project = evolve(runs.project, without=failed | ran.left_out)
    return Existing(_passing(ran), own=ran.coverage, notes=notes, is_whole=is_whole), ran.left_out


def failing(ran: Ran) -> frozenset[str]:
    """The tests that failed."""
    return frozenset(name for name, verdict in ran.verdicts.items() if verdict is Verdict.FAILED)


def _passing(ran: Ran) -> frozenset[str]:
    return frozenset(name for name, verdict in ran.verdicts.items() if verdict is Verdict.PASSED)


def _fail_as_it_is(ran: Ran) -> tuple[str, ...]:
    n_failed = len(failing(ran))
    if not n_failed:
        return ()
    why = first_failure(ran) + (f", and {n_failed - 1} more" if n_failed > 1 else "")
    return (f"tests that fail as it is don't count: {why}",)


async def _others(runs: Runs, ran: Mapping[str, Ran]) -> Existing:
    """The other files that can be run together, without those of their tests that fail."""
    left_out = {
        path: each.problem or first_failure(each)
        for path, each in ran.items()
        if each.problem or (failing(each) and not _passing(each))
    }
    usable: list[str] = []
    wall_s = 0.0
    for path, each in sorted(ran.items(), key=lambda known: known[1].wall_s):
        if path in left_out or not _passing(each):
            continue
        if wall_s + each.wall_s > SLOW_S:
            left_out[path] = (
                f"with the others before it, it takes {wall_s + each.wall_s:.0f} s"
                if wall_s
                else (f"it takes {each.wall_s:.0f} s")
            )
            continue
        usable.append(path)
        wall_s += each.wall_s
    usable.sort()
    if len(usable) > 1 or any(failing(ran[path]) for path in usable):
        left_out |= await _clashing(runs, usable)
    paths = [path for path in usable if path not in left_out]
    known = [coverage for path in paths if (coverage := ran[path].coverage) is not None]
    failures = (note for path in paths for note in _fail_as_it_is(ran[path]))
    return Existing(
        paths=tuple(paths),
        others=_together(known) if len(known) == len(paths) else None,
        wall_s=sum(ran[path].wall_s for path in paths),
        notes=(*(f"{path} is left out: {why}" for path, why in sorted(left_out.items())), *failures),
        is_whole=not left_out,
    )


async def _clashing(runs: Runs, paths: Sequence[str]) -> dict[str, str]:
    """Files that fail when they are run with those before them, and why.

    There is no fault yet: with one, it would be taken for what they notice.
    """
    if not first_failure(await runs(paths)):
        return {}
    clashing: dict[str, str] = {}
    for path in paths:
        before = [each for each in paths[: paths.index(path)] if each not in clashing]
        if why := first_failure(await runs([*before, path])):
            clashing[path] = why
    return clashing


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
