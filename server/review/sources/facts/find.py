"""All facts about a change, file after file."""

from collections.abc import Iterator
from threading import Event

from attrs import evolve

from codenook.context.code import Code
from codenook.server.review.finding import Finding
from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources.facts.callee import Callees
from codenook.server.review.sources.facts.calls import Calls
from codenook.server.review.sources.facts.exceptions import Exceptions
from codenook.server.review.sources.facts.known import Known
from codenook.server.review.sources.facts.names import Names
from codenook.server.review.sources.facts.parameters import Parameters
from codenook.server.review.sources.facts.second_look import SecondLook

LANGUAGES = ("python",)


class Facts:
    """Finds facts about a change. One thread at a time; ``stop`` ends it with `Stopped`."""

    def __init__(self, change: Change, code: Code, stop: Event) -> None:
        """Nothing is read before the first question."""
        self._known = Known(change, code, stop)
        self._second: SecondLook | None = None
        self._python: tuple[Names, Calls, Parameters, Exceptions] | None = None

    def about(self, file: ChangedFile) -> Iterator[Finding]:
        """What is known about the change of one file."""
        language = file.language
        if language is None or language.id not in LANGUAGES:
            return
        if self._python is None or self._second is None:
            of_all = self._known, Callees(self._known, self._known.resolution(language))
            self._python = Names(*of_all), Calls(*of_all), Parameters(*of_all), Exceptions(*of_all)
            self._second = SecondLook(self._known, language)
        for kind in self._python:
            for finding in kind.findings(file):
                yield evolve(finding, refuted=self._second.against(finding))
