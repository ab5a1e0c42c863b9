"""The indexes of the workspace folders: built in the background, shown while that takes its time."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs
from attrs import define, field
from lsprotocol import types
from pygls.lsp.server import LanguageServer

from codenook.server.lsp.progress import show_progress
from codenook.server.tasks.workspaces import Workspaces

TITLE = "codenook: reading the workspace"

SHOWN_AFTER_S = 1.0
"""An index that is built within this time is built unnoticed."""


@define(eq=False)
class _Building:
    """How far the index of a folder is: files done, of those that are new or have changed."""

    done: int = 0
    total: int = 0
    is_current: bool = False
    task: asyncio.Task[None] | None = field(default=None)

    def note(self, done: int, total: int) -> None:
        """Take what the build tells, on its own thread."""
        self.done, self.total = done, total

    def describe(self, _seconds: float) -> types.WorkDoneProgressReport:
        """What the editor shows."""
        if not self.total:
            return types.WorkDoneProgressReport(message="looking through the folders", percentage=0)
        percentage = 100 * self.done // self.total
        return types.WorkDoneProgressReport(
            message=f"{self.done} of {self.total} files", percentage=percentage
        )


class Indexes:
    """Keeps an index of each folder that is open, until `follow` is told of others."""

    def __init__(self, server: LanguageServer, workspaces: Workspaces, built: Callable[[Path], None]) -> None:
        """``built`` is called for each folder whose index has become current."""
        self._server = server
        self._workspaces = workspaces
        self._built = built
        self._buildings: dict[Path, _Building] = {}

    def follow(self, folders: Sequence[Path]) -> None:
        """Begin with folders that are new, and let go of those that are not there any more."""
        for folder in [folder for folder in self._buildings if folder not in folders]:
            task = self._buildings.pop(folder).task
            if task is not None:
                task.cancel()
            self._workspaces.close(folder)
        for folder in folders:
            if folder not in self._buildings:
                building = self._buildings[folder] = _Building()
                building.task = asyncio.create_task(self._keep(folder, building))

    @property
    def editor_watches(self) -> bool:
        """Whether the editor tells of changes on disk when it is asked to."""
        workspace = self._server.client_capabilities.workspace
        files = workspace and workspace.did_change_watched_files
        return bool(files and files.dynamic_registration)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the documented JSON of ``codenook/status``."""
        return [
            {
                "folder": str(folder),
                "is_current": building.is_current,
                "files_done": building.done,
                "files_to_read": building.total,
                "counters": attrs.asdict(index.counters) if index else None,
                "trouble": index.trouble if index else "",
            }
            for folder, building in self._buildings.items()
            for index in [self._workspaces.of(folder).index]
        ]

    async def _keep(self, folder: Path, building: _Building) -> None:
        keeping = self._workspaces.of(folder).keep(building.note, watch=not self.editor_watches)
        building.is_current = await show_progress(
            self._server, TITLE, building.describe, keeping, after_s=SHOWN_AFTER_S
        )
        self._built(folder)
