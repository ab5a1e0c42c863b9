"""The context managers of one process: one for each workspace folder, shared by all tasks."""

from pathlib import Path

from attrs import define, field

from codenook.context.manager import ContextManager


@define(eq=False)
class Workspaces:
    """Context managers by folder, made when they are first asked for; None stands for files on their own."""

    _managers: dict[Path | None, ContextManager] = field(factory=dict, init=False)

    def of(self, folder: Path | None) -> ContextManager:
        """The context manager of a folder."""
        if folder not in self._managers:
            self._managers[folder] = ContextManager(folder, asks_git=True)
        return self._managers[folder]

    def close(self, folder: Path | None) -> None:
        """Let go of a folder and its index."""
        if manager := self._managers.pop(folder, None):
            manager.close()

    def close_all(self) -> None:
        """Let go of every folder."""
        for folder in list(self._managers):
            self.close(folder)
