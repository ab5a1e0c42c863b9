"""Which files a Go import path stands for: modules, their replacements, vendored and cached ones."""

# Imports are looked up on disk for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH118, PTH120

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from attrs import define, field, frozen

from codenook.context.languages.go.reader import OWN_PACKAGE
from codenook.context.resolve import Files, Module

_DIRECTIVE = re.compile(r"^(module|require|replace|use)\s*(?:\(([^)]*)\)|(.*))$", re.MULTILINE)


@frozen
class _GoMod:
    """What a ``go.mod`` says: its folder, the module's path, required versions, and replacements."""

    folder: str
    path: str
    versions: Mapping[str, str]
    replaced: Mapping[str, tuple[str, str]]


@define(eq=False)
class GoModules:
    """Packages where the go command would find them: by go.mod, go.work, vendor and the module cache.

    Nothing is run for that. A package is a folder; its tests are seen by tests only.
    """

    files: Files
    _found: dict[tuple[str, str], Module | None] = field(factory=dict, init=False)
    _own_packages: dict[tuple[str, str, bool], Module] = field(factory=dict, init=False)
    _own_package_of: dict[str, Module] = field(factory=dict, init=False)
    _homes: dict[str, Sequence[str]] = field(factory=dict, init=False)

    def module(self, importer: str, name: str) -> Module | None:
        """The package that the import path ``name`` means in the file ``importer``."""
        if name == OWN_PACKAGE:
            return self._own(importer)
        place = (os.path.dirname(importer), name)
        if place not in self._found:
            self._found[place] = next(self._packages(*place), None)
        return self._found[place]

    def submodule(self, module: Module, name: str) -> Module | None:  # noqa: ARG002 - import paths are whole
        """None."""
        return None

    def neighbours(self, path: str) -> Sequence[str]:  # noqa: ARG002 - a package imports its own names
        """None."""
        return ()

    def homes(self, path: str) -> Sequence[str]:
        """The other files of the package: any of them may have a type's methods."""
        if path not in self._homes:
            self._homes[path] = [file for file in self._own(path).files if file != path]
        return self._homes[path]

    def _own(self, path: str) -> Module:
        """The files of the package that the file at ``path`` belongs to, with tests for tests."""
        if path not in self._own_package_of:
            self._own_package_of[path] = self._own_package(path)
        return self._own_package_of[path]

    def _own_package(self, path: str) -> Module:
        view = self.files.view(path)
        place = (os.path.dirname(path), view.outline.package if view else "", is_test(path))
        if place not in self._own_packages:
            folder, package, with_tests = place
            self._own_packages[place] = Module(
                tuple(
                    file
                    for file in self._sources(folder)
                    if (with_tests or not is_test(file))
                    and (other := self.files.view(file))
                    and other.outline.package == package
                ),
                is_own=True,
            )
        return self._own_packages[place]

    def _sources(self, folder: str) -> list[str]:
        return [file for file in self.files.in_folder(folder) if file.endswith(".go")]

    def _packages(self, importer: str, path: str) -> Iterator[Module]:
        for folder in self._folders(importer, path):
            files = [file for file in self._sources(folder) if not is_test(file)]
            if files:
                yield Module(tuple(map(self.files.real, files)), self.files.real(folder))

    def _folders(self, importer: str, path: str) -> Iterator[str]:
        """Where a package may be, the likeliest first."""
        own = self._go_mod_above(importer)
        if own is None:
            yield os.path.join("vendor", path)
            yield from self._as_in_gopath(path)
            return
        used = (folder.removeprefix(f"{self.files.root}/") for folder in _used(self._absolute(own.folder)))
        beside = [mod for folder in used if (mod := self._go_mod(folder))]
        for mod in (own, *beside):
            if (rest := _below(mod.path, path)) is not None:
                yield os.path.join(mod.folder, rest)
        for prefix, (target, version) in own.replaced.items():
            if (rest := _below(prefix, path)) is None:
                continue
            if target.startswith("."):
                yield os.path.normpath(os.path.join(own.folder, target, rest))
            else:
                yield os.path.join(_in_cache(target, version), rest)
        yield os.path.join(own.folder, "vendor", path)
        for prefix, version in own.versions.items():
            if (rest := _below(prefix, path)) is not None:
                yield os.path.join(_in_cache(prefix, version), rest)

    def _as_in_gopath(self, path: str) -> Iterator[str]:
        """Folders below a root that is itself somewhere below ``src``."""
        root = self.files.root
        parts = path.split("/")
        for n in range(len(parts), 0, -1):
            if root.endswith("/".join(["", *parts[:n]])):
                yield "/".join(parts[n:])
        yield path

    def _go_mod_above(self, folder: str) -> _GoMod | None:
        while True:
            if found := self._go_mod(folder):
                return found
            if not folder or folder == os.path.dirname(folder):
                return None
            folder = os.path.dirname(folder)

    def _go_mod(self, folder: str) -> _GoMod | None:
        path = self._absolute(os.path.join(folder, "go.mod"))
        try:
            return _read(path, folder, os.stat(path).st_mtime_ns)  # noqa: PTH116 - as above
        except (OSError, ValueError):
            return None

    def _absolute(self, path: str) -> str:
        return os.path.join(self.files.root, path)


def is_test(path: str) -> bool:
    """Whether a file holds tests."""
    return path.endswith("_test.go")


@lru_cache(maxsize=256)
def _read(path: str, folder: str, modified: int) -> _GoMod:  # noqa: ARG001 - a changed file is another key
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    said: dict[str, list[list[str]]] = {}
    for word, statement in _directives(text):
        said.setdefault(word, []).append(statement)
    replaced = {}
    for words in said.get("replace", ()):
        if "=>" in words:
            at = words.index("=>")
            replaced[words[0]] = (words[at + 1], words[-1])
    return _GoMod(
        folder,
        next((words[0].strip('"') for words in said.get("module", ())), ""),
        {words[0]: words[1] for words in said.get("require", ()) if len(words) > 1},
        replaced,
    )


@lru_cache(maxsize=64)
def _used(folder: str) -> Sequence[str]:
    """The folders that the ``go.work`` in or above ``folder`` uses; absolute paths."""
    for place in (Path(folder), *Path(folder).parents):
        try:
            text = (place / "go.work").read_text(encoding="utf-8", errors="replace")
        except (OSError, ValueError):
            continue
        return [str(place / words[0]) for word, words in _directives(text) if word == "use"]
    return ()


def _directives(text: str) -> Iterator[tuple[str, list[str]]]:
    text = re.sub(r"//.*", "", text)
    for word, block, line in _DIRECTIVE.findall(text):
        for statement in (block or line).split("\n"):
            if words := statement.split():
                yield word, words


def _below(module: str, path: str) -> str | None:
    """What ``path`` is inside of a module; None for a path elsewhere."""
    if path == module:
        return ""
    return path[len(module) + 1 :] if module and path.startswith(f"{module}/") else None


def _in_cache(module: str, version: str) -> str:
    """Where the go command keeps a module: capitals are written as ``!`` and the small letter."""
    home = os.environ.get("GOPATH", "").split(os.pathsep)[0] or str(Path.home() / "go")
    cache = os.environ.get("GOMODCACHE") or os.path.join(home, "pkg", "mod")
    name = re.sub(r"[A-Z]", lambda capital: f"!{capital[0].lower()}", f"{module}@{version}")
    return os.path.join(cache, name)
