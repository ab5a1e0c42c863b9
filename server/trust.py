"""Which workspaces the user trusts: there, and only there, tools of a project may run, in the sandbox."""

from collections.abc import Iterable
from pathlib import Path


def is_trusted(folder: Path, trusted_folders: Iterable[str]) -> bool:
    """Whether a folder is one of the trusted ones or in one, where its links lead."""
    real = folder.resolve()
    places = (Path(each).expanduser() for each in trusted_folders)
    return any(real.is_relative_to(place.resolve()) for place in places if place.is_absolute())
