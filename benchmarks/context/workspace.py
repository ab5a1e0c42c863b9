"""One large workspace of the benchmark's packages: their files once more, as hard links where that works."""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path, PurePath

from attrs import frozen
from packages import Package

from codenook.context.code import suffixes
from codenook.context.files.skip import Skipped
from codenook.context.files.walk import Candidate, read, walk
from codenook.context.parse import language_of


@frozen
class Amount:
    """How much is indexed."""

    n_files: int = 0
    n_lines: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.n_files + other.n_files, self.n_lines + other.n_lines)


Amounts = Mapping[str, Amount]
"""By language."""


def amounts(root: Path) -> Amounts:
    """Return how much the index takes of the files below ``root``, the language with the most lines first."""
    found: dict[str, Amount] = {}
    for file in walk(root, suffixes()):
        source = read(root, file.path) if isinstance(file, Candidate) else file
        if isinstance(source, Skipped):
            continue
        if language := language_of(PurePath(file.path), source):
            found[language.id] = found.get(language.id, Amount()) + Amount(1, source.count(b"\n"))
    return dict(sorted(found.items(), key=lambda item: -item[1].n_lines))


def total(counted: Amounts) -> Amount:
    """All languages together."""
    return sum(counted.values(), start=Amount())


def at_least(n_lines: int, packages: Sequence[Package], counted: Mapping[str, Amounts]) -> list[Package]:
    """Return packages with ``n_lines`` lines together, or all: each language's smallest in turn, then larger.

    ``counted`` is by the packages' names.
    """
    by_language: dict[str, list[Package]] = {}
    for package in sorted(packages, key=lambda package: total(counted[package.name]).n_lines):
        by_language.setdefault(package.language, []).append(package)
    taken: list[Package] = []
    for package in (package for turn in zip_longest(*by_language.values()) for package in turn if package):
        if sum(total(counted[taken.name]).n_lines for taken in taken) >= n_lines:
            break
        taken.append(package)
    return taken


def link(roots: Iterable[Path], folder: Path) -> None:
    """Put each of ``roots`` with all that is in it into ``folder``, which must not be written to then."""
    for root in roots:
        shutil.copytree(root, folder / root.name, symlinks=True, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
