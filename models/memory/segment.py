"""Tokens of several files, and every place in them ordered by what stands before it.

The stream is kept backwards: the context before a place is then a suffix of the stream, and a suffix array
over its first tokens holds all places with the same context side by side. Symbols are big-endian, so that
bytes compare as symbols do, and a search is `bisect` over slices of bytes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from itertools import compress

import numpy as np
import numpy.typing as npt
from attrs import define, field, frozen

DEPTH = 32
"""Tokens of context that places are ordered by: no match is longer."""

N_COUNTED = 256
"""Places that are counted of one match in a segment: of a longer list, so many evenly spread over it."""

N_TRIED = 4096
"""Places that are tried when all of these are in files that don't count."""

Tokens = npt.NDArray[np.unsignedinteger]
Lines = npt.NDArray[np.uint32]
Positions = npt.NDArray[np.unsignedinteger | np.signedinteger]


@frozen
class Place:
    """Where a token stands; ``offset`` counts tokens: the next one of the text has the next number."""

    path: str
    offset: int
    line: int


@frozen(eq=False)
class File:
    """A file's tokens, shape ``(n,)``, and the line on which each begins, shape ``(n,)``.

    ``version`` is the caller's, a hash of the content: it tells which files have changed.
    """

    path: str
    version: str
    tokens: Tokens
    lines: Lines


