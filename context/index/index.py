"""The index of one workspace: tables on disk, open documents over them, and what keeps them current."""

from collections.abc import Iterable
from pathlib import Path

from codenook.context.index.build import Builder, Progress, unseen
from codenook.context.index.overlay import Overlay
from codenook.context.index.queries import Queries
from codenook.context.index.reading import Sources
from codenook.context.index.store import Store, path_of
from codenook.context.index.write import Counters
from codenook.context.outline import Outline


def index_path(sources: Sources) -> Path:
    """Where the index of a workspace is kept, whether it is there or not."""
    return path_of(sources.root, sources.version)


class Index(Queries):
    """Answers at once with what it has, also while `scan` or `refresh` runs on another thread.

    No method raises when the disk is full or the file damaged: the index is then built anew, or in
    memory, and `trouble` says why. Paths are relative to the root, with forward slashes.
    """

    def __init__(self, sources: Sources) -> None:
        """Open what an earlier process left; nothing is read before `scan`."""
        self._store = Store(sources.root, sources.version)
        self._overlay = Overlay()
        self._builder = Builder(sources, self._store)
        super().__init__(self._store, self._overlay, lambda: self._builder.n_updates)

    @property
    def trouble(self) -> str:
        """Why the index is not kept on disk, in one line; empty when it is."""
        return self._store.trouble

    @property
    def path(self) -> Path | None:
        """The file; None for an index in memory."""
        return self._store.path

    @property
    def n_updates(self) -> int:
        """How many updates were completed since the index was opened."""
        return self._builder.n_updates

    @property
    def counters(self) -> Counters:
        """What was read and written since the index was opened."""
        return self._builder.counters

    def scan(self, progress: Progress = unseen) -> bool:
        """See `Builder.scan`."""
        return self._builder.scan(progress)

    def refresh(self, paths: Iterable[str]) -> bool:
        """See `Builder.refresh`."""
        return self._builder.refresh(paths)

    def watch(self) -> None:
        """Refresh what changes on disk, until `stop`; this doesn't return before, so give it a thread."""
        self._builder.watch()

    def show(self, path: str, outline: Outline) -> None:
        """Let the outline of an open document stand for the file at ``path`` until `hide`."""
        self._overlay.show(path, outline)

    def hide(self, path: str) -> None:
        """Forget an open document: the file on disk counts again."""
        self._overlay.hide(path)

    def stop(self) -> None:
        """End updates, those to come as well; answers go on."""
        self._builder.stop()

    def close(self) -> None:
        """End updates and give up the files."""
        self._builder.close()
        self._store.close()
