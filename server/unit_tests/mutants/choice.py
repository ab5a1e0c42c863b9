"""Which faults are tried when there are more than there is time for."""

from collections import Counter
from collections.abc import Iterator, Sequence

from codenook.server.unit_tests.mutants.fault import SELDOM_SEEN, Fault

_GOLDEN = 0.6180339887498949
"""Multiples of it, without their whole part, are spread evenly however many there are."""

_MOST = 3000
"""Of more than this, only those of some lines are looked at."""


class Choice:
    """The faults, those first that are unlike the ones before: of other lines and of other kinds.

    Always in the same order. `count` says that the last one given was kept.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._of_line: Counter[int] = Counter()
        self._of_kind: Counter[str] = Counter()
        lines = sorted({fault.line for fault in faults})
        self._turn = {line: (index + 1) * _GOLDEN % 1 for index, line in enumerate(lines)}
        in_turn = sorted(faults, key=lambda fault: (self._turn[fault.line], fault.start))
        self._left = sorted(in_turn[:_MOST], key=lambda fault: fault.start)

    def __iter__(self) -> Iterator[Fault]:
        """Each fault once."""
        while self._left:
            best = min(self._left, key=self._key)
            self._left.remove(best)
            yield best

    def count(self, fault: Fault) -> None:
        """Say that a fault was kept."""
        self._of_line[fault.line] += 1
        self._of_kind[fault.kind] += 1

    def _key(self, fault: Fault) -> tuple[bool, int, int, int, float, int, str]:
        return (
            fault.kind in SELDOM_SEEN,
            self._of_line[fault.line],
            fault.rank,
            self._of_kind[fault.kind],
            self._turn[fault.line],
            fault.start,
            fault.text,
        )
