"""The processes that read files for a build: one for each core, gone when it is done.

Not a ProcessPoolExecutor: its processes outlive a parent that is killed, import the parent's main module
again, and have the working directory on their path unless the parent was started without it.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import IO, cast

from codenook.context.index.reading import Read, Reader, Skipped, stamp_of

_MAX_WORKERS = 8


class Cancelled(Exception):
    """The build was asked to stop."""


class Workers:
    """Processes that read files; `read` keeps all of them busy. Use it as `with running(…) as workers`."""

    def __init__(self, reader: Reader, known: frozenset[bytes], cancelled: Event) -> None:
        """Start one process for each core."""
        self._reader = reader
        self._known = known
        self._cancelled = cancelled
        self._n = min(os.cpu_count() or 1, _MAX_WORKERS)
        self._threads = ThreadPoolExecutor(self._n, thread_name_prefix="codenook-index")
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for _ in range(self._n):
            self._idle.put(self._start())

    def read(self, batches: Sequence[Sequence[str]]) -> Iterator[list[Read]]:
        """What became of the files of each batch, in order; files that are gone are left out.

        Raises Cancelled.
        """
        return self._threads.map(self._ask, batches)

    def close(self) -> None:
        """End the processes; batches that have not begun are dropped."""
        self._threads.shutdown(cancel_futures=True)
        for _ in range(self._n):
            _end(self._idle.get())

    def _ask(self, paths: Sequence[str]) -> list[Read]:
        if self._cancelled.is_set():
            raise Cancelled
        process = self._idle.get()
        try:
            return _exchange(process, paths)
        except (EOFError, OSError, pickle.UnpicklingError):
            _end(process)
            process = self._start()
        finally:
            self._idle.put(process)
        if len(paths) > 1:
            return [read for path in paths for read in self._ask([path])]
        return self._failed(paths[0])

    def _failed(self, path: str) -> list[Read]:
        """Leave out a file that ended the process which read it, until it changes."""
        try:
            stamp = stamp_of(Path(self._reader.root, path).stat())
        except OSError:
            return []
        return [Read(path, stamp, skipped=Skipped.FAILED)]

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-E", "-m", "codenook.context.index.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with suppress(BrokenPipeError):  # noticed by the first question
            _send(process, sys.path)
            _send(process, (self._reader, self._known))
        return process


@contextmanager
def running(reader: Reader, known: frozenset[bytes], cancelled: Event) -> Iterator[Workers]:
    """Workers that know the contents with the digests ``known``; they end with the block."""
    workers = Workers(reader, known, cancelled)
    try:
        yield workers
    finally:
        workers.close()


def _exchange(process: subprocess.Popen[bytes], paths: Sequence[str]) -> list[Read]:
    _send(process, paths)
    replies = cast("IO[bytes]", process.stdout)
    return cast("list[Read]", pickle.load(replies))  # noqa: S301 - from our own module


def _send(process: subprocess.Popen[bytes], value: object) -> None:
    requests = cast("IO[bytes]", process.stdin)
    pickle.dump(value, requests, pickle.HIGHEST_PROTOCOL)
    requests.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
