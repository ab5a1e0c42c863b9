"""Bringing the index up to date with the files: with all of them (`scan`), or with some (`refresh`)."""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Event, Lock

from attrs import define, field

from codenook.context.index import write
from codenook.context.index.reading import Read, Sources, stamp_of
from codenook.context.index.store import Lost, Store
from codenook.context.index.watch import follow
from codenook.context.index.workers import Cancelled, running

Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many."""

_log = logging.getLogger(__name__)

_BATCH_BYTES = 200_000
_BATCH_FILES = 100
_BATCHES_PER_WRITE = 8
_N_INLINE = 4
_N_ATTEMPTS = 3
_N_REFRESHED = 500  # beyond that, looking at every file is less work than at these one by one
_NOTHING_KNOWN: frozenset[bytes] = frozenset()


def unseen(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


@define(eq=False)
class Builder:
    """Writes to a store what the files of a workspace hold; one update at a time, on the caller's thread.

    What is done stays when an update is stopped or the process killed: the next one goes on from there.
    """

    sources: Sources
    store: Store
    counters: write.Counters = field(factory=write.Counters, init=False)
    n_updates: int = field(default=0, init=False)
    _updating: Lock = field(factory=Lock, init=False)
    _stopped: Event = field(factory=Event, init=False)

    def scan(self, progress: Progress = unseen) -> bool:
        """Look at every file and read what is new or has changed; False when that could not be finished.

        A file with the size and times that the index knows isn't read; one whose content the index knows
        isn't parsed.
        """
        return self._update(lambda: self._scan(progress))

    def refresh(self, paths: Iterable[str]) -> bool:
        """Read files that may have changed, appeared or gone; of a folder or a rule file, all are."""
        changed = list(dict.fromkeys(path for path in paths if _is_storable(path)))
        if len(changed) > _N_REFRESHED:
            return self._update(lambda: self._scan(unseen))
        return self._update(lambda: self._refresh(changed), otherwise=lambda: self._scan(unseen))

    def watch(self) -> None:
        """Refresh what changes on disk, until `stop`."""
        follow(self.sources.root, refresh=self.refresh, scan=self.scan, stopped=self._stopped)

    def stop(self) -> None:
        """End the update that is going on, and every later one at once."""
        self._stopped.set()

    def close(self) -> None:
        """Stop, and wait for the update that is going on."""
        self.stop()
        with self._updating:
            pass

    def _update(self, attempt: Callable[[], None], otherwise: Callable[[], None] | None = None) -> bool:
        """Do ``attempt``; when that lost the index, start again with an empty one."""
        with self._updating:
            for _ in range(_N_ATTEMPTS):
                try:
                    attempt()
                except Lost:
                    attempt = otherwise or attempt
                except Cancelled:
                    return False
                except OSError as error:
                    _log.warning("no process to read files for the index can be started: %s", error)
                    return False
                else:
                    self.n_updates += 1
                    return True
        return False

    def _scan(self, progress: Progress) -> None:
        before = self.store.read(_files)
        seen: set[str] = set()
        left_out, to_read = [], []
        for path, reason in self.sources.walk(self.sources.root):
            self._go_on()
            if not _is_storable(path):
                continue
            if reason:
                seen.add(path)
                if before.get(path) != ("", reason):
                    left_out.append(Read(path, "", skipped=reason))
            elif status := self._status(path):
                seen.add(path)
                if before.get(path, ("",))[0] != stamp_of(status):
                    to_read.append((path, status.st_size))
        gone = before.keys() - seen
        self._write(left_out, gone)
        self._read(to_read, progress)
        self.store.write(lambda tables: write.finish_scan(tables, len(seen)))

    def _refresh(self, paths: Sequence[str]) -> None:
        if any(self._concerns_others(path) for path in paths):
            self._scan(unseen)
            return
        before = self.store.read(_files)
        left_out, gone, to_read = [], [], []
        for path in paths:
            status = self._status(path)
            found = self.sources.find(self.sources.root, path) if status else None
            is_there = found is not None and found[0] == path
            gone += [p for p in before if p.startswith(f"{path}/") or (p == path and not is_there)]
            if found and found[1]:
                left_out.append(Read(found[0], "", skipped=found[1]))
            elif found and status and before.get(path, ("",))[0] != stamp_of(status):
                to_read.append((path, status.st_size))
        self._write(left_out, gone)
        self._read(to_read, unseen)

    def _concerns_others(self, path: str) -> bool:
        """Whether ``path`` is a folder of the index, or decides what is in it."""
        if os.path.isdir(self._absolute(path)):  # noqa: PTH112 - a path is a str all the way
            found = self.sources.find(self.sources.root, path)
            return found is None or not found[1]
        return path.rpartition("/")[2] in self.sources.rule_files

    def _read(self, files: Sequence[tuple[str, int]], progress: Progress) -> None:
        """Read files, in this process if they are few, and write what became of them."""
        paths = [path for path, _ in files]
        known = self.store.read(_digests)
        if len(files) <= _N_INLINE:
            self._record(paths, self._inline(paths, known))
            progress(len(files), len(files))
            return
        batches = list(_batches(files))
        done = 0
        with running(self.sources.reader, known, self._stopped) as workers:
            answers = workers.read(batches)
            for start in range(0, len(batches), _BATCHES_PER_WRITE):
                progress(done, len(files))
                asked = [path for batch in batches[start : start + _BATCHES_PER_WRITE] for path in batch]
                reads = [
                    read
                    for _, batch in zip(range(_BATCHES_PER_WRITE), answers, strict=False)
                    for read in batch
                ]
                self._record(asked, reads)
                done += len(asked)
        progress(done, len(files))

    def _record(self, asked: Sequence[str], reads: Sequence[Read]) -> None:
        self.counters.read += len(reads)
        gone = set(asked) - {read.path for read in reads}
        if again := self._write(reads, gone):
            self._write(self._inline(again, _NOTHING_KNOWN), ())

    def _inline(self, paths: Iterable[str], known: frozenset[bytes]) -> list[Read]:
        reader = self.sources.reader
        reads = []
        for path in paths:
            self._go_on()
            if read := reader.read(path, known):
                reads.append(read)
        return reads

    def _write(self, reads: Sequence[Read], gone: Iterable[str]) -> list[str]:
        self._go_on()

        def change(tables: sqlite3.Connection) -> list[str]:
            write.delete(tables, gone)
            return write.put(tables, reads, self.counters)

        return self.store.write(change)

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Cancelled

    def _status(self, path: str) -> os.stat_result | None:
        try:
            return os.stat(self._absolute(path))  # noqa: PTH116 - for every file of the workspace
        except (OSError, ValueError):
            return None

    def _absolute(self, path: str) -> str:
        return f"{self.sources.root}/{path}"


def _files(tables: sqlite3.Connection) -> dict[str, tuple[str, str | None]]:
    rows = tables.execute("SELECT path, stamp, skipped FROM file")
    return {path: (stamp, skipped) for path, stamp, skipped in rows}


def _digests(tables: sqlite3.Connection) -> frozenset[bytes]:
    return frozenset(digest for (digest,) in tables.execute("SELECT digest FROM content"))


def _batches(files: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    batch: list[str] = []
    n_bytes = 0
    for path, size in files:
        batch.append(path)
        n_bytes += size
        if n_bytes >= _BATCH_BYTES or len(batch) == _BATCH_FILES:
            yield batch
            batch, n_bytes = [], 0
    if batch:
        yield batch


def _is_storable(path: str) -> bool:
    """Whether a name on disk is text: file systems allow any bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
