"""Facts as a source: asked on the thread for tasks of what knows the workspace."""

import asyncio
from collections.abc import AsyncIterator
from threading import Event

from codenook.context.code import Code
from codenook.context.manager import ContextManager
from codenook.server.reasons import Reason
from codenook.server.review.finding import Finding, SourceName
from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources import Unready
from codenook.server.review.sources.facts.find import LANGUAGES, Facts
from codenook.server.review.sources.facts.known import Stopped


class FactsSource:
    """Facts about ``change`` from the files that ``manager`` knows."""

    name = SourceName.FACTS

    def __init__(self, change: Change, manager: ContextManager) -> None:
        """Nothing is read before the first question."""
        self._change = change
        self._manager = manager
        self._stop = Event()
        self._facts: Facts | None = None

    async def unready(self) -> Unready | None:
        """Not for a change without files in a language whose trees are understood so far."""
        languages = {file.language.id for file in self._change.files if file.language}
        if languages and languages.isdisjoint(LANGUAGES):
            known = "Python, JavaScript and TypeScript"
            return Unready(Reason.LANGUAGE_NOT_COVERED.value, f"facts are known of {known} so far")
        return None

    async def about(self, file: ChangedFile) -> AsyncIterator[Finding]:
        """The facts about a file."""
        try:
            found = await self._manager.ask(lambda code: self._find(code, file))
        except asyncio.CancelledError:
            self._stop.set()
            raise
        for finding in found or ():
            yield finding

    def _find(self, code: Code, file: ChangedFile) -> list[Finding]:
        if self._facts is None:
            self._facts = Facts(self._change, code, self._stop)
        try:
            return list(self._facts.about(file))
        except Stopped:
            return []
