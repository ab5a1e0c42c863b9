"""The fewest tests that notice all that all of them notice, or nearly."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

Key = TypeVar("Key")


def cover(kills: Mapping[Key, Collection[int]], worth: Callable[[Key], Any]) -> list[Key]:
    """Choose tests that together kill what all of ``kills`` do, none of which could be left out.

    The one that kills most of what is left is taken next; of equals the one that ``worth`` makes greatest,
    and then the first.
    """
    chosen: list[Key] = []
    left = {number for numbers in kills.values() for number in numbers}
    while left:
        best = max(kills, key=lambda test: (len(left.intersection(kills[test])), worth(test)))
        chosen.append(best)
        left.difference_update(kills[best])
    for test in sorted(chosen, key=worth):
        others = {number for other in chosen if other != test for number in kills[other]}
        if others.issuperset(kills[test]):
            chosen.remove(test)
    return chosen
