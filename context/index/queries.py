"""What the index can be asked: open documents as they are in the editor, other files as on disk."""

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest
from typing import Any, TypeVar

from attrs import frozen

from codenook.context.index.overlay import Document, Overlay
from codenook.context.index.reading import stamp_of
from codenook.context.index.rows import DEFINITION_COLUMNS, definition_of, import_of, word_of, words
from codenook.context.index.store import Lost, Store
from codenook.context.outline import Definition, Import, Outline

T = TypeVar("T")

N_COUNTED = 1_000
"""Numbers of files and definitions are counted up to this one: beyond it a name says nothing."""

N_REMEMBERED = 50_000
"""Answers about names that are kept until the index changes: the same are asked about for every new line."""

_N_RANKED = 4
"""How many times more definitions are ranked than asked for: some belong to files that have changed."""

_COLUMNS = ", ".join(f"definition.{column}" for column in DEFINITION_COLUMNS.split(", "))
_FILES = "JOIN file USING (content)"
_SHOWN = "path NOT IN (SELECT value FROM json_each(:hidden))"


@frozen
class Found:
    """A definition and the file that it stands in."""

    path: str
    definition: Definition


@frozen
class Totals:
    """How much the index has of the files on disk."""

    files: int
    skipped: Mapping[str, int]
    """How many files were left out, by reason."""
    definitions: int
    imports: int
    occurrences: int
    """Pairs of an identifier and a file."""


@frozen
class Words:
    """Counts of identifiers."""

    _counts: Mapping[int, int]

    def __getitem__(self, identifier: str) -> int:
        return self._counts.get(word_of(identifier), 0)


