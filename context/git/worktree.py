"""The files of the working tree, compared with git's blobs.

git itself would do that with the repository's clean filters, which are programs.
"""

import hashlib
import os
import stat
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import define, field, frozen

from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.context.git import plumbing
from codenook.context.git.hunks import Hunk, Ranges, changed_lines
from codenook.context.git.process import Git, GitFailed

_N_FILES_AT_ONCE = 60  # their blobs fit into what git may write
_N_FILES_HELD = 16_384
_N_DIGITS_SHA1 = 40
_AS_OPEN = stat.S_IFREG | 0o644


@frozen
class Tracked:
    """A file of the index and the blob that it is compared with, None when it is new."""

    entry: plumbing.Entry
    old: str | None

    @property
    def is_staged(self) -> bool:
        """Whether the index itself differs, or holds a conflict."""
        return self.old != self.entry.blob or not self.entry.is_merged


@frozen
class _File:
    path: Path
    old: str | None
    modified_ns: int
    size: int


@define(eq=False)
class WorkingTree:
    """The files below ``top``; what was found for a file is held until its time, size or old blob changes.

    ``texts`` stand for the files at their paths, by git's names of these: documents that an editor has open.
    """

    top: Path
    texts: Mapping[bytes, bytes] = field(factory=dict)
    _held: OrderedDict[_File, Ranges] = field(factory=OrderedDict, init=False)

    def hunks(self, git: Git, tracked: Sequence[Tracked], index_ns: int, until: float) -> list[Hunk]:
        """The changed lines of ``tracked``, in that order.

        Read are files that are staged, that are not as the index saw them, or that are as new as the index,
        which was written at ``index_ns``. Raises GitFailed when the time is over.
        """
        suspects = [file for each in tracked if (file := self._suspect(each, index_ns))]
        for start in range(0, len(suspects), _N_FILES_AT_ONCE):
            unknown = [file for file in suspects[start : start + _N_FILES_AT_ONCE] if file not in self._held]
            if unknown:
                self._held.update(self._compared(git, unknown, until))
        found = [
            Hunk(file.path, first, last) for file in suspects for first, last in self._held.get(file, ())
        ]
        while len(self._held) > _N_FILES_HELD:
            self._held.popitem(last=False)
        return found

    def is_as_seen(self, entry: plumbing.Entry, index_ns: int) -> bool:
        """Whether a file is as git last saw it: that needs no reading. One that is gone is not."""
        if entry.path in self.texts:
            return False
        try:
            status = os.lstat(self._absolute(entry.path))
        except (OSError, ValueError):
            return False
        return _is_as_seen(status, entry, index_ns)

    def read(self, path: bytes) -> bytes | None:
        """What is in a regular file of ``MAX_FILE_BYTES`` at most; None for all else."""
        if path in self.texts:
            return self.texts[path]
        absolute = Path(self._absolute(path))
        try:
            status = absolute.lstat()
        except (OSError, ValueError):
            return None
        return self._content(absolute, status.st_size) if stat.S_ISREG(status.st_mode) else None

    def mode(self, path: bytes) -> int | None:
        """The kind of a file and its permissions, as `os.lstat` has them; None when there is nothing."""
        return _AS_OPEN if path in self.texts else self._mode_on_disk(path)

    def unsaved(self) -> Iterator[bytes]:
        """The paths of texts that are in no file yet."""
        return (path for path in self.texts if self._mode_on_disk(path) is None)

    def _mode_on_disk(self, path: bytes) -> int | None:
        try:
            return os.lstat(self._absolute(path)).st_mode
        except (OSError, ValueError):
            return None

    def _absolute(self, path: bytes) -> str:
        return os.path.join(self.top, os.fsdecode(path))  # noqa: PTH118 - for every file, and faster

    def _suspect(self, tracked: Tracked, index_ns: int) -> _File | None:
        path = self._absolute(tracked.entry.path)
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return None
        is_as_seen = _is_as_seen(status, tracked.entry, index_ns) and not tracked.is_staged
        if not stat.S_ISREG(status.st_mode) or is_as_seen:
            return None
        return _File(Path(path), tracked.old, status.st_mtime_ns, status.st_size)

    def _compared(self, git: Git, files: Sequence[_File], until: float) -> Iterator[tuple[_File, Ranges]]:
        contents = {file: self._content(file.path, file.size) for file in files}
        differing = [
            file.old
            for file, content in contents.items()
            if file.old and content is not None and not is_blob(content, file.old)
        ]
        blobs = plumbing.blobs(git, differing, MAX_FILE_BYTES, until) if differing else {}
        for file, content in contents.items():
            if time.monotonic() > until:
                raise GitFailed("comparing the files took too long")
            old = b"" if file.old is None else blobs.get(file.old)
            yield file, () if content is None or old is None else changed_lines(old, content)

    def _content(self, path: Path, size: int) -> bytes | None:
        is_inside = Path(os.path.realpath(path.parent)).is_relative_to(self.top)
        if not is_inside or size > MAX_FILE_BYTES:
            return None
        try:
            return path.read_bytes()
        except OSError:
            return None


def _is_as_seen(status: os.stat_result, entry: plumbing.Entry, index_ns: int) -> bool:
    seen = (entry.modified_ns, entry.size)
    return (status.st_mtime_ns, status.st_size) == seen and status.st_mtime_ns < index_ns


def is_blob(content: bytes, name: str) -> bool:
    """Whether ``name`` is git's name for the content, or the beginning of one."""
    head = b"blob %d\0" % len(content)
    is_as_sha1 = hashlib.sha1(head + content).hexdigest().startswith(name)  # noqa: S324 - git's name for it
    return is_as_sha1 or (
        len(name) != _N_DIGITS_SHA1 and hashlib.sha256(head + content).hexdigest().startswith(name)
    )
