"""Files of real packages, and the definitions in them."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from codenook.context.files.content import refuse
from codenook.context.parse import Parsed, language_of, parse
from codenook.server.documentation.languages import DESCRIBERS, subjects
from codenook.server.documentation.subject import Subject

sys.path.append(str(Path(__file__).parents[2] / "context"))  # where the fetcher is

from packages import Package, PackagesMissing, fetch, read_manifest, unpack

__all__ = ["PackagesMissing", "Source", "packages", "sources"]

MANIFEST = Path(__file__).with_name("packages.toml")
_TESTS = {"test", "tests", "testing", "_examples", "examples"}


@frozen
class Source:
    """A file of a package: where it is below the package's folder, its text and its definitions."""

    package: Package
    path: str
    text: str
    parsed: Parsed
    subjects: tuple[Subject, ...]


def packages(folder: Path, *, fetching: bool) -> list[tuple[Package, Path]]:
    """The packages, unpacked in ``folder``; raises PackagesMissing."""
    pinned = read_manifest(MANIFEST)
    if fetching:
        fetch(pinned, folder)
    roots = unpack(pinned, folder)
    return [(package, roots[package.name]) for package in pinned]


def sources(package: Package, root: Path) -> Iterator[Source]:
    """The files of a package in its own language, without tests, in an order by chance, always the same."""
    paths = sorted(path for path in (root / package.holes_in).rglob("*") if path.is_file())
    random.Random(0).shuffle(paths)
    for path in paths:
        name = path.relative_to(root).as_posix()
        source = path.read_bytes() if path.suffix and _TESTS.isdisjoint(path.parts) else b""
        language = language_of(path, source)
        if not source or language is None or language.id not in DESCRIBERS or refuse(name, source):
            continue
        if language.id == package.language or {language.id, package.language} <= {"c", "cpp"}:
            parsed = parse(language, source)
            yield Source(package, name, source.decode("utf-8"), parsed, tuple(subjects(parsed)))
