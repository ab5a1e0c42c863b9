"""Tests that nothing on this machine can run: a preview, which is labelled so and never applied by itself."""

from collections.abc import Sequence

from codenook.server.reasons import Reason
from codenook.server.unit_tests.aim import Aim
from codenook.server.unit_tests.by_model import ByModel
from codenook.server.unit_tests.case import Call, Check, Kind, Test
from codenook.server.unit_tests.clock import Clock
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.proposing import Proposed
from codenook.server.unit_tests.result import UnitTestsResult
from codenook.server.unit_tests.target import Target

N_SHOWN = 8
"""How many tests a preview has, at most."""


async def preview(aim: Aim, project: Project, model: ByModel | None, clock: Clock) -> UnitTestsResult:
    """The file with what a model expects, by itself; raises NoProject when there is nothing to show."""
    runner = f"what runs tests of {project.framework.name} is not installed here"
    tests: list[Test] = []
    with clock.part("model", 20, "asking the model for tests that can't be run here"):
        for target in aim.called if model else ():
            made = await model.made(Proposed(target), 0, ()) if model else None
            if made is not None:
                tests += [*made.tests, *_expected(target, made.calls)]
    tests = list(dict.fromkeys(tests))[:N_SHOWN]
    if not tests:
        without = f"; {model.note}" if model and model.note else ""
        raise NoProject(Reason.RUNNER_MISSING, f"{runner}, and there is nothing to show unrun{without}")
    return UnitTestsResult(
        aim.target.symbol,
        path=project.file.path,
        before=project.file.text,
        text=project.framework.render(project.file, aim.target, tests).text,
        framework=project.framework.name,
        strategy=model.strategy if model else None,
        model=model.model if model else "",
        reason=Reason.NOT_RUN,
        message=f"not run: {runner}",
    )


def _expected(target: Target, calls: Sequence[Call]) -> list[Test]:
    """Tests of the calls of which the model says what comes of them."""
    name = target.definition.name
    return [
        Test(
            f"{name}_{number}",
            call.origin,
            statements=call.setup,
            checks=(Check(Kind.EQUAL, f"{_callee(call, name)}({call.arguments})", call.expected),),
            imports=call.imports,
            fixtures=call.fixtures,
            evidence=call.evidence,
            is_reasoned=True,
        )
        for number, call in enumerate((call for call in calls if call.expected), 1)
    ]


def _callee(call: Call, name: str) -> str:
    return f"{call.receiver}.{name}" if call.receiver else name
