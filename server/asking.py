"""What the commands share that ask a model: its settings, its engine, and what is known of the workspace."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from codenook.models.engine.client import LocalEngine
from codenook.models.engine.errors import EngineError
from codenook.models.hub.catalog import Role
from codenook.server import config, reasons
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.index_commands import make_current
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.terminal import ENGINE_FAILED, err, fail, say

T = TypeVar("T")

model_option = click.option(
    "--model",
    metavar="NAME|PATH",
    help="A model of `codenook models list` that was pulled, or a GGUF file.  [default: the bundled one]",
)


@contextlib.asynccontextmanager
async def opened_workspaces(path: Path, workspace: Path, settings: Settings) -> AsyncIterator[Workspaces]:
    """Give what knows the ``workspace`` around ``path``, as current as it can quickly be."""
    workspaces = Workspaces()
    manager = workspaces.of(workspace)
    try:
        if settings.index:
            await make_current(manager, workspace)
        await asyncio.to_thread(manager.look, path)
        yield workspaces
    finally:
        workspaces.close_all()


@contextlib.asynccontextmanager
async def opened_engine(
    settings: Settings, role: Role, *, is_needed: bool = True
) -> AsyncIterator[LocalEngine]:
    """Give the engine of a role; on a terminal, the start of one that ``is_needed`` is shown."""
    engines = Engines(settings)
    engine = engines.of(role)
    try:
        if is_needed and err.is_terminal and not engine.is_ready:
            with err.status("starting the engine"):
                await engine.ready()
        yield engine
    finally:
        await engines.close()


def overrides_of(**given: object) -> dict[str, object]:
    """The settings that were given on the command line."""
    return {name: value for name, value in given.items() if value is not None}


def settings_of(overrides: Mapping[str, object], workspace: Path | None) -> Settings:
    """The settings that hold in a workspace; wrong ones are told on stderr."""
    settings, problems = config.load(overrides=overrides, workspace=workspace)
    for problem in problems:
        say(problem)
    return settings


def run_work(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work``; what the engine reports ends the process with one line."""
    try:
        return asyncio.run(work)
    except EngineError as error:
        fail(f"{error} ({reasons.of_error(error)})", ENGINE_FAILED)
