"""What a process and all below it take, as the kernel tells it under ``/proc``.

Limits that a process carries hold for itself alone, and the kernel doesn't count processes of root: so all
of them are watched as well.
"""

import os
from contextlib import suppress
from pathlib import Path

from attrs import define

from codenook.server.sandbox.command import Ended, Limits

_TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_KIB = 1024


@define
class Usage:
    """Threads of all processes, the time that they computed, and the memory that isn't the file system's."""

    n_processes: int = 0
    cpu_s: float = 0.0
    memory_bytes: int = 0

    def beyond(self, limits: Limits) -> Ended | None:
        """The limit that is exceeded, None when none is."""
        if self.n_processes > limits.n_processes:
            return Ended.PROCESSES
        if self.memory_bytes > limits.memory_bytes:
            return Ended.MEMORY
        return Ended.CPU_TIME if self.cpu_s > limits.cpu_s else None


def usage(pid: int, n_most: int) -> Usage:
    """What ``pid`` and its descendants take; no more is looked at after ``n_most`` threads."""
    found, left = Usage(), [pid]
    while left and found.n_processes <= n_most:
        with suppress(OSError, ValueError):  # it ended meanwhile
            left += _look(Path("/proc") / str(left.pop()), found)
    return found


def _look(process: Path, found: Usage) -> list[int]:
    """Add one process, and return its children."""
    children: list[int] = []
    for task in (process / "task").iterdir():
        found.n_processes += 1
        with suppress(OSError):
            children += map(int, (task / "children").read_text(encoding="ascii").split())
    # Behind the name: utime, stime, and those of children that ended.
    after_name = _text(process / "stat").rpartition(")")[2].split()
    found.cpu_s += sum(map(int, after_name[11:15])) / _TICKS_PER_S
    for line in _text(process / "status").splitlines():
        name, _, value = line.partition(":")
        if name in {"RssAnon", "RssShmem"}:
            found.memory_bytes += int(value.split()[0]) * _KIB
    return children


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
