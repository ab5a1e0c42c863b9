"""The rows of the table: ways to choose excerpts for a cursor, each within budgets of tokens."""

import asyncio
import inspect
from collections.abc import Callable, Iterable, Sequence
from itertools import tee
from pathlib import Path
from typing import Protocol

from attrs import frozen
from definitions import Definitions
from excerpts import CountTokens, Excerpt, Fit, cut_off, whole
from holes import Question
from windows import Windows, sources

from codenook.context.manager import ContextManager
from codenook.context.snippets import OF_A_DEFINITION, Why

OURS = "ours"
WINDOWS = ("random windows", "Jaccard windows", "BM25 windows")
DEFINITIONS = ("imports", "imports and names")


class Method(Protocol):
    """One row, for one workspace."""

    def choose(self, question: Question, budgets: Sequence[int]) -> list[list[Excerpt]]:
        """Return what is shown within each budget (tokens), of files other than the question's."""

    def close(self) -> None:
        """Let go of what was started."""


@frozen
class Ranking:
    """A baseline: an order of excerpts that depends on the question alone, and how a budget is filled."""

    rank: Callable[[Question], Iterable[Excerpt]]
    fit: Fit
    count: CountTokens

    def choose(self, question: Question, budgets: Sequence[int]) -> list[list[Excerpt]]:
        """Fill each budget from one ranking."""
        rankings = tee(self.rank(question), len(budgets))
        return [
            self.fit(ranked, budget, self.count) for ranked, budget in zip(rankings, budgets, strict=True)
        ]

    def close(self) -> None:
        """Nothing was started."""


class Ours:
    """codenook's context manager, as the server calls it; ``without`` names sources that it does not use."""

    def __init__(
        self, root: Path, language: str, count: CountTokens, without: frozenset[str] = frozenset()
    ) -> None:
        options = {"without": without} if without else {}
        self._manager = ContextManager(root, **options)
        self._manager.build()
        self._language = language
        self._count = count
        self._runner = asyncio.Runner()
        self._open: Path | None = None

    def choose(self, question: Question, budgets: Sequence[int]) -> list[list[Excerpt]]:
        """Ask once for each budget; no other document is open, so that earlier holes are closed."""
        path = question.root / question.path
        if self._open is not None and self._open != path:
            self._manager.forget(self._open)
        self._open = path
        return [self._runner.run(self._chosen(question, budget)) for budget in budgets]

    def close(self) -> None:
        """Stop the manager's worker."""
        self._manager.close()
        self._runner.close()

    async def _chosen(self, question: Question, budget: int) -> list[Excerpt]:
        context = await self._manager.for_completion(
            path=question.root / question.path,
            text=question.text,
            offset=question.offset,
            language=self._language,
            budget=budget,
            count_tokens=self._price,
        )
        return [
            Excerpt(snippet.path, snippet.start_line, snippet.end_line, snippet.text, snippet.tokens)
            for snippet in context.snippets
            if snippet.path != question.path
        ]

    async def _price(self, texts: Sequence[str]) -> list[int]:
        return [self._count(text) for text in texts]


def names() -> list[str]:
    """Return the names of all rows, in the order of the table."""
    return [*WINDOWS, *DEFINITIONS, OURS, *(f"ours without {source}" for source in sources_of_ours())]


def sources_of_ours() -> list[str]:
    """Return what the context manager can do without, source by source; empty when it has no such switch."""
    has_switch = "without" in inspect.signature(ContextManager).parameters
    return [why for why in Why if why not in OF_A_DEFINITION] if has_switch else []


def methods(root: Path, language: str, count: CountTokens, wanted: Sequence[str]) -> dict[str, Method]:
    """Return the ``wanted`` rows for the workspace at ``root``; some are for Python only."""
    found: dict[str, Method] = {}
    texts = sources(root, language) if {*WINDOWS, *DEFINITIONS} & {*wanted} else {}
    if {*WINDOWS} & {*wanted}:
        windows = Windows(texts)
        ranks = (windows.at_random, windows.by_jaccard, windows.by_bm25)
        found |= {name: Ranking(rank, cut_off, count) for name, rank in zip(WINDOWS, ranks, strict=True)}
    if {*DEFINITIONS} & {*wanted} and language == "python":
        definitions = Definitions(texts)
        ranks = (definitions.imported, definitions.imported_and_named)
        found |= {name: Ranking(rank, whole, count) for name, rank in zip(DEFINITIONS, ranks, strict=True)}
    if OURS in wanted:
        found[OURS] = Ours(root, language, count)
    for source in sources_of_ours():
        if (name := f"ours without {source}") in wanted:
            found[name] = Ours(root, language, count, frozenset({source}))
    return {name: method for name, method in found.items() if name in wanted}
