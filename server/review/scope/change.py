"""A change as sources see it: files before and after, and which of their lines differ."""

from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath

from attrs import field, frozen

from codenook.context.files.skip import Skip
from codenook.context.parse import Language, Parsed, encode, language_of, parse
from codenook.server.review.finding import Span


class Unread(StrEnum):
    """Why a changed file, or a part of it, isn't reviewed, besides those why none is read (`Skip`)."""

    SUBMODULE = "submodule"
    """It is another repository's commit."""
    CONFLICT = "conflict"
    """Its merge isn't resolved."""
    MODE_ONLY = "mode_only"
    """Nothing but its permissions, its name or its line ends changed."""
    FILE_OFF = "file_off"
    """The setting ``review_files_off`` has it."""
    CUT = "cut"
    """The change is so large that this part of it is left out."""


@frozen
class LeftOut:
    """A changed file that isn't reviewed, or only in part (``lines``: how many changed ones are left out)."""

    path: str
    reason: Skip | Unread
    lines: int = 0


@frozen
class Hunk:
    """Lines of the old text in whose place there are others in the new one; all of them differ.

    ``start`` counts from 1. Where ``n`` is 0, nothing is on that side, and ``start`` is the line before which
    the other side's lines would stand (one after the last line at the end of the text).
    """

    old_start: int
    n_old: int
    new_start: int
    n_new: int

    @property
    def removed(self) -> range:
        """The lines of the old text."""
        return range(self.old_start, self.old_start + self.n_old)

    @property
    def added(self) -> range:
        """The lines of the new text."""
        return range(self.new_start, self.new_start + self.n_new)


@frozen(eq=False)
class Text:
    r"""A text by lines and columns; lines end at ``\n`` alone, columns count code points from 1."""

    text: str

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each line starts (code points)."""
        found, at = [0], self.text.find("\n")
        while at >= 0:
            found.append(at + 1)
            at = self.text.find("\n", at + 1)
        return tuple(found)

    @property
    def n_lines(self) -> int:
        r"""How many lines there are; what follows the last ``\n`` is one when it isn't empty."""
        return len(self.starts) - (self.starts[-1] == len(self.text))

    def line(self, number: int) -> str:
        """A line without its end; empty beyond the last."""
        if not 1 <= number <= len(self.starts):
            return ""
        end = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].removesuffix("\r")

    def offset(self, line: int, column: int) -> int:
        """The offset (code points) of a place; of one beyond the text, that of the text's end."""
        if line > len(self.starts):
            return len(self.text)
        return min(self.starts[line - 1] + column - 1, len(self.text))

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset (code points)."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets (code points)."""
        return Span(*self.place(start), *self.place(end))

    def span_of_line(self, number: int) -> Span:
        """A line without the blanks around what is on it."""
        line = self.line(number)
        n_before = len(line) - len(line.lstrip())
        return Span(number, n_before + 1, number, max(len(line.rstrip()), n_before) + 1)

    def quote(self, span: Span) -> str:
        """What stands in a span."""
        return self.text[
            self.offset(span.start_line, span.start_column) : self.offset(span.end_line, span.end_column)
        ]

    @cached_property
    def source(self) -> bytes:
        """The text in UTF-8, as parsers read it."""
        return encode(self.text)

    def span_of_bytes(self, start: int, end: int) -> Span:
        """The span between two offsets into `source` (bytes): what nodes of a syntax tree have."""
        return self.span(self._characters(start), self._characters(end))

    def _characters(self, n_bytes: int) -> int:
        return n_bytes if self._is_ascii else len(self.source[:n_bytes].decode("utf-8", "replace"))

    @cached_property
    def _is_ascii(self) -> bool:
        return len(self.source) == len(self.text)


@frozen(eq=False)
class ChangedFile:
    """A file that is reviewed.

    ``path`` is relative to the root, with forward slashes; of a deleted file, where it was. ``old_path`` and
    ``old`` are None for a new file, ``new`` is None for a deleted one. ``hunks`` are in the order of the
    text and touch no line twice. Of a file that is reviewed as such, all lines are new and ``old`` is None.
    """

    path: str
    old_path: str | None
    old: Text | None
    new: Text | None
    hunks: tuple[Hunk, ...]

    @cached_property
    def language(self) -> Language | None:
        """The language, None when codenook doesn't read it."""
        text = self.new or self.old
        return language_of(PurePosixPath(self.path), text.source if text else b"")

    @cached_property
    def changed(self) -> frozenset[int]:
        """The lines of the new text that are new."""
        return frozenset(line for hunk in self.hunks for line in hunk.added)

    @cached_property
    def removed(self) -> frozenset[int]:
        """The lines of the old text that are gone."""
        return frozenset(line for hunk in self.hunks for line in hunk.removed)

    @cached_property
    def parsed(self) -> Parsed | None:
        """The syntax tree of the new text."""
        return parse(self.language, self.new.source) if self.language and self.new else None

    @cached_property
    def parsed_before(self) -> Parsed | None:
        """The syntax tree of the old text."""
        return parse(self.language, self.old.source) if self.language and self.old else None

    def place_of_removed(self, line: int) -> Span | None:
        """Where in the new text a removed line was: an empty span; None for a line that wasn't removed."""
        hunk = next((hunk for hunk in self.hunks if line in hunk.removed), None)
        if hunk is None:
            return None
        at = min(hunk.new_start, self.new.n_lines if self.new else 1)
        return Span(max(at, 1), 1, max(at, 1), 1)


@frozen(eq=False)
class Change:
    """What is reviewed: ``files`` in the order of their paths, and what is left out of it and why.

    ``root`` is the workspace, absolute; paths are relative to it. ``name`` says in a few words what it is
    (``uncommitted changes``, ``since main``).
    """

    root: Path
    name: str
    files: tuple[ChangedFile, ...]
    left_out: tuple[LeftOut, ...] = ()
    by_path: dict[str, ChangedFile] = field(init=False)

    @by_path.default
    def _files_by_path(self) -> dict[str, ChangedFile]:
        return {file.path: file for file in self.files}

    @property
    def n_lines(self) -> int:
        """How many lines are new."""
        return sum(hunk.n_new for file in self.files for hunk in file.hunks)

    def hunks(self) -> Iterator[tuple[ChangedFile, Hunk]]:
        """Every hunk with its file."""
        for file in self.files:
            for hunk in file.hunks:
                yield file, hunk
