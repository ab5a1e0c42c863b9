"""The context manager: from a cursor to the few snippets of the workspace that the answer depends on."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from attrs import define, field, frozen

from codenook.context.code import Code, sources_of
from codenook.context.document import Documents, Place
from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.context.index.build import Progress, unseen
from codenook.context.index.index import Index
from codenook.context.line import Line
from codenook.context.offers import Habits, Offer, Sources, offers_at, signs_at
from codenook.context.parse import Language, language_named
from codenook.context.resolve import Module, Resolution, Target
from codenook.context.select import select
from codenook.context.snippets import Context, CountTokens, Why
from codenook.context.worth import Sign, words_of

T = TypeVar("T")

_N_LINES_HELD = 32


@frozen
class _Chosen:
    """Offers for one line, and the names whose mention would change them."""

    line: Line
    names: frozenset[str]
    offers: Sequence[Offer]


@define(eq=False)
class _Workspace:
    """What one worker thread knows of a workspace."""

    root: str
    code: Code
    documents: Documents
    chosen: OrderedDict[str, _Chosen]
    habits: dict[Module | Target, Habits] = field(factory=dict)


class ContextManager:
    """Chooses snippets of the workspace at ``root``; without a root there is nothing to choose from.

    What it reads is remembered between calls, and, once `build` was called, kept in an index on disk. It runs on
    one worker thread of its own; call `close` when done. ``without`` leaves reasons out, to measure their worth.
    """

    def __init__(self, root: Path | None, *, without: frozenset[Why] = frozenset()) -> None:
        """Nothing is read before the first question."""
        self._without = without
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="codenook-context")
        self._workspace: _Workspace | None = None
        self.index: Index | None = None
        if root is not None:
            real = str(root.resolve())
            self._workspace = _Workspace(real, Code(real), Documents(), OrderedDict())

    def build(self, progress: Progress = unseen) -> bool:
        """Bring the index of the workspace up to date with the files on disk; False when that was stopped.

        Blocks, for seconds with a large new workspace; questions are answered meanwhile.
        """
        if self._workspace is None:
            return False
        if self.index is None:
            self.index = Index(sources_of(Path(self._workspace.root)))
            self._workspace.code.index = self.index
        return self.index.scan(progress)

    async def for_completion(
        self, *, path: Path, text: str, offset: int, language: str, budget: int, count_tokens: CountTokens
    ) -> Context:
        """The snippets to show for a completion at ``offset`` (code points), within ``budget`` (tokens).

        The most valuable ones that fit are kept, in an order that does not depend on their value, so that equal
        choices give equal prompts. The word that touches the cursor has no influence. Empty when the language is
        unknown, there is no workspace, or the text is too long. What ``count_tokens`` raises is passed on.
        """
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None or len(text) > MAX_FILE_BYTES:
            return Context()
        offers = await self._do(lambda: self._offers(workspace, known, path, text, offset))
        return await select(offers, workspace.code, budget, count_tokens)

    async def warm(self, *, path: Path, text: str, language: str) -> None:
        """Read a document, before a cursor is known: the first question in it finds that done."""
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None or len(text) > MAX_FILE_BYTES:
            return
        await self._do(lambda: workspace.documents.read(known, _relative(workspace, path), text))

    def close(self) -> None:
        """Stop the worker thread; what has not begun is dropped."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        if self.index is not None:
            self.index.stop()
            self.index.close()

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def signs(
        self, *, path: Path, text: str, offset: int, language: str
    ) -> list[tuple[Target, Mapping[Sign, float], str, frozenset[str]]]:
        """What speaks for each definition that may be offered, with what `worth` asks beside it."""
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None:
            return []

        def find() -> list[tuple[Target, Mapping[Sign, float], str, frozenset[str]]]:
            place, sources = self._place(workspace, known, _relative(workspace, path), text, offset)
            function, words = place.function.rpartition(".")[2], words_of(place.source)
            return [(target, signs, function, words) for target, signs in signs_at(place, sources).items()]

        return self._worker.submit(find).result()

    def _place(
        self, workspace: _Workspace, language: Language, relative: str, text: str, offset: int
    ) -> tuple[Place, Sources]:
        place = workspace.documents.place(language, relative, text, offset)
        workspace.code.show(place.view)
        resolution = Resolution(workspace.code, language.resolver(workspace.code))
        return place, Sources(resolution, language.reader, self.index, self._without, workspace.habits)

    def _offers(
        self, workspace: _Workspace, language: Language, path: Path, text: str, offset: int
    ) -> Sequence[Offer]:
        relative = _relative(workspace, path)
        line = Line.at(text, offset)
        held = workspace.chosen.pop(relative, None)
        if held is None or not held.line.asks_the_same(line, held.names):
            place, sources = self._place(workspace, language, relative, text, offset)
            names = frozenset(
                {*place.view.imports, *place.locals, *language.reader.syntax.receivers, "import"}
            )
            held = _Chosen(line, names, offers_at(place, sources))
        workspace.chosen[relative] = held
        if len(workspace.chosen) > _N_LINES_HELD:
            workspace.chosen.popitem(last=False)
        return held.offers


def _relative(workspace: _Workspace, path: Path) -> str:
    absolute = Path(workspace.root, path)
    return workspace.code.relative(absolute) or str(absolute)
