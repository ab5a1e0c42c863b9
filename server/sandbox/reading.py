"""Looks at files that somebody else may have put there: nothing here raises, waits, or reads without end."""

import os
import stat
from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether there is a file, also at the end of a link; not where that can't be told.

    A link of somebody else's may lead to a name that is too long, or into a folder that is closed.
    """
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder, also at the end of a link; not where that can't be told."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_within(path: Path, folder: Path) -> bool:
    """Whether a path, which need not be there, is in ``folder`` when all links are followed."""
    try:
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
    except (OSError, ValueError):
        return False


def content_of(path: Path, most: int, within: Path | None = None) -> bytes | None:
    """What is in a regular file of ``most`` bytes at most; None for all else.

    With ``within`` it has to be in that folder, wherever links lead.
    """
    try:
        real = os.path.realpath(path)
        if within is not None and not is_within(Path(real), within):
            return None
        if not stat.S_ISREG(os.stat(real).st_mode):  # noqa: PTH116 - opening a pipe or a device may wait, or do something
            return None
        with open(os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:  # noqa: PTH123 - of a number
            content = stream.read(most + 1)
    except (OSError, ValueError):
        return None
    return content if len(content) <= most else None
