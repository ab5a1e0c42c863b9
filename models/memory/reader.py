"""One request's questions: what followed the text so far, in the prompt and in the workspace."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from codenook.models.memory.segment import DEPTH, Positions, Segment, Tokens

MAX_COUNTED = 256
"""Places that are counted of one match in a segment: those of a longer list are evenly spread over it."""


@frozen
class Place:
    """Where a token stands: ``offset`` counts the file's tokens from 0, ``line`` is the one that it begins on."""

    path: str
    offset: int
    line: int


@frozen(eq=False)
class Seen:
    """What followed the longest match in one source.

    ``length`` is the match's in tokens, ``n`` the number of places counted. ``tokens`` has shape ``(k,)``: the
    different tokens that followed, ``chances`` the share of each, adding up to 1.
    """

    length: int
    n: int
    tokens: npt.NDArray[np.intp]
    chances: npt.NDArray[np.float32]
    _found: Sequence[tuple[Segment, Positions]]

    def places(self, token: int) -> Iterator[Place]:
        """Yield the places where ``token`` followed."""
        for segment, positions in self._found:
            here = positions[segment.stream[positions] == token]
            for position, i in zip(here.tolist(), segment.file_of(here).tolist(), strict=True):
                offset = int(segment.ends[i]) - 1 - position
                yield Place(segment.paths[i], offset, int(segment.lines[position]))


@frozen
class Recollection:
    """What was seen after a text: in the prompt, and in other files; None where nothing like it was."""

    prompt: Seen | None
    workspace: Seen | None


class Reader:
    """What was known when the request came, asked by the one thread that decodes."""

    def __init__(
        self, prompt: Segment, workspace: Sequence[Segment], before: Tokens, symbols: Tokens
    ) -> None:
        """``before`` are the symbols right before the cursor, ``symbols`` those of all tokens."""
        self._prompt = (prompt,)
        self._workspace = workspace
        self._before = before[-DEPTH:]
        self._symbols = symbols
        self._separator = len(symbols)
        self._symbol = prompt.stream.dtype

    def after(self, generated: Sequence[int]) -> Recollection | None:
        """Return what followed the text before the cursor with ``generated`` after it; None for nothing at all."""
        own = self._symbols[np.asarray(generated[-DEPTH:], np.intp)]
        context = np.concatenate([self._before, own])[-DEPTH:][::-1]
        ends = np.flatnonzero(context == self._separator)
        asked = context[: ends[0] if ends.size else None].astype(self._symbol).tobytes()
        prompt, workspace = look(self._prompt, asked), look(self._workspace, asked)
        return Recollection(prompt, workspace) if prompt or workspace else None


def look(segments: Sequence[Segment], context: bytes) -> Seen | None:
    """Return what followed the longest match of ``context`` in any of the segments."""
    found = [(*longest, segment) for segment in segments if (longest := longest_alive(segment, context))]
    if not found:
        return None
    length = max(length for length, _, _ in found)
    places = [(segment, positions - 1) for this, positions, segment in found if this == length]
    followed = np.concatenate([segment.stream[positions] for segment, positions in places])
    tokens, counts = np.unique(followed, return_counts=True)
    chances = (counts / counts.sum()).astype(np.float32)
    return Seen(length, len(followed), tokens.astype(np.intp), chances, places)


def longest_alive(segment: Segment, context: bytes) -> tuple[int, Positions] | None:
    """Return the length and the places of the longest match in files that are alive."""
    for match in segment.find(context):
        positions = alive(
            segment, segment.order[match.low : match.high : -((match.low - match.high) // MAX_COUNTED)]
        )
        if not positions.size:
            positions = alive(segment, segment.order[match.low : match.high])[:MAX_COUNTED]
        if positions.size:
            return match.length, positions
    return None


def alive(segment: Segment, positions: Positions) -> Positions:
    """Return those of the positions that belong to files that are alive."""
    return positions[segment.alive[segment.file_of(positions)]]
