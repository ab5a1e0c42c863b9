"""A process for one run: limited, and ended with all that it started."""

from __future__ import annotations

import os
import resource
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    Limits = tuple[int, float]
    """What a run may take: seconds of computing, and seconds."""

_LOOK_EVERY_S = 0.002


class End(NamedTuple):
    """How a fork ended: by what, as the server calls it (empty: by itself), and what it took (s)."""

    ended: str
    took_s: float
    cpu_s: float
    """The computing of all its threads, and of the processes that it waited for."""


def forked(start: Callable[[], None], wall_s: float) -> End | None:
    """Fork; None in the fork, once it did ``start``, and in this process how the fork ended."""
    started = time.monotonic()
    pid = os.fork()
    if not pid:
        os.setsid()
        start()
        return None
    ended, cpu_s = _end_of(pid, started + wall_s)
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    return End(ended, time.monotonic() - started, cpu_s)


def limited(cpu_s: int) -> None:
    """Limit the computing of this process: a signal tells of the limit, and then comes the end."""
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    hard = cpu_s + 1 if most == resource.RLIM_INFINITY else min(most, cpu_s + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (hard - 1, hard))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _end_of(pid: int, until: float) -> tuple[str, float]:
    while time.monotonic() < until:
        done, status, used = os.wait4(pid, os.WNOHANG)
        if done:
            is_limit = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
            return "cpu_time" if is_limit else "", used.ru_utime + used.ru_stime
        time.sleep(_LOOK_EVERY_S)
    os.kill(pid, signal.SIGKILL)
    _, _, used = os.wait4(pid, 0)
    return "wall_time", used.ru_utime + used.ru_stime
