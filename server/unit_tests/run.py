"""Runs test files in the sandbox."""

import time
from collections.abc import Mapping, Sequence

from attrs import evolve

from codenook.server.reasons import Reason
from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Command, Limits, NoSandbox, Outcome, SandboxFailed
from codenook.server.unit_tests.frameworks.framework import NoProject, Project, Ran

_MIB = 1 << 20
LIMITS = Limits(wall_s=30, cpu_s=30, memory_bytes=2048 * _MIB, n_processes=128, output_bytes=4 * _MIB)
"""What one run of tests may take."""


async def run_tests(
    project: Project,
    paths: Sequence[str],
    files: Mapping[str, bytes | None],
    *,
    order: int = 0,
    coverage_of: str = "",
    stop_at_first: bool = False,
    limits: Limits = LIMITS,
) -> Ran:
    """Run the test files ``paths``; see `Framework.command`. Raises NoProject without a sandbox."""
    command = project.framework.command(
        project, paths, files, order=order, coverage_of=coverage_of, stop_at_first=stop_at_first
    )
    started = time.perf_counter()
    try:
        outcome = await in_sandbox(command, limits)
    except SandboxFailed as error:
        return Ran(problem=str(error), is_run=False)
    return evolve(project.framework.read(project, outcome), wall_s=time.perf_counter() - started)


async def in_sandbox(command: Command, limits: Limits) -> Outcome:
    """Run a command of a framework's; raises NoProject without a sandbox, and SandboxFailed."""
    try:
        return await sandbox.run(command, limits)
    except NoSandbox as error:
        raise NoProject(Reason.NO_SANDBOX, str(error)) from None
