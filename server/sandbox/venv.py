"""A project's own environment of Python."""

from collections.abc import Iterator
from pathlib import Path

from codenook.server.sandbox.reading import is_file

_VENVS = (".venv", "venv", "env")


def upwards(root: Path, folder: Path) -> Iterator[Path]:
    """``folder`` and those around it, up to ``root``."""
    while True:
        yield folder
        if folder in {root, folder.parent}:
            return
        folder = folder.parent


def venv(root: Path, folder: Path) -> Path | None:
    """The virtual environment nearest to a folder of the workspace at ``root``."""
    places = (at / name for at in upwards(root, folder) for name in _VENVS)
    return next((place for place in places if is_file(place / "pyvenv.cfg")), None)


def venv_python(root: Path, folder: Path) -> Path | None:
    """The interpreter of that environment."""
    found = venv(root, folder)
    return found / "bin" / "python" if found and is_file(found / "bin" / "python") else None
