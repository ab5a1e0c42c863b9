"""What inputs from a model add to those by rule: calls that fit, and faults that are noticed."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from attrs import define, evolve, field, frozen
from drawn import functions

from codenook.context.manager import ContextManager
from codenook.models.engine.client import Engine
from codenook.server.config import Settings
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.unit_tests.case import Call, Kind, Observed
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.kits.python.kit import PythonKit
from codenook.server.unit_tests.making.choose import maker_for
from codenook.server.unit_tests.making.maker import Made
from codenook.server.unit_tests.mutants.make import mutants_of
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.target import Target

N_RULES, N_MUTANTS, N_EXAMPLES = 24, 6, 4
"""Calls by rule, mutants and examples of one function, at most."""

_MISFITS = {"TypeError", "AttributeError"}


@define
class Added:
    """Sums over functions."""

    functions: int = 0
    not_run: int = 0
    by_rule: int = 0
    proposed: int = 0
    refused: int = 0
    fitting: int = 0
    returning: int = 0
    mutants: int = 0
    killed_by_rule: int = 0
    killed_added: int = 0
    killed_by_model: int = 0
    helped: int = 0
    seconds: list[float] = field(factory=list)


@frozen
class _Seen:
    outcome: str
    is_typed: bool
    is_value: bool


async def added(engine: Engine, settings: Settings, packages: Sequence[str], folder: Path, n: int) -> Added:
    """Have inputs made for ``n`` functions, by rule and by the model."""
    sums, workspaces = Added(), Workspaces()
    for target in functions(packages, folder, n):
        manager = workspaces.of(target.root)
        try:
            project = PARTS.project_of(target, {}, "")
            rules = list(await PythonKit().calls(target, project, manager))[:N_RULES]
            made, seconds = await _made(target, project, rules, manager, (engine, settings))
            await _compare(sums, target, project, rules, made)
        except NoProject:
            sums.not_run += 1
            continue
        sums.seconds.append(seconds)
    workspaces.close_all()
    return sums


async def _made(
    target: Target,
    project: Project,
    rules: Sequence[Call],
    known: ContextManager,
    asking: tuple[Engine, Settings],
) -> tuple[Made, float]:
    kit, (engine, settings) = PythonKit(), asking
    examples = kit.tests(target, await kit.observed(target, project, rules[:N_EXAMPLES]))
    maker = await maker_for(
        target, project, kit, known=known, engine=engine, settings=settings, calls=rules, examples=examples
    )
    started = perf_counter()
    made = await maker.made(0, ())
    return made, perf_counter() - started


async def _compare(sums: Added, target: Target, project: Project, rules: Sequence[Call], made: Made) -> None:
    seen = await _seen(target, project, [*rules, *made.calls])
    if not seen:
        return
    by_model = seen[len(rules) :]
    sums.functions += 1
    sums.by_rule += len(rules)
    sums.proposed += len(made.calls)
    sums.refused += len(made.refused)
    sums.fitting += sum(each.is_typed for each in by_model)
    sums.returning += sum(each.is_value for each in by_model)
    n_added = 0
    for mutant in mutants_of(target, most=N_MUTANTS):
        faulty = evolve(target, text=mutant.apply(target.text))
        again = await _seen(faulty, project, [*rules, *made.calls])
        notices = [one.outcome != other.outcome for one, other in zip(seen, again, strict=True)]
        sums.mutants += 1
        sums.killed_by_rule += any(notices[: len(rules)])
        sums.killed_by_model += any(notices[len(rules) :])
        n_added += any(notices) and not any(notices[: len(rules)])
    sums.killed_added += n_added
    sums.helped += bool(n_added)


async def _seen(target: Target, project: Project, calls: Sequence[Call]) -> list[_Seen]:
    return [_read(each) for each in await PythonKit().observed(target, project, calls)]


def _read(observed: Observed) -> _Seen:
    errors = {check.expected for check in observed.checks if check.kind is Kind.RAISES}
    return _Seen(
        repr(observed.checks) if observed.checks else observed.problem,
        is_typed=bool(observed.checks) and not errors & _MISFITS,
        is_value=bool(observed.checks) and not errors,
    )


def told(sums: Added) -> str:
    """The figures, in lines."""
    n = max(1, sums.proposed)
    return f"""\
{sums.functions} functions ({sums.not_run} more can't be run)
calls by rule: {sums.by_rule}; by the model: {sums.proposed} more, {sums.refused} refused
of the model's, written down and no TypeError or AttributeError: {sums.fitting} ({sums.fitting / n:.0%})
of the model's, return a value: {sums.returning} ({sums.returning / n:.0%})
mutants: {sums.mutants}; noticed by rule: {sums.killed_by_rule}, by the model's alone: {sums.killed_by_model}
noticed only with the model: {sums.killed_added}, in {sums.helped} functions
median seconds of asking: {median(sums.seconds or [0.0]):.2f}"""
