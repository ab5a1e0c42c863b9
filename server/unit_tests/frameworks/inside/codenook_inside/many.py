"""Runs the tests many times, with mutants of one file or in other orders, each time in a process of its own.

What takes long is loaded once, before these are forked: the runner with its plugins, and nothing of the
project's.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import time
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING, Any

from .telling import first_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from .job import Job
    from .telling import Telling

    Run = Callable[[Job, Telling], int]

_CPU_TIMES, _CPU_PLUS_S = 3, 2
_WALL_TIMES, _WALL_PLUS_S = 5, 8
"""A run may take so many times as long as the tests as they are, and so many seconds more."""

_FIRST = (30, 30.0)
"""What those may take (s of computing, s)."""

_LOOK_EVERY_S = 0.002


def run_each(job: Job, telling: Telling, run: Run) -> None:
    """Run the tests as they are, of which nothing is told, and then each variant until the time is up."""
    until = time.monotonic() + job.within_s
    if job.runner == "pytest":
        _load_pytest()
    if any(_is_from(module, job.mutated) for module in list(sys.modules.values())):
        telling.tell("not_forked", message="a plugin loads the file itself")
        return
    has_mutants = any(edit for edit, _ in job.variants)
    limits = _FIRST
    if has_mutants:
        limits = _after(_forked(job, telling, run, None, _FIRST, aloud=False))
    for edit, order in job.variants:
        if time.monotonic() > until:
            return
        job.order = order
        source = job.source[: edit[0]] + edit[2] + job.source[edit[1] :] if edit else None
        telling.tell("variant")
        took = _forked(job, telling, run, source, limits, aloud=True)
        limits = min(limits, _after(took)) if edit is None else limits


def _after(took: float) -> tuple[int, float]:
    """What a run may take (s of computing, s) when the tests as they are took so long."""
    return int(_CPU_PLUS_S + _CPU_TIMES * took), _WALL_PLUS_S + _WALL_TIMES * took


def _load_pytest() -> None:
    """Have pytest load itself and the plugins that are installed, by a run in which there are no tests."""
    import pytest  # noqa: PLC0415 - only where it runs the tests

    with tempfile.TemporaryDirectory() as folder:
        nothing = ["-q", "-p", "no:cacheprovider", "--noconftest", "-c", os.devnull, "--rootdir", folder]
        pytest.main([*nothing, folder])


def _is_from(module: Any, path: str) -> bool:
    try:
        return os.path.realpath(module.__file__ or "") == os.path.realpath(path)
    except Exception:  # noqa: BLE001 - a module may be anything
        return False


def _forked(
    job: Job, telling: Telling, run: Run, source: str | None, limits: tuple[int, float], *, aloud: bool
) -> float:
    """Run the tests in a process of their own, with ``source`` as the mutated file; the time that it took."""
    cpu_s, wall_s = limits
    started = time.monotonic()
    pid = os.fork()
    if not pid:
        _run(job, telling, run, source, cpu_s, aloud=aloud)
    ended = _end_of(pid, started + wall_s)
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    if aloud:
        telling.tell("variant_end", message=ended)
    return time.monotonic() - started


def _run(job: Job, telling: Telling, run: Run, source: str | None, cpu_s: int, *, aloud: bool) -> None:
    """Run the tests, and end this process."""
    try:
        os.setsid()
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        hard = cpu_s + 1 if most == resource.RLIM_INFINITY else min(most, cpu_s + 1)
        resource.setrlimit(resource.RLIMIT_CPU, (hard - 1, hard))  # a signal that tells of it, then the end
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        telling.take_over(aloud=aloud)
        if source is not None:
            _show(job.mutated, source.encode("utf-8"))
        telling.end(run(job, telling))
    except BaseException as error:  # noqa: BLE001 - whatever the project's code raises
        telling.tell("not_collected", message=first_line(error))
    finally:
        os._exit(1)


def _end_of(pid: int, until: float) -> str:
    """Wait for a process; what ended it, as the server calls it, empty for itself."""
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            is_limit = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
            return "cpu_time" if is_limit else ""
        time.sleep(_LOOK_EVERY_S)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "wall_time"


def _show(path: str, source: bytes) -> None:
    """Have imports find ``source`` in the file, and no bytecode of it."""
    real = os.path.realpath(path)
    get_data, path_stats = SourceFileLoader.get_data, SourceFileLoader.path_stats

    def get_mutated(self: Any, name: str) -> bytes:
        return source if os.path.realpath(name) == real else get_data(self, name)

    def no_stats(self: Any, name: str) -> Any:
        if os.path.realpath(name) == real:
            raise OSError("there is no bytecode of it")
        return path_stats(self, name)

    loader: Any = SourceFileLoader
    loader.get_data, loader.path_stats = get_mutated, no_stats
