"""A text and its alternatives as tokens: where they part from the text's own, and where they meet again."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from attrs import frozen

from codenook.models.engine.errors import ScoringUnsupported
from codenook.models.engine.messages import Alternative


@frozen
class Variant:
    """An alternative in tokens, from the first on that is not as in the text.

    The text's own tokens to compare them with are those from ``first`` up to ``until`` (indexes). ``ends``
    are the bytes at which the alternative's end, counted in the text with the alternative in it.
    """

    first: int
    until: int
    tokens: tuple[int, ...]
    ends: tuple[int, ...]


class Tokens:
    """A text in tokens, together with what stands ``before`` it: a token may belong to both.

    ``tokens`` are those of both; ``ends`` are the bytes of the text at which they end, negative for those
    that end before it begins. Raises ScoringUnsupported where a model's tokens don't spell the text.
    """

    def __init__(
        self, before: str, text: str, tokenize: Callable[[str], Sequence[int]], pieces: Mapping[int, bytes]
    ) -> None:
        self._before, self._source = before, text.encode("utf-8")
        self._tokenize, self._pieces = tokenize, pieces
        self._is_apart: dict[tuple[int, int], bool] = {}
        self.tokens, self.ends = self._spell(self._source)

    @property
    def first(self) -> int:
        """The index of the first token that has a part of the text."""
        return bisect_left(self.ends, 1)

    def start(self, index: int) -> int:
        """The byte of the text at which a token begins."""
        return self.ends[index] - len(self._pieces[self.tokens[index]])

    def variant(self, alternative: Alternative, n_after: int) -> Variant | None:
        """An alternative as it is compared: its line, ``n_after`` more tokens, and up to where both meet.

        None for one that is cut into the text's own tokens, or leaves nothing. Where one goes on behind all
        that the other has, its last token is compared, too.
        """
        start, end = alternative.start, alternative.end
        put = alternative.text.encode("utf-8")
        tokens, ends = self._spell_with(start, end, put)
        if tokens == self.tokens or not tokens or not self.tokens:
            return None
        first = min(_n_shared(self.tokens, tokens), len(tokens) - 1, len(self.tokens) - 1)
        line_end = self._source.find(b"\n", end) + 1 or len(self._source)
        nearest = min(bisect_left(self.ends, line_end) + n_after, len(self.ends) - 1)
        moved = len(put) - (end - start)
        meeting = {own_end: index for index, own_end in enumerate(ends)}
        for index in range(nearest, len(self.ends)):
            if (met := meeting.get(self.ends[index] + moved, -1)) >= first:
                return Variant(first, index + 1, tokens[first : met + 1], ends[first : met + 1])
        return None

    def _spell_with(self, start: int, end: int, put: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Spell the text with ``put`` in the place of some bytes: the lines around, where they are apart."""
        source = self._source
        above = source.rfind(b"\n", 0, max(0, source.rfind(b"\n", 0, start))) + 1
        line_end = source.find(b"\n", end)
        below = (source.find(b"\n", line_end + 1) if line_end >= 0 else -1) + 1 or len(source)
        first, last = bisect_right(self.ends, above), bisect_left(self.ends, below) + 1
        left = self.ends[first - 1] if first else -1
        right = self.ends[min(last, len(self.ends)) - 1]
        has_line_above = left >= 0 and source.count(b"\n", left, start) > 0
        if not has_line_above or not self._are_apart(first, last, source[left:right]):
            return self._spell(source[:start] + put + source[end:])
        part = source[left:start] + put + source[end:right]
        spelled = self._tokenize(part.decode("utf-8", "replace"))
        pieces = [self._pieces[token] for token in spelled]
        if b"".join(pieces) != part:
            return self._spell(source[:start] + put + source[end:])
        moved = len(put) - (end - start)
        ends = (left + at for at in accumulate(map(len, pieces)))
        return (
            (*self.tokens[:first], *spelled, *self.tokens[last:]),
            (*self.ends[:first], *ends, *(at + moved for at in self.ends[last:])),
        )

    def _are_apart(self, first: int, last: int, part: bytes) -> bool:
        """Whether some of the tokens are those that their bytes have without what stands around."""
        if (first, last) not in self._is_apart:
            alone = tuple(self._tokenize(part.decode("utf-8", "replace")))
            self._is_apart[first, last] = alone == self.tokens[first:last]
        return self._is_apart[first, last]

    def _spell(self, source: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
        tokens = tuple(self._tokenize(self._before + source.decode("utf-8", "replace")))
        spelled = b"".join(self._pieces[token] for token in tokens)
        if not spelled.endswith(source):
            raise ScoringUnsupported("the model's tokens don't spell the text, so it can't be scored")
        shift = len(spelled) - len(source)
        return tokens, tuple(end - shift for end in accumulate(len(self._pieces[token]) for token in tokens))


def _n_shared(one: Sequence[int], other: Sequence[int]) -> int:
    """How many leading tokens two sequences share."""
    return next(
        (i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )
