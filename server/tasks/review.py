"""Review: every source is asked about every file of a change; what holds is put together with its evidence.

A review that is cancelled tells what it has.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial

from attrs import define, evolve, field

from codenook.models.engine.errors import EngineError
from codenook.server.reasons import Reason, of_error
from codenook.server.review.dismissed import Dismissed
from codenook.server.review.finding import Finding, Fix, SourceName
from codenook.server.review.fixes import applies
from codenook.server.review.kept import Kept
from codenook.server.review.merge import Merged, merged
from codenook.server.review.report import Ran, Report
from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources import Accountable, Incomplete, Source, TellsLines
from codenook.server.review.wanted import Wanted

Told = Callable[[int, int, str], None]
"""How many changed lines were looked at, of how many (each source looks at all), and what is next.

A file without any counts as one.
"""


def unheard(_done: int, _total: int, _about: str) -> None:
    """Tell nobody."""


def unseen(_path: str) -> None:
    """Tell nobody."""


@define(eq=False)
class _InFile:
    """Tells how far a source is in a file, which it begins after ``before`` lines of ``total``."""

    told: Told
    before: int
    n_lines: int
    total: int
    about: str
    _n_looked_at: int = field(default=0, init=False)

    def __call__(self, _path: str, n_lines: int) -> None:
        self._n_looked_at += n_lines
        self.told(self.before + min(self._n_looked_at, self.n_lines), self.total, self.about)


@define(eq=False)
class Review:
    """One review of ``change``; `report` has what was found so far, also while `run` is at work.

    To make a report may take seconds, where there are many fixes: an event loop has it made in a thread.
    ``found`` is told the path of a file as soon as a source said something of it: `found_in` has that.
    """

    change: Change
    sources: Sequence[Source]
    dismissed: Dismissed | None = None
    wanted: Wanted = field(factory=Wanted)
    found: Callable[[str], None] = unseen
    has_failed: bool = field(default=False, init=False)
    """Whether an engine or its model failed on the way."""
    _found: list[Finding] = field(factory=list, init=False)
    _n_looked: Counter[str] = field(factory=Counter, init=False)
    _missing: dict[SourceName, dict[str, str]] = field(factory=dict, init=False)
    _ran: dict[SourceName, Ran] = field(init=False)
    _fits: Callable[[Fix], bool] = field(init=False)

    @_fits.default
    def _asked_once_of_each(self) -> Callable[[Fix], bool]:
        return cache(partial(applies, self.change))

    @_ran.default
    def _nobody_asked_yet(self) -> dict[SourceName, Ran]:
        return {
            source.name: Ran(source.name, 0, Reason.STOPPED.value, "the review was stopped")
            for source in self.sources
        }

    async def run(self, told: Told = unheard) -> Report:
        """Ask all sources; cancelling it stops them, and what they said is in `report`."""
        lines = [max(1, len(file.changed)) for file in self.change.files]
        total = len(self.sources) * sum(lines)
        for number, source in enumerate(self.sources):
            done = number * sum(lines)
            try:
                if unready := await source.unready():
                    self._now(source.name, reason=unready.reason, message=unready.message)
                    self._n_looked.update(file.path for file in self.change.files)
                    continue
                for file, n_lines in zip(self.change.files, lines, strict=True):
                    progress = _InFile(told, done, n_lines, total, f"{source.name.value}: {file.path}")
                    progress("", 0)
                    if isinstance(source, TellsLines):
                        source.looked = progress
                    await self._ask(source, file)
                    self._n_looked[file.path] += 1
                    done += n_lines
                    await asyncio.sleep(0)
            except EngineError as error:
                self.has_failed = True
                self._now(source.name, reason=of_error(error).value, message=str(error))
            else:
                missing = self._missing.get(source.name, {})
                self._now(source.name, reason=next(iter(missing.values()), ""), message="; ".join(missing))
        told(total, total, "")
        await asyncio.to_thread(Kept().tidy)
        return await asyncio.to_thread(self.report)

    @property
    def looked_at(self) -> frozenset[str]:
        """The files that all sources are through with, or can't be asked about."""
        return frozenset(path for path, n in self._n_looked.items() if n == len(self.sources))

    def found_in(self, path: str) -> tuple[Finding, ...]:
        """What was found in one file so far, as `report` has it."""
        own = [finding for finding in list(self._found) if finding.path == path]
        findings = self.wanted.findings(merged(self.change, own, self._fits).findings)
        return findings if self.dismissed is None else self.dismissed.without(self.change, findings)

    def report(self) -> Report:
        """What was found so far, checked and put together."""
        together: Merged = merged(self.change, list(self._found), self._fits)
        findings = told = self.wanted.findings(together.findings)
        if self.dismissed is not None:
            findings = self.dismissed.without(self.change, told)
        accounts = {s.name: s.account() for s in self.sources if isinstance(s, Accountable)}
        ran = tuple(
            evolve(each, account=accounts.get(each.source, each.account)) for each in self._ran.values()
        )
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
        try:
            async for finding in source.about(file):
                self._take(source, finding)
        except Incomplete as incomplete:
            self._missing.setdefault(source.name, {})[incomplete.message] = incomplete.reason

    def _take(self, source: Source, finding: Finding) -> None:
        self._found.append(finding)
        ran = self._ran[source.name]
        self._ran[source.name] = evolve(ran, findings=ran.findings + 1)
        self.found(finding.path)

    def _now(self, name: SourceName, *, reason: str, message: str) -> None:
        self._ran[name] = evolve(self._ran[name], reason=reason, message=message)
