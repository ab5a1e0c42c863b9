"""One review in the editor: what is found is told file by file, while it goes on."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from attrs import define, field
from lsprotocol import types

from codenook.server.lsp.diagnostics import all_told, tell
from codenook.server.lsp.editor_files import EditorFiles
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.reviewed import ReviewedFile, in_worker
from codenook.server.review.dismissed import Dismissed
from codenook.server.review.finding import Finding
from codenook.server.review.report import Report
from codenook.server.review.scope.change import Change
from codenook.server.review.wanted import Wanted
from codenook.server.tasks.indexing import bring_up_to_date
from codenook.server.tasks.review import Review
from codenook.server.tasks.review_sources import sources_of


@define(eq=False)
class ReviewJob:
    """A review of what ``read`` gives. What it finds takes the place of what was told of ``covered`` files.

    One that is stopped has no say in files that it has not looked at to the end, unless it found something.
    ``report`` is there once `run` has ended; also when it was cancelled, if the change was read by then.
    """

    server: CodenookServer
    read: Callable[[], Change]
    covered: Callable[[Change, Path], bool]
    with_model: bool
    report: Report | None = field(default=None, init=False)
    _looked_at: frozenset[Path] | None = field(default=None, init=False)
    """Where a review that was stopped has been."""
    _progress: tuple[int, int, str] = field(default=(0, 0, "reading the change"), init=False)
    _news: asyncio.Queue[str] = field(factory=asyncio.Queue, init=False)

    def describe(self, _seconds: float) -> types.WorkDoneProgressReport:
        """How far it is, for the editor to show."""
        done, total, about = self._progress
        return types.WorkDoneProgressReport(message=about, percentage=100 * done // total if total else 0)

    async def run(self) -> Report:
        """Review; raises ScopeError when there is no such change. What is found is told either way."""
        settings = self.server.settings
        wanted = Wanted.of(settings.review_off, settings.review_severities, settings.review_files_off)
        change = wanted.change(await asyncio.to_thread(self.read))
        dismissed = await asyncio.to_thread(Dismissed.read, change.root)
        for problem in dismissed.problems:
            self.server.tell(problem)
        manager = self.server.workspaces.of(await asyncio.to_thread(self._folder, change.root))
        sources = sources_of(change, manager, self.server.engines, settings, with_model=self.with_model)
        review = Review(change, sources, dismissed=dismissed, wanted=wanted, found=self._news.put_nowait)
        telling = asyncio.create_task(self._tell_news(review))
        try:
            if settings.index and change.files:
                await bring_up_to_date(manager, self._reading, at_most_s=None)
            self.report = await review.run(self._told)
        except asyncio.CancelledError:
            self._looked_at = frozenset(change.root / path for path in review.looked_at)
            self.report = await asyncio.shield(asyncio.to_thread(review.report))
            raise
        finally:
            telling.cancel()
            await asyncio.wait([telling])
        return self.report

    async def finish(self) -> None:
        """Tell what was found, and nothing more of what was found before."""
        if self.report is None:
            return
        change = self.report.change
        by_path: dict[str, list[Finding]] = {}
        for finding in self.report.findings:
            by_path.setdefault(finding.path, []).append(finding)
        found = [(path, tuple(findings)) for path, findings in by_path.items()]
        files = await in_worker(_files, change, found, EditorFiles.of(self.server))
        tell(self.server, self.server.reviewed.replace(files, partial(self._has_say, change)))
        await all_told(self.server)

    def _has_say(self, change: Change, place: Path) -> bool:
        return self.covered(change, place) and (self._looked_at is None or place in self._looked_at)

    async def _tell_news(self, review: Review) -> None:
        while True:
            paths = {await self._news.get()}
            with suppress(asyncio.QueueEmpty):
                while True:
                    paths.add(self._news.get_nowait())
            for path in sorted(paths):
                findings = await asyncio.to_thread(review.found_in, path)
                (file,) = await in_worker(
                    _files, review.change, [(path, findings)], EditorFiles.of(self.server)
                )
                self.server.reviewed.take(file)
                tell(self.server, [file.place])

    def _told(self, done: int, total: int, about: str) -> None:
        self._progress = (done, total, about)

    def _reading(self, done: int, total: int) -> None:
        self._progress = (0, 0, f"reading the workspace: {done} of {total} files")

    def _folder(self, root: Path) -> Path:
        """The root, as the editor spells it where it is a workspace folder: its files are known."""
        return next((folder for folder in self.server.folders if folder.resolve() == root), root)


def _files(
    change: Change, found: Iterable[tuple[str, tuple[Finding, ...]]], files: EditorFiles
) -> list[ReviewedFile]:
    """What was found by file, with the texts of files outside the change that fixes edit, as they are."""
    reviewed: list[ReviewedFile] = []
    for path, findings in found:
        edited = {edit.path for finding in findings if finding.fix for edit in finding.fix.edits}
        texts = {
            other: text
            for other in edited - change.by_path.keys()
            if (text := files.text(change.root / other)) is not None
        }
        reviewed.append(ReviewedFile(path, change, findings, texts))
    return reviewed
