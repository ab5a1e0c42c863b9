"""The index on disk: one SQLite file for each workspace; after any fault a new one, or one in memory."""

import hashlib
import logging
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from threading import RLock
from typing import TypeVar

import platformdirs
from filelock import FileLock

from codenook.context import index

T = TypeVar("T")

FOLDER_VARIABLE = "CODENOOK_CACHE_DIR"

_SCHEMA = resources.files(index).joinpath("schema.sql").read_text(encoding="utf-8")
_APPLICATION = int.from_bytes(b"cnix", "big")
_BUSY_TIMEOUT_S = 10.0
_CACHE_KIB = 16_384
_UNUSED_S = 90 * 24 * 3600
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_NOT_AN_INDEX = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_log = logging.getLogger(__name__)


class Lost(Exception):
    """The index was replaced by an empty one: what was just written or asked is not in it."""


def folder() -> Path:
    """Return where the indexes are; the environment variable ``CODENOOK_CACHE_DIR`` overrides its parent."""
    override = os.environ.get(FOLDER_VARIABLE)
    return (Path(override) if override else platformdirs.user_cache_path("codenook")) / "index"


def path_of(root: str, version: str) -> Path:
    """The file of the index of the workspace at ``root``."""
    name = hashlib.sha256(os.path.realpath(root).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return folder() / f"{name}-{_format(version):08x}.sqlite"


def _format(version: str) -> int:
    """A number for the schema and for what the contents depend on."""
    return zlib.crc32(f"{_SCHEMA}{version}".encode()) & 0x7FFFFFFF


class Store:
    """The tables of one workspace, for any number of threads: readers never wait for the writer.

    Other processes may have the same file open. Where no file can be written, the tables are in memory and
    `trouble` says why, in one line.
    """

    def __init__(self, root: str, version: str) -> None:
        """Open the index of the workspace at ``root``; ``version`` names what its contents depend on."""
        self._format = _format(version)
        self.path: Path | None = path_of(root, version)
        self.trouble = ""
        self._inode = 0
        self._is_closed = False
        self._read_lock, self._write_lock = RLock(), RLock()
        self._open()

    def read(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        """What ``ask`` finds; raises Lost."""
        with self._read_lock:
            try:
                return ask(self._reader)
            except sqlite3.Error as error:
                self._recover(error)
                raise Lost from error

    def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Do ``change`` in one transaction, which is all or nothing; raises Lost."""
        with self._write_lock:
            try:
                with _transaction(self._writer):
                    return change(self._writer)
            except sqlite3.Error as error:
                self._recover(error)
                raise Lost from error

    def close(self) -> None:
        """Give the file up; every question after that raises Lost."""
        with self._write_lock, self._read_lock:
            self._is_closed = True
            self._reader.close()
            self._writer.close()

    def _open(self) -> None:
        """Open the file, or a new one, or tables in memory."""
        if self.path is not None:
            try:
                self._open_file(self.path)
            except (OSError, sqlite3.Error) as error:
                self._give_up(error)
        if self.path is None:
            self._reader = self._writer = new_tables()
            self._read_lock = self._write_lock

    def _open_file(self, path: Path) -> None:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        path.parent.chmod(_FOLDER_MODE)
        with FileLock(path.with_suffix(".lock"), timeout=_BUSY_TIMEOUT_S, mode=_FILE_MODE):
            _forget_unused(path.parent)
            try:
                self._connect(path)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF not in _NOT_AN_INDEX:
                    raise
                _set_aside(path, str(error))
                self._connect(path)

    def _connect(self, path: Path) -> None:
        path.touch(_FILE_MODE)
        self._inode = path.stat().st_ino
        self._writer = _connection(path)
        try:
            _prepare(self._writer, self._format)
            self._reader = _connection(path)
        except sqlite3.Error:
            self._writer.close()
            raise

    def _recover(self, error: sqlite3.Error) -> None:
        """Go on after ``error`` with an empty index, or with the one that another process has begun."""
        with self._write_lock, self._read_lock:
            if self.path is None or self._is_closed:
                return
            self._reader.close()
            self._writer.close()
            if error.sqlite_errorcode & 0xFF in _NOT_AN_INDEX:
                if self._is_at(self.path):
                    _set_aside(self.path, str(error))
            elif self._is_at(self.path):
                self._give_up(error)
            self._open()

    def _is_at(self, path: Path) -> bool:
        """Whether the file at ``path`` is still the one that was opened."""
        try:
            return path.stat().st_ino == self._inode
        except OSError:
            return False

    def _give_up(self, error: Exception) -> None:
        self.trouble = f"the index is kept in memory: {self.path} can't be written ({error})"
        _log.warning("%s", self.trouble)
        self.path = None


def new_tables() -> sqlite3.Connection:
    """Empty tables in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(_SCHEMA)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=64
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


def _prepare(connection: sqlite3.Connection, form: int) -> None:
    """Create the tables where there are none; raises DatabaseError for a file that is none of ours."""
    connection.execute("PRAGMA journal_mode = WAL")
    with _transaction(connection):
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (n_tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if n_tables and (application, version) != (_APPLICATION, form):
            error = sqlite3.DatabaseError("it is the file of another program or version")
            error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
            raise error
        if not n_tables:
            for statement in _statements():
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {form}")


def _statements() -> Iterator[str]:
    """The statements of the schema one by one: a script would end the transaction."""
    statement = ""
    for line in _SCHEMA.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _set_aside(path: Path, why: str) -> None:
    _log.warning("the index %s is built anew: %s", path, why)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.replace(path.with_suffix(".broken"))


def _forget_unused(directory: Path) -> None:
    """Delete indexes that nobody has opened for 90 days."""
    oldest = time.time() - _UNUSED_S
    for path in directory.iterdir():
        with suppress(OSError):
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
