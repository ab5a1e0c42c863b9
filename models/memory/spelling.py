"""How a vocabulary spells text: the bytes of its tokens, and the tokens of bytes."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Spelled = tuple[int, ...]
"""The tokens of a text."""

N_KEPT = 1 << 14
"""Short texts of which the tokens are remembered, and pairs of tokens, and beginnings of tokens."""


class Spelling:
    """The bytes of each token, and what asks a tokenizer no more than it must."""

    def __init__(self, pieces: Sequence[bytes], tokenize: Callable[[bytes], Sequence[int]]) -> None:
        """``pieces`` are the bytes of each token; ``tokenize`` takes text that may be cut inside of words."""
        self.pieces = pieces
        self.n_tokenized = 0
        """Tokens that the tokenizer has made."""
        self._tokenizer = tokenize
        self._sorted = sorted(range(len(pieces)), key=pieces.__getitem__)
        self._rank = np.empty(len(pieces), np.intp)
        self._rank[self._sorted] = np.arange(len(pieces))
        self.first_bytes = np.array([first_byte(piece) for piece in pieces], np.uint8)
        """The first byte of each token besides blanks, shape ``(n_vocab,)``; 0 where there is none."""
        self._short = lru_cache(N_KEPT)(self.tokens)
        self._joins = lru_cache(N_KEPT)(self._tokens_join)
        self._ranks = lru_cache(N_KEPT)(self._ranks_of_longer)

    def tokens(self, text: bytes) -> Spelled:
        """Return the tokens of a text."""
        tokens = tuple(self._tokenizer(text))
        self.n_tokenized += len(tokens)
        return tokens

    def text(self, tokens: Sequence[int]) -> bytes:
        """Return the bytes that tokens spell."""
        return b"".join(map(self.pieces.__getitem__, tokens))

    def append(self, tokens: Spelled, more: bytes) -> Spelled:
        """Return the tokens of what ``tokens`` spell and ``more`` together.

        Byte pair encoding is local: tokens are those of their text if every two neighbours are those of
        theirs. So only the end is tokenized, from as far back as it joins what is before it. Where it is no
        text, as inside of a character, ``more`` must be what one token spells, and stays that token.
        """
        if not more:
            return tokens
        n_back = 0
        while not _is_cut(self.text(tokens[-4:]) + more):
            kept, end = tokens[: len(tokens) - n_back], self.text(tokens[len(tokens) - n_back :]) + more
            new = self._short(end)
            if self.text(new) == end and (not kept or self._joins(kept[-1], new[0])):
                return kept + new
            if not kept:
                break
            n_back = min(len(tokens), 2 * n_back or 1)
        return (*tokens, self._sorted[bisect_left(self._sorted, more, key=self.pieces.__getitem__)])

    def first(self, text: bytes) -> int | None:
        """Return the token that a text begins with, if it has any."""
        return next(iter(self._short(text)), None)

    def longer(self, tokens: npt.NDArray[np.intp], part: bytes) -> npt.NDArray[np.intp]:
        """Return which of ``tokens`` begin with ``part`` and go on: indices, shape ``(k,)``."""
        low, high = self._ranks(part)
        ranks = self._rank[tokens]
        return ((ranks >= low) & (ranks < high)).nonzero()[0]

    def has_longer(self, part: bytes) -> bool:
        """Whether there is any token that begins with ``part`` and goes on."""
        low, high = self._ranks(part)
        return low < high

    def _tokens_join(self, left: int, right: int) -> bool:
        return self.tokens(self.text((left, right))) == (left, right)

    def _ranks_of_longer(self, part: bytes) -> tuple[int, int]:
        low = bisect_right(self._sorted, part, key=self.pieces.__getitem__)
        n = len(part)
        return low, bisect_right(self._sorted, part, low, key=lambda token: self.pieces[token][:n])


def first_byte(text: bytes) -> int:
    """Return the first byte of a text that is no blank, a line feed for any line end; 0 without one."""
    return ord(text.replace(b"\r", b"\n").lstrip(b" \t")[:1] or b"\0")


def _is_cut(text: bytes) -> bool:
    """Whether the end of ``text`` is inside of a character."""
    for n, byte in enumerate(reversed(text[-4:]), start=1):
        if byte & 0xC0 != 0x80:  # noqa: PLR2004 - the first byte of a character
            return n < 1 + (byte >= 0xC0) + (byte >= 0xE0) + (byte >= 0xF0)  # noqa: PLR2004 - UTF-8
    return False