@define(eq=False, repr=False)
class Segment:
    """Some files in one stream of symbols, backwards, each followed by a separator; ``m`` symbols in all.

    ``stream``, the same as ``content``, has shape ``(m + DEPTH,)``, separators at its end; ``lines`` has
    shape ``(m,)``. ``order`` holds the positions in ``stream`` where a context begins that a token of the
    same file follows: it stands at the position before. File ``i`` ends at ``ends[i]``. If it isn't ``alive``
    it was replaced or forgotten.
    """

    paths: tuple[str, ...]
    versions: tuple[str, ...]
    ends: npt.NDArray[np.int64]
    content: bytes
    symbol: np.dtype[np.unsignedinteger]
    lines: Lines
    order: Positions
    alive: npt.NDArray[np.bool_]
    index: dict[str, int] = field(init=False)
    stream: Tokens = field(init=False)
    all_alive: bool = field(init=False)
    _places: Sequence[int] = field(init=False)

    @index.default
    def _index_paths(self) -> dict[str, int]:
        return {path: i for i, path in enumerate(self.paths)}

    @stream.default
    def _content_as_symbols(self) -> Tokens:
        return np.frombuffer(self.content, self.symbol)

    @_places.default
    def _order_as_sequence(self) -> memoryview:
        return self.order.data

    @all_alive.default
    def _areall_alive(self) -> bool:
        return bool(self.alive.all())

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """The symbols of each file with its separator, shape ``(n_files,)``."""
        return np.diff(self.ends, prepend=-1)

    @property
    def n_alive(self) -> int:
        """How many symbols belong to files that are alive."""
        return int(self.sizes[self.alive].sum())

    def find(self, context: bytes, least: int) -> Iterator[tuple[int, Positions, Positions]]:
        """Yield the lengths of match that occur, from the longest to ``least``, and the places of each.

        The places that match just so far are two parts of ``order``. ``context`` is at most ``DEPTH``
        symbols, the last one first, none of them the separator.
        """
        low = high = bisect_left(self._places, context, key=self._text(len(context)))
        below, above = self._shared(context, low - 1), self._shared(context, high)
        while (length := max(below, above)) >= least:
            needle = context[: length * self.symbol.itemsize]
            first = self._first(needle, low) if below == length else low
            end = self._end(needle, high) if above == length else high
            yield length, self.order[first:low], self.order[high:end]
            if below == length:
                low, below = first, self._shared(context, first - 1)
            if above == length:
                high, above = end, self._shared(context, end)

    def _text(self, n_bytes: int) -> Callable[[int], bytes]:
        """Return what reads so many bytes of the stream from a position on."""
        stream, width = self.content, self.symbol.itemsize
        return lambda position: stream[position * width : position * width + n_bytes]

    def _shared(self, context: bytes, i: int) -> int:
        """Return how many symbols of ``context`` stand at place ``i``."""
        if not 0 <= i < len(self._places):
            return 0
        text = self._text(len(context))(self._places[i])
        differing = int.from_bytes(context, "big") ^ int.from_bytes(text, "big")
        return (len(context) - (differing.bit_length() + 7) // 8) // self.symbol.itemsize

    def _first(self, needle: bytes, low: int) -> int:
        """Return the first of the places with ``needle`` that go on up to ``low``.

        Steps double until one goes too far: a shorter match seldom has many more places.
        """
        text, step = self._text(len(needle)), 1
        while step <= low and text(self._places[low - step]) == needle:
            step *= 2
        return bisect_left(self._places, needle, max(0, low - step), low - step // 2, key=text)

    def _end(self, needle: bytes, high: int) -> int:
        """Return the end of the places with ``needle`` that begin at ``high``."""
        text, step, n = self._text(len(needle)), 1, len(self._places)
        while high + step <= n and text(self._places[high + step - 1]) == needle:
            step *= 2
        return bisect_right(self._places, needle, high + step // 2, min(n, high + step), key=text)

    def file_of(self, positions: Positions) -> npt.NDArray[np.intp]:
        """Return the index of the file that each position belongs to."""
        return self.ends.searchsorted(positions)

    def matches(self, context: Tokens, least: int) -> Iterator[tuple[int, Positions]]:
        """Yield the lengths of match that occur in files that are alive, longest first, and places of each.

        ``context`` is at most ``DEPTH`` symbols, the last one first, none of them the separator. Of many
        places some are told.
        """
        for length, *parts in self.find(context.astype(self.symbol).tobytes(), least):
            places = self._alive_among(evenly(parts))
            if not places.size and sum(map(len, parts)) > N_COUNTED:
                places = self._alive_among(evenly(parts, N_TRIED))[:N_COUNTED]
            if places.size:
                yield length, places

    def _alive_among(self, places: Positions) -> Positions:
        return places if self.all_alive else places[self.alive[self.file_of(places)]]

    def followed(self, places: Positions) -> list[int]:
        """Return the tokens that follow the contexts at ``places``."""
        tokens: list[int] = self.stream[places - 1].tolist()
        return tokens

    def told(self, places: Positions, token: int) -> Iterator[Place]:
        """Yield where ``token`` follows a context at one of ``places``."""
        positions = places - 1
        positions = positions[self.stream[positions] == token]
        files = self.file_of(positions)
        offsets, lines = self.ends[files] - 1 - positions, self.lines[positions]
        for i, offset, line in zip(files.tolist(), offsets.tolist(), lines.tolist(), strict=True):
            yield Place(self.paths[i], offset, line)

    def files(self) -> Iterator[File]:
        """Yield the files that are alive."""
        starts = self.ends - self.sizes + 1
        for i in np.flatnonzero(self.alive):
            part = slice(starts[i], self.ends[i])
            yield File(self.paths[i], self.versions[i], self.stream[part][::-1], self.lines[part][::-1])

    def without(self, paths: Iterable[str]) -> "Segment":
        """Return the segment with some files dead; it shares everything else."""
        gone = [self.index[path] for path in paths if path in self.index]
        if not gone:
            return self
        other = copy(self)
        other.alive = self.alive.copy()
        other.alive[gone] = False
        other.all_alive = False
        return other

    def compact(self) -> "Segment":
        """Return the segment as if its dead files had never been there."""
        if self.all_alive:
            return self
        keep = np.append(np.repeat(self.alive, self.sizes), np.ones(DEPTH, dtype=np.bool_))
        moved = np.cumsum(keep, dtype=np.uint32) - np.uint32(1)
        return Segment(
            paths=tuple(compress(self.paths, self.alive)),
            versions=tuple(compress(self.versions, self.alive)),
            ends=np.cumsum(self.sizes[self.alive]) - 1,
            content=self.stream[keep].tobytes(),
            symbol=self.symbol,
            lines=self.lines[keep[:-DEPTH]],
            order=moved[self.order[keep[self.order]]],
            alive=np.ones(self.alive.sum(), dtype=np.bool_),
        )


def evenly(parts: Sequence[Positions], n: int = N_COUNTED) -> Positions:
    """Return about ``n`` of the places in several parts, or all of them if there are fewer."""
    step = 1 + (sum(map(len, parts)) - 1) // n
    return np.concatenate([part[::step] for part in parts])


def build(files: Iterable[File], separator: int) -> Segment:
    """Index files; ``separator`` is above all tokens, and parts those of a file as the end of one would."""
    files = tuple(files)
    symbol = np.dtype(">u2" if separator < 1 << 16 else ">u4")
    end = np.array([separator], dtype=symbol)
    parts = [part for file in files for part in (file.tokens[::-1], end)]
    stream = np.concatenate([*parts, end.repeat(DEPTH)], dtype=symbol, casting="same_kind")
    lines = [part for file in files for part in (file.lines[::-1], np.zeros(1, dtype=np.uint32))]
    order = sort_suffixes(stream, separator)
    order = order[(stream[order] != separator) & (order > 0)]
    return Segment(
        paths=tuple(file.path for file in files),
        versions=tuple(file.version for file in files),
        ends=np.cumsum([len(file.tokens) + 1 for file in files], dtype=np.int64) - 1,
        content=stream.tobytes(),
        symbol=symbol,
        lines=np.concatenate([np.zeros(0, dtype=np.uint32), *lines]),
        order=order[stream[order - 1] != separator],
        alive=np.ones(len(files), dtype=np.bool_),
    )


def sort_suffixes(stream: Tokens, largest: int, depth: int = DEPTH) -> Positions:
    """Return the positions of ``stream`` ordered by at least ``depth`` symbols from there on, shape ``(n,)``.

    First by as many symbols as fit into 64 bits, then by twice as many each time, as the ranks of both halves
    are known by then (Manber and Myers 1993, "Suffix arrays"). Behind the end stand zeros.
    """
    n, bits = len(stream), largest.bit_length()
    width = 64 // bits
    keys = np.zeros(n, dtype=np.uint64)
    for i in range(width):
        keys <<= np.uint64(bits)
        keys[: n - i] |= stream[i:]
    order = np.argsort(keys)
    while width < depth:
        ordered = keys[order]
        ranks = np.empty(n, dtype=np.uint32)
        ranks[order] = np.cumsum(np.diff(ordered, prepend=ordered[:1]) != 0, dtype=np.uint32)
        keys = ranks.astype(np.uint64) << np.uint64(32)
        keys[: n - width] |= ranks[width:]
        order = np.argsort(keys)
        width *= 2
    return order.astype(np.uint32)
