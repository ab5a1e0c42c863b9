"""Runs the tests many times, with mutants of one file or in other orders, each time in a process of its own.

Most are forks of a process in which the tests are loaded (`loaded`). Where that won't do, the fork loads
them itself, and what takes long was loaded before: the runner with its plugins, and nothing of the project's.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING, Any

from .forking import forked, limited
from .loaded import Loaded
from .telling import first_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from .forking import End, Limits
    from .job import Job
    from .telling import Telling

    Run = Callable[[Job, Telling], int]

_CPU_TIMES, _CPU_PLUS_S = 3, 2
_WALL_TIMES, _WALL_PLUS_S = 5, 8
"""A run may take so many times as long as the tests as they are, and so many seconds more."""

_FIRST: Limits = (30, 30.0)
"""What those may take."""


def run_each(job: Job, telling: Telling, run: Run) -> None:
    """Run the tests as they are, of which nothing is told, and then each variant until the time is up."""
    until = time.monotonic() + job.within_s
    if job.runner == "pytest":
        _load_pytest()
    if any(_is_from(module, job.mutated) for module in list(sys.modules.values())):
        telling.tell("not_forked", message="a plugin loads the file itself")
        return
    runs = _Runs(job, telling, run)
    try:
        limits = _FIRST
        if any(edit for edit, _ in job.variants):
            limits = _after(runs(None, 0, _FIRST, aloud=False))
        for edit, order in job.variants:
            if time.monotonic() > until:
                return
            end = runs(edit, order, limits, aloud=True)
            limits = min(limits, _after(end)) if edit is None else limits
    finally:
        runs.loaded.end()


class _Runs:
    def __init__(self, job: Job, telling: Telling, run: Run) -> None:
        self.loaded = Loaded(job, telling, run)
        self._job, self._telling, self._run = job, telling, run

    def __call__(self, edit: tuple[int, int, str] | None, order: int, limits: Limits, *, aloud: bool) -> End:
        """Run the tests once."""
        if aloud:
            self._telling.tell("variant")
        found = self.loaded.run(edit, order, limits, aloud=aloud) or self._loading(
            edit, order, limits, aloud=aloud
        )
        if aloud:
            self._telling.tell("variant_end", message=found.ended)
        return found

    def _loading(self, edit: tuple[int, int, str] | None, order: int, limits: Limits, *, aloud: bool) -> End:
        """Run them in a fork that loads them itself."""

        def start() -> None:
            limited(limits[0])
            self._telling.take_over(aloud=aloud)
            self._job.order = order
            if edit is not None:
                _show(self._job.mutated, self._job.mutant(edit).encode("utf-8"))

        found = forked(start, limits[1])
        if found is not None:
            return found
        try:
            self._telling.end(self._run(self._job, self._telling))
        except BaseException as error:  # noqa: BLE001 - whatever the project's code raises
            self._telling.tell("not_collected", message=first_line(error))
        finally:
            os._exit(1)


def _after(end: End) -> Limits:
    """What a run may take when the tests as they are took so long."""
    return int(_CPU_PLUS_S + _CPU_TIMES * end.cpu_s), _WALL_PLUS_S + _WALL_TIMES * end.took_s


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
