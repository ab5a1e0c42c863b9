"""The sources that a review asks, the same in the editor and on the command line."""

from codenook.context.manager import ContextManager
from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.reasons import Reason
from codenook.server.review.kept_answers import KeptAnswers
from codenook.server.review.scope.change import Change
from codenook.server.review.sources import Source, Unasked
from codenook.server.review.sources.facts.source import FactsSource
from codenook.server.review.sources.linters.source import Linters
from codenook.server.review.sources.reading.source import Reading
from codenook.server.review.sources.surprise.source import Surprise
from codenook.server.trust import is_trusted


def sources_of(
    change: Change,
    manager: ContextManager,
    engines: Engines,
    settings: Settings,
    *,
    with_model: bool = True,
    with_linters: bool = True,
) -> list[Source]:
    """Who is asked about ``change``, whose files ``manager`` knows; who isn't to be asked says that."""
    linters: Source = Linters(
        change, is_trusted(change.root, settings.trusted_folders), settings.review_linters
    )
    if not with_linters:
        linters = Unasked(linters.name, Reason.LINTERS_OFF, "it was asked to do without")
    asking: list[Source] = [
        Surprise(change, KeptAnswers(engines.of(Role.FIM)), settings, manager),
        Reading(change, KeptAnswers(engines.of(Role.CHAT)), settings, manager),
    ]
    if not with_model:
        asking = [Unasked(source.name, Reason.NO_MODEL, "it asks a model") for source in asking]
    return [FactsSource(change, manager), linters, *asking]