class Queries:
    """Questions to the files on disk (`Store`) under the open documents (`Overlay`).

    Answers are in an order that depends on nothing but the files. A broken index answers as an empty one.
    """

    def __init__(self, store: Store, overlay: Overlay, state: Callable[[], int]) -> None:
        """Nothing is read before the first question; ``state`` differs when the store was changed."""
        self._store = store
        self._overlay = overlay
        self._state = state
        self._remembered: tuple[int, dict[tuple[object, ...], Any]] = (0, {})

    def named(self, name: str, limit: int) -> list[Found]:
        """Definitions of ``name``, by path and line."""
        opened = self._overlay.documents()
        on_disk = self._remember(("named", name, limit, *opened), lambda: self._named(name, limit, opened))
        found = [*on_disk]
        found += [
            Found(document.path, d) for document in opened.values() for d in document.by_name.get(name, ())
        ]
        found.sort(key=lambda place: (place.path, place.definition.start_line))
        return found[:limit]

    def definitions(self, path: str) -> list[Definition]:
        """The definitions of a file, in the order of its outline."""
        if document := self._overlay.documents().get(path):
            return list(document.outline.definitions)
        return self._of_file(path, "TRUE")

    def contents(self, languages: Collection[str]) -> dict[str, str]:
        """A hash of the content of each file on disk in one of ``languages``, or in any for none, by path."""
        rows = self._rows(
            "SELECT path, digest FROM file JOIN content ON file.content = content.id"
            " WHERE :all OR language IN (SELECT value FROM json_each(:languages)) ORDER BY path",
            all=not languages,
            languages=json.dumps([*languages]),
        )
        return {path: digest.hex() for path, digest in rows}

    def outline(self, path: str, status: os.stat_result) -> Outline | None:
        """The outline of a file on disk without its occurrences; None when it isn't known as it is now."""
        rows = self._rows(
            "SELECT language, package FROM file JOIN content ON file.content = content.id"
            " WHERE path = :path AND stamp = :stamp",
            path=path,
            stamp=stamp_of(status),
        )
        if not rows:
            return None
        ((language, package),) = rows
        return Outline(language, tuple(self.definitions(path)), tuple(self.imports(path)), package=package)

    def definition(self, path: str, symbol: str) -> Definition | None:
        """The first definition of ``symbol`` in a file."""
        if document := self._overlay.documents().get(path):
            return next((d for d in document.outline.definitions if d.symbol == symbol), None)
        return next(iter(self._of_file(path, "symbol = :symbol", symbol=symbol)), None)

    def members(self, path: str, symbol: str) -> list[Definition]:
        """The definitions whose parent is ``symbol``, in the order of the outline."""
        if document := self._overlay.documents().get(path):
            return [d for d in document.outline.definitions if d.parent == symbol]
        return self._of_file(path, "parent = :symbol", symbol=symbol)

    def imports(self, path: str) -> list[Import]:
        """What a file imports, in the order of its outline."""
        if document := self._overlay.documents().get(path):
            return list(document.outline.imports)
        rows = self._rows(
            f"SELECT module, name, binds, is_exported FROM import {_FILES} WHERE path = :path ORDER BY place",
            path=path,
        )
        return [import_of(row) for row in rows]

    def importers(self, name: str, limit: int) -> list[str]:
        """The files that import ``name``, or anything from a module whose last component it is; by path."""
        opened = self._overlay.documents()
        rows = self._rows(
            "SELECT path FROM file WHERE content IN (SELECT content FROM import WHERE tail = :name"
            f" UNION SELECT content FROM import WHERE name = :name) AND {_SHOWN} ORDER BY path LIMIT :limit",
            opened,
            name=name,
            limit=limit,
        )
        return sorted([path for (path,) in rows] + [d.path for d in opened.values() if name in d.imported])[
            :limit
        ]

    def occurrences(self, identifier: str, limit: int) -> list[tuple[str, int]]:
        """The files that mention ``identifier`` and how often, those that do most often first."""
        opened = self._overlay.documents()
        rows = self._rows(
            f"SELECT path, n FROM occurrence {_FILES} WHERE word = :word AND {_SHOWN}"
            " ORDER BY n DESC, path LIMIT :limit",
            opened,
            word=word_of(identifier),
            limit=limit,
        )
        rows += [(d.path, n) for d in opened.values() if (n := d.outline.occurrences.get(identifier))]
        return sorted(rows, key=lambda row: (-row[1], row[0]))[:limit]

    def n_files(self, identifier: str) -> int:
        """In how many files ``identifier`` occurs, at most N_COUNTED."""
        opened = self._overlay.documents()
        on_disk = self._remember(
            ("n_files", identifier, *opened),
            lambda: self._count(f"occurrence {_FILES} WHERE word = :word", opened, word=word_of(identifier)),
        )
        in_memory = sum(identifier in document.outline.occurrences for document in opened.values())
        return min(on_disk + in_memory, N_COUNTED)

    def words_of(self, paths: Sequence[str]) -> "Words":
        """In how many of these files each identifier occurs."""
        rows = self._rows(
            "SELECT word, count(*) FROM file CROSS JOIN occurrence USING (content)"
            " WHERE path IN (SELECT value FROM json_each(:paths)) GROUP BY word",
            paths=json.dumps(list(paths)),
        )
        return Words(dict(rows))

    def n_read(self) -> int:
        """How many files there are, other than those left out."""
        query = "SELECT count(*) FROM file WHERE content IS NOT NULL"
        return self._remember(("n_read",), lambda: self._n(query))

    def n_definitions(self, name: str) -> int:
        """How many definitions of ``name`` there are, at most N_COUNTED."""
        opened = self._overlay.documents()
        on_disk = self._count(f"definition {_FILES} WHERE name = :name", opened, name=name)
        in_memory = sum(len(document.by_name.get(name, ())) for document in opened.values())
        return min(on_disk + in_memory, N_COUNTED)

    def files_of_package(self, package: str) -> list[str]:
        """The files that say they belong to ``package``, by path."""
        if not package:
            return []
        opened = self._overlay.documents()
        rows = self._rows(
            "SELECT path FROM content JOIN file ON file.content = content.id"
            f" WHERE package != '' AND package = :package AND {_SHOWN}",
            opened,
            package=package,
        )
        in_memory = [d.path for d in opened.values() if d.outline.package == package]
        return sorted([path for (path,) in rows] + in_memory)

    def files_in(self, folder: str) -> list[str]:
        """The files in a folder (relative, empty for the root), not those further down; by path."""
        opened = self._overlay.documents()
        rows = self._rows(
            f"SELECT path FROM file WHERE folder = :folder AND content IS NOT NULL AND {_SHOWN}",
            opened,
            folder=folder,
        )
        in_memory = [path for path in opened if path.rpartition("/")[0] == folder]
        return sorted([path for (path,) in rows] + in_memory)

    def search(self, text: str, limit: int) -> list[Found]:
        """Definitions with a word of ``text`` in their name or doc, the best first (BM25).

        Words are split at case and underscores. Open documents and other files take turns: their
        scores cannot be compared.
        """
        terms = list(dict.fromkeys(words(text)))
        if not terms:
            return []
        opened = self._overlay.documents()
        rows = self._rows(
            f"SELECT path, {_COLUMNS} FROM"
            " (SELECT rowid AS id, rank FROM search WHERE search MATCH :terms ORDER BY rank LIMIT :ranked)"
            f" AS best JOIN definition USING (id) {_FILES} WHERE {_SHOWN}"
            " ORDER BY best.rank, path, start_line LIMIT :limit",
            opened,
            terms=" OR ".join(f'"{term}"' for term in terms),
            ranked=_N_RANKED * limit,
            limit=limit,
        )
        on_disk = [Found(path, definition_of(row)) for path, *row in rows]
        turns = chain.from_iterable(zip_longest(_matches(opened.values(), terms), on_disk))
        return list(islice((found for found in turns if found), limit))

    def skipped(self, limit: int) -> list[tuple[str, str]]:
        """Files that were left out, by path, and the reason for each."""
        return self._rows(
            "SELECT path, skipped FROM file WHERE skipped IS NOT NULL ORDER BY path LIMIT :limit", limit=limit
        )

    def totals(self) -> Totals:
        """How much there is on disk; this one counts everything, which takes a while."""
        skipped = self._rows("SELECT skipped, count(*) FROM file WHERE skipped IS NOT NULL GROUP BY skipped")
        files = self._n("SELECT count(*) FROM file WHERE content IS NOT NULL")
        definitions = self._n(f"SELECT count(*) FROM definition {_FILES}")
        imports = self._n(f"SELECT count(*) FROM import {_FILES}")
        occurrences = self._n(f"SELECT count(*) FROM occurrence {_FILES}")
        return Totals(files, dict(skipped), definitions, imports, occurrences)

    def scanned(self) -> float | None:
        """When all files were looked at last, in seconds since 1970; None when that was never done."""
        rows = self._rows("SELECT finished FROM scan")
        return float(rows[0][0]) if rows else None

    def _named(self, name: str, limit: int, opened: Iterable[str]) -> list[Found]:
        rows = self._rows(
            f"SELECT path, {_COLUMNS} FROM definition {_FILES} WHERE definition.name = :name AND {_SHOWN}"
            " ORDER BY path, start_line, definition.id LIMIT :limit",
            opened,
            name=name,
            limit=limit,
        )
        return [Found(path, definition_of(row)) for path, *row in rows]

    def _remember(self, question: tuple[object, ...], ask: Callable[[], T]) -> T:
        """What the files on disk answered to ``question`` since they changed last."""
        state, (of_state, answers) = self._state(), self._remembered
        if state != of_state or len(answers) > N_REMEMBERED:
            answers = {}
            self._remembered = (state, answers)
        if question not in answers:
            answers[question] = ask()
        answer: T = answers[question]
        return answer

    def _of_file(self, path: str, condition: str, symbol: str = "") -> list[Definition]:
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM definition {_FILES} WHERE path = :path AND {condition}"
            " ORDER BY definition.id",
            path=path,
            symbol=symbol,
        )
        return [definition_of(row) for row in rows]

    def _count(self, condition: str, opened: Mapping[str, Document], **values: object) -> int:
        query = f"SELECT count(*) FROM (SELECT 1 FROM {condition} AND {_SHOWN} LIMIT {N_COUNTED})"
        return self._n(query, opened, **values)

    def _n(self, query: str, opened: Iterable[str] = (), **values: object) -> int:
        rows = self._rows(query, opened, **values)
        return int(rows[0][0]) if rows else 0

    def _rows(self, query: str, opened: Iterable[str] = (), **values: object) -> list[Any]:
        """What the files on disk answer, without those that are ``opened``."""
        values["hidden"] = json.dumps(list(opened))
        try:
            return self._store.read(lambda tables: tables.execute(query, values).fetchall())
        except (Lost, UnicodeEncodeError):  # a name with lone surrogates is in no table
            return []


def _matches(documents: Iterable[Document], terms: Sequence[str]) -> Iterator[Found]:
    matches = [(-score, d.path, match) for d in documents for score, match in d.matches(terms)]
    matches.sort(key=lambda match: (match[0], match[1], match[2].start_line))
    return (Found(path, definition) for _, path, definition in matches)
