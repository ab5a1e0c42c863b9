"""All checks, in the order in which a person would ask."""

from pathlib import Path

from attrs import frozen

from codenook.server.config import Settings
from codenook.server.doctor.editors import editors
from codenook.server.doctor.engine import engine
from codenook.server.doctor.findings import Check, Finding, Level
from codenook.server.doctor.jobs import jobs
from codenook.server.doctor.python import python
from codenook.server.doctor.sandbox import sandbox
from codenook.server.doctor.settings import settings_files
from codenook.server.doctor.sockets import sockets
from codenook.server.doctor.tools import git

ENGINE_CHECKS = frozenset({Check.LLAMA_CPP, Check.ENGINE, Check.MODEL, Check.FIM, Check.SPEED})
"""What a problem of means that the engine or its model failed."""


@frozen
class Report:
    """All findings."""

    findings: tuple[Finding, ...]

    @property
    def has_problem(self) -> bool:
        """Whether something needs mending."""
        return any(finding.level is Level.PROBLEM for finding in self.findings)

    @property
    def engine_failed(self) -> bool:
        """Whether the engine or its model is among that."""
        return any(
            finding.level is Level.PROBLEM and finding.check in ENGINE_CHECKS for finding in self.findings
        )


async def examine(settings: Settings, problems: list[str], workspace: Path) -> Report:
    """Run every check; ``problems`` are those that reading the settings of ``workspace`` met."""
    model, of_engine = await engine(settings)
    return Report(
        (
            *python(),
            *settings_files(problems, workspace),
            *sockets(),
            *of_engine,
            *sandbox(),
            *git(),
            *editors(),
            *jobs(settings, model),
        )
    )
