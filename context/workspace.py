"""The files under a workspace, read with care and interpreted once."""

import os
import stat
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from attrs import define, field, frozen

from codenook.context.files.content import refuse
from codenook.context.files.skip import MAX_FILE_BYTES

T = TypeVar("T")

_N_FILES_HELD = 1024


def _real(path: "str | os.PathLike[str]") -> str:
    return os.path.realpath(path)


@frozen
class File:
    """A readable text file of the workspace; ``path`` is relative to the root, with forward slashes."""

    path: str
    source: bytes


_Stamp = tuple[int, int] | None
"""When a file was modified (ns) and its size (bytes); None for no file."""


@frozen
class _Held:
    stamp: _Stamp
    value: Any


@define(eq=False)
class Workspace:
    """Reads files below ``root`` and remembers what was made of them until they change on disk.

    Files that `refuse` names a reason against, or that a symbolic link places outside the root, count as
    absent.
    """

    root: str = field(converter=_real)
    _held: OrderedDict[tuple[str, Callable[[File], Any]], _Held] = field(factory=OrderedDict, init=False)
    _asked_for: dict[str, _Stamp] = field(factory=dict, init=False)

    def load(self, path: str, interpret: Callable[[File], T]) -> T | None:
        """What ``interpret`` makes of the file at an absolute path; None when the file counts as absent."""
        status = _status(path)
        stamp = self._asked_for[path] = _stamp(status)
        if status is None:
            return None
        key = (path, interpret)
        held = self._held.pop(key, None)
        if held is None or held.stamp != stamp:
            file = self._read(path, status)
            held = _Held(stamp, None if file is None else interpret(file))
        self._held[key] = held
        if len(self._held) > _N_FILES_HELD:
            self._held.popitem(last=False)
        return cast("T | None", held.value)

    def watch(self) -> Callable[[], bool]:
        """Return a function that says whether the files loaded from now on are unchanged on disk."""
        files = self._asked_for = {}
        return lambda: all(_stamp(_status(path)) == stamp for path, stamp in files.items())

    def relative(self, path: str) -> str | None:
        """An absolute path seen from the root, symbolic links resolved; None when it is outside."""
        try:
            return Path(os.path.realpath(path)).relative_to(self.root).as_posix()
        except (OSError, ValueError):
            return None

    def _read(self, path: str, status: os.stat_result) -> File | None:
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
            return None
        relative = self.relative(path)
        if relative is None:
            return None
        try:
            source = Path(path).read_bytes()
        except (OSError, ValueError):
            return None
        return None if refuse(relative, source) else File(relative, source)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)  # noqa: PTH116 - at every keystroke for every module, and faster
    except (OSError, ValueError):
        return None


def _stamp(status: os.stat_result | None) -> _Stamp:
    return None if status is None else (status.st_mtime_ns, status.st_size)
