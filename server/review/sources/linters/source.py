"""Linters as a source: each is asked about all files of the change at once, before the first is told about.

What stands in the lines that the change removed as well is not its fault: where a linter says something of
changed lines in whose place there were others, it is asked about the old side, too.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Container, Iterable, Mapping, Sequence
from typing import ClassVar

from attrs import define, field

from codenook.server.reasons import Reason
from codenook.server.review.finding import Finding, SourceName
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.sources import Incomplete, Unready
from codenook.server.review.sources.linters.ask import MAX_MESSAGE_CHARS, Asker, Broken
from codenook.server.review.sources.linters.find import Use, uses
from codenook.server.review.sources.linters.linter import Said
from codenook.server.review.sources.linters.sides import Side, before
from codenook.server.review.sources.linters.telling import Located, Run, finding, located
from codenook.server.sandbox.run import why_not

_UNEXPECTED = (OSError, RecursionError, ValueError, TypeError, AttributeError, LookupError)
"""What a path or a number that a linter tells may be unfit for: it says what it likes."""


@define(eq=False)
class Linters:
    """Asks the linters of the project about ``change``; ``wanted`` are names, none for all it configures."""

    name: ClassVar = SourceName.LINTERS

    change: Change
    is_trusted: bool
    wanted: Sequence[str] = ()
    _uses: list[Use] = field(factory=list, init=False)
    _new: Side | None = field(default=None, init=False)
    _found: dict[str, list[Finding]] | None = field(default=None, init=False)
    _missing: dict[Unready, None] = field(factory=dict, init=False)

    async def unready(self) -> Unready | None:
        """Not in a workspace that isn't trusted, without a linter, or without a sandbox."""
        self._uses = await asyncio.to_thread(uses, self.change, await self._side(), self.wanted)
        if not self._uses:
            return Unready(Reason.NO_LINTER.value, "the project configures none for these files")
        if not self.is_trusted:
            names = ", ".join(dict.fromkeys(use.linter.name for use in self._uses))
            advice = f"--trust, or {self.change.root} in the setting trusted_folders, lets {names} run"
            return Unready(Reason.UNTRUSTED.value, f"the workspace is not trusted; {advice}")
        if why := await why_not(self.change.root):
            return Unready(Reason.NO_SANDBOX.value, why)
        return None

    async def about(self, file: ChangedFile) -> AsyncIterator[Finding]:
        """What the linters say of a file. Raises Incomplete when one is missing or failed."""
        if self._found is None:
            self._found = {}
            for use in self._uses:
                await self._ask(use, self._found)
        for each in self._found.get(file.path, ()):
            yield each
        if self._missing:
            reason = next(iter(self._missing)).reason
            raise Incomplete(reason, "; ".join(missing.message for missing in self._missing))

    async def _side(self) -> Side:
        if self._new is None:
            self._new = await asyncio.to_thread(Side.new, self.change)
        return self._new

    async def _ask(self, use: Use, found: dict[str, list[Finding]]) -> None:
        if use.program is None:
            name, at = use.linter.name, ", ".join(use.configuration) or "the settings"
            message = f"{name} is named in {at} and not installed, in the project or on PATH"
            self._missing[Unready(Reason.LINTER_MISSING.value, message)] = None
            return
        try:
            for each in await self._findings(use, Asker(use, use.program)):
                found.setdefault(each.path, []).append(each)
        except Broken as broken:
            self._missing[broken.why] = None
        except _UNEXPECTED as error:
            message = f"{use.linter.name} can't be asked or understood: {type(error).__name__}: {error}"
            self._missing[Unready(Reason.LINTER_FAILED.value, message[:MAX_MESSAGE_CHARS])] = None

    async def _findings(self, use: Use, asker: Asker) -> list[Finding]:
        """What a linter says of changed lines, and didn't say of those in whose place they are."""
        side = await self._side()
        paths = [file.path for file in use.files]
        texts = {file.path: file.new for file in use.files if file.new}
        by_path = self.change.by_path
        lines = {file.path: file.changed for file in use.files}
        said = await asker.said(side, paths)
        told = await asyncio.to_thread(self._located, use, said, texts, lines)
        if not told:
            return []
        try:
            had = await self._of_removed_lines(use, asker, {here.path for here in told})
        except Broken as broken:
            had = Counter()
            told = [here for here in told if not by_path[here.path].removed]
            self._missing[_unchecked(use, broken.why)] = None
        run = Run(use.linter, await asker.version(side), asker.command(side, paths))
        found: list[Finding] = []
        for here in told:
            if had[here.path, here.identity]:
                had[here.path, here.identity] -= 1
            else:
                found.append(finding(run, by_path[here.path], here))
        return found

    async def _of_removed_lines(
        self, use: Use, asker: Asker, paths: set[str]
    ) -> Counter[tuple[str, tuple[str, str, str]]]:
        """How often it said the same of removed lines of these files, by the new paths; raises Broken."""
        old = {
            was[0]: (file, was[1])
            for file in use.files
            if file.path in paths and file.removed and (was := before(file))
        }
        if not old:
            return Counter()
        side = await asyncio.to_thread(Side.old, self.change)
        said = await asker.said(side, list(old))
        texts = {path: text for path, (_, text) in old.items()}
        lines = {path: file.removed for path, (file, _) in old.items()}
        there = await asyncio.to_thread(self._located, use, said, texts, lines)
        return Counter((old[here.path][0].path, here.identity) for here in there)

    def _located(
        self, use: Use, said: Iterable[Said], texts: dict[str, Text], lines: Mapping[str, Container[int]]
    ) -> list[Located]:
        """What is said of ``lines`` (from 1) of ``texts``, both by their paths."""
        here = located(use.linter, said, self.change.root, use.folder, texts)
        return [each for each in here if each.span.start_line in lines[each.path]]


def _unchecked(use: Use, why: Unready) -> Unready:
    message = (
        f"what {use.linter.name} says of files in which lines were replaced is left out, "
        f"as it can't be asked about them before the change: {why.message}"
    )
    return Unready(why.reason, message[:MAX_MESSAGE_CHARS])
