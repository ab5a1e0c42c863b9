"""Rows among those of a comment that is there: each row that somebody wrote stays as it is.

Only what holds marks is opened for it: a comment of one row, and a last row that ends with the marks.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from codenook.context.parse import Parsed
from codenook.server.documentation.comments import begins_row
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.placing import Insertion
from codenook.server.documentation.subject import Doc, DocLine
from codenook.server.documentation.write import NoRoom


def inserted(parsed: Parsed, doc: Doc, insertions: Sequence[Insertion]) -> Edit:
    """The edit that puts rows, at least one, into ``doc``; raises NoRoom."""
    source = parsed.source
    if not begins_row(source, doc.start):
        raise NoRoom("its documentation shares a row with code")
    comment = {"//": _Lines, "/*": _Block}.get(doc.opening[:2], _String)(source, doc)
    pieces = sorted(comment.pieces(insertions), key=lambda piece: (piece.start, piece.end))
    text, at = "", pieces[0].start
    for piece in pieces:
        text += source[at : piece.start].decode("utf-8", "replace") + piece.text
        at = piece.end
    return Edit.of_bytes(source, pieces[0].start, at, text)


@frozen
class _Piece:
    """``text`` in the place of the bytes ``start`` to ``end``: of none, or of white space."""

    start: int
    end: int
    text: str


@frozen
class _Lines:
    """Line comments."""

    source: bytes
    doc: Doc

    def pieces(self, insertions: Sequence[Insertion]) -> Iterator[_Piece]:
        """The places in the file; raises NoRoom."""
        at_the_end: list[str] = []
        for insertion in insertions:
            rows = [self._fitting(row) for row in insertion.rows]
            if insertion.before < self._n_rows:
                yield self._before(insertion.before, rows)
            elif self._n_rows < len(self.doc.lines):
                yield self._before(self._n_rows, rows)
            else:
                at_the_end += rows
        if at_the_end:
            yield from self._at_the_end("".join(f"{self._line_end}{self._row(row)}" for row in at_the_end))

    # What each kind of comment has of its own

    @property
    def _n_rows(self) -> int:
        """How many rows there are without one that only has marks."""
        return len(self.doc.lines)

    @property
    def _own(self) -> Sequence[DocLine]:
        """The rows that have nothing but marks before their text."""
        return self.doc.lines

    @property
    def _usual_prefix(self) -> str:
        return f"{self.doc.indent}{self.doc.opening} "

    def _fitting(self, row: str) -> str:
        """A row as it may stand here; raises NoRoom."""
        return row

    def _row(self, text: str) -> str:
        """A row with what precedes it."""
        return f"{self._prefix}{text}".rstrip()

    def _before(self, number: int, rows: Sequence[str]) -> _Piece:
        at = self.doc.lines[number].row_start
        return _Piece(at, at, "".join(f"{self._row(row)}{self._line_end}" for row in rows))

    def _at_the_end(self, text: str) -> Iterator[_Piece]:
        yield _Piece(self.doc.end, self.doc.end, text)

    # What they have in common

    @property
    def _prefix(self) -> str:
        """What precedes the text in most rows."""
        before = [self.source[line.row_start : line.start] for line in self._own if line.text]
        if not before:
            return self._usual_prefix
        return Counter(before).most_common(1)[0][0].decode("utf-8", "replace")

    @property
    def _line_end(self) -> str:
        inside = self.source[self.doc.start : self.doc.end]
        return "\r\n" if b"\r\n" in (inside if b"\n" in inside else self.source) else "\n"

    @property
    def _end_of_words(self) -> int:
        last = self.doc.lines[-1]
        return last.start + len(last.text.encode())


@frozen
class _Marked(_Lines):
    """Comments with marks at their end."""

    @property
    def _n_rows(self) -> int:
        n_rows = len(self.doc.lines)
        return n_rows - (n_rows > 1 and not self.doc.lines[-1].text)

    @property
    def _own(self) -> Sequence[DocLine]:
        return self.doc.lines[1:]

    @property
    def _closing(self) -> int:
        """Where the marks begin at the end of the last row."""
        return self.doc.end - len(self.source[self._end_of_words : self.doc.end].lstrip())

    def _before(self, number: int, rows: Sequence[str]) -> _Piece:
        if number:
            return super()._before(number, rows)
        at, (first, *others) = self.doc.lines[0].start, rows
        text = self._line_end.join([first, *map(self._row, others), self._prefix])
        return _Piece(at, at, text)


@frozen
class _Block(_Marked):
    """A block comment, with stars or without."""

    @property
    def _usual_prefix(self) -> str:
        blank = [self.source[line.row_start : line.start] for line in self._own]
        starred = next((before for before in blank if b"*" in before), b"")
        return f"{starred.decode().rstrip() or f'{self.doc.indent} *'} "

    def _fitting(self, row: str) -> str:
        if "*/" in row:
            raise NoRoom("the text contains */")
        return row

    def _at_the_end(self, text: str) -> Iterator[_Piece]:
        yield _Piece(self._end_of_words, self._closing, f"{text}{self._line_end}{self.doc.indent} ")
        if len(self.doc.lines) == 1:
            opened = self.doc.start + len(self.doc.opening)
            yield _Piece(opened, self.doc.lines[0].start, f"{self._line_end}{self._prefix}")


@frozen
class _String(_Marked):
    """A docstring; one in single quotes gets three."""

    def pieces(self, insertions: Sequence[Insertion]) -> Iterator[_Piece]:
        """The places in the file; raises NoRoom."""
        for insertion in insertions:
            above = self.doc.lines[: min(insertion.before, self._n_rows)]
            if above and not self._is_raw and _n_backslashes(above[-1].text) % 2:
                raise NoRoom("a row of its documentation goes on behind a backslash")
        yield from super().pieces(insertions)
        if len(self._quotes) == 1:
            opened = self.doc.start + len(self.doc.opening)
            yield from (_Piece(at, at, self._quotes * 2) for at in (opened, self.doc.end))

    @property
    def _quotes(self) -> str:
        return self.doc.opening.lstrip("rRuU")

    @property
    def _is_raw(self) -> bool:
        return "r" in self.doc.opening.lower()

    @property
    def _usual_prefix(self) -> str:
        return self.doc.indent

    def _row(self, text: str) -> str:
        return text and f"{self._prefix}{text}"

    def _fitting(self, row: str) -> str:
        if self._quotes * (3 // len(self._quotes)) in row:
            raise NoRoom(f"the text contains {self._quotes}")
        return row if self._is_raw else row.replace("\\", "\\\\")

    def _at_the_end(self, text: str) -> Iterator[_Piece]:
        yield _Piece(self._end_of_words, self._closing, f"{text}{self._line_end}{self.doc.indent}")


def _n_backslashes(text: str) -> int:
    """How many backslashes a row ends with."""
    return len(text) - len(text.rstrip("\\"))
