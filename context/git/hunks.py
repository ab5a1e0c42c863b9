"""Which lines of a text are new, told without git: git would ask the repository's filters."""

from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path

from attrs import frozen

Ranges = tuple[tuple[int, int], ...]
"""First and last lines, as in `Hunk`."""

_N_LINES_COMPARED = 2000
_N_BYTES_LOOKED_AT = 8000  # git's own measure of what is binary


@frozen
class Hunk:
    """Lines of a file that are not as they were.

    ``path`` is absolute; lines are 1-based and inclusive, of the file as it stands on disk. Where lines were
    removed and none added, ``end_line`` is ``start_line - 1`` and the removed ones stood before
    ``start_line``.
    """

    path: Path
    start_line: int
    end_line: int


def changed_lines(old: bytes, new: bytes) -> Ranges:
    """The first and last lines of what is new in ``new``, as in `Hunk`; none when one of them is binary.

    The kind of line ends makes no difference, nor whether the last line has one. When more than 2,000 lines
    lie between the first change and the last, they are told as one.
    """
    if _is_binary(old) or _is_binary(new):
        return ()
    before, after = _lines(old), _lines(new)
    head = _n_equal(before, after)
    tail = _n_equal(before[head:][::-1], after[head:][::-1])
    before, after = before[head : len(before) - tail], after[head : len(after) - tail]
    if not before and not after:
        return ()
    if max(len(before), len(after)) > _N_LINES_COMPARED:
        return ((head + 1, head + len(after)),)
    matched = SequenceMatcher(None, before, after).get_opcodes()
    return tuple((head + first + 1, head + end) for what, _, _, first, end in matched if what != "equal")


def _is_binary(content: bytes) -> bool:
    return b"\0" in content[:_N_BYTES_LOOKED_AT]


def _lines(content: bytes) -> list[bytes]:
    lines = [line.removesuffix(b"\r") for line in content.split(b"\n")]
    return lines if lines[-1] else lines[:-1]


def _n_equal(first: list[bytes], second: list[bytes]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
