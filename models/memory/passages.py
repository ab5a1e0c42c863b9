"""Text that is looked through as it is: a request's prompt and document, too new to be indexed, and short."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from attrs import frozen

from codenook.models.memory.segment import DEPTH, File, Lines, Place, Positions, Tokens, evenly


@frozen(eq=False)
class Passages:
    """Texts in one stream of ``m`` symbols, in the order of reading, with separators before and after each.

    ``symbols`` and ``lines`` have shape ``(m,)``; text ``i`` ends before the separator at ``ends[i]``.
    """

    paths: tuple[str, ...]
    ends: npt.NDArray[np.int64]
    symbols: Tokens
    lines: Lines
    separator: int

    @classmethod
    def of(cls, texts: Iterable[File], separator: int) -> "Passages":
        """Put texts one after another; ``separator`` is above all tokens."""
        texts = tuple(texts)
        end = np.array([separator], np.uint16 if separator < 1 << 16 else np.uint32)
        symbols = [part for text in texts for part in (text.tokens.astype(end.dtype), end)]
        lines = [part for text in texts for part in (text.lines, np.zeros(1, np.uint32))]
        return cls(
            paths=tuple(text.path for text in texts),
            ends=DEPTH - 1 + np.cumsum([len(text.tokens) + 1 for text in texts], dtype=np.int64),
            symbols=np.concatenate([end.repeat(DEPTH), *symbols]),
            lines=np.concatenate([np.zeros(DEPTH, np.uint32), *lines]),
            separator=separator,
        )

    def matches(self, context: Tokens, least: int) -> Iterator[tuple[int, Positions]]:
        """Yield the lengths of match from ``least`` on, longest first, and places where a token followed."""
        places = (self.symbols[:-1] == context[0]).nonzero()[0]
        places = places[self.symbols[places + 1] != self.separator]
        shorter = []
        for length, symbol in enumerate(context[1:].tolist(), start=1):
            if not places.size:
                break
            longer = self.symbols[places - length] == symbol
            if np.count_nonzero(longer) < longer.size:
                shorter.append((length, places, longer))
            places = places[longer]
        if places.size:
            yield len(context), evenly([places + 1])
        for length, places, longer in reversed(shorter):
            if length >= least:
                yield length, evenly([places[~longer] + 1])

    def followed(self, places: Positions) -> list[int]:
        """Return the tokens at ``places``."""
        tokens: list[int] = self.symbols[places].tolist()
        return tokens

    def told(self, places: Positions, token: int) -> Iterator[Place]:
        """Yield those of ``places`` where ``token`` stands."""
        places = places[self.symbols[places] == token]
        texts, lines = self.ends.searchsorted(places), self.lines[places]
        for i, place, line in zip(texts.tolist(), places.tolist(), lines.tolist(), strict=True):
            yield Place(self.paths[i], place, line)
