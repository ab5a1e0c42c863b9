"""The context manager: from a cursor to the few snippets of the workspace that the answer depends on."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from attrs import evolve

from codenook.context.parse import Parsed, language_named
from codenook.context.resolver import Resolver, edited
from codenook.context.snippets import Context, CountTokens, Dropped, DroppedSnippet, Snippet
from codenook.context.workspace import MAX_FILE_BYTES, Workspace

_N_DOCUMENTS_HELD = 32
_N_CANDIDATES = 128


class ContextManager:
    """Chooses snippets of the workspace at ``root``; without a root there is nothing to choose from.

    What it reads from disk and the trees of documents are remembered between calls. It runs on one
    worker thread of its own; call `close` when done.
    """

    def __init__(self, root: Path | None) -> None:
        """Nothing is read before the first question."""
        self._workspace = None if root is None else Workspace(root)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="codenook-context")
        self._lock = Lock()
        self._resolvers: dict[str, Resolver] = {}
        self._documents: OrderedDict[str, Parsed] = OrderedDict()

    async def for_completion(
        self, *, path: Path, text: str, offset: int, language: str, budget: int, count_tokens: CountTokens
    ) -> Context:
        """The snippets to show for a completion at ``offset`` (code points), within ``budget`` (tokens).

        All candidates are priced in one call. The most valuable ones that fit are kept, in an order that
        does not depend on their value (path, line), so that equal choices give equal prompts. What
        ``count_tokens`` raises is passed on; files that cannot be read are left out.
        """

        def choose() -> list[Snippet]:
            return self.snippets_for(path=path, text=text, offset=offset, language=language)

        candidates = await asyncio.get_running_loop().run_in_executor(self._worker, choose)
        if not candidates:
            return Context()
        prices = await count_tokens([snippet.block for snippet in candidates])
        return _within(
            budget, [evolve(snippet, tokens=n) for snippet, n in zip(candidates, prices, strict=True)]
        )

    def snippets_for(self, *, path: Path, text: str, offset: int, language: str) -> list[Snippet]:
        """The candidates for a completion at ``offset`` (code points), unpriced, the most valuable first.

        The word that touches the cursor has no influence. Empty when the language is unknown, there is no
        workspace, or the text is too long.
        """
        known = language_named(language)
        if known is None or self._workspace is None or len(text) > MAX_FILE_BYTES:
            return []
        absolute = str(Path(self._workspace.root, path))
        with self._lock:
            document = edited(known, absolute, text, offset, self._documents.pop(absolute, None))
            self._documents[absolute] = document.parsed
            if len(self._documents) > _N_DOCUMENTS_HELD:
                self._documents.popitem(last=False)
            if known.id not in self._resolvers:
                self._resolvers[known.id] = known.resolver(self._workspace)
            return self._resolvers[known.id].candidates(document)[:_N_CANDIDATES]

    def close(self) -> None:
        """Stop the worker thread; choices that have not begun are dropped."""
        self._worker.shutdown(wait=False, cancel_futures=True)


def _within(budget: int, ranked: Sequence[Snippet]) -> Context:
    kept: list[Snippet] = []
    dropped: list[DroppedSnippet] = []
    for snippet in ranked:
        if snippet.tokens <= budget:
            kept.append(snippet)
            budget -= snippet.tokens
        else:
            dropped.append(DroppedSnippet(snippet, Dropped.OVER_BUDGET))
    kept.sort(key=lambda snippet: (snippet.path, snippet.start_line))
    return Context(tuple(kept), tuple(dropped))
