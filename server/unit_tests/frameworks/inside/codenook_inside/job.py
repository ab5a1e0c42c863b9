"""What is to be run, as the server says it."""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

T = TypeVar("T")


class Job:
    """One run: the values of the JSON text that comes on stdin."""

    def __init__(self, said: str) -> None:
        """Read it, and leave nothing on stdin."""
        values: dict[str, Any] = json.loads(said)
        self.word: str = values["word"]
        self.runner: str = values["runner"]
        self.root: str = values["root"]
        self.paths: list[str] = values["paths"]
        self.search: list[str] = values["search"]
        self.arguments: list[str] = values["arguments"]
        self.order: int = values["order"]
        self.lines_of: str = values["lines_of"]
        self.by_coverage: bool = values["by_coverage"]
        self.stop_at_first: bool = values["stop_at_first"]
        self.about: list[str] = values["about"]
        self.without: frozenset[str] = frozenset(values["without"])
        self.mutated: str = values.get("mutated", "")
        self.source: str = values.get("source", "")
        self.variants: list[tuple[tuple[int, int, str] | None, int]] = values.get("variants", [])
        self.when_loaded: Callable[..., None] | None = None
        """Called by a runner that has loaded the tests, with whether it could load all (``is_whole``)."""
        self.within_s: float = values.get("within_s", 0.0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)

    def mutant(self, edit: tuple[int, int, str]) -> str:
        """The text of the mutated file: from and to where (code points) there is another one."""
        start, end, text = edit
        return self.source[:start] + text + self.source[end:]

    def shuffled(self, tests: Sequence[T], places: Callable[[T], Sequence[Hashable]]) -> list[T]:
        """The tests in an order of their own, those of one module and of one class side by side.

        ``places`` are the module and the class of a test. Order 0 is that of the files.
        """
        if not self.order:
            return list(tests)
        chance = random.Random(self.order)  # noqa: S311 - it only shuffles
        ranks: dict[Sequence[Hashable], float] = {}
        for test in tests:
            place = tuple(places(test))
            for depth in range(1, len(place) + 1):
                ranks.setdefault(place[:depth], chance.random())
        own = [chance.random() for _ in tests]

        def rank(number: int) -> list[float]:
            place = tuple(places(tests[number]))
            return [*(ranks[place[:depth]] for depth in range(1, len(place) + 1)), own[number]]

        return [tests[number] for number in sorted(range(len(tests)), key=rank)]
