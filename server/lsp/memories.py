"""When the engine is handed what is new in a workspace: in a pause after documents or files have changed."""

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from codenook.models.engine.errors import EngineError
from codenook.server.config import OnBattery
from codenook.server.lsp.switches import on_battery
from codenook.server.tasks.memory import Memories

if TYPE_CHECKING:
    from codenook.server.lsp.language_server import CodenookServer

PAUSE_S = 1.5
"""Changes are handed over once nothing has changed for so long."""


class MemoryKeeper:
    """Keeps the engine's memory of each folder current, for one server and engine."""

    def __init__(self, server: "CodenookServer") -> None:
        self._server = server
        self._memories = Memories(server.engine, server.workspaces)
        self._edited: set[str] = set()
        self._changed: dict[Path | None, float] = {}
        self._tasks: dict[Path | None, asyncio.Task[None]] = {}

    def soon(self, folder: Path | None, edited: str | None = None) -> None:
        """Something has changed in ``folder``, such as the document ``edited`` (its uri).

        Nothing is started for it, the engine included.
        """
        settings = self._server.settings
        if not settings.memory or not self._server.engine.is_ready:
            return
        if settings.on_battery is not OnBattery.FULL and on_battery():
            return
        if edited is not None:
            self._edited.add(edited)
        self._changed[folder] = asyncio.get_running_loop().time()
        task = self._tasks.get(folder)
        if task is None or task.done():
            self._tasks[folder] = asyncio.create_task(self._keep(folder))

    def close(self) -> None:
        """End what goes on; the engine keeps what it has learned."""
        for task in self._tasks.values():
            task.cancel()

    async def _keep(self, folder: Path | None) -> None:
        while folder in self._changed:
            quiet_s = asyncio.get_running_loop().time() - self._changed[folder]
            if quiet_s < PAUSE_S:
                await asyncio.sleep(PAUSE_S - quiet_s)
                continue
            del self._changed[folder]
            with contextlib.suppress(EngineError):  # the next request says it
                await self._hand_over(folder)

    async def _hand_over(self, folder: Path | None) -> None:
        """Tell what has changed; the document that was edited last counts for others as it was saved."""
        server, changed = self._server, self._edited
        self._edited = set()
        for opened in [server.documents[uri] for uri in changed if uri in server.documents]:
            if server.switched_off(opened.snapshot, automatic=True) is None:
                await server.completion.remember(opened.snapshot, server.folder_of(opened.snapshot.path))
        if folder is not None:
            edited = [opened for opened in server.documents.values() if opened.edits_s]
            last = max(edited, key=lambda opened: opened.edits_s[-1], default=None)
            others = [opened.snapshot for opened in server.documents.values() if opened is not last]
            await self._memories.update(folder, {one.path: one.text for one in others})
