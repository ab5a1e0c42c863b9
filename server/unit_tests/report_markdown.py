"""The report beside a test file, as Markdown: what was kept and why, what wasn't, what was never noticed."""

from collections.abc import Iterator

from codenook.server.markdown import block, code
from codenook.server.unit_tests.result import Covered, Fate, KeptTest, Thrown, UnitTestsResult
from codenook.server.unit_tests.wording import OBSERVED, ORIGINS, REASONED, THROWN

_N_THROWN = 50
"""How many of the tests that were thrown away are named."""


def to_markdown(result: UnitTestsResult) -> str:
    """The report of a result; empty when there is nothing to report but the reason."""
    if not (result.text or result.kept or result.thrown or result.mutants):
        return ""
    parts = (
        _head(result),
        _kept(result),
        _coverage(result.coverage_before, result.coverage),
        _mutants(result),
        _thrown(result.thrown),
        _costs(result),
    )
    return "\n".join(line for part in parts for line in part)


def summary(result: UnitTestsResult) -> str:
    """What is proved, in one line."""
    kept = _n(len(result.kept), "test")
    said = [f"{kept}: each ran, passed every time, and notices a fault that the project's own don't"]
    if result.mutants:
        said.append(f"{result.n_killed} of {_n(len(result.mutants), 'mutant')} killed")
    if result.coverage:
        before = f"{result.coverage_before.ran} before, " if result.coverage_before else ""
        said.append(f"lines run: {before}{result.coverage.ran} now, of {result.coverage.lines}")
    return "; ".join(said)


def _head(result: UnitTestsResult) -> Iterator[str]:
    yield f"# Unit tests for {code(result.symbol)}"
    yield ""
    n = _n(len(result.kept), "test")
    if result.reason is not None:
        yield f"**{'Not run' if result.text else 'No tests'}** (`{result.reason}`): {code(result.message)}"
    else:
        yield (
            f"{n} in {code(result.path)} ({result.framework}). Each ran in the sandbox, passed every time, "
            "and notices a fault that the project's own tests don't."
        )
    for note in result.notes:
        yield ""
        yield f"- {code(note)}"
    yield ""


def _kept(result: UnitTestsResult) -> Iterator[str]:
    if result.kept:
        yield from ("## Kept", "")
        for test in result.kept:
            yield f"- {code(test.name)}: {', '.join(_about(test))}"
            if test.doubt:
                yield f"  - **looks wrong to the model**: {code(test.doubt)}"
        yield ""


def _about(test: KeptTest) -> Iterator[str]:
    if test.kills:
        yield f"kills {_n(len(test.kills), 'mutant')} ({', '.join(f'#{kill + 1}' for kill in test.kills)})"
    yield ORIGINS[test.origin] + (f" at {code(test.evidence)}" if test.evidence else "")
    yield REASONED if test.is_reasoned else OBSERVED


def _coverage(before: Covered | None, after: Covered | None) -> Iterator[str]:
    if before or after:
        yield from ("## Lines that the tests run", "")
        if before:
            yield f"- before: {before.ran} of {before.lines}"
        if after:
            yield f"- after: {after.ran} of {after.lines}"
        yield ""


def _mutants(result: UnitTestsResult) -> Iterator[str]:
    """All faults that were put in, those that no test notices first: each is a test that is still missing."""
    if not result.mutants:
        return
    untried = f", {result.n_untried} not tried" if result.n_untried else ""
    yield f"## Mutants: {result.n_killed} of {len(result.mutants)} killed{untried}"
    yield ""
    numbered = list(enumerate(result.mutants, start=1))
    for title, of_these in (("Alive", False), ("Killed", True)):
        chosen = [
            (number, fate) for number, fate in numbered if (bool(fate.by) or fate.by_existing) is of_these
        ]
        if chosen:
            yield from (f"### {title}", "")
        for number, fate in chosen:
            yield f"#{number}, line {fate.line}, {fate.kind}{_killers(fate)}:"
            yield from ("", block(fate.diff, "diff"), "")


def _killers(fate: Fate) -> str:
    killers = ["the project's own tests"] if fate.by_existing else []
    killers += [code(name) for name in fate.by]
    return f", killed by {', '.join(killers)}" if killers else ""


def _thrown(thrown: tuple[Thrown, ...]) -> Iterator[str]:
    if thrown:
        yield from (f"## Thrown away: {len(thrown)}", "")
        for each in thrown[:_N_THROWN]:
            message = f" ({code(each.message)})" if each.message else ""
            yield f"- {code(each.what)}: {THROWN[each.why]}{message}"
        if len(thrown) > _N_THROWN:
            yield f"- and {len(thrown) - _N_THROWN} more"
        yield ""


def _costs(result: UnitTestsResult) -> Iterator[str]:
    yield from ("## How it was made", "")
    yield f"- tests were run {_n(result.n_runs, 'time')}"
    if result.seconds:
        total = result.seconds.get("total", 0.0)
        parts = [f"{part} {taken:.1f} s" for part, taken in result.seconds.items() if part != "total"]
        yield f"- {total:.1f} s" + (f" ({', '.join(parts)})" if parts else "")
    if result.model:
        yield f"- model: {code(result.model)}{f', {result.strategy}' if result.strategy else ''}"
    yield ""


def _n(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
