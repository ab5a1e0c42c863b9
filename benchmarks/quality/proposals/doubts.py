"""How often a model doubts values: those of right functions, and those of wrong ones."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from attrs import define, evolve, field
from drawn import functions, problems

from codenook.models.engine.client import Engine
from codenook.server.config import Settings
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.unit_tests.case import Call, Check, Kind, Test
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.kits.python.kit import PythonKit
from codenook.server.unit_tests.making.choose import maker_for
from codenook.server.unit_tests.mutants.make import mutants_of
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.target import Target

N_CALLS, N_MUTANTS = 8, 2
_VALUES = {Kind.EQUAL, Kind.SAME, Kind.CLOSE}


@define
class Doubts:
    """Values by the set that they are of, how many of these were doubted, and which."""

    values: Counter[str] = field(factory=Counter)
    doubted: Counter[str] = field(factory=Counter)
    lines: list[str] = field(factory=list)


async def doubts(
    engine: Engine, settings: Settings, folder: Path, *, data: Path | None, packages: Sequence[str], n: int
) -> Doubts:
    """Doubt what is observed of functions of packages, of HumanEvalPack, and of what is wrong in both."""
    asking = _Asking(engine, settings)
    for target in functions(packages, folder, n):
        right = await asking.doubted("right, of packages", target)
        for mutant in mutants_of(target, most=N_MUTANTS):
            faulty = evolve(target, text=mutant.apply(target.text))
            await asking.doubted("of mutants, of packages", faulty, against=right)
    for problem in list(problems(data, folder))[:n] if data else ():
        right = await asking.doubted("right, of HumanEvalPack", problem.right)
        await asking.doubted("wrong, of HumanEvalPack", problem.wrong, against=right)
        for mutant in mutants_of(problem.right, most=N_MUTANTS):
            faulty = evolve(problem.right, text=mutant.apply(problem.right.text))
            await asking.doubted("of mutants, of HumanEvalPack", faulty, against=right)
    asking.workspaces.close_all()
    return asking.found


@define
class _Right:
    calls: Sequence[Call]
    checks: dict[str, Check]


@define(eq=False)
class _Asking:
    engine: Engine
    settings: Settings
    workspaces: Workspaces = field(factory=Workspaces)
    found: Doubts = field(factory=Doubts)

    async def doubted(self, what: str, target: Target, against: _Right | None = None) -> _Right | None:
        """Count doubts in the values of a function; of a wrong one only in those that are wrong."""
        kit, known = PythonKit(), self.workspaces.of(target.root)
        try:
            project = PARTS.project_of(target, {}, "")
            calls = against.calls if against else list(await kit.calls(target, project, known))[:N_CALLS]
            observed = await kit.observed(target, project, calls)
        except NoProject:
            return None
        tests = [evolve(each, is_reasoned=False) for each in kit.tests(target, observed)]
        tests = [each for each in tests if each.checks[-1].kind in _VALUES]
        of = {each.checks[-1].actual: each.checks[-1] for each in tests}
        if against:
            known_right = against.checks
            tests = [t for t in tests if known_right.get(t.checks[-1].actual, t.checks[-1]) != t.checks[-1]]
        maker = await maker_for(target, project, kit, known=known, engine=self.engine, settings=self.settings)
        for test in await maker.doubted(tests):
            self._count(what, target, test)
        return _Right(calls, of)

    def _count(self, what: str, target: Target, test: Test) -> None:
        self.found.values[what] += 1
        if test.doubt:
            self.found.doubted[what] += 1
            check = test.checks[-1]
            self.found.lines.append(
                f"{what}: {target.symbol}: {check.actual} == {check.expected}: {test.doubt}"
            )


def told(found: Doubts) -> str:
    """The figures, in lines."""
    rows = [
        f"{what}: {found.doubted[what]} of {n} doubted ({found.doubted[what] / n:.1%})"
        for what, n in found.values.items()
    ]
    return "\n".join([*found.lines, *rows])
