"""One file, read from disk and laid out for the index."""

import os
import stat
import time
from collections.abc import Callable, Container, Iterable
from enum import StrEnum
from hashlib import blake2b
from pathlib import PurePosixPath

from attrs import frozen

from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.context.index.rows import Rows, rows_of
from codenook.context.outline import Outline

_SETTLED_NS = 2_000_000_000


class Skipped(StrEnum):
    """Why a file that the rules let through is not in the index; the rules have reasons of their own."""

    UNREADABLE = "unreadable"
    """Not a plain file, or the user may not read it."""
    NO_LANGUAGE = "no_language"
    """No language of codenook's reads it."""
    FAILED = "failed"
    """Reading its outline ended with an error, or ended the process that read it."""


@frozen
class Sources:
    """Which files belong to the index of ``root``, and how one is read.

    ``walk(root)`` yields every file, and every folder that is not entered, as its path (relative, forward
    slashes) and the reason to leave it out, empty for none. ``find(root, path)`` gives what `walk` says
    of one path, or of the folder that keeps it out; None when that is nothing. ``rule_files`` are names of
    files that decide about others.

    ``refuse(path, source)`` gives the reason not to keep what was read, or None; of a file over
    MAX_FILE_BYTES it sees one byte more than these. ``outline_of(path, source)`` may look at the extensions
    of the path, no more, and gives None for a language that nobody knows; ``version`` changes with what
    it gives. These two run in other processes: functions of a module.
    """

    root: str
    walk: Callable[[str], Iterable[tuple[str, str]]]
    find: Callable[[str, str], tuple[str, str] | None]
    rule_files: frozenset[str]
    refuse: Callable[[str, bytes], str | None]
    outline_of: Callable[[str, bytes], Outline | None]
    version: str

    @property
    def reader(self) -> "Reader":
        """What a process needs in order to read files."""
        return Reader(self.root, self.refuse, self.outline_of)


@frozen
class Read:
    """What became of a file: ``digest`` and, unless that was known, ``rows``; or ``skipped``, a reason.

    An empty ``stamp`` says that the file may have changed while it was read.
    """

    path: str
    stamp: str
    digest: bytes = b""
    rows: Rows | None = None
    skipped: str = ""


@frozen
class Reader:
    """Reads files below ``root``; see `Sources`. It can be pickled."""

    root: str
    refuse: Callable[[str, bytes], str | None]
    outline_of: Callable[[str, bytes], Outline | None]

    def read(self, path: str, known: Container[bytes]) -> Read | None:
        """Read the file at ``path``, its outline too unless its digest is ``known``; None when it is gone."""
        try:
            source, stamp = _contents(f"{self.root}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError):
            return Read(path, "", skipped=Skipped.UNREADABLE)
        if source is None:
            return Read(path, stamp, skipped=Skipped.UNREADABLE)
        try:
            return self._judged(path, stamp, source, known)
        except Exception:  # noqa: BLE001 - no file may end the build
            return Read(path, stamp, skipped=Skipped.FAILED)

    def _judged(self, path: str, stamp: str, source: bytes, known: Container[bytes]) -> Read:
        if reason := self.refuse(path, source):
            return Read(path, stamp, skipped=reason)
        digest = digest_of(path, source)
        if digest in known:
            return Read(path, stamp, digest)
        outline = self.outline_of(path, source)
        if outline is None:
            return Read(path, stamp, skipped=Skipped.NO_LANGUAGE)
        return Read(path, stamp, digest, rows_of(outline))


def digest_of(path: str, source: bytes) -> bytes:
    """What identifies an outline: the text, and the extensions of its file."""
    extensions = "".join(PurePosixPath(path).suffixes[-2:])
    return blake2b(source, digest_size=16, key=extensions.encode("utf-8", "replace")[:64]).digest()


def stamp_of(status: os.stat_result) -> str:
    """A file's size and times: while they stay the same, so does its text."""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def _contents(path: str) -> tuple[bytes | None, str]:
    """The bytes of a plain file and its stamp; one byte too many of a large one, None of other kinds."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a pipe must not be waited for
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None, stamp_of(status)
        source = file.read(MAX_FILE_BYTES + 1)
        return source, settled_stamp(status, os.fstat(descriptor))


def settled_stamp(before: os.stat_result, after: os.stat_result) -> str:
    """The stamp of a file that was read between the two, empty if a change might go unnoticed.

    Clocks of file systems tick every few milliseconds, some every two seconds.
    """
    stamp = stamp_of(before)
    changed = max(before.st_mtime_ns, before.st_ctime_ns)
    is_settled = time.time_ns() - changed > _SETTLED_NS and stamp == stamp_of(after)
    return stamp if is_settled else ""
