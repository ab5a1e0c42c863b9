"""Why a file of the workspace is left out of the index."""

from enum import StrEnum

from attrs import frozen

MAX_FILE_BYTES = 1_000_000


class Skip(StrEnum):
    """Why a file or folder is left out; docs/files.md has the rules behind each."""

    IGNORED = "ignored"
    """An ignore file or one of codenook's own patterns excludes it."""
    SECRET = "secret"  # noqa: S105 - a reason, no password
    """Its name or its content is that of a key or another credential."""
    GENERATED = "generated"
    """A program wrote it, as its name or its first comment says."""
    MINIFIED = "minified"
    """Its name says so, or its lines are too long to be read."""
    COMMENTED = "commented"
    """It is Python and has so many comment rows in a row that to parse it would take too long."""
    TOO_LARGE = "too_large"
    """It has more than ``MAX_FILE_BYTES``."""
    BINARY = "binary"
    """It has a zero byte."""
    NOT_UTF8 = "not_utf8"
    """Its path or its content is not UTF-8."""
    LINK = "link"
    """A symbolic link; what it points to is in the workspace, and counts there."""
    OUTSIDE = "outside"
    """A symbolic link that leaves the workspace."""
    WORKTREE = "worktree"
    """A worktree of a repository: the same files once more."""
    UNREADABLE = "unreadable"
    """It is gone, may not be read, or is no regular file."""


@frozen
class Skipped:
    r"""A file that is left out, or a folder with all that is in it.

    ``path`` is relative to the root, with forward slashes, a folder's with one at its end; bytes that are
    not UTF-8 are written ``\xff``.
    """

    path: str
    reason: Skip
