"""All facts about Python, and the second look at each."""

from collections.abc import Iterator

from codenook.context.parse import Language
from codenook.server.review.finding import Finding
from codenook.server.review.scope.change import ChangedFile
from codenook.server.review.sources.facts.callee import Callees
from codenook.server.review.sources.facts.calls import Calls
from codenook.server.review.sources.facts.exceptions import Exceptions
from codenook.server.review.sources.facts.known import Known
from codenook.server.review.sources.facts.names import Names
from codenook.server.review.sources.facts.parameters import Parameters
from codenook.server.review.sources.facts.second_look import SecondLook

LANGUAGES = ("python",)


class Python:
    """Finds facts about changes of Python."""

    def __init__(self, known: Known, language: Language) -> None:
        """Nothing is read before the first question."""
        of_all = known, Callees(known, known.resolution(language))
        self._kinds = Names(*of_all), Calls(*of_all), Parameters(*of_all), Exceptions(*of_all)
        self._second = SecondLook(known, language)

    def findings(self, file: ChangedFile) -> Iterator[Finding]:
        """What is known about the change of one file."""
        for kind in self._kinds:
            yield from kind.findings(file)

    def against(self, finding: Finding) -> str:
        """What speaks against a finding; empty for nothing."""
        return self._second.against(finding)
