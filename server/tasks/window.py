"""The part of a document around the cursor that the model reads, within a budget of tokens.

The window's start must not slide with every line typed: what stands at the front of a prompt is
what the KV cache can keep. So it moves in steps of `STEP` lines.
"""

from collections.abc import Sequence

from attrs import frozen

from codenook.context.snippets import CountTokens

STEP = 16
"""Lines by which the window's start moves."""

N_CHARACTERS = 40_000
"""Characters considered on each side of the cursor."""


@frozen
class Window:
    """Code before and after the cursor, cut at line boundaries."""

    prefix: str
    suffix: str


async def around(
    text: str, offset: int, *, n_prefix: int, n_suffix: int, count_tokens: CountTokens
) -> Window:
    """Return at most ``n_prefix`` and ``n_suffix`` tokens of ``text`` around ``offset`` (code points).

    The cursor's own line is always there, up to the budget in characters where it is that long.
    """
    *above, left = _lines(text[max(0, offset - N_CHARACTERS) : offset])
    if offset > N_CHARACTERS:
        above = above[1:]
    right, *below = _lines(text[offset : offset + N_CHARACTERS])
    first_line = text.count("\n", 0, offset) - len(above)
    left, right = left[-n_prefix:], right[:n_suffix]
    prices = await count_tokens([*above, *below])
    n_above = _fitting(prices[: len(above)][::-1], n_prefix - len(left))
    n_below = _fitting(prices[len(above) :], n_suffix - len(right))
    start = len(above) - n_above
    if first_line + start > 0:
        start += -(first_line + start) % STEP
    return Window(prefix="".join([*above[start:], left]), suffix="".join([right, *below[:n_below]]))


def _fitting(prices: Sequence[int], budget: int) -> int:
    """Return how many leading ``prices`` sum up to at most ``budget``."""
    total = 0
    for number, price in enumerate(prices):
        total += price
        if total > budget:
            return number
    return len(prices)


def _lines(text: str) -> list[str]:
    """Return the lines with their line ends; the last one may be empty. LSP knows no other separators."""
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + [last]
