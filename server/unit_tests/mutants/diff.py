"""A mutant as a person reads it."""

from itertools import takewhile

from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.target import Target

_N_LINES_AROUND = 2


def diff_of(target: Target, mutant: Mutant) -> str:
    """The fault as one hunk of a unified diff, with two lines around it; no names of files before it."""
    old, new = _lines(target.text), _lines(mutant.apply(target.text))
    first = target.text.count("\n", 0, mutant.start)
    old_end = target.text.count("\n", 0, mutant.end) + 1
    new_end = old_end + len(new) - len(old)
    removed, added = old[first:old_end], new[first:new_end]
    n_same = _n_same(removed, added)
    n_same_after = _n_same(removed[n_same:][::-1], added[n_same:][::-1])
    first, old_end, new_end = first + n_same, old_end - n_same_after, new_end - n_same_after
    start, end = max(0, first - _N_LINES_AROUND), min(len(old), old_end + _N_LINES_AROUND)
    counts = end - start, end - start + len(new) - len(old)
    return "\n".join(
        [
            f"@@ -{start + 1},{counts[0]} +{start + 1},{counts[1]} @@",
            *(f" {line}" for line in old[start:first]),
            *(f"-{line}" for line in old[first:old_end]),
            *(f"+{line}" for line in new[first:new_end]),
            *(f" {line}" for line in old[old_end:end]),
        ]
    )


def _lines(text: str) -> list[str]:
    """The lines without their ends; a patch has one more only where the last line has none."""
    lines = text.removesuffix("\n").split("\n")
    return [line.removesuffix("\r") for line in lines]


def _n_same(left: list[str], right: list[str]) -> int:
    """How many lines two lists have in common from their start on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))
