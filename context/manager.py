"""The context manager: from a cursor or a definition to the few snippets of the workspace that matter."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TypeVar

from attrs import frozen

from codenook.context.changes import Changes
from codenook.context.code import Code, sources_of
from codenook.context.document import Documents, Place
from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.context.git.hunks import Hunk
from codenook.context.index.build import Progress, unseen
from codenook.context.index.index import Index
from codenook.context.line import Line
from codenook.context.offers import (
    Habits,
    Namesakes,
    Offer,
    Sources,
    ahead,
    offers_at,
    signs_at,
    surroundings_of,
)
from codenook.context.outline import Definition
from codenook.context.parse import Language, language_named
from codenook.context.resolve import Module, Resolution, Target, View
from codenook.context.select import N_PRICED, select
from codenook.context.snippets import Context, CountTokens, Why
from codenook.context.tasks import Task, definition_at, offers_for_changes, offers_for_definition
from codenook.context.worth import Sign, Surroundings

T = TypeVar("T")

_SLICE_S = 0.004
"""What is done ahead makes way for a question after so long."""

_N_NEAR = 300
"""Characters of text between two places that ask for much the same."""


@frozen
class _Workspace:
    """What the thread that answers questions knows of a workspace."""

    root: str
    code: Code
    documents: Documents
    changes: Changes


@frozen
class _Chosen:
    """The offers for one line, and what they depend on: its names, the files they are from, index and git."""

    path: str
    line: Line
    names: frozenset[str]
    views: Mapping[str, View | None]
    background: tuple[int, Mapping[str, float]]
    offers: Sequence[Offer]

    def is_current(
        self, path: str, line: Line, code: Code, background: tuple[int, Mapping[str, float]]
    ) -> bool:
        """Whether choosing again would come to the same."""
        return (
            (self.path, self.background) == (path, background)
            and self.line.asks_the_same(line, self.names)
            and all(code.view(file) is view for file, view in self.views.items())
        )

    def is_near(self, path: str, line: Line) -> bool:
        """Whether this was chosen for about the same place."""
        return self.path == path and abs(len(self.line.above) - len(line.above)) <= _N_NEAR


@frozen(eq=False)
class _Selected:
    """What was selected of which offers, within how many tokens of whose counting."""

    offers: Sequence[Offer]
    budget: int
    count_tokens: CountTokens
    context: Context

    def is_of(self, offers: Sequence[Offer], budget: int, count_tokens: CountTokens) -> bool:
        """Whether selecting again would come to the same."""
        return self.offers is offers and (self.budget, self.count_tokens) == (budget, count_tokens)


class ContextManager:
    """Chooses snippets of the workspace at ``root``; without a root there is nothing to choose from.

    Completions are answered on one thread of its own, from files that are read when they are asked about, and
    from the index once `build` or `keep` was called. What takes longer happens on other threads; `close` ends
    all. ``without`` leaves reasons out, to measure their worth; git is asked when ``asks_git``.
    """

    def __init__(
        self, root: Path | None, *, without: frozenset[Why] = frozenset(), asks_git: bool = False
    ) -> None:
        """Nothing is read before the first question."""
        self._without = without
        self._asks_git = asks_git
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="codenook-context")
        self._apart = ThreadPoolExecutor(1, thread_name_prefix="codenook-tasks")
        self._upkeep = ThreadPoolExecutor(1, thread_name_prefix="codenook-upkeep")
        self._watcher = ThreadPoolExecutor(1, thread_name_prefix="codenook-watch")
        self._workspace: _Workspace | None = None
        self._chosen: _Chosen | None = None
        self._known: tuple[int, dict[Module | Target, Habits], Namesakes] = (0, {}, {})
        self._selected: _Selected | None = None
        self._choosing: asyncio.Future[Context] | None = None
        self._is_closed = False
        self.index: Index | None = None
        if root is not None:
            real = root.resolve()
            self._workspace = _Workspace(str(real), Code(str(real)), Documents(), Changes(real))

    # Questions

    async def for_completion(
        self,
        *,
        path: Path,
        text: str,
        offset: int,
        language: str,
        budget: int,
        count_tokens: CountTokens,
        patience_s: float | None = None,
    ) -> Context:
        """The snippets to show for a completion at ``offset`` (code points), within ``budget`` (tokens).

        The most valuable ones that fit are kept, in an order that does not depend on their value, so that
        equal choices give equal prompts. The word that touches the cursor has no influence. Empty when the
        language is unknown, there is no workspace, or the text is too long. What ``count_tokens`` raises is
        passed on.

        With ``patience_s``, what was chosen a few keys before is shown again when the choice takes longer
        than that; the next key finds it made.
        """
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None or len(text) > MAX_FILE_BYTES:
            return Context()
        relative, held, last = _relative(workspace, path), self._chosen, self._selected

        async def choose() -> Context:
            offers = await self._do(lambda: self._offers(workspace, known, relative, text, offset))
            found = self._selected
            if found is None or not found.is_of(offers, budget, count_tokens):
                context = await select(offers, workspace.code, budget, count_tokens)
                found = self._selected = _Selected(offers, budget, count_tokens, context)
            return found.context

        choosing = asyncio.ensure_future(choose())
        if (
            patience_s is not None
            and (held and held.is_near(relative, Line.at(text, offset)))
            and (last and last.is_of(held.offers, budget, count_tokens))
        ):
            self._choosing = choosing  # someone has to hold it, and to hear what it raises
            choosing.add_done_callback(lambda done: done.cancelled() or done.exception())
            await asyncio.wait([choosing], timeout=patience_s)
            return choosing.result() if choosing.done() else last.context
        return await choosing

    async def for_definition(
        self,
        *,
        path: Path,
        text: str,
        language: str,
        symbol: str,
        task: Task,
        budget: int,
        count_tokens: CountTokens,
    ) -> Context:
        """The snippets for a ``task`` on the definition ``symbol`` (``Class.method``) of a document.

        Like `for_completion`, and empty also when the document has no such definition.
        """
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None or len(text) > MAX_FILE_BYTES:
            return Context()

        relative = _relative(workspace, path)

        def read() -> tuple[View, Code]:
            view = workspace.documents.read(known, relative, text)
            workspace.code.show(view)
            return view, workspace.code.copy()

        view, code = await self._do(read)
        sources = self._sources(code, known, workspace.changes.of(relative))
        offers = await self._do_apart(
            lambda: offers_for_definition(task, code, sources, view, text=text, symbol=symbol)
        )
        return await select(offers, code, budget, count_tokens)

    async def for_changes(
        self,
        *,
        hunks: Sequence[Hunk],
        texts: Mapping[Path, str],
        budget: int,
        count_tokens: CountTokens,
    ) -> Context:
        """The snippets for a review of ``hunks``: who uses what they change, and its tests.

        ``texts`` are those of open documents; other files count as they are on disk.
        """
        workspace = self._workspace
        if workspace is None:
            return Context()

        lines: dict[str, list[tuple[int, int]]] = {}
        for hunk in hunks:
            lines.setdefault(_relative(workspace, hunk.path), []).append((hunk.start_line, hunk.end_line))
        own = {_relative(workspace, path): text for path, text in texts.items()}
        code = await self._do(workspace.code.copy)
        offers = await self._do_apart(
            lambda: offers_for_changes(code, lambda language: self._sources(code, language, {}), lines, own)
        )
        return await select(offers, code, budget, count_tokens)

    async def ask(self, work: Callable[[Code], T]) -> T | None:
        """What ``work`` finds out about the files, open or on disk; None without a workspace.

        It gets them for itself, and may keep them for the next time; the thread is that of the tasks.
        """
        workspace = self._workspace
        if workspace is None:
            return None
        code = await self._do(workspace.code.copy)
        return await self._do_apart(lambda: work(code))

    async def definition_at(self, *, path: Path, text: str, language: str, line: int) -> Definition | None:
        """The innermost definition around a ``line`` (from 1) of a document."""
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None or len(text) > MAX_FILE_BYTES:
            return None
        relative = _relative(workspace, path)
        return await self._do(lambda: definition_at(workspace.documents.read(known, relative, text), line))

    # Upkeep

    async def warm(self, *, path: Path, text: str, language: str) -> None:
        """Read a document, before a cursor is known: the first question in it finds that done."""
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None or len(text) > MAX_FILE_BYTES:
            return
        relative = _relative(workspace, path)
        await self._do(lambda: workspace.code.show(workspace.documents.read(known, relative, text)))
        self._look_if_due(workspace, relative)

    async def prepare(
        self, *, path: Path, text: str, language: str, budget: int, count_tokens: CountTokens
    ) -> None:
        """Find out what most questions in a document need, in steps that make way for other questions."""
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None or len(text) > MAX_FILE_BYTES:
            return

        def look() -> tuple[Place, Sources]:
            place = workspace.documents.whole(known, _relative(workspace, path), text)
            return place, self._sources(workspace.code, known, {})

        def take(steps: Iterator[object]) -> bool:
            until = time.monotonic() + _SLICE_S
            return any(time.monotonic() > until for _ in steps)

        place, sources = await self._do(look)
        steps = ahead(place, sources)
        while await self._do(lambda: take(steps)):
            pass
        offers = await self._do(lambda: offers_at(place, sources))
        await select(offers, workspace.code, budget, count_tokens)

    def forget(self, path: Path) -> None:
        """Let the file on disk count again: its document was closed."""
        workspace = self._workspace
        if workspace is None or self._is_closed:
            return

        def forget() -> None:
            relative = _relative(workspace, path)
            workspace.code.hide(relative)
            workspace.documents.forget(relative)
            workspace.changes.forget(relative)
            self._chosen = None

        self._worker.submit(forget)

    def build(self, progress: Progress = unseen) -> bool:
        """Bring the index of the workspace up to date with the files on disk; False when that was stopped.

        Blocks, for seconds with a large new workspace; questions are answered meanwhile.
        """
        return self._workspace is not None and self._opened(self._workspace).scan(progress)

    async def keep(self, progress: Progress = unseen, *, watch: bool) -> bool:
        """Like `build`, without blocking; with ``watch``, changes on disk are followed from then on.

        Without it, `refresh` has to be told of them.
        """
        workspace = self._workspace
        if workspace is None:
            return False

        def keep() -> bool:
            index = self._opened(workspace)
            if watch and not self._is_closed:
                self._watcher.submit(index.watch)
            return index.scan(progress)

        return await asyncio.get_running_loop().run_in_executor(self._upkeep, keep)

    def refresh(self, paths: Sequence[Path]) -> None:
        """Read files again that have changed on disk, soon."""
        workspace = self._workspace
        if workspace is None or self._is_closed:
            return

        def refresh() -> None:
            workspace.changes.expire()
            if self.index is not None:
                places = ((workspace.code.relative(path.parent), path.name) for path in paths)
                self.index.refresh(
                    PurePosixPath(folder, name).as_posix() for folder, name in places if folder is not None
                )

        self._upkeep.submit(refresh)

    async def contents(self, languages: Collection[str]) -> Mapping[str, str]:
        """The indexed files in these languages, or in all for none: a hash of each one's content, by path."""
        index = self.index
        return {} if index is None else await self._do_apart(lambda: index.contents(languages))

    def text(self, path: str) -> str | None:
        """What is in an indexed file, as it is on disk; None when it counts as absent. Blocks."""
        source = self._workspace.code.source(path) if self._workspace else None
        return None if source is None else source.decode("utf-8", errors="replace")

    def look(self, path: Path) -> None:
        """Ask git what belongs to a document. Blocks, for at most a few seconds."""
        if self._workspace is not None and self._asks_git:
            self._workspace.changes.look(_relative(self._workspace, path))

    def close(self) -> None:
        """Stop the threads; what has not begun is dropped. The index gives up its file when it can."""
        self._is_closed = True
        if self.index is not None:
            self.index.stop()
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._apart.shutdown(wait=False, cancel_futures=True)
        self._watcher.shutdown(wait=False, cancel_futures=True)
        self._upkeep.submit(self._release)
        self._upkeep.shutdown(wait=False)

    # How it is done

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def _do_apart(self, work: Callable[[], T]) -> T:
        """Do what may take a second, while completions go on."""
        return await asyncio.get_running_loop().run_in_executor(self._apart, work)

    def _offers(
        self, workspace: _Workspace, language: Language, relative: str, text: str, offset: int
    ) -> Sequence[Offer]:
        line, code, held = Line.at(text, offset), workspace.code, self._chosen
        background = (self.index.n_updates if self.index else 0, workspace.changes.of(relative))
        if held is None or not held.is_current(relative, line, code, background):
            place = workspace.documents.place(language, relative, text, offset)
            code.show(place.view)
            names = frozenset(
                {*place.view.imports, *place.locals, *language.reader.syntax.receivers, "import"}
            )
            offers = offers_at(place, self._sources(code, language, workspace.changes.of(relative)))
            shown = {offer.target.path for offer in offers[:N_PRICED]}
            views = {path: code.view(path) for path in shown}
            held = self._chosen = _Chosen(relative, line, names, views, background, offers)
        self._look_if_due(workspace, relative)
        return held.offers

    def signs(
        self, *, path: Path, text: str, offset: int, language: str
    ) -> tuple[Mapping[Target, Mapping[Sign, float]], Surroundings | None]:
        """What speaks for each definition that may be offered, with what `worth` asks beside it. Blocks."""
        workspace, known = self._workspace, language_named(language)
        if known is None or workspace is None:
            return {}, None

        def find() -> tuple[Mapping[Target, Mapping[Sign, float]], Surroundings]:
            place = workspace.documents.place(known, _relative(workspace, path), text, offset)
            workspace.code.show(place.view)
            sources = self._sources(workspace.code, known, {})
            found = signs_at(place, sources)
            return found, surroundings_of(place, sources, len(found))

        return self._worker.submit(find).result()

    def _sources(self, code: Code, language: Language, changed: Mapping[str, float]) -> Sources:
        resolution = Resolution(code, language.resolver(code), language.reader.implicit_receiver)
        n_updates = self.index.n_updates if self.index else 0
        if self._known[0] != n_updates:
            self._known = (n_updates, {}, {})
        return Sources(resolution, language.reader, self.index, self._without, changed, *self._known[1:])

    def _look_if_due(self, workspace: _Workspace, path: str) -> None:
        if self._asks_git and not self._is_closed and workspace.changes.is_due(path):
            self._upkeep.submit(self._unless_closed, lambda: workspace.changes.look(path))

    def _opened(self, workspace: _Workspace) -> Index:
        """The index, which a question may use from now on."""
        if self.index is None:
            index = self.index = Index(sources_of(Path(workspace.root)))
            if self._is_closed:
                index.stop()
            else:
                self._worker.submit(workspace.code.use, index).result()
        return self.index

    def _unless_closed(self, work: Callable[[], None]) -> None:
        if not self._is_closed:
            work()

    def _release(self) -> None:
        if self.index is not None:
            self.index.close()


def _relative(workspace: _Workspace, path: Path) -> str:
    absolute = Path(workspace.root, path)
    return workspace.code.relative(absolute) or str(absolute)
