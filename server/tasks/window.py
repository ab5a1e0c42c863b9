"""The part of a document around the cursor that the model reads, within a budget of tokens.

The window's start must not slide with every line typed: what stands at the front of a prompt is
what the KV cache can keep. So it moves in steps of `STEP` lines.
"""

import asyncio
from collections.abc import Sequence

from attrs import frozen

from codenook.context.snippets import CountTokens

STEP = 16
"""Lines by which the window's start moves."""

N_LINES_PRICED = 64
"""Lines whose tokens are counted at a time, from the cursor outwards: what a small model's window holds."""

N_LINES_PRICED_AHEAD = 2048
"""Lines of a document whose tokens are counted when it is opened."""

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
    n_above, n_below = await asyncio.gather(
        _fitting(above[::-1], n_prefix - len(left), count_tokens),
        _fitting(below, n_suffix - len(right), count_tokens),
    )
    start = len(above) - n_above
    if first_line + start > 0:
        start += -(first_line + start) % STEP
    return Window(prefix="".join([*above[start:], left]), suffix="".join([right, *below[:n_below]]))


def n_lines_beyond(text: str, start: int, end: int) -> tuple[int, int]:
    """Return how many lines of ``text`` are above its part from ``start`` to ``end``, and how many below."""
    return text.count("\n", 0, start), text.count("\n", end) + text.endswith("\n", start, end)


async def price(text: str, count_tokens: CountTokens) -> None:
    """Have the lines of ``text`` counted before a cursor is known; ``count_tokens`` remembers them."""
    lines = _lines(text)[:N_LINES_PRICED_AHEAD]
    for start in range(0, len(lines), N_LINES_PRICED):
        await count_tokens(lines[start : start + N_LINES_PRICED])


async def whole_lines(text: str, budget: int, count_tokens: CountTokens) -> str:
    """As many leading lines of ``text`` as have at most ``budget`` tokens."""
    lines = _lines(text[:N_CHARACTERS])
    return "".join(lines[: await _fitting(lines, budget, count_tokens)])


async def last_lines(text: str, budget: int, count_tokens: CountTokens) -> str:
    """As many of the last lines of ``text`` as have at most ``budget`` tokens."""
    lines = _lines(text[-N_CHARACTERS:])[::-1]
    return "".join(lines[: await _fitting(lines, budget, count_tokens)][::-1])


async def _fitting(lines: Sequence[str], budget: int, count_tokens: CountTokens) -> int:
    """Return how many leading ``lines`` have at most ``budget`` tokens; those behind are hardly looked at."""
    for start in range(0, len(lines), N_LINES_PRICED):
        prices = await count_tokens(lines[start : start + N_LINES_PRICED])
        for number, price in enumerate(prices, start):
            budget -= price
            if budget < 0:
                return number
    return len(lines)


def _lines(text: str) -> list[str]:
    """Return the lines with their line ends; the last one may be empty. LSP knows no other separators."""
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + [last]
