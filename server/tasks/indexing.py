"""The index of a workspace as the command line has to do with it: how it is, and bringing it up to date."""

import asyncio
import time
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from codenook.context.code import sources_of
from codenook.context.index.build import Progress
from codenook.context.index.index import Index, index_path
from codenook.context.manager import ContextManager

QUICK_S = 1.0
"""A command waits so long for an index that is there to be brought up to date; then it asks it as it is."""

_N_EXAMPLES = 3


@frozen
class Left:
    """The files that were left out for one reason: how many, and the first of them by path."""

    n: int
    examples: tuple[str, ...]


@frozen
class IndexStatus:
    """How the index of the workspace at ``root`` is.

    ``path`` is its file, which need not be there; ``age_s`` how long ago all files were looked at, None for
    never; ``trouble`` why it can't be kept on disk, in one line.
    """

    root: Path
    path: Path
    size_bytes: int = 0
    age_s: float | None = None
    files: int = 0
    definitions: int = 0
    skipped: dict[str, Left] = field(factory=dict)
    trouble: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON of ``codenook index status --json``."""
        age_s = None if self.age_s is None else round(self.age_s, 1)
        return {**asdict(self), "root": str(self.root), "path": str(self.path), "age_s": age_s}


def status(root: Path) -> IndexStatus:
    """Look at the index of the workspace at ``root``; none is made where there is none."""
    sources = sources_of(root.resolve())
    path = index_path(sources)
    if not path.is_file():
        return IndexStatus(root, path)
    index = Index(sources)
    try:
        totals, scanned, skipped = index.totals(), index.scanned(), index.skipped(limit=100_000)
        return IndexStatus(
            root,
            path,
            size_bytes=sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*")),
            age_s=None if scanned is None else max(0.0, time.time() - scanned),
            files=totals.files,
            definitions=totals.definitions,
            skipped={
                reason: Left(n, tuple([path for path, why in skipped if why == reason][:_N_EXAMPLES]))
                for reason, n in sorted(totals.skipped.items())
            },
            trouble=index.trouble,
        )
    finally:
        index.close()


def was_built(root: Path) -> bool:
    """Whether all files of the workspace were looked at once."""
    sources = sources_of(root.resolve())
    if not index_path(sources).is_file():
        return False
    index = Index(sources)
    try:
        return index.scanned() is not None
    finally:
        index.close()


async def bring_up_to_date(manager: ContextManager, progress: Progress, *, at_most_s: float | None) -> None:
    """Look at the files of the workspace, for ``at_most_s`` or until all are done."""
    await asyncio.wait([asyncio.ensure_future(manager.keep(progress, watch=False))], timeout=at_most_s)
