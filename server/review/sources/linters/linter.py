"""What a linter is to a review: when it is asked, how, and how what it says is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from attrs import field, frozen

from codenook.server.review.finding import Category, Severity

JAVASCRIPT = (".js", ".cjs", ".mjs", ".jsx")
TYPESCRIPT = (".ts", ".cts", ".mts", ".tsx")
PYTHON = (".py", ".pyi")


class Columns(StrEnum):
    """What the columns of a linter count."""

    CHARACTERS = "characters"
    UTF16 = "utf16"
    BYTES = "bytes"
    UNSURE = "unsure"
    """Something else for each of its versions, as soon as a line isn't ASCII alone."""


class Home(StrEnum):
    """Where a project has its own copy of a linter."""

    VENV = "venv"
    NODE_MODULES = "node_modules"


@frozen
class Place:
    """1-based lines and columns as a linter counts them; the end is not part of it, None where not told."""

    line: int
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


@frozen
class SaidFix:
    """What the linter offers to do about it: texts in the place of stretches of the same file."""

    title: str
    edits: tuple[tuple[Place, str], ...]
    is_sure: bool


@frozen
class Said:
    """One thing that a linter says; ``path`` is absolute or relative to the folder in which it ran.

    ``code`` is its own name of the rule, ``level`` what it calls the severity, ``name`` the rule in words.
    """

    path: str
    place: Place
    code: str
    message: str
    level: str = ""
    name: str = ""
    url: str = ""
    fix: SaidFix | None = None


@frozen
class Asked:
    """What a linter is run on: files (absolute paths) in ``folder``, where it is configured.

    ``configuration`` has the texts of the files that say so, ``python`` is the project's own interpreter.
    """

    folder: Path
    files: tuple[Path, ...]
    configuration: Mapping[str, str]
    python: Path | None = None


@frozen
class Surroundings:
    """What a linter needs to see besides the program, if it is there, and to find in its environment."""

    readable: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(factory=dict)


@frozen
class Linter:
    """A linter or type checker.

    ``configured_by`` are names of files in a project's folder, and what (a regular expression, from the start
    of any line, that reads no further than that line: the file is anybody's) the file must have to say that
    this linter is used. ``arguments`` are those behind ``program``; with them
    it changes no files, and writes its caches to ``/tmp`` alone. ``read`` takes stdout and stderr; it raises
    ValueError for what it can't read. ``weigh`` says what a rule is about, and how bad what it tells is.
    ``done_codes`` are the exit codes of one that did its work, ``stopped_codes`` of one that may have stopped
    at an error in the code, and told it. ``cache`` is a folder in the project with notes of earlier runs, of
    which it finds a copy in ``/tmp``.
    """

    name: str
    suffixes: tuple[str, ...]
    configured_by: Mapping[str, str]
    program: str
    homes: tuple[Home, ...]
    columns: Columns
    arguments: Callable[[Asked], Sequence[str]]
    read: Callable[[str, str], Iterable[Said]]
    weigh: Callable[[Said], tuple[Category, Severity]]
    done_codes: frozenset[int] = frozenset({0, 1})
    stopped_codes: frozenset[int] = frozenset()
    cache: str = ""
    version: tuple[str, ...] = ("--version",)
    surroundings: Callable[[], Surroundings] = Surroundings
