"""The texts of a workspace's files, as documents are open or as they are on disk."""

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath

from attrs import define, field

from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.context.files.walk import Candidate, walk
from codenook.server.sandbox.reading import content_of, is_folder, is_within

MOST_FILES = 20_000
"""How many files of a workspace are looked at."""


@define(eq=False, slots=False)
class Files:
    """The files below ``root``; ``opened`` has texts of open documents. All paths are relative, posix.

    What is no regular file in the workspace, too large or not UTF-8, counts as absent.
    """

    root: Path
    opened: Mapping[str, str] = field(factory=dict)
    suffixes: frozenset[str] = frozenset()
    _texts: dict[str, str | None] = field(factory=dict, init=False)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files with one of ``suffixes`` that may be read: none that git ignores, no environments."""
        found = (each.path for each in walk(self.root, self.suffixes) if isinstance(each, Candidate))
        return tuple(islice(found, MOST_FILES))

    def text(self, path: str) -> str | None:
        """What a file says, every character as it is; None where it counts as absent."""
        if path in self.opened:
            return self.opened[path]
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def has(self, path: str) -> bool:
        """Whether there is such a file, whatever is in it."""
        return path in self.opened or os.path.lexists(self.root / path)

    def has_folder(self, path: str) -> bool:
        """Whether there is such a folder in the workspace."""
        return is_folder(self.root / path) and self.is_inside(path)

    def is_inside(self, path: str) -> bool:
        """Whether a path, which need not be there, is one of the workspace, wherever links lead."""
        parts = PurePosixPath(path).parts
        return ".." not in parts and not path.startswith("/") and is_within(self.root / path, self.root)

    def _read(self, path: str) -> str | None:
        content = content_of(self.root / path, MAX_FILE_BYTES, self.root)
        try:
            return None if content is None else content.decode("utf-8")
        except ValueError:
            return None


def upwards(path: str) -> Iterator[str]:
    """The folders around a file, the nearest first; the last is the root, an empty path."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def joined(folder: str, name: str) -> str:
    """A path in a folder, which may be the root."""
    return f"{folder}/{name}" if folder else name
