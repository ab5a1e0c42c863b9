"""What came of it, with the evidence, as a value."""

from collections.abc import Callable, Iterator

from attrs import evolve

from codenook.models.engine.messages import Counters
from codenook.server import reasons
from codenook.server.reasons import Reason
from codenook.server.unit_tests.by_model import ByModel
from codenook.server.unit_tests.frameworks.framework import Coverage
from codenook.server.unit_tests.keeping import Keeping, Kept
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.proposing import Proposing
from codenook.server.unit_tests.result import Covered, Fate, KeptTest, ThrownFor, UnitTestsResult
from codenook.server.unit_tests.target import Target


def told(
    target: Target,
    keeping: Keeping,
    kept: Kept,
    *,
    proposing: Proposing,
    model: ByModel | None,
    diff_of: Callable[[Target, Mutant], str],
    needed: str = "",
) -> UnitTestsResult:
    """The result of what was proposed and kept; ``needed`` is what a person must do to run it."""
    project, faults = keeping.runs.project, keeping.faults
    numbers = sorted(faults.noticed)
    place = {number: at for at, number in enumerate(numbers)}
    tests = list(zip(kept.tests, kept.rendered.names, kept.kills, strict=True))
    fates = tuple(
        Fate(
            faults.mutants[number].kind,
            faults.mutants[number].line,
            diff_of(target, faults.mutants[number]),
            by=tuple(name for _, name, kills in tests if number in kills),
            by_existing=faults.noticed[number].by_existing,
        )
        for number in numbers
    )
    found = UnitTestsResult(
        target.symbol,
        path=project.file.path,
        before=project.file.text,
        framework=project.framework.name,
        strategy=model.strategy if model else None,
        thrown=(*proposing.thrown, *keeping.thrown),
        mutants=fates,
        n_untried=faults.n_untried,
        coverage_before=_covered(target, keeping.existing.coverage) if keeping.existing.is_whole else None,
        n_runs=keeping.runs.n,
        counters=model.counters if model else Counters(),
        model=model.model if model else "",
        notes=(*_notes(keeping, proposing, model), *([needed] if needed else [])),
    )
    if not tests:
        return _without(found, keeping, proposing, model)
    all_own = evolve(keeping.existing, own=kept.coverage)
    coverage = _covered(target, kept.coverage and all_own.coverage)
    before = found.coverage_before or (Covered(0, coverage.lines) if coverage and _is_new(keeping) else None)
    return evolve(
        found,
        text=kept.rendered.text,
        kept=tuple(
            KeptTest(
                name,
                test.origin,
                tuple(sorted(place[number] for number in kills)),
                evidence=test.evidence,
                is_reasoned=test.is_reasoned,
                doubt=test.doubt,
            )
            for test, name, kills in tests
        ),
        coverage_before=before,
        coverage=coverage,
    )


def _is_new(keeping: Keeping) -> bool:
    """Whether the project has no tests of the target at all."""
    existing = keeping.existing
    return existing.is_whole and not (existing.passed or existing.paths)


def _covered(target: Target, coverage: Coverage | None) -> Covered | None:
    if coverage is None:
        return None
    own = frozenset(target.lines)
    return Covered(len(coverage.ran & own), len(coverage.lines & own))


def _notes(keeping: Keeping, proposing: Proposing, model: ByModel | None) -> Iterator[str]:
    yield from keeping.existing.notes
    if proposing.note:
        yield proposing.note
    if model is not None and model.note:
        yield model.note
    faults = keeping.faults
    if faults.n_untried and faults.is_time_up:
        untried = "one fault" if faults.n_untried == 1 else f"{faults.n_untried} faults"
        yield f"the time was up ({keeping.clock.time_s:.0f} s) with {untried} not tried"


def _without(
    found: UnitTestsResult, keeping: Keeping, proposing: Proposing, model: ByModel | None
) -> UnitTestsResult:
    """The result when no test was kept: why, in one line."""
    if model is not None and model.trouble and reasons.is_engine_failure(model.trouble):
        return evolve(found, reason=model.trouble, message=f"{model.note}; without it, no test was kept")
    return evolve(found, reason=Reason.NO_TEST_KEPT, message=proposing.note or _why_none(found, keeping))


def _why_none(found: UnitTestsResult, keeping: Keeping) -> str:
    if len(keeping.faults.refused) == len(keeping.faults.mutants):
        return "there is nothing in it that a fault could be put into"
    if not found.mutants and keeping.faults.is_time_up:
        return f"the time was up ({keeping.clock.time_s:.0f} s) before a fault could be tried"
    if not found.thrown:
        return "no call of it could be made up"
    passing = {ThrownFor.KILLS_NOTHING, ThrownFor.ADDS_NOTHING, ThrownFor.NOT_TRIED}
    n_wrong = sum(each.why not in passing for each in found.thrown)
    if n_wrong < len(found.thrown):
        return "tests that pass were made, but none that notices a fault that the project's own don't"
    worst = next(filter(None, (each.message for each in found.thrown)), "")
    return f"none of {n_wrong} calls and tests gave one that passes each time" + (
        f": {worst}" if worst else ""
    )
