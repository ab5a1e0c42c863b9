"""All checks, in the order in which a person would ask."""

import asyncio
from pathlib import Path

from attrs import frozen

from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import ModelInfo
from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.doctor.chat import chat, instructed
from codenook.server.doctor.comment import comment
from codenook.server.doctor.editors import editors
from codenook.server.doctor.engine import engine
from codenook.server.doctor.findings import Check, Finding, Level
from codenook.server.doctor.jobs import jobs
from codenook.server.doctor.python import python
from codenook.server.doctor.sandbox import sandbox
from codenook.server.doctor.settings import settings_files
from codenook.server.doctor.sockets import sockets
from codenook.server.doctor.tools import git
from codenook.server.doctor.translate import translate
from codenook.server.doctor.unit_tests import unit_tests
from codenook.server.engines import Engines

ENGINE_CHECKS = frozenset(
    {Check.LLAMA_CPP, Check.ENGINE, Check.MODEL, Check.FIM, Check.SPEED, Check.CHAT_MODEL}
)
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
    model, chatting, of_engines, of_comment = await _engines(settings)
    return Report(
        (
            *python(),
            *settings_files(problems, workspace),
            *sockets(),
            *of_engines,
            *sandbox(workspace),
            *git(workspace),
            *editors(workspace),
            *jobs(
                settings,
                model,
                of_comment,
                await asyncio.to_thread(unit_tests, workspace),
                await asyncio.to_thread(translate, chatting, workspace),
                chat=chatting,
            ),
        )
    )


async def _engines(
    settings: Settings,
) -> tuple[ModelInfo | None, ModelInfo | None, list[Finding], Finding]:
    """Look at the models of both roles; return those of fim and chat, None for one that can't be loaded.

    What was found of them follows, and what of the job that asks the model for chat.
    """
    engines = Engines(settings)
    completing, chatting = engines.of(Role.FIM), engines.of(Role.CHAT)
    try:
        model, found = await engine(completing, settings)
        if chatting is not completing:
            found.append(await chat(chatting))
        elif model is not None:
            found.append(await instructed(completing, model))
        return model, await _loaded(chatting), found, await comment(chatting, settings)
    finally:
        await engines.close()


async def _loaded(connection: Engine) -> ModelInfo | None:
    try:
        return await connection.ready()
    except EngineError:
        return None
