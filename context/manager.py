"""The context manager: from a cursor to the few snippets of the workspace that the answer depends on."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from attrs import evolve, frozen

from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.context.line import Line
from codenook.context.parse import Language, Parsed, language_named
from codenook.context.resolver import Candidates, Edited, Resolver, edited
from codenook.context.snippets import Context, CountTokens, Dropped, DroppedSnippet, Snippet
from codenook.context.workspace import Workspace

_N_DOCUMENTS_HELD = 32
_N_CANDIDATES = 128


@frozen
class _Document:
    """The latest reading of a document, and for which line at the cursor."""

    parsed: Parsed
    line: Line | None
    candidates: Candidates
    files_are_unchanged: Callable[[], bool]

    def answers(self, line: Line | None) -> bool:
        """Whether what was chosen for another version of the cursor's line holds for ``line``, too."""
        if self.line is None or line is None or not self.candidates.is_settled:
            return False
        return self.line.asks_the_same(line, self.candidates.names) and self.files_are_unchanged()


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
        self._documents: OrderedDict[str, _Document] = OrderedDict()

    async def for_completion(
        self, *, path: Path, text: str, offset: int, language: str, budget: int, count_tokens: CountTokens
    ) -> Context:
        """The snippets to show for a completion at ``offset`` (code points), within ``budget`` (tokens).

        All candidates are priced in one call. The most valuable ones that fit are kept, in an order that
        does not depend on their value (path, line), so that equal choices give equal prompts. What
        ``count_tokens`` raises is passed on; files that cannot be read are left out.
        """

        def choose() -> Sequence[Snippet]:
            return self.snippets_for(path=path, text=text, offset=offset, language=language)

        candidates = await asyncio.get_running_loop().run_in_executor(self._worker, choose)
        if not candidates:
            return Context()
        prices = await count_tokens([snippet.block for snippet in candidates])
        return _within(
            budget, [evolve(snippet, tokens=n) for snippet, n in zip(candidates, prices, strict=True)]
        )

    async def warm(self, *, path: Path, text: str, language: str, count_tokens: CountTokens) -> None:
        """Parse a document, read what it imports and price it, before a cursor is known.

        The first `for_completion` in it then finds all of that done.
        """

        def read() -> Sequence[Snippet]:
            return self._snippets(path, text, None, language)

        candidates = await asyncio.get_running_loop().run_in_executor(self._worker, read)
        await count_tokens([snippet.block for snippet in candidates])

    def snippets_for(self, *, path: Path, text: str, offset: int, language: str) -> Sequence[Snippet]:
        """The candidates for a completion at ``offset`` (code points), unpriced, the most valuable first.

        The word that touches the cursor has no influence. Empty when the language is unknown, there is no
        workspace, or the text is too long.
        """
        return self._snippets(path, text, offset, language)

    def close(self) -> None:
        """Stop the worker thread; choices that have not begun are dropped."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _snippets(self, path: Path, text: str, offset: int | None, language: str) -> Sequence[Snippet]:
        known = language_named(language)
        if known is None or self._workspace is None or len(text) > MAX_FILE_BYTES:
            return []
        absolute = str(Path(self._workspace.root, path))
        line = None if offset is None else Line.at(text, offset)
        with self._lock:
            document = self._documents.pop(absolute, None)
            if document is None or not document.answers(line):
                tree = document.parsed if document else None
                document = self._read(self._workspace, known, edited(known, absolute, text, line, tree), line)
            self._documents[absolute] = document
            if len(self._documents) > _N_DOCUMENTS_HELD:
                self._documents.popitem(last=False)
            return document.candidates.snippets[:_N_CANDIDATES]

    def _read(
        self, workspace: Workspace, language: Language, document: Edited, line: Line | None
    ) -> _Document:
        if language.id not in self._resolvers:
            self._resolvers[language.id] = language.resolver(workspace)
        files_are_unchanged = workspace.watch()
        candidates = self._resolvers[language.id].candidates(document)
        return _Document(document.parsed, line, candidates, files_are_unchanged)


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
