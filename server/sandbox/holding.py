"""Limits that the kernel holds a process to, and all that it starts."""

import os
import re
import resource
from contextlib import suppress
from pathlib import Path

from codenook.server.sandbox.command import Limits

_COUNTS_BY_NAMESPACE = (5, 14)
"""The first Linux that counts a sandbox's processes apart from the user's others."""


def hold(pid: int, limits: Limits) -> None:
    """Limit a process, and have it be the first to go when the machine runs out of memory.

    The limit of data counts what may be written to, not what is only reserved: JavaScript engines reserve
    gigabytes. Raises OSError or ValueError when the process is gone.
    """
    wanted = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (limits.cpu_s, limits.cpu_s + 1),  # a signal first, then the end
        resource.RLIMIT_DATA: (limits.memory_bytes, limits.memory_bytes),
        resource.RLIMIT_FSIZE: (limits.file_bytes, limits.file_bytes),
    }
    if _kernel() >= _COUNTS_BY_NAMESPACE:
        wanted[resource.RLIMIT_NPROC] = (limits.n_processes, limits.n_processes)
    for name, (soft, hard) in wanted.items():
        most = resource.prlimit(pid, name)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)  # noqa: PLW2901 - nobody may raise what is lower
        resource.prlimit(pid, name, (soft, hard))
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000", encoding="ascii")


def _kernel() -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", os.uname().release)[:2]))
