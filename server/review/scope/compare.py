"""Which lines differ between two texts: lines that are there once hold the comparison together (patience)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from codenook.server.review.scope.change import Hunk, Text

_MOST_PAIRS = 250_000
"""Stretches with more pairs of lines than this, and no line that is there once, are told as one hunk."""


def hunks(old: Text | None, new: Text | None) -> tuple[Hunk, ...]:
    """The lines that differ.

    The kind of line ends makes no difference, nor whether the last line has one, nor a byte order mark: an
    editor keeps that to itself.
    """
    before, after = _lines(old), _lines(new)
    found: list[Hunk] = []
    at_old = at_new = 0
    for first_old, first_new, n in (*_equal(before, after), (len(before), len(after), 0)):
        if first_old > at_old or first_new > at_new:
            found.append(Hunk(at_old + 1, first_old - at_old, at_new + 1, first_new - at_new))
        at_old, at_new = first_old + n, first_new + n
    return tuple(found)


def _lines(text: Text | None) -> list[str]:
    lines = [text.line(number) for number in range(1, text.n_lines + 1)] if text else []
    return [lines[0].removeprefix("\ufeff"), *lines[1:]] if lines else []


def _equal(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """The stretches that are the same, as (start in old, start in new, length), none next to another."""
    joined: list[tuple[int, int, int]] = []
    for first_old, first_new, n in _matches(old, new, range(len(old)), range(len(new))):
        if joined and (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]) == (
            first_old,
            first_new,
        ):
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + n)
        elif n:
            joined.append((first_old, first_new, n))
    return joined


def _matches(old: Sequence[str], new: Sequence[str], a: range, b: range) -> Iterator[tuple[int, int, int]]:
    """The same in pieces, in the lines ``a`` of ``old`` and ``b`` of ``new``; some are next to each other."""
    head = _n_equal(old, new, a, b)
    yield a.start, b.start, head
    a, b = a[head:], b[head:]
    tail = _n_equal(old, new, a[::-1], b[::-1])
    a, b = a[: len(a) - tail], b[: len(b) - tail]
    anchors = _anchors(old, new, a, b)
    if anchors:
        for i, j in anchors:
            yield from _matches(old, new, range(a.start, i), range(b.start, j))
            yield i, j, 1
            a, b = range(i + 1, a.stop), range(j + 1, b.stop)
        yield from _matches(old, new, a, b)
    elif a and b and len(a) * len(b) <= _MOST_PAIRS:
        matcher = SequenceMatcher(None, [old[i] for i in a], [new[j] for j in b], autojunk=False)
        for i, j, n in matcher.get_matching_blocks():
            yield a.start + i, b.start + j, n
    yield a.stop, b.stop, tail


def _n_equal(old: Sequence[str], new: Sequence[str], a: range, b: range) -> int:
    return sum(1 for _ in takewhile(lambda pair: old[pair[0]] == new[pair[1]], zip(a, b, strict=False)))


def _anchors(old: Sequence[str], new: Sequence[str], a: range, b: range) -> list[tuple[int, int]]:
    """Pairs of lines that are there once on each side, as many as are in the same order."""
    n_old, n_new = Counter(old[i] for i in a), Counter(new[j] for j in b)
    place = {new[j]: j for j in b if n_new[new[j]] == 1}
    pairs = [(i, place[old[i]]) for i in a if n_old[old[i]] == 1 and old[i] in place]
    piles: list[int] = []  # the longest increasing run, by the last element of each pile
    tops: list[int] = []
    below: list[int] = []
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(piles, j)
        below.append(tops[pile - 1] if pile else -1)
        piles[pile : pile + 1] = [j]
        tops[pile : pile + 1] = [number]
    found, number = [], tops[-1] if tops else -1
    while number >= 0:
        found.append(pairs[number])
        number = below[number]
    return found[::-1]
