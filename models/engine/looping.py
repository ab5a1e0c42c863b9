"""Whether a candidate says the same tokens again and again: it would until its room is used up."""

from collections.abc import Sequence

N_LOOPS = 3
"""Repetitions that make a loop, of so many tokens together at least as `N_LOOP_TOKENS`."""

N_LOOP_TOKENS = 12


def loop(tokens: Sequence[int]) -> int | None:
    """Return how many ``tokens`` there are before they repeat themselves; None if they end in no loop."""
    n = len(tokens)
    for period in range(1, n // N_LOOPS + 1):
        n_tokens = period * max(N_LOOPS, -(-N_LOOP_TOKENS // period))
        start = n - n_tokens
        if start >= 0 and tokens[start + period :] == tokens[start : n - period]:
            return start + period
    return None
