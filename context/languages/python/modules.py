"""Which file a module name stands for, and where a name of a module is really defined."""

# Imports are looked up on disk at every keystroke, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH112, PTH113, PTH118, PTH120

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from codenook.context.languages.python import LANGUAGE
from codenook.context.languages.python.outline import Definition, Import, Outline, read_outline
from codenook.context.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codenook.context.workspace import File, Workspace

_MAX_HOPS = 8


@frozen
class Module:
    """A module (``file``), a package (both) or a namespace package (``folder``); absolute paths."""

    file: str | None
    folder: str | None


@frozen
class Found:
    """A definition and the module that holds it."""

    module: Module
    outline: Outline
    definition: Definition


@define(eq=False)
class Modules:
    """The modules that a file of a workspace can import from that workspace, as they are at one moment.

    They are searched where Python would find them when run in the usual ways: from the file's own package
    root (its first parent folder without `__init__.py`), from `src/`, and from the workspace root.
    """

    workspace: Workspace
    importer: str
    _roots: dict[str, tuple[str, ...]] = field(factory=dict, init=False)
    _modules: dict[tuple[tuple[str, ...], tuple[str, ...]], Module | None] = field(factory=dict, init=False)
    _outlines: dict[str, Outline | None] = field(factory=dict, init=False)
    _members: dict[tuple[Module, str], Module | Found | None] = field(factory=dict, init=False)

    def bound(self, statement: Import, importer: str | None = None, hops: int = 0) -> Module | Found | None:
        """What the import ``statement`` of the file ``importer`` binds: a module, or a definition in one."""
        module = self.source_of(statement, importer or self.importer)
        if module is None or statement.name is None:
            return module
        return self.member(module, statement.name, hops)

    def member(self, module: Module, name: str, hops: int = 0) -> Module | Found | None:
        """What ``module.name`` is: a definition (re-exports are followed) or a submodule."""
        place = (module, name)
        if place not in self._members:
            self._members[place] = None  # where a circle of imports ends
            self._members[place] = self._exported(module, name, hops) or self._submodule(module, name)
        return self._members[place]

    def resolve(self, start: Module | Found | None, attributes: Sequence[str]) -> Module | Found | None:
        """Follow attributes from module to module until the first definition."""
        for attribute in attributes:
            if not isinstance(start, Module):
                break
            start = self.member(start, attribute)
        return start

    def named(self, module: Module, dotted: str) -> Found | None:
        """The definition that the name ``dotted`` means inside ``module``."""
        first, *rest = dotted.split(".")
        found = self.resolve(self.member(module, first), rest)
        return found if isinstance(found, Found) else None

    def public(self, module: Module) -> Iterator[Found]:
        """The definitions of ``module`` that do not start with an underscore, in the order of the text."""
        found = self.outline(module)
        for name, definition in found.definitions.items() if found else ():
            if found and not name.startswith("_"):
                yield Found(module, found, definition)

    def starred(self, statement: Import) -> Iterator[Found]:
        """The definitions that a star import of the importer binds."""
        module = self.source_of(statement, self.importer)
        yield from self.public(module) if module else ()

    def outline(self, module: Module) -> Outline | None:
        """The outline of a module's file, or None when it has none that can be read."""
        if module.file is None:
            return None
        if module.file not in self._outlines:
            self._outlines[module.file] = self.workspace.load(module.file, _outline)
        return self._outlines[module.file]

    def source_of(self, statement: Import, importer: str) -> Module | None:
        """The module that ``statement`` of the file ``importer`` imports, or imports from."""
        if not statement.level:
            return self._find(self._search_path(importer), statement.module)
        folder = os.path.dirname(importer)
        for _ in range(statement.level - 1):
            folder = os.path.dirname(folder)
        return self._find((folder,), statement.module)

    def _exported(self, module: Module, name: str, hops: int) -> Module | Found | None:
        outline = self.outline(module)
        if outline is None or hops == _MAX_HOPS:
            return None
        if name in outline.definitions:
            return Found(module, outline, outline.definitions[name])
        for statement in outline.imports:
            if statement.binds == name and (target := self.bound(statement, module.file, hops + 1)):
                return target
        for statement in outline.imports:
            if statement.binds == "*" and (source := self.source_of(statement, module.file or "")):
                target = self.member(source, name, hops + 1)
                if isinstance(target, Found):
                    return target
        return None

    def _submodule(self, module: Module, name: str) -> Module | None:
        return self._find((module.folder,), (name,)) if module.folder else None

    def _find(self, folders: tuple[str, ...], parts: tuple[str, ...]) -> Module | None:
        place = (folders, parts)
        if place not in self._modules:
            self._modules[place] = _find(folders, parts)
        return self._modules[place]

    def _search_path(self, importer: str) -> tuple[str, ...]:
        folder = os.path.dirname(importer)
        if folder not in self._roots:
            top = folder
            while os.path.isfile(os.path.join(top, "__init__.py")):
                top = os.path.dirname(top)
            root = self.workspace.root
            self._roots[folder] = tuple(dict.fromkeys((top, os.path.join(root, "src"), root)))
        return self._roots[folder]


def _find(folders: Sequence[str], parts: Sequence[str]) -> Module | None:
    """The module ``parts`` below the first of ``folders`` that has it; plain folders count last."""
    namespace = None
    for folder in folders:
        base = os.path.join(folder, *parts)
        package = os.path.join(base, "__init__.py")
        if os.path.isfile(package):
            return Module(package, base)
        for file in (f"{base}.py", f"{base}.pyi") if parts else ():
            if os.path.isfile(file):
                return Module(file, None)
        if namespace is None and os.path.isdir(base):
            namespace = Module(None, base)
    return namespace


def _outline(file: File) -> Outline:
    return read_outline(file.path, parse(LANGUAGE, file.source))
