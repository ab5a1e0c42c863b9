"""The files that a command line names: single ones, and in folders all that may be read.

What can't be looked at ends nothing: it is noted, with a reason, and the next file follows.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from codenook.context.files.content import is_slow_to_parse
from codenook.context.files.skip import Skip, Skipped
from codenook.context.files.walk import Candidate, read, walk
from codenook.context.parse import Language, encode, known_languages, language_of
from codenook.server.documentation.languages import DESCRIBERS
from codenook.server.tasks.document import MAX_CHARACTERS
from codenook.server.tasks.place import PlaceError, read_text

_N_EXAMPLES = 3


@frozen
class Source:
    """A file that was read, in a language whose documentation is read."""

    path: Path
    text: str
    language: Language


class LeftOut:
    """How many files and folders were left out for each reason, and the first of them."""

    def __init__(self) -> None:
        self._n = Counter[Skip]()
        self._examples: dict[Skip, list[str]] = {}

    def add(self, path: Path, reason: Skip) -> None:
        """Count what was left out at ``path``."""
        self._n[reason] += 1
        examples = self._examples.setdefault(reason, [])
        if len(examples) < _N_EXAMPLES:
            examples.append(str(path))

    def __str__(self) -> str:
        """For a person: ``2 not_utf8 (a.py, b.py), 1 too_large (c.py)``; what is ignored is meant to be."""
        return ", ".join(
            f"{n} {reason} ({', '.join(self._examples[reason])}{', …' * (n > _N_EXAMPLES)})"
            for reason, n in sorted(self._n.items())
            if reason is not Skip.IGNORED
        )

    def to_json(self) -> dict[str, Any]:
        """The documented JSON, as that of ``codenook index status``."""
        return {
            reason.value: {"n": n, "examples": self._examples[reason]}
            for reason, n in sorted(self._n.items())
        }


class Files:
    """The files at ``paths``, and what can't be looked at of them.

    ``problems`` has a line for each path that was named and can't be used, ``left_out`` counts what was met
    in folders; both grow while the files are read.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self.left_out = LeftOut()
        self.problems: list[str] = []
        self._files: list[tuple[Path | None, str]] = []
        for path in paths:
            if os.path.isdir(path):  # noqa: PTH112 - pathlib's raises where a path is too long
                self._add_folder(Path(path))
            else:
                self._files.append((None, path))

    def __len__(self) -> int:
        """How many files there are to be read."""
        return len(self._files)

    def read(self, told: Callable[[], None]) -> Iterator[Source]:
        """Read one after the other; ``told`` is called before each. What can't be read is noted."""
        for folder, name in self._files:
            told()
            if folder is not None:
                yield from self._below(folder, name)
                continue
            try:
                yield read_named(Path(name))
            except PlaceError as error:
                self.problems.append(str(error))

    def _below(self, folder: Path, name: str) -> Iterator[Source]:
        path, source = folder / name, read(folder, name)
        if isinstance(source, Skipped):
            self.left_out.add(path, source.reason)
        elif (language := language_of(path, source)) is not None:
            yield Source(path, source.decode(), language)

    def _add_folder(self, folder: Path) -> None:
        if not os.access(folder, os.R_OK | os.X_OK):
            self.problems.append(f"can't read {folder}: Permission denied")
            return
        for found in walk(folder, _suffixes()):
            if isinstance(found, Candidate):
                self._files.append((folder, found.path))
            else:
                self.left_out.add(folder / found.path, found.reason)


def read_named(path: Path) -> Source:
    """Read a file that was named; raises PlaceError where it can't be used."""
    text = read_text(path)
    language = language_of(path, encode(text))
    if language is None or language.id not in DESCRIBERS:
        raise PlaceError(f"{path} is in no language whose documentation is read")
    if len(text) > MAX_CHARACTERS:
        raise PlaceError(f"{path} is too long: it has more than {MAX_CHARACTERS:,} characters")
    if is_slow_to_parse(path.name, encode(text)):
        raise PlaceError(f"{path} has too many comments in a row to be parsed in time")
    return Source(path, text, language)


def _suffixes() -> frozenset[str]:
    known = (language for language in known_languages() if language.id in DESCRIBERS)
    return frozenset(suffix for language in known for suffix in language.extensions)
