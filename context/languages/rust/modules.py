"""Which file the path of a Rust module stands for."""

# Looked up on disk for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH113, PTH117, PTH118, PTH119, PTH120, PTH122

import os
from collections.abc import Iterator, Sequence

from attrs import define, field

from codenook.context.languages.rust.crates import Crate, crate_of, crates_of_workspace, library
from codenook.context.languages.rust.impls import implementers
from codenook.context.outline import Kind
from codenook.context.reading import Chain
from codenook.context.resolve import Files, Module

_ROOTS = ("lib.rs", "main.rs")
_TARGETS = ("bin", "tests", "examples", "benches")
"""Folders whose files are crates of their own."""

_MAX_CRATE_FILES = 3_000
_SKIPPED = {"target", "node_modules"}


@define(eq=False)
class RustModules:
    """Modules where rustc would find them; crates by the Cargo.toml files of the workspace.

    Libraries are read from ``vendor/`` of the workspace or from Cargo's own folder of unpacked packages, in
    the version of Cargo.lock. A file without a Cargo.toml above it belongs to the nearest ``lib.rs`` or
    ``main.rs``.
    """

    files: Files
    _found: dict[tuple[str, str], Module | None] = field(factory=dict, init=False)
    _homes: dict[str, tuple[str, ...]] = field(factory=dict, init=False)
    _crates: dict[str, dict[str, Crate]] = field(factory=dict, init=False)
    _crate_by_folder: dict[str, Crate | None] = field(factory=dict, init=False)
    _by_path: dict[str, Module] = field(factory=dict, init=False)
    _roots: dict[str, Module | None] = field(factory=dict, init=False)
    _impls: dict[str, dict[str, list[str]]] = field(factory=dict, init=False)

    def names(self, module: str) -> Chain:
        """The names of a path."""
        return tuple(module.split("::"))

    def module(self, importer: str, name: str) -> Module | None:
        """The module that a path means in the file ``importer``; of a type's path, or a re-export's, None."""
        place = (importer, name)
        if place not in self._found:
            self._found[place] = self._search(importer, [part for part in name.split("::") if part])
        return self._found[place]

    def submodule(self, module: Module, name: str) -> Module | None:
        """A module of another: what ``crate``, ``self`` or ``super`` say, or a file of its own."""
        if name in {"crate", "self", "super"}:
            return self._begin(module.files[0], name) if module.files else None
        if module.folder is None:
            return None
        if name.endswith(".rs"):
            path = os.path.normpath(os.path.join(os.path.dirname(module.files[0]), name))
            return self._of(path) if self._is_file(path) else None
        places = (f"{name}.rs", os.path.join(name, "mod.rs"))
        paths = (os.path.join(module.folder, place) for place in places)
        return next((self._of(path) for path in paths if self._is_file(path)), None)

    def neighbours(self, path: str) -> Sequence[str]:
        """The crate's ``macros.rs``: macros are seen without being imported."""
        root = self._root(path)
        module = self.submodule(root, "macros") if root else None
        return [file for file in module.files if file != path] if module else ()

    def homes(self, path: str) -> Sequence[str]:
        """The files of the crate with impl blocks that name a type of the file at ``path``."""
        if path not in self._homes:
            view = self.files.view(path)
            types = [d.name for d in view.top.values() if d.kind is Kind.CLASS] if view else []
            impls = self._impls_of_crate(path)
            homes = {other for name in types for other in impls.get(name, ())}
            self._homes[path] = tuple(sorted(homes - {path}))
        return self._homes[path]

    def _impls_of_crate(self, path: str) -> dict[str, list[str]]:
        """The files of a crate by the names in the headers of their impl blocks."""
        root = self._root(path)
        place = root.folder if root and root.folder is not None else None
        if place is None:
            return {}
        if place not in self._impls:
            found: dict[str, list[str]] = {}
            for other in self._files_below(place):
                for name in implementers(self._absolute(other)):
                    found.setdefault(name, []).append(other)
            self._impls[place] = found
        return self._impls[place]

    def _search(self, importer: str, names: list[str]) -> Module | None:
        head, *rest = names or [""]
        module = self._begin(importer, head)
        for name in rest:
            if module is None:
                return None
            module = self.submodule(module, name)
        return module

    def _begin(self, importer: str, head: str) -> Module | None:
        own = self._of(importer)
        if head == "crate":
            return self._root(importer)
        if head == "self":
            return own
        if head == "super":
            return self._above(importer)
        return self.submodule(own, head) or self._external(importer, self._declared(importer, head))

    def _of(self, path: str) -> Module:
        """The module that the file at ``path`` is."""
        if path not in self._by_path:
            folder, name = os.path.split(path)
            holds_children = name == "mod.rs" or self._is_root(path)
            children = folder if holds_children else os.path.splitext(path)[0]
            self._by_path[path] = Module((self.files.real(path),), children)
        return self._by_path[path]

    def _above(self, path: str) -> Module | None:
        folder, name = os.path.split(path)
        if self._is_root(path):
            return self._of(path)
        if name == "mod.rs":
            folder = os.path.dirname(folder)
        return self._in(folder)

    def _in(self, folder: str) -> Module | None:
        """The module whose children are in ``folder``."""
        names = (os.path.join(folder, "mod.rs"), f"{folder}.rs", *(os.path.join(folder, r) for r in _ROOTS))
        found = [path for path in names if self._is_file(path)]
        return Module(tuple(map(self.files.real, found[:1])), folder) if found else self._by_library(folder)

    def _by_library(self, folder: str) -> Module | None:
        """The root of a crate that Cargo.toml puts elsewhere than in ``lib.rs``."""
        crate = self._crate(self._absolute(os.path.join(folder, "_.rs")))
        if crate is None or os.path.dirname(crate.library) != self._absolute(folder):
            return None
        return self._library(crate)

    def _root(self, path: str) -> Module | None:
        """The root of the crate that a file belongs to."""
        if self._is_target(path):
            return self._of(path)
        folder = os.path.dirname(path)
        if folder not in self._roots:
            self._roots[folder] = self._root_around(folder)
        return self._roots[folder]

    def _root_around(self, folder: str) -> Module | None:
        crate = self._crate(self._absolute(os.path.join(folder, "_.rs")))
        if crate and (module := self._library(crate)):
            return module
        while True:
            for name in _ROOTS:
                if self._is_file(os.path.join(folder, name)):
                    return self._of(os.path.join(folder, name))
            above = os.path.dirname(folder)
            if above == folder or not folder:
                return None
            folder = above

    def _crate(self, absolute: str) -> Crate | None:
        folder = os.path.dirname(absolute)
        if folder not in self._crate_by_folder:
            self._crate_by_folder[folder] = crate_of(absolute, self.files.root)
        return self._crate_by_folder[folder]

    def _is_root(self, path: str) -> bool:
        """Whether a file is the root of a crate."""
        if os.path.basename(path) in _ROOTS or self._is_target(path):
            return True
        absolute = self._absolute(path)
        crate = self._crate(absolute)
        return crate is not None and crate.library == absolute

    def _is_target(self, path: str) -> bool:
        """Whether a file is the root of a binary, test, example or benchmark."""
        folder, name = os.path.split(path)
        if name == "build.rs":
            return self._is_file(os.path.join(folder, "Cargo.toml"))
        folder = os.path.dirname(folder) if name == "main.rs" else folder
        above = os.path.dirname(folder)
        above = os.path.dirname(above) if os.path.basename(folder) == "bin" else above
        return os.path.basename(folder) in _TARGETS and self._is_file(os.path.join(above, "Cargo.toml"))

    def _declared(self, importer: str, name: str) -> str:
        """The crate that the root of the importer's crate has given ``name``: ``extern crate a as name``."""
        root = self._root(importer)
        view = self.files.view(root.files[0]) if root else None
        statement = view.imports.get(name) if view else None
        return (
            statement.module
            if statement and statement.name is None and "::" not in statement.module
            else name
        )

    def _external(self, importer: str, name: str) -> Module | None:
        absolute = self._absolute(importer)
        crate = self._crate(absolute)
        if crate is None:
            return None
        if crate.folder not in self._crates:
            self._crates[crate.folder] = crates_of_workspace(crate, self.files.root)
        name = crate.renamed.get(name, name)
        found = self._crates[crate.folder].get(name) or library(name, self.files.root, crate)
        return self._library(found) if found else None

    def _library(self, crate: Crate) -> Module | None:
        if not os.path.isfile(crate.library):
            return None
        below = os.path.relpath(crate.library, self.files.root)
        is_own = not below.startswith((os.pardir, f"vendor{os.sep}"))
        path = below if is_own else crate.library
        return Module((self.files.real(path),), os.path.dirname(path))

    def _files_below(self, place: str) -> Iterator[str]:
        n_left = _MAX_CRATE_FILES
        for folder, folders, names in os.walk(self._absolute(place)):
            folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
            for name in sorted(names):
                if name.endswith(".rs") and n_left:
                    n_left -= 1
                    found = os.path.join(folder, name)
                    yield found if os.path.isabs(place) else os.path.relpath(found, self.files.root)

    def _is_file(self, path: str) -> bool:
        return os.path.isfile(self._absolute(path))

    def _absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.files.root, path))
