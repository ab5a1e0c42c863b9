"""Reads the files of a project that say how its tests are written and run."""

from pathlib import Path

from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.server.sandbox.reading import content_of


def text_at(path: Path, root: Path) -> str:
    """The text of a file; empty when there is none in ``root``, when it is too long, or no text in UTF-8.

    A link doesn't lead out of ``root``.
    """
    try:
        return (content_of(path, MAX_FILE_BYTES, root) or b"").decode()
    except ValueError:
        return ""


def texts_in(folder: Path, suffix: str, root: Path, *, most: int = 200) -> dict[Path, str]:
    """The texts of a folder's own files with a suffix, in the order of their names."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(suffix))
    except (OSError, ValueError):
        return {}
    return {path: text for path in paths[:most] if (text := text_at(path, root))}
