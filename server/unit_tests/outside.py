"""Whether tests that were kept also run as a person starts them: the sandbox finds modules more easily."""

from attrs import evolve

from codenook.server.unit_tests.frameworks.framework import Rendered, StartedOutside, Verdict
from codenook.server.unit_tests.runs import Runs


async def needed_outside(runs: Runs, rendered: Rendered) -> str:
    """What a person must do before a new test file runs outside of the sandbox; empty for nothing.

    How tests are started that are added to others, the project knows. Raises NoProject without a sandbox.
    """
    framework, project = runs.project.framework, runs.project
    if project.file.text is not None or not isinstance(framework, StartedOutside):
        return ""
    needed = ""
    for way, told in framework.ways(project):
        started = evolve(runs, project=evolve(project, framework=way))
        ran = await started([project.file.path], text=rendered.text)
        runs.n += started.n
        if all(ran.verdicts.get(name) is Verdict.PASSED for name in rendered.names):
            break
        needed = told
    return needed
