"""The interpreter of a Python project, and what is installed beside it; nothing is run to find out."""

import os
from pathlib import Path

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox.programs import on_path
from codenook.server.sandbox.reading import content_of, is_file, is_folder
from codenook.server.sandbox.venv import venv_python
from codenook.server.unit_tests.frameworks.framework import NoProject

WANTED = {
    "pytest": "pytest",
    "coverage": "coverage",
    "hypothesis": "hypothesis",
    "pytest_asyncio": "pytest-asyncio",
    "anyio": "anyio",
    "pytest_django": "pytest-django",
}
"""Packages that tests may use, by the name they are imported under."""

_PATH_NAMES = ("python3", "python")
_MOST_BYTES = 100_000
_MOST_PATH_FILES = 200
_MOST_NAMED = 1000


@frozen
class Environment:
    """An interpreter (an absolute path) and the `WANTED` packages that it has, by their names."""

    python: Path
    has: frozenset[str]
    folders: tuple[Path, ...]

    def holds(self, module: str) -> bool:
        """Whether a top-level module is installed."""
        return any(is_folder(folder / module) or is_file(folder / f"{module}.py") for folder in self.folders)


def environment_of(root: Path, folder: Path) -> Environment:
    """The environment nearest to a folder of a workspace, else that of the Python on ``PATH`` outside of it.

    Raises NoProject when there is none.
    """
    found = (on_path(name, outside=root) for name in _PATH_NAMES)
    python = venv_python(root, folder) or next(filter(None, found), None)
    if python is None:
        raise NoProject(Reason.RUNNER_MISSING, "there is no Python: on PATH, or as .venv in the project")
    folders = tuple(_folders(python))
    environment = Environment(python, frozenset(), folders)
    has = frozenset(name for module, name in WANTED.items() if environment.holds(module))
    return Environment(python, has, folders)


def _folders(python: Path) -> list[Path]:
    """Where packages of an interpreter are: those of a virtual environment, or of the installation."""
    prefix = python.parent.parent
    settings = prefix / "pyvenv.cfg"
    found = _packages(prefix)
    text = _text(settings)
    if not text or "include-system-site-packages = true" in text.lower():
        real = Path(os.path.realpath(python)).parent.parent
        found += [folder for folder in _packages(real) if folder not in found]
    for folder in list(found):
        found += _named_in(folder)
    return found


def _packages(prefix: Path) -> list[Path]:
    patterns = ("lib/python3*/site-packages", "lib/python3*/dist-packages", "lib/python3/dist-packages")
    places = [prefix, *([prefix / "local"] if prefix == Path("/usr") else [])]
    return [folder for place in places for pattern in patterns for folder in sorted(place.glob(pattern))]


def _named_in(folder: Path) -> list[Path]:
    """Folders that ``.pth`` files add, as editable installations do."""
    found: list[Path] = []
    for file in sorted(folder.glob("*.pth"))[:_MOST_PATH_FILES]:
        found += [Path(line) for line in _text(file).splitlines() if Path(line).is_absolute()]
    return [path for path in found[:_MOST_NAMED] if is_folder(path)]


def _text(path: Path) -> str:
    return (content_of(path, _MOST_BYTES) or b"").decode("utf-8", "replace")
