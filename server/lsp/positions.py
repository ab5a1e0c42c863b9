"""Positions of the protocol to offsets in the text, and back.

The protocol counts lines and, within a line, code units of the negotiated encoding; everything behind
``server/lsp`` counts code points from the start of the text. pygls' own conversion is not used: it ends
lines at form feeds and Unicode separators too (``str.splitlines``), which the protocol does not, and it
moves a position past the end of a line to the wrong place.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from lsprotocol.types import Position, PositionEncodingKind, Range

_LINE_END = re.compile(r"\r\n?|\n")
_LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")

_UNITS: Mapping[str, Callable[[str], int]] = {
    PositionEncodingKind.Utf8: lambda text: len(text.encode("utf-8", "surrogatepass")),
    PositionEncodingKind.Utf16: lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    PositionEncodingKind.Utf32: len,
}


def offset_at(text: str, position: Position, encoding: str) -> int | None:
    """Return the offset of ``position``; None when the text has no such line.

    A position past the end of its line means the end of the line, one inside a character its start.
    """
    start = _line_start(text, position.line)
    if start is None:
        return None
    end = _LINE_END.search(text, start)
    line = text[start : end.start() if end else len(text)]
    return start + _column(line, position.character, _UNITS[encoding])


def span_of(text: str, wanted: Range, encoding: str) -> tuple[int, int]:
    """Return the offsets of a range, in order; lines that the text doesn't have mean its end."""
    first, last = sorted(
        len(text) if offset is None else offset
        for offset in (offset_at(text, wanted.start, encoding), offset_at(text, wanted.end, encoding))
    )
    return first, last


def position_at(text: str, offset: int, encoding: str) -> Position:
    """Return the position of ``offset``, which must not stand between the two halves of a line end."""
    (position,) = positions_at(text, [offset], encoding)
    return position


def positions_at(text: str, offsets: Iterable[int], encoding: str) -> list[Position]:
    """Return the positions of offsets; fastest where these are in order, as all of the text is read once."""
    has_others, units = _LONE_CARRIAGE_RETURN.search(text) is not None, _UNITS[encoding]
    found, line, start = list[Position](), 0, 0
    for offset in offsets:
        if offset < start:
            line, start = 0, 0
        if has_others:
            for end in _LINE_END.finditer(text, start, offset):
                line, start = line + 1, end.end()
        else:
            line += text.count("\n", start, offset)
            start = max(start, text.rfind("\n", start, offset) + 1)
        found.append(Position(line=line, character=units(text[start:offset])))
    return found


def _line_start(text: str, line: int) -> int | None:
    if _LONE_CARRIAGE_RETURN.search(text):
        ends = [0, *(end.end() for end in islice(_LINE_END.finditer(text), line))]
        return ends[line] if line < len(ends) else None
    lines = text.split("\n", line)  # faster than a search for each line end
    return len(text) - len(lines[-1]) if line < len(lines) else None


def _column(line: str, character: int, units: Callable[[str], int]) -> int:
    """Return how many whole characters of ``line`` fit into ``character`` code units."""
    if line.isascii() or units is len:
        return min(character, len(line))
    columns = range(min(character, len(line)) + 1)
    return bisect_right(columns, character, key=lambda column: units(line[:column])) - 1
