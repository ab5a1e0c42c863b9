"""Reads the files of a project that say how its tests are written and run."""

from pathlib import Path

from codenook.server.sandbox.reading import is_file

_MAX_BYTES = 1_000_000


def text_at(path: Path) -> str:
    """The text of a file; empty when there is none, when it is too long, or no text in UTF-8."""
    try:
        if not is_file(path):  # opening a pipe would wait for somebody to write
            return ""
        with path.open("rb") as file:
            source = file.read(_MAX_BYTES + 1)
        return source.decode() if len(source) <= _MAX_BYTES else ""
    except (OSError, ValueError):
        return ""


def texts_in(folder: Path, suffix: str, *, most: int = 200) -> dict[Path, str]:
    """The texts of a folder's own files with a suffix, in the order of their names."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(suffix))[:most]
    except OSError:
        return {}
    return {path: text for path in paths if (text := text_at(path))}
