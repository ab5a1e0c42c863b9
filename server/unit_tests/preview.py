"""Tests that nothing on this machine can run: a preview, which is labelled so and never applied by itself."""

from codenook.context.manager import ContextManager
from codenook.server.reasons import Reason
from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.aim import Aim
from codenook.server.unit_tests.by_model import ByModel
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.kits.claimed import ClaimedKit
from codenook.server.unit_tests.making.maker import Made
from codenook.server.unit_tests.proposing import Proposed
from codenook.server.unit_tests.result import UnitTestsResult

N_SHOWN = 8
"""How many tests a preview has, at most."""


async def preview(
    aim: Aim, project: Project, known: ContextManager, model: ByModel | None, clock: Clock
) -> UnitTestsResult:
    """The file with what documentation and a model say comes of calls; raises NoProject without such."""
    kit, tests = ClaimedKit(), list[Test]()
    with clock.part("model", 20, "asking the model for tests that can't be run here"):
        for target in aim.called:
            calls = await kit.calls(target, project, known)
            made = await model.made(Proposed(target, tuple(calls)), 0, ()) if model else Made()
            claimed = await kit.observed(target, project, [*calls, *made.calls])
            tests += [*kit.tests(target, claimed), *made.tests]
    shown = list(dict.fromkeys(tests))[:N_SHOWN]
    runner = f"what runs tests of {project.framework.name} is not installed here"
    if not shown:
        without = f"; {model.note}" if model and model.note else ""
        raise NoProject(Reason.RUNNER_MISSING, f"{runner}, and there is nothing to show unrun{without}")
    try:
        text = project.framework.render(project.file, aim.target, shown).text
        text.encode()
    except ValueError as error:  # a model may write what has no place in a file
        raise NoProject(
            Reason.RUNNER_MISSING, f"{runner}, and what there is can't be shown: {error}"
        ) from None
    return UnitTestsResult(
        aim.target.symbol,
        path=project.file.path,
        before=project.file.text,
        text=text,
        framework=project.framework.name,
        strategy=model.strategy if model else None,
        model=model.model if model else "",
        notes=(model.note,) if model and model.note else (),
        reason=Reason.NOT_RUN,
        message=f"not run: {runner}",
    )
