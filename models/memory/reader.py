"""One request's questions: what followed the text so far, in the prompt and in the workspace."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
from attrs import frozen

from codenook.models.memory.segment import DEPTH, Positions, Segment, Tokens

LEVELS = 3
"""Lengths of match that are told of, the longest ones."""

N_COUNTED = 256
"""Places that are counted of one match in a segment: of a longer list, so many evenly spread over it."""

N_TRIED = 4096
"""Places that are tried when all of these are in files that don't count."""


@frozen
class Place:
    """Where a token stands: ``offset`` counts the file's tokens from 0; it begins on ``line``."""

    path: str
    offset: int
    line: int


@frozen(eq=False)
class Seen:
    """What followed in one source where the last ``length`` tokens were the same, and no more of them.

    ``n`` is the number of places counted. ``tokens`` has shape ``(k,)``: the different tokens that followed;
    ``chances``, of the same shape, is the share of each and adds up to 1.
    """

    length: int
    n: int
    tokens: npt.NDArray[np.intp]
    chances: npt.NDArray[np.float32]
    found: Sequence[tuple[Segment, Positions]]

    @classmethod
    def at(cls, length: int, found: Sequence[tuple[Segment, Positions]]) -> "Seen":
        """Count what followed at these places."""
        followed: list[int] = []
        for segment, positions in found:
            followed += segment.stream[positions - 1].tolist()
        counts, n = Counter(followed), len(followed)
        tokens = np.fromiter(counts, np.intp, len(counts))
        chances = np.fromiter(counts.values(), np.float32, len(counts)) / np.float32(n)
        return cls(length, n, tokens, chances, found)

    def chance(self, token: int) -> float:
        """Return the share of ``token``."""
        return float(self.chances[self.tokens == token].sum())

    def places(self, token: int) -> Iterator[Place]:
        """Yield the counted places where ``token`` followed."""
        for segment, contexts in self.found:
            positions = contexts - 1
            positions = positions[segment.stream[positions] == token]
            files = segment.file_of(positions)
            offsets, lines = segment.ends[files] - 1 - positions, segment.lines[positions]
            for i, offset, line in zip(files.tolist(), offsets.tolist(), lines.tolist(), strict=True):
                yield Place(segment.paths[i], offset, line)


@frozen
class Recollection:
    """What was seen after a text in the document (the prompt and what is beyond it) and in other files.

    Up to ``LEVELS`` matches of each, the longest first.
    """

    prompt: tuple[Seen, ...]
    workspace: tuple[Seen, ...]


class Reader:
    """What was known when the request came; asked by the one thread that decodes."""

    def __init__(
        self, prompt: Sequence[Segment], workspace: Sequence[Segment], before: Tokens, symbols: Tokens
    ) -> None:
        """``before`` are the symbols right before the cursor, ``symbols`` those of all tokens.

        The first segment of the ``prompt`` was made for this request.
        """
        self._prompt = prompt
        self._workspace = workspace
        self._before = before[-DEPTH:]
        self._symbols = symbols
        self._type = prompt[0].stream.dtype
        self.n_prompt, *others = (segment.n_alive for segment in prompt)
        self.n_beyond = sum(others)

    def after(self, generated: Sequence[int]) -> Recollection | None:
        """Return what followed the text before the cursor and ``generated``; None if nothing did."""
        own = self._symbols[np.asarray(generated[-DEPTH:], np.intp)]
        backwards = np.concatenate([self._before, own])[: -DEPTH - 1 : -1]
        separators = np.flatnonzero(backwards == len(self._symbols))
        context = backwards[: separators[0] if separators.size else None].astype(self._type).tobytes()
        prompt, workspace = look(self._prompt, context), look(self._workspace, context)
        return Recollection(prompt, workspace) if prompt or workspace else None


def look(segments: Iterable[Segment], context: bytes) -> tuple[Seen, ...]:
    """Return what followed the longest matches of ``context`` in segments; their files are one source."""
    levels: defaultdict[int, list[tuple[Segment, Positions]]] = defaultdict(list)
    least = 1
    for segment in segments:
        for length, positions in islice(alive_matches(segment, context, least), LEVELS):
            levels[length].append((segment, positions))
        if len(levels) >= LEVELS:
            least = sorted(levels)[-LEVELS]
    return tuple(Seen.at(length, levels[length]) for length in sorted(levels, reverse=True)[:LEVELS])


def alive_matches(segment: Segment, context: bytes, least: int) -> Iterator[tuple[int, Positions]]:
    """Yield the lengths of match that occur in places that count, longest first, and some of these places."""
    for length, *parts in segment.find(context, least):
        n = parts[0].size + parts[1].size
        places = segment.alive_among(evenly(parts, 1 + (n - 1) // N_COUNTED))
        if not places.size and n > N_COUNTED:
            places = segment.alive_among(evenly(parts, 1 + (n - 1) // N_TRIED))[:N_COUNTED]
        if places.size:
            yield length, places


def evenly(parts: Sequence[Positions], step: int) -> Positions:
    """Return every so many of the places in each part."""
    return np.concatenate([part[::step] for part in parts])
