"""Changes to the index's tables. Each function expects to run inside a transaction."""

import posixpath
import sqlite3
import time
from collections.abc import Iterable

from attrs import define

from codenook.context.index.reading import Read
from codenook.context.index.rows import DEFINITION_COLUMNS, Rows

_INSERT_DEFINITION = (
    f"INSERT INTO definition (id, content, {DEFINITION_COLUMNS})"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@define(eq=False)
class Counters:
    """What was done since the index was opened."""

    read: int = 0
    """Files that were read from disk."""
    parsed: int = 0
    """Outlines that were made."""
    reused: int = 0
    """Files whose content the index knew already."""
    rows: int = 0
    """Rows written, those of the words to search for left out."""


def put(connection: sqlite3.Connection, reads: Iterable[Read], counters: Counters) -> list[str]:
    """Record what became of files; return the paths whose known content has gone meanwhile."""
    again = []
    for read in reads:
        content = None if read.skipped else _content(connection, read, counters)
        if content is None and not read.skipped:
            again.append(read.path)
            continue
        counters.rows += 1
        connection.execute(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)",
            (read.path, posixpath.dirname(read.path), read.stamp, content, read.skipped or None),
        )
    return again


def delete(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Forget files, and keep their contents for a while."""
    connection.executemany("DELETE FROM file WHERE path = ?", [(path,) for path in paths])


def finish_scan(connection: sqlite3.Connection, n_kept: int) -> None:
    """Note the time, and delete contents that no file has, but for the ``n_kept`` newest."""
    connection.execute("INSERT OR REPLACE INTO scan VALUES (0, ?)", (time.time(),))
    connection.execute(
        "DELETE FROM content WHERE id IN ("
        " SELECT id FROM content WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.content = content.id)"
        " ORDER BY id DESC LIMIT -1 OFFSET ?)",
        (n_kept,),
    )


def _content(connection: sqlite3.Connection, read: Read, counters: Counters) -> int | None:
    """The number of the content of ``read``, which is new if need be; None if that needs its rows."""
    known = connection.execute("SELECT id FROM content WHERE digest = ?", (read.digest,)).fetchone()
    if known:
        counters.reused += 1
        return int(known[0])
    if read.rows is None:
        return None
    counters.parsed += 1
    return _add(connection, read.digest, read.rows, counters)


def _add(connection: sqlite3.Connection, digest: bytes, rows: Rows, counters: Counters) -> int:
    (content,) = connection.execute(
        "INSERT INTO content (digest, language, package) VALUES (?, ?, ?) RETURNING id",
        (digest, rows.language, rows.package),
    ).fetchone()
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM definition").fetchone()
    ids = range(last + 1, last + 1 + len(rows.definitions))
    connection.executemany(
        _INSERT_DEFINITION, [(i, content, *row) for i, row in zip(ids, rows.definitions, strict=True)]
    )
    connection.executemany(
        "INSERT INTO search (rowid, name, doc) VALUES (?, ?, ?)",
        [(i, *row) for i, row in zip(ids, rows.searches, strict=True)],
    )
    connection.executemany(
        "INSERT INTO import VALUES (?, ?, ?, ?, ?, ?, ?)", [(content, *row) for row in rows.imports]
    )
    connection.executemany(
        "INSERT INTO occurrence VALUES (?, ?, ?)", [(word, content, n) for word, n in rows.occurrences]
    )
    counters.rows += 1 + len(rows.definitions) + len(rows.imports) + len(rows.occurrences)
    return int(content)
