"""From bytes of a source to its code points and rows; it is counted once for all that is asked."""

from functools import lru_cache

_STEP = 4096
_CONTINUED = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that begin no character."""


def code_points(source: bytes, at: int) -> int:
    """How many code points of UTF-8 precede the byte ``at``, which begins one."""
    steps = at // _STEP
    return _before(source)[steps][0] + _count(source[steps * _STEP : at])


def row(source: bytes, at: int) -> int:
    """The row of the byte ``at``, from 0."""
    steps = at // _STEP
    return _before(source)[steps][1] + source.count(b"\n", steps * _STEP, at)


@lru_cache(maxsize=4)
def _before(source: bytes) -> list[tuple[int, int]]:
    """How many code points and line ends precede each `_STEP` bytes."""
    found, points, rows = [(0, 0)], 0, 0
    for start in range(0, len(source), _STEP):
        piece = source[start : start + _STEP]
        points, rows = points + _count(piece), rows + piece.count(b"\n")
        found.append((points, rows))
    return found


def _count(piece: bytes) -> int:
    return len(piece.translate(None, _CONTINUED))
