"""The sources that a review asks, the same in the editor and on the command line."""

from codenook.context.manager import ContextManager
from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.reasons import Reason
from codenook.server.review.scope.change import Change
from codenook.server.review.sources import Source, Unasked
from codenook.server.review.sources.facts.source import FactsSource
from codenook.server.review.sources.surprise.source import Surprise


def sources_of(
    change: Change, manager: ContextManager, engines: Engines, settings: Settings, *, with_model: bool
) -> list[Source]:
    """Who is asked about ``change``, whose files ``manager`` knows; without a model, a source says that."""
    surprise: Source = Surprise(change, engines.of(Role.FIM), settings, manager)
    if not with_model:
        surprise = Unasked(surprise.name, Reason.NO_MODEL, "it asks a model")
    return [FactsSource(change, manager), surprise]
