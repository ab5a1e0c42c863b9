"""From the ``FILE:LINE:COL`` of a command line to a document and an offset."""

import os
import re
import stat
from pathlib import Path

from attrs import frozen

from codenook.context.parse import language_of
from codenook.server.tasks.document import Document

MAX_FILE_BYTES = 8 << 20
"""Files larger than this (bytes) are refused: no model reads that much."""

ROOT_MARKERS = (
    ".git",
    ".codenook.toml",
    "pyproject.toml",
    "setup.py",
    "package.json",
    "Cargo.toml",
    "go.mod",
)
"""What tells the top folder of a project."""


class PlaceError(ValueError):
    """The place can't be used; the message is one line for the user."""


@frozen
class Place:
    """A cursor in a file on disk; ``offset`` counts code points."""

    document: Document
    offset: int
    workspace: Path


def find(place: str) -> Place:
    """Read the file and find the cursor; lines and columns count from 1, columns in characters.

    Raises PlaceError.
    """
    match = re.fullmatch(r"(.+):(\d{1,9}):(\d{1,9})", place, flags=re.DOTALL)
    if match is None:
        raise PlaceError(f"{place!r} is not FILE:LINE:COL")
    path = Path(match[1]).absolute()
    line, column = int(match[2]), int(match[3])
    text = read_text(path)
    lines = text.split("\n")
    if not 1 <= line <= len(lines):
        raise PlaceError(f"{path} has {len(lines)} lines, so there is no line {line}")
    width = len(lines[line - 1].rstrip("\r"))
    if not 1 <= column <= width + 1:
        raise PlaceError(f"line {line} of {path} has {width} characters, so there is no column {column}")
    offset = sum(len(above) + 1 for above in lines[: line - 1]) + column - 1
    language = language_of(path)
    document = Document(path.as_uri(), path, text, language.id if language else "plaintext")
    return Place(document, offset, workspace_of(path))


def split(place: str) -> tuple[Path, str]:
    """The file of a ``FILE:REST``, and the rest; raises PlaceError when there is no such file."""
    colons = [match.start() for match in re.finditer(":", place)]
    at = next((colon for colon in colons if os.path.isfile(place[:colon])), None)  # noqa: PTH113 - pathlib's may raise
    if at is None:
        raise PlaceError(_why_not(place[: colons[0]] if colons else place))
    return Path(place[:at]), place[at + 1 :]


def workspace_of(path: Path) -> Path:
    """Return the nearest folder above ``path`` that looks like the top of a project, else its own folder."""
    for folder in path.parents:
        if any(os.path.exists(folder / marker) for marker in ROOT_MARKERS):  # noqa: PTH110 - pathlib's may raise
            return folder
    return path.parent


def read_text(path: Path) -> str:
    """Return what is in a file; raises PlaceError for one that is no text, or too large."""
    try:
        status = path.stat()
        source = (
            path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE_BYTES else b""
        )
    except OSError as error:
        raise PlaceError(f"can't read {path}: {error.strerror}") from None
    except ValueError:  # from a path that no file can have
        raise PlaceError(f"can't read {path}: no file has such a name") from None
    if not stat.S_ISREG(status.st_mode):
        raise PlaceError(f"can't read {path}: it is not a file")
    if status.st_size > MAX_FILE_BYTES:
        raise PlaceError(f"{path} is larger than {MAX_FILE_BYTES >> 20} MB")
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        raise PlaceError(f"{path} is not a text in UTF-8") from None


def _why_not(name: str) -> str:
    """Why there is no file ``name`` to read."""
    try:
        os.stat(name)  # noqa: PTH116 - the name need not be one that pathlib takes
    except (FileNotFoundError, NotADirectoryError):
        return f"there is no file {name or repr(name)}"
    except OSError as error:
        return f"can't read {name}: {error.strerror}"
    except ValueError:
        return f"can't read {name}: no file has such a name"
    return f"can't read {name}: it is not a file"
