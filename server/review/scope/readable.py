"""Which files of a change are reviewed: the rules of the index, by path and by content, on both sides."""

import os
from collections.abc import Iterable
from pathlib import Path

from attrs import define, field, frozen

from codenook.context.files.content import refuse
from codenook.context.files.skip import Skip
from codenook.context.files.walk import excluded
from codenook.server.review.scope.change import Change, ChangedFile, Hunk, LeftOut, Text, Unread
from codenook.server.review.scope.compare import hunks

MAX_HUNK_LINES = 2_000
"""Of a hunk that adds more lines, the first are reviewed: so many are seldom written by a person."""

MAX_LINES = 20_000
"""When a change adds more lines than this, the files after them are left out."""

_LFS = b"version https://git-lfs.github.com/spec/"


@frozen
class Sides:
    """What is known of a file before it is decided whether it is reviewed; None is for nothing there."""

    path: str
    old_path: str | None
    old: bytes | None
    new: bytes | None


@define(eq=False)
class Gathered:
    """Collects the files of a change below ``root``."""

    root: Path
    _files: list[ChangedFile] = field(factory=list, init=False)
    _left_out: list[LeftOut] = field(factory=list, init=False)
    _n_lines: int = field(default=0, init=False)

    def leave_out(self, path: str, reason: Skip | Unread, lines: int = 0) -> None:
        """Note that a file, or so many lines of it, aren't reviewed."""
        self._left_out.append(LeftOut(os.fsencode(path).decode("utf-8", "backslashreplace"), reason, lines))

    def add(self, sides: Sides, lines: Iterable[range] | None = None) -> None:
        """Take a file in, or leave it out and say why; ``lines`` are reviewed whether they are new or not."""
        if reason := self._refused(sides):
            self.leave_out(sides.path, reason)
            return
        old, new = _text(sides.old), _text(sides.new)
        if lines is None:
            found = hunks(old, new)
        else:
            found = tuple(Hunk(part.start, 0, part.start, len(part)) for part in lines if part)
        is_same_path = sides.old_path in {None, sides.path}
        if not found and is_same_path and old is not None and new is not None:
            self.leave_out(sides.path, Unread.MODE_ONLY)
            return
        self._add(ChangedFile(sides.path, sides.old_path, old, new, found))

    def change(self, name: str) -> Change:
        """All of it."""
        files = tuple(sorted(self._files, key=lambda file: file.path))
        return Change(self.root, name, files, tuple(sorted(self._left_out, key=lambda left: left.path)))

    def _refused(self, sides: Sides) -> Skip | Unread | None:
        for path in dict.fromkeys((sides.path, sides.old_path or sides.path)):
            if reason := excluded(self.root, path):
                return reason
        for content in (sides.new, sides.old):
            if content is None:
                continue
            if content.startswith(_LFS):
                return Skip.BINARY
            if reason := refuse(sides.path, content):
                return reason
        return None

    def _add(self, file: ChangedFile) -> None:
        kept: list[Hunk] = []
        n_cut = 0
        for hunk in file.hunks:
            room = min(MAX_HUNK_LINES, max(MAX_LINES - self._n_lines, 0))
            n_new = min(hunk.n_new, room)
            n_cut += hunk.n_new - n_new
            self._n_lines += n_new
            kept.append(Hunk(hunk.old_start, hunk.n_old, hunk.new_start, n_new))
        if n_cut:
            self.leave_out(file.path, Unread.CUT, n_cut)
        self._files.append(ChangedFile(file.path, file.old_path, file.old, file.new, tuple(kept)))


def _text(content: bytes | None) -> Text | None:
    return None if content is None else Text(content.decode("utf-8"))
