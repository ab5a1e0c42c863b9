"""Every method answers for every hole within every budget."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import frozen
from excerpts import CountTokens
from holes import Hole, question
from methods import methods
from packages import Package
from score import Score, score

BUDGETS = (512, 1024, 2048)
"""Tokens."""


@frozen
class Answer:
    """What one method got for one hole within one budget."""

    method: str
    budget: int
    package: str
    score: Score


def measure(
    package: Package,
    root: Path,
    holes: Sequence[Hole],
    wanted: Sequence[str],
    *,
    count: CountTokens,
    advance: Callable[[], None],
) -> list[Answer]:
    """Return the answers of the ``wanted`` methods for the holes of one package."""
    answers = []
    asked = methods(root, package.language, count, wanted)
    try:
        for hole in holes:
            files = _lines(root, hole)
            what = question(hole, root)
            for name, method in asked.items():
                for budget, shown in zip(BUDGETS, method.choose(what, BUDGETS), strict=True):
                    answers.append(Answer(name, budget, package.name, score(hole, shown, files)))
            advance()
    finally:
        for method in asked.values():
            method.close()
    return answers


def _lines(root: Path, hole: Hole) -> Mapping[str, Sequence[str]]:
    paths = {needed.path for needed in hole.gold}
    return {path: (root / path).read_text(encoding="utf-8").split("\n") for path in paths}
