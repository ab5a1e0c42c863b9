"""What git keeps beside a working tree, read without running git."""

import os
import stat
from pathlib import Path

from codenook.context.files.skip import MAX_FILE_BYTES


def top_above(folder: Path) -> Path | None:
    """The nearest folder at or above ``folder`` that is the top of a working tree."""
    return next((above for above in (folder, *folder.parents) if os.path.lexists(above / ".git")), None)


def is_worktree(top: Path) -> bool:
    """Whether a working tree was added to a repository with ``git worktree add``."""
    return _git_folder(top).parent.name == "worktrees"


def exclude_file(top: Path) -> Path:
    """Where the patterns stand that count in one clone only (``info/exclude``)."""
    git = _git_folder(top)
    common = text_of(git / "commondir").strip()
    return git / common / "info" / "exclude"


def global_file() -> Path:
    """Where the user's patterns for all repositories stand, unless git was configured otherwise."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "git" / "ignore"


def text_of(path: Path) -> str:
    """The text of a small regular file, else an empty one; bytes that are not UTF-8 become surrogates."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
            return ""
        return path.read_bytes().decode("utf-8-sig", "surrogateescape")
    except (OSError, ValueError):
        return ""


def _git_folder(top: Path) -> Path:
    pointer = text_of(top / ".git").partition("gitdir:")[2].strip()
    return top / (pointer or ".git")
