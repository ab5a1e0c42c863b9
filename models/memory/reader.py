"""One request's questions: what followed the text so far, in the prompt and in the workspace."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt
from attrs import frozen

from codenook.models.memory.passages import Passages
from codenook.models.memory.segment import DEPTH, Place, Positions, Segment, Tokens

LEVELS = 3
"""Lengths of match that are told of, the longest ones."""


class Source(Protocol):
    """What is looked through: indexed files, or passages as they are. What a place counts is its affair."""

    def matches(self, context: Tokens, least: int) -> Iterator[tuple[int, Positions]]:
        """Yield lengths of match, longest first down to ``least``, and places of each: of many some."""

    def followed(self, places: Positions) -> list[int]:
        """Return the tokens that followed."""

    def told(self, places: Positions, token: int) -> Iterator[Place]:
        """Yield where ``token`` followed."""


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
    found: Sequence[tuple[Source, Positions]]

    @classmethod
    def at(cls, length: int, found: Sequence[tuple[Source, Positions]]) -> "Seen":
        """Count what followed at these places."""
        followed: list[int] = []
        for source, places in found:
            followed += source.followed(places)
        counts, n = Counter(followed), len(followed)
        tokens = np.fromiter(counts, np.intp, len(counts))
        chances = np.fromiter(counts.values(), np.float32, len(counts)) / np.float32(n)
        return cls(length, n, tokens, chances, found)

    def chance(self, token: int) -> float:
        """Return the share of ``token``."""
        return float(self.chances[self.tokens == token].sum())

    def places(self, token: int) -> Iterator[Place]:
        """Yield the counted places where ``token`` followed."""
        for source, places in self.found:
            yield from source.told(places, token)


@frozen
class Recollection:
    """What was seen after a text in the document (the prompt and what is beyond it) and in other files.

    Up to ``LEVELS`` matches of each, the longest first.
    """

    prompt: tuple[Seen, ...]
    workspace: tuple[Seen, ...]


class Reader:
    """What was known when the request came."""

    def __init__(
        self, passages: Passages, workspace: Sequence[Segment], before: Tokens, symbols: Tokens
    ) -> None:
        """``before`` are the symbols right before the cursor, ``symbols`` those of all tokens."""
        self.passages = passages
        self._workspace = workspace
        self._before = before[-DEPTH:]
        self._symbols = symbols

    @property
    def n_beyond(self) -> int:
        """How many tokens it knows of what is beyond the prompt."""
        ends = self.passages.ends
        return int(ends[-1] - ends[0]) - (len(ends) - 1)

    def after(self, generated: Sequence[int]) -> Recollection | None:
        """Return what followed the text before the cursor and ``generated``; None if nothing did."""
        own = self._symbols[np.asarray(generated[-DEPTH:], np.intp)]
        backwards = np.concatenate([self._before, own])[: -DEPTH - 1 : -1]
        separators = (backwards == len(self._symbols)).nonzero()[0]
        context = backwards[: separators[0] if separators.size else None]
        if not context.size:
            return None
        prompt, workspace = look([self.passages], context), look(self._workspace, context)
        return Recollection(prompt, workspace) if prompt or workspace else None


def look(sources: Iterable[Source], context: Tokens) -> tuple[Seen, ...]:
    """Return what followed the longest matches of ``context`` in sources that count as one."""
    levels: defaultdict[int, list[tuple[Source, Positions]]] = defaultdict(list)
    least = 1
    for source in sources:
        for length, places in islice(source.matches(context, least), LEVELS):
            levels[length].append((source, places))
        if len(levels) >= LEVELS:
            least = sorted(levels)[-LEVELS]
    return tuple(Seen.at(length, levels[length]) for length in sorted(levels, reverse=True)[:LEVELS])
