"""Which files a Java package or class stands for: below the source roots of the workspace."""

# Imports are looked up on disk for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH113, PTH118, PTH120

import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from attrs import define, field

from codenook.context.resolve import Files, Module

_ROOTS = ("src/main/java", "src/test/java", "src/java", "src", "java")
_MAX_MODULE_DEPTH = 3
_PLATFORM = ("java.", "javax.", "jdk.")


@define(eq=False)
class JavaModules:
    """Packages below any source root: that of the file itself, and those of all modules of the workspace.

    The index tells which files a package has where their folders are not called like it. A class is in the
    file of its name; what else that file holds is found from the file itself only.
    """

    files: Files
    _found: dict[tuple[str, str], Module | None] = field(factory=dict, init=False)

    def module(self, importer: str, name: str) -> Module | None:
        """The class or the package that ``name`` means in the file ``importer``."""
        place = (self._root_of(importer), name)
        if name.startswith(_PLATFORM):
            return None
        if place not in self._found:
            self._found[place] = self._class(*place) or self._package(*place)
        return self._found[place]

    def submodule(self, module: Module, name: str) -> Module | None:  # noqa: ARG002 - names of packages are whole
        """None."""
        return None

    def neighbours(self, path: str) -> Sequence[str]:
        """The files of the folder, for a file without a package; a package imports its own names."""
        view = self.files.view(path)
        if view is None or view.outline.package:
            return ()
        return [file for file in self.files.in_folder(os.path.dirname(path)) if file.endswith(".java")]

    def homes(self, path: str) -> Sequence[str]:  # noqa: ARG002 - a class is written in one place
        """None."""
        return ()

    def _class(self, root: str, name: str) -> Module | None:
        package, _, bare = name.rpartition(".")
        if not bare[:1].isupper():
            return None
        path = os.path.join(*name.split(".")) + ".java"
        for folder in self._roots(root):
            if os.path.isfile(os.path.join(self.files.root, folder, path)):
                return Module((self.files.real(os.path.join(folder, path)),))
        named = (file for file in self.files.of_package(package) if file.endswith(f"/{bare}.java"))
        return next((Module((file,)) for file in named), None)

    def _package(self, root: str, name: str) -> Module | None:
        folders = (os.path.join(folder, *name.split(".")) for folder in self._roots(root))
        files = dict.fromkeys(
            self.files.real(file)
            for folder in folders
            for file in self.files.in_folder(folder)
            if file.endswith(".java")
        )
        files |= dict.fromkeys(self.files.of_package(name))
        return Module(tuple(files), has_file_of_name=True) if files else None

    def _roots(self, own: str) -> Iterator[str]:
        """Source roots: the file's own, then all others."""
        yield own
        yield from (root for root in source_roots(self.files.root) if root != own)

    def _root_of(self, path: str) -> str:
        """The folder that the file's package is in, as its path says."""
        view = self.files.view(path)
        folder = os.path.dirname(path)
        parts = view.outline.package.split(".") if view and view.outline.package else []
        tail = os.path.join("", *parts) if parts else ""
        return folder.removesuffix(tail).rstrip("/") if tail and f"/{folder}".endswith(f"/{tail}") else folder


@lru_cache(maxsize=64)
def source_roots(root: str) -> Sequence[str]:
    """The folders of a workspace that packages are in, by the customs of build tools; relative paths."""
    modules = [Path(root)]
    found = [Path(root)]
    for _ in range(_MAX_MODULE_DEPTH + 1):
        for module in modules:
            found += [folder for name in _ROOTS if (folder := module / name).is_dir()]
        modules = [folder for module in modules for folder in _folders(module)]
    return [folder.relative_to(root).as_posix().removeprefix(".") for folder in dict.fromkeys(found)]


def _folders(folder: Path) -> list[Path]:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
    return [
        folder / name for name in names if not name.startswith(".") and name not in {"src", "node_modules"}
    ]
