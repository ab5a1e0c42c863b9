"""Holes: functions whose body was taken out, and the definitions of other files that the body used.

A file of holes has one JSON object in each line, the fields of `Hole` (``.jsonl``, or ``.jsonl.gz``).
"""

import gzip
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import cattrs
from attrs import frozen

DATA = Path(__file__).with_name("data")


class SourceChanged(Exception):
    """A file is not the one that the holes were made from."""


class NoHoles(Exception):
    """A file is not one of holes."""


@frozen
class Needed:
    """A definition that a removed body uses; ``line`` (1-based) is the line with its name."""

    path: str
    symbol: str
    line: int

    @property
    def name(self) -> str:
        """The last part of the qualified name."""
        return self.symbol.rpartition(".")[2]


@frozen
class Hole:
    """One function without its body.

    The body is the bytes ``start`` to ``end`` of the file ``path``, from behind its first line's indentation
    to the end of its last line; ``sha256`` is the file's. ``gold`` are the definitions in other files of the
    workspace that the body uses, ``names`` the identifiers it uses that stand neither in the rest of the file
    nor among the language's built-in names. Paths are relative to the workspace, with forward slashes.
    """

    package: str
    version: str
    path: str
    symbol: str
    start: int
    end: int
    sha256: str
    gold: tuple[Needed, ...]
    names: tuple[str, ...]


@frozen
class Question:
    """What a method is given: a file without the body, and the cursor in its place (code points)."""

    root: Path
    path: str
    text: str
    offset: int

    @property
    def line(self) -> int:
        """The cursor's line, counted from 0."""
        return self.text.count("\n", 0, self.offset)


def question(hole: Hole, root: Path) -> Question:
    """Return the file with the hole in it; raises SourceChanged when it is not the file of the hole."""
    try:
        source = (root / hole.path).read_bytes()
    except OSError as error:
        raise SourceChanged(f"{root / hole.path}: {error.strerror}") from None
    if hashlib.sha256(source).hexdigest() != hole.sha256:
        raise SourceChanged(f"{root / hole.path} is not the file that the holes were made from")
    before = source[: hole.start].decode("utf-8")
    return Question(root, hole.path, before + source[hole.end :].decode("utf-8"), len(before))


def read_holes(path: Path) -> list[Hole]:
    """Return the holes in a file of JSON lines; raises NoHoles when it is something else."""
    data = path.read_bytes()
    try:
        lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
        return [cattrs.structure(json.loads(line), Hole) for line in lines]
    except (OSError, EOFError, ValueError, cattrs.BaseValidationError) as error:
        raise NoHoles(f"{path} is no file of holes: {error}") from None


def write_holes(path: Path, holes: Iterable[Hole]) -> None:
    """Write holes as compressed JSON lines; equal holes give equal bytes."""
    lines = (json.dumps(cattrs.unstructure(hole), separators=(",", ":")) + "\n" for hole in holes)
    path.write_bytes(gzip.compress("".join(lines).encode("utf-8"), mtime=0))
