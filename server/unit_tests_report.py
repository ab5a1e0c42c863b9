"""What ``codenook unit-tests`` tells a person: what was kept and proved, and what was not."""

from collections import Counter
from collections.abc import Iterator

from codenook.server.unit_tests.result import Covered, Fate, KeptTest, Thrown, UnitTestsResult
from codenook.server.unit_tests.wording import OBSERVED, ORIGINS, REASONED, THROWN


def rows(result: UnitTestsResult, path: str, *, verbose: bool) -> Iterator[str]:
    """The report in lines; ``path`` is the test file's as it is shown. Without runs it has only notes."""
    if not result.n_runs:
        yield from result.notes
        return
    if result.kept:
        yield f"{path}: {_n(len(result.kept), 'test')} of {result.symbol} kept ({result.framework})"
    for test in result.kept:
        yield from _kept(test)
    if result.coverage is not None:
        before, after = _lines(result.coverage_before), _lines(result.coverage)
        yield f"coverage of {result.symbol}: {before} before, {after} after"
    yield from _faults(result)
    yield from _thrown(result.thrown, verbose=verbose)
    yield from result.notes
    parts = ", ".join(f"{part} {s:.1f}" for part, s in result.seconds.items() if part != "total")
    yield f"{_n(result.n_runs, 'run')} in {result.seconds.get('total', 0):.1f} s ({parts})"


def _kept(test: KeptTest) -> Iterator[str]:
    origin = ORIGINS[test.origin]
    at = f", {test.evidence}" if test.evidence else ""
    proof = REASONED if test.is_reasoned else OBSERVED
    yield f"  {test.name}: {origin}{at}; {proof}; notices {_n(len(test.kills), 'fault')}"
    if test.doubt:
        yield f"    look at this: {test.doubt}"


def _faults(result: UnitTestsResult) -> Iterator[str]:
    if not result.mutants:
        return
    n_own = sum(fate.by_existing for fate in result.mutants)
    own = f", {n_own} of them by the project's own tests" if n_own else ""
    yield f"faults noticed: {result.n_killed} of {len(result.mutants)}{own}"
    alive = [fate for fate in result.mutants if not fate.by and not fate.by_existing]
    if alive:
        yield "not noticed:"
    for fate in alive:
        yield from _alive(fate)


def _alive(fate: Fate) -> Iterator[str]:
    yield f"  line {fate.line}, {fate.kind}"
    for line in fate.diff.splitlines():
        yield f"    {line}"


def _thrown(thrown: tuple[Thrown, ...], *, verbose: bool) -> Iterator[str]:
    if not thrown:
        return
    counts = Counter(each.why for each in thrown)
    yield f"thrown away: {', '.join(f'{n} {why}' for why, n in sorted(counts.items()))}"
    for each in thrown if verbose else ():
        message = f": {each.message}" if each.message else ""
        yield f"  {each.what}: {THROWN[each.why]}{message}"


def _lines(covered: Covered | None) -> str:
    return "unknown" if covered is None else f"{covered.ran} of {_n(covered.lines, 'line')}"


def _n(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
