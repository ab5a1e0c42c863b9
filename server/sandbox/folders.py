"""What a command sees of the file system: folders, read-only, with files as if they were otherwise."""

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath

from attrs import frozen


class Mounted(StrEnum):
    """What is put at a path; the value is bubblewrap's option."""

    READ_ONLY = "--ro-bind"
    IF_THERE = "--ro-bind-try"
    LINK = "--symlink"
    TMPFS = "--tmpfs"
    PROC = "--proc"
    DEV = "--dev"


@frozen
class Mount:
    """Something at ``path``: what is at ``source``, or a file system of its own (``size``: bytes).

    What ``is_closed`` can't be written to once all is in its place.
    """

    kind: Mounted
    path: Path
    source: str = ""
    size: str = ""
    is_closed: bool = False

    @property
    def depth(self) -> tuple[int, bool]:
        """What comes first: outer folders, and of one path the shared one before one of its own."""
        return len(self.path.parts), self.kind is Mounted.TMPFS

    @property
    def options(self) -> list[str]:
        """The arguments of bubblewrap."""
        size = ["--size", self.size] if self.size else []
        return [*size, self.kind.value, *([self.source] if self.source else []), str(self.path)]


def as_if(folder: Path, files: Mapping[str, Path | None]) -> Iterator[Mount]:
    """Mounts that show ``folder`` with ``files`` (relative paths) from elsewhere, or without them (None).

    A folder that gets or loses an entry is put together anew from its entries: nothing can be created in,
    or taken out of, a folder that is mounted read-only. Nothing goes through symbolic links.

    Raises ValueError for a name that isn't one of a file below the folder.
    """
    rebuilt: dict[Path, set[str]] = {}
    mounts: list[Mount] = []
    for name, source in files.items():
        at, entry = _end_of_real_folders(folder, _below(name))
        path = at / entry
        is_whole_path = path == folder / name
        if source is None:
            if is_whole_path and os.path.lexists(path):
                rebuilt.setdefault(at, set()).add(entry)
            continue
        if not (is_whole_path and path.is_file() and not path.is_symlink()):
            rebuilt.setdefault(at, set()).add(entry)
        mounts.append(Mount(Mounted.READ_ONLY, folder / name, str(source)))
    yield Mount(Mounted.READ_ONLY, folder, str(folder))
    for at, without in rebuilt.items():
        yield Mount(Mounted.TMPFS, at, is_closed=True)
        yield from _entries(at, without)
    yield from mounts


def _below(name: str) -> PurePosixPath:
    """A relative path that leads downwards; raises ValueError for others."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise ValueError(f"{name!r} is no file of the folder")
    return path


def _end_of_real_folders(folder: Path, name: PurePosixPath) -> tuple[Path, str]:
    """The deepest folder on the way to ``name`` that is no link, and the entry of it that leads on."""
    at = folder
    for part in name.parts[:-1]:
        if (at / part).is_symlink() or not (at / part).is_dir():
            return at, part
        at = at / part
    return at, name.parts[-1]


def _entries(folder: Path, without: set[str]) -> Iterator[Mount]:
    for entry in os.scandir(folder):
        if entry.name in without:
            continue
        if entry.is_symlink():
            yield Mount(Mounted.LINK, folder / entry.name, str(Path(entry.path).readlink()))
        elif entry.is_file() or entry.is_dir():
            yield Mount(Mounted.READ_ONLY, folder / entry.name, entry.path)
