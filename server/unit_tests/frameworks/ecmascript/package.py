"""The package around a file: what its ``package.json`` says, and the kind of modules that it has."""

import os
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from attrs import frozen

from codenook.context.languages.ecmascript.settings import package_at
from codenook.context.parse import Parsed
from codenook.server.sandbox.reading import is_file, is_folder
from codenook.server.unit_tests.frameworks.ecmascript.syntax import statements, text

_DEPENDENCIES = ("devDependencies", "dependencies", "peerDependencies", "optionalDependencies")
_REQUIRES = re.compile(r"\brequire\(|\bmodule\.exports\b|\bexports\.\w")


class Modules(StrEnum):
    """What kind of module a file is."""

    ESM = "esm"
    COMMONJS = "commonjs"


@frozen
class Package:
    """A folder with a ``package.json`` (``content``), or the workspace's root without one."""

    folder: Path
    content: Mapping[str, Any]

    @property
    def scripts(self) -> str:
        """All that scripts for tests say."""
        scripts = self.content.get("scripts")
        named = scripts.items() if isinstance(scripts, dict) else ()
        return "\n".join(str(value) for name, value in named if "test" in str(name))

    def depends_on(self, name: str) -> bool:
        """Whether the package names another as one that it needs."""
        listed = (self.content.get(key) for key in _DEPENDENCIES)
        return any(isinstance(each, dict) and name in each for each in listed)

    @property
    def modules(self) -> Modules:
        """What a ``.js`` file is, where it doesn't say so itself."""
        return Modules.ESM if self.content.get("type") == "module" else Modules.COMMONJS


def packages(root: Path, path: str) -> list[Package]:
    """The packages around a file (relative to ``root``), the nearest first; the root always is one."""
    found = [
        Package(folder, package.content)
        for folder in folders_above(root, (root / path).parent)
        if (package := package_at(str(folder)))
    ]
    if not found or found[-1].folder != root:
        found.append(Package(root, {}))
    return found


def folders_above(root: Path, folder: Path) -> Iterator[Path]:
    """A folder and those around it, up to ``root``."""
    yield folder
    while folder != root and folder.is_relative_to(root):
        folder = folder.parent
        yield folder


def installed(root: Path, folder: Path, name: str) -> Path | None:
    """A file or folder in the nearest ``node_modules`` that has it."""
    for above in folders_above(root, folder):
        place = above / "node_modules" / name
        if is_file(place) or is_folder(place):
            return place
    return None


def modules_of(path: str, parsed: Parsed, package: Package) -> Modules:
    """What kind of module a file is, by its extension, by what it says, and by its package."""
    suffix = PurePosixPath(path).suffix
    if suffix in {".mjs", ".mts"}:
        return Modules.ESM
    if suffix in {".cjs", ".cts"}:
        return Modules.COMMONJS
    if any(node.type in {"import_statement", "export_statement"} for node in statements(parsed)):
        return Modules.ESM
    if any(_REQUIRES.search(text(node)) for node in statements(parsed)):
        return Modules.COMMONJS
    return package.modules


def relative_module(from_file: str, to_file: str) -> str:
    """How a file names another one, with its extension (``./cart.js``)."""
    path = os.path.relpath(to_file, PurePosixPath(from_file).parent or ".").replace(os.sep, "/")
    return path if path.startswith(".") else f"./{path}"
