"""All facts about a change, file after file, each by what knows its language."""

from collections.abc import Iterator
from threading import Event
from typing import Protocol

from attrs import evolve

from codenook.context.code import Code
from codenook.context.parse import Language
from codenook.server.review.finding import Finding
from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources.facts import ecmascript, python
from codenook.server.review.sources.facts.known import Known

LANGUAGES = (*python.LANGUAGES, *ecmascript.LANGUAGES)


class _OfLanguage(Protocol):
    """What knows the facts of some languages."""

    def findings(self, file: ChangedFile) -> Iterator[Finding]:
        """What is known about the change of one file."""

    def against(self, finding: Finding) -> str:
        """What a second look, by other means, says against a finding; empty for nothing."""


class Facts:
    """Finds facts about a change. One thread at a time; ``stop`` ends it with `Stopped`."""

    def __init__(self, change: Change, code: Code, stop: Event) -> None:
        """Nothing is read before the first question."""
        self._known = Known(change, code, stop)
        self._of: dict[str, _OfLanguage] = {}

    def about(self, file: ChangedFile) -> Iterator[Finding]:
        """What is known about the change of one file; what a second look speaks against is marked so."""
        language = file.language
        if language is None or language.id not in LANGUAGES:
            return
        facts = self._facts(language)
        for finding in facts.findings(file):
            yield evolve(finding, refuted=facts.against(finding))

    def _facts(self, language: Language) -> _OfLanguage:
        group = "python" if language.id in python.LANGUAGES else "ecmascript"
        if group not in self._of:
            is_python = group == "python"
            self._of[group] = (
                python.Python(self._known, language) if is_python else ecmascript.Exports(self._known)
            )
        return self._of[group]
