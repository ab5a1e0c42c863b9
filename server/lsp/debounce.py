"""How long an automatic request waits for the next keystroke before it reaches the model."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

N_EDITS = 8
"""How many of the last edits say how fast someone types."""

_PAUSE_S = 1.0
"""A longer interval is a pause to think, not typing."""

_PATIENCE = 1.5
"""Waiting this many usual intervals shows with some certainty that no key follows."""


def delay_s(
    edits_s: Sequence[float], now_s: float, *, request_s: float, least_s: float, most_s: float
) -> float:
    """Return the seconds to wait, given when the last edits came and how long requests take lately.

    While keys come slower than requests are answered, or the pause after the last key is already long
    enough, only ``least_s``. The wait is never longer than the request that it may save.
    """
    intervals = [later - earlier for earlier, later in pairwise(edits_s) if later - earlier < _PAUSE_S]
    if not intervals:
        return least_s
    usual_s = median(intervals)
    if request_s <= usual_s:
        return least_s
    waited_s = now_s - edits_s[-1]
    wanted_s = min(_PATIENCE * usual_s, request_s) - waited_s
    return max(least_s, min(wanted_s, most_s))
