"""Which file an include stands for."""

# Looked up on disk for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH113, PTH118, PTH119, PTH120, PTH122, PTH206

import os
from collections.abc import Iterator, Sequence

from attrs import define, field

from codenook.context.languages.c.folders import include_folders
from codenook.context.resolve import Files, Module

_SUFFIXES = (".h", ".hpp", ".hh", ".hxx", ".c", ".cpp", ".cc", ".cxx", ".ipp")
_COUNTERPARTS = {"include": "src", "src": "include", "inc": "src"}


@define(eq=False)
class Includes:
    """Headers beside the including file, in folders around it, and in the workspace's include folders."""

    files: Files
    _found: dict[tuple[str, str], Module | None] = field(factory=dict, init=False)
    _homes: dict[str, tuple[str, ...]] = field(factory=dict, init=False)

    def module(self, importer: str, name: str) -> Module | None:
        """The header ``name`` as the file ``importer`` would include it."""
        place = (os.path.dirname(importer), name)
        if place not in self._found:
            self._found[place] = self._search(*place)
        return self._found[place]

    def submodule(self, module: Module, name: str) -> Module | None:  # noqa: ARG002 - headers don't nest
        """None."""
        return None

    def neighbours(self, path: str) -> Sequence[str]:  # noqa: ARG002 - everything is included
        """None."""
        return ()

    def homes(self, path: str) -> Sequence[str]:
        """Files of the same name with other extensions, headers first, here or in ``src``/``include``."""
        if path not in self._homes:
            self._homes[path] = tuple(other for other in self._counterparts(path) if other != path)
        return self._homes[path]

    def _search(self, folder: str, name: str) -> Module | None:
        for place in (*_around(folder), *include_folders(self.files.root)):
            path = os.path.normpath(os.path.join(place, name))
            if not path.startswith(os.pardir) and os.path.isfile(os.path.join(self.files.root, path)):
                return Module((self.files.real(path),))
        return None

    def _counterparts(self, path: str) -> Iterator[str]:
        folder, stem = os.path.dirname(path), os.path.splitext(os.path.basename(path))[0]
        parts = folder.split(os.sep)
        folders = [folder]
        for number, part in enumerate(parts):
            if part in _COUNTERPARTS:
                beside = os.path.join("", *parts[:number], _COUNTERPARTS[part])
                folders += [os.path.join(beside, *parts[number + 1 :]), beside]
        for place in dict.fromkeys(folders):
            for suffix in _SUFFIXES:
                found = os.path.join(place, stem + suffix)
                if os.path.isfile(os.path.join(self.files.root, found)):
                    yield self.files.real(found)


def _around(folder: str) -> Iterator[str]:
    """A file's own folder and those around it, each with its ``include``."""
    while True:
        yield folder
        yield os.path.join(folder, "include")
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
