"""Which file the name of a Python module stands for."""

# Imports are looked up on disk for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH112, PTH113, PTH117, PTH118, PTH120

import os
from collections.abc import Sequence

from attrs import define, field

from codenook.context.libraries import site_packages
from codenook.context.resolve import Files, Module

_SUFFIXES = (".pyi", ".py")
_STUBS = "-stubs"


@define(eq=False)
class PythonModules:
    """Modules where Python would find them when run in the usual ways.

    Searched are the file's own package root (its first parent folder without `__init__.py`), `src/`, the
    workspace root, then the site-packages of the workspace's own environment. Nothing is run for that.
    """

    files: Files
    _found: dict[tuple[str, str], Module | None] = field(factory=dict, init=False)

    def module(self, importer: str, name: str) -> Module | None:
        """The module that ``name``, with leading dots for a relative one, means in the file ``importer``."""
        folder = os.path.dirname(importer)
        place = (folder, name)
        if place not in self._found:
            self._found[place] = self._search(folder, name)
        return self._found[place]

    def submodule(self, module: Module, name: str) -> Module | None:
        """A module of a package, or of a plain folder."""
        return None if module.folder is None else self._in((module.folder,), [name])

    def neighbours(self, path: str) -> Sequence[str]:  # noqa: ARG002 - everything is imported
        """None."""
        return ()

    def homes(self, path: str) -> Sequence[str]:  # noqa: ARG002 - a class is written in one place
        """None."""
        return ()

    def _search(self, folder: str, name: str) -> Module | None:
        dots = len(name) - len(name.lstrip("."))
        parts = [part for part in name[dots:].split(".") if part]
        if dots:
            for _ in range(dots - 1):
                folder = os.path.dirname(folder)
            return self._in((folder,), parts)
        top = folder
        while top and os.path.isfile(self._absolute(os.path.join(top, "__init__.py"))):
            top = os.path.dirname(top)
        own = dict.fromkeys((top, "src", ""))
        libraries = site_packages(self.files.root)
        return self._in(tuple(own), parts) or self._in(tuple(libraries), parts)

    def _in(self, folders: Sequence[str], parts: Sequence[str]) -> Module | None:
        """The module ``parts`` below the first of ``folders`` that has it; plain folders count last."""
        namespace = None
        for folder in folders:
            base = os.path.join(folder, *parts)
            stubs = os.path.join(folder, f"{parts[0]}{_STUBS}", *parts[1:]) if parts else base
            for place in (stubs, base) if os.path.isabs(folder) else (base,):
                files = (os.path.join(place, f"__init__{suffix}") for suffix in _SUFFIXES)
                if package := [file for file in files if os.path.isfile(self._absolute(file))]:
                    return Module(tuple(map(self.files.real, package)), self.files.real(place))
                files = (f"{place}{suffix}" for suffix in _SUFFIXES)
                if parts and (modules := [file for file in files if os.path.isfile(self._absolute(file))]):
                    return Module(tuple(map(self.files.real, modules)))
            if namespace is None and os.path.isdir(self._absolute(base)):
                namespace = Module((), self.files.real(base))
        return namespace

    def _absolute(self, path: str) -> str:
        return os.path.join(self.files.root, path)
