"""Files as they stand: all of their lines, or some."""

import re
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from codenook.context.code import suffixes
from codenook.context.files.skip import MAX_FILE_BYTES, Skip
from codenook.context.files.walk import Candidate, walk
from codenook.server.review.scope.change import Change, Text
from codenook.server.review.scope.errors import ScopeError
from codenook.server.review.scope.readable import Gathered, Sides


@frozen
class Aim:
    """A file or folder, absolute, and the first and last of the lines that are meant; None for all."""

    path: Path
    lines: tuple[int, int] | None = None


def aim(place: str) -> Aim:
    """Read ``PATH`` or ``FILE:FIRST-LAST``; raises ScopeError."""
    path = Path(place)
    if path.exists():
        return Aim(path.absolute())
    match = re.fullmatch(r"(.+):(\d+)(?:-(\d+))?", place, flags=re.DOTALL)
    if match is None or not Path(match[1]).is_file():
        raise ScopeError(f"there is no file {match[1] if match else place}")
    first = int(match[2])
    last = int(match[3] or first)
    if not 1 <= first <= last:
        raise ScopeError(f"{place}: lines count from 1, the last not before the first")
    return Aim(Path(match[1]).absolute(), (first, last))


def whole(root: Path, aims: Sequence[Aim]) -> Change:
    """All lines of the files that are aimed at, or those aimed at; of folders, all files that are indexed."""
    root = root.resolve()
    gathered = Gathered(root)
    for aimed in aims:
        path = aimed.path.resolve()
        if not path.is_relative_to(root):
            raise ScopeError(f"{aimed.path} is not in {root}")
        if path.is_dir():
            for found in walk(path, suffixes()):
                if isinstance(found, Candidate):
                    _add(gathered, path / found.path, None)
                else:
                    gathered.leave_out((path / found.path).relative_to(root).as_posix(), found.reason)
        else:
            _add(gathered, path, aimed.lines)
    return gathered.change("whole files" if all(aimed.lines is None for aimed in aims) else "selected lines")


def of_document(root: Path, path: str, text: str, lines: Sequence[range] | None = None) -> Change:
    """A document as it is open in an editor: all of its lines, or some."""
    gathered = Gathered(root)
    _add_text(gathered, path, text.encode("utf-8", "replace"), lines)
    return gathered.change("whole document" if lines is None else "selected lines")


def _add(gathered: Gathered, path: Path, lines: tuple[int, int] | None) -> None:
    relative = path.relative_to(gathered.root).as_posix()
    try:
        is_large = path.stat().st_size > MAX_FILE_BYTES
        content = path.read_bytes() if path.is_file() and not is_large else None
    except OSError:
        is_large, content = False, None
    if content is None:
        gathered.leave_out(relative, Skip.TOO_LARGE if is_large else Skip.UNREADABLE)
        return
    _add_text(gathered, relative, content, None if lines is None else [range(lines[0], lines[1] + 1)])


def _add_text(gathered: Gathered, path: str, content: bytes, lines: Sequence[range] | None) -> None:
    n_lines = Text(content.decode("utf-8", "replace")).n_lines
    wanted = [range(1, n_lines + 1)] if lines is None else lines
    if lines is not None and all(part.start > n_lines for part in lines):
        raise ScopeError(
            f"{path} has {n_lines} lines, so there is no line {min(part.start for part in lines)}"
        )
    within = [range(part.start, min(part.stop, n_lines + 1)) for part in wanted]
    gathered.add(Sides(path, None, None, content), within)
