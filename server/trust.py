"""Which workspaces the user trusts: there, and only there, tools of a project may run, in the sandbox."""

from collections.abc import Iterable
from pathlib import Path


def is_trusted(folder: Path, trusted_folders: Iterable[str]) -> bool:
    """Whether a folder is one of the trusted ones or in one, where its links lead."""
    real = folder.resolve()
    places = filter(None, map(_place, trusted_folders))
    return any(real.is_relative_to(place) for place in places)


def _place(trusted: str) -> Path | None:
    """The folder that an entry names; None for a relative one, a loop of links, or that of nobody here."""
    try:
        place = Path(trusted).expanduser()
        return place.resolve() if place.is_absolute() else None
    except (OSError, RuntimeError, ValueError):
        return None
