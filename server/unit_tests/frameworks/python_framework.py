"""pytest and unittest: they differ in how they are run, not in how tests are put into a file."""

import os
from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from codenook.server.sandbox.command import Command, Outcome
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks import python_run
from codenook.server.unit_tests.frameworks.framework import (
    Framework,
    Project,
    Ran,
    Rendered,
    TestFile,
    Variant,
)
from codenook.server.unit_tests.frameworks.python_render import Writing
from codenook.server.unit_tests.frameworks.python_run import Running
from codenook.server.unit_tests.target import Target


@frozen
class PythonTests:
    """Tests of Python, run by pytest or unittest; ``module`` is the dotted name of the target's file."""

    writing: Writing
    running: Running
    module: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.running.runner

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:
        """See `Framework.render`; raises NotWritten."""
        return self.writing.render(file, target, tests)

    def command(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        *,
        order: int = 0,
        coverage_of: str = "",
        stop_at_first: bool = False,
    ) -> Command:
        """See `Framework.command`."""
        return self.running.command(
            project, paths, files, order=order, coverage_of=coverage_of, stop_at_first=stop_at_first
        )

    def command_for_many(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        variants: Sequence[Variant],
        *,
        of: str,
        within_s: float,
        stop_at_first: bool = False,
    ) -> Command:
        """See `RunsMany.command_for_many`."""
        return self.running.command_for_many(
            project, paths, files, variants, of=of, within_s=within_s, stop_at_first=stop_at_first
        )

    def read_many(self, project: Project, outcome: Outcome) -> Sequence[Ran]:  # noqa: ARG002 - as above
        """See `RunsMany.read_many`."""
        return python_run.read_many(outcome)

    def read(self, project: Project, outcome: Outcome) -> Ran:  # noqa: ARG002 - what it told has all
        """See `Framework.read`."""
        return python_run.read(outcome)

    def ways(self, project: Project) -> Sequence[tuple[Framework, str]]:
        """See `StartedOutside.ways`: there, the folder of the modules may not be among those searched."""
        start, module = str(project.start), self.module
        folder = os.path.relpath(self.running.search[0], start)
        is_pytest = self.running.runner == "pytest"
        setting = f"pytest has `pythonpath = {folder}`" if is_pytest else f"`PYTHONPATH={folder}` is set"
        needs = f"outside of the sandbox {module} can't be imported unless it is installed or {setting}"
        by_module = f"run them as `python -m pytest`: started as `pytest`, they can't import {module}"
        ways = [*([((), by_module)] if is_pytest else []), ((start,), needs)]
        return [(evolve(self, running=evolve(self.running, search=search)), told) for search, told in ways]
