"""Review: every source is asked about every file of a change; what holds is put together with its evidence.

A review that is cancelled tells what it has, and asks for no answer again that was kept.
"""

import asyncio
from collections.abc import Callable, Sequence

from attrs import define, evolve, field

from codenook.models.engine.errors import EngineError
from codenook.server.reasons import Reason, of_error
from codenook.server.review.dismissed import Dismissed
from codenook.server.review.finding import Finding, SourceName
from codenook.server.review.kept import Kept
from codenook.server.review.merge import Merged, merged
from codenook.server.review.report import Ran, Report
from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources import Source
from codenook.server.review.wanted import Wanted

Told = Callable[[int, int, str], None]
"""How many questions are answered, of how many, and what the next one is about."""


def unheard(_done: int, _total: int, _about: str) -> None:
    """Tell nobody."""


def unseen(_path: str) -> None:
    """Tell nobody."""


@define(eq=False)
class Review:
    """One review of ``change``; `report` has what was found so far, also while `run` is at work.

    ``found`` is told the path of a file as soon as a source said something of it: `found_in` has that.
    """

    change: Change
    sources: Sequence[Source]
    kept: Kept = field(factory=Kept)
    dismissed: Dismissed | None = None
    wanted: Wanted = field(factory=Wanted)
    found: Callable[[str], None] = unseen
    n_asked: int = field(default=0, init=False)
    """Questions that were not answered by what was kept."""
    has_failed: bool = field(default=False, init=False)
    """Whether an engine or its model failed on the way."""
    _found: list[Finding] = field(factory=list, init=False)
    _ran: dict[SourceName, Ran] = field(factory=dict, init=False)

    async def run(self, told: Told = unheard) -> Report:
        """Ask all sources; cancelling it stops them, and what they said is in `report`."""
        self._ran = {
            source.name: Ran(source.name, 0, Reason.STOPPED.value, "the review was stopped")
            for source in self.sources
        }
        total, done = len(self.sources) * len(self.change.files), 0
        for source in self.sources:
            if unready := await source.unready():
                self._ran[source.name] = Ran(source.name, 0, unready.reason, unready.message)
                done += len(self.change.files)
                continue
            try:
                for file in self.change.files:
                    told(done, total, f"{source.name.value}: {file.path}")
                    await self._ask(source, file)
                    done += 1
                    await asyncio.sleep(0)
            except EngineError as error:
                self.has_failed = True
                self._now(source.name, reason=of_error(error).value, message=str(error))
            else:
                self._now(source.name, reason="", message="")
        told(total, total, "")
        await asyncio.to_thread(self.kept.tidy)
        return await asyncio.to_thread(self.report)

    def found_in(self, path: str) -> tuple[Finding, ...]:
        """What was found in one file so far, as `report` has it."""
        own = [finding for finding in list(self._found) if finding.path == path]
        findings = self.wanted.findings(merged(self.change, own).findings)
        return findings if self.dismissed is None else self.dismissed.without(self.change, findings)

    def report(self) -> Report:
        """What was found so far, checked and put together."""
        together: Merged = merged(self.change, self._found)
        findings = told = self.wanted.findings(together.findings)
        if self.dismissed is not None:
            findings = self.dismissed.without(self.change, told)
        ran = tuple(self._ran.values())
        is_whole = not self.has_failed and not any(each.reason == Reason.STOPPED for each in ran)
        return Report(
            self.change,
            findings,
            ran,
            together.not_told,
            n_dismissed=len(told) - len(findings),
            n_switched_off=len(together.findings) - len(told),
            is_whole=is_whole,
        )

    async def _ask(self, source: Source, file: ChangedFile) -> None:
        key = source.key(file)
        answer = await asyncio.to_thread(self.kept.find, key, file) if key else None
        if answer is not None:
            self._take(source, answer)
            return
        self.n_asked += 1
        answer = []
        async for finding in source.about(file):
            answer.append(finding)
            self._take(source, [finding])
        if key:
            await asyncio.to_thread(self.kept.keep, key, file, answer)

    def _take(self, source: Source, findings: Sequence[Finding]) -> None:
        self._found += findings
        ran = self._ran[source.name]
        self._ran[source.name] = evolve(ran, findings=ran.findings + len(findings))
        for path in dict.fromkeys(finding.path for finding in findings):
            self.found(path)

    def _now(self, name: SourceName, *, reason: str, message: str) -> None:
        self._ran[name] = evolve(self._ran[name], reason=reason, message=message)
