"""What unit tests could be written for at a place of a document; nothing is run and no model is asked."""

from attrs import frozen

from codenook.context.parse import language_named
from codenook.context.usage import is_test
from codenook.server.reasons import Reason, describe
from codenook.server.tasks.definitions import around
from codenook.server.tasks.document import Document
from codenook.server.unit_tests.aim import is_private

LANGUAGES = frozenset(
    {"python", "javascript", "javascriptreact", "typescript", "typescriptreact", "rust", "go", "java"}
)
"""Those whose frameworks codenook knows."""


@frozen
class Offer:
    """Tests of ``symbol`` that could be asked for; ``why_not`` is one line for a person, else empty."""

    title: str
    symbol: str
    why_not: str = ""


def offer_at(document: Document, start: int, end: int) -> Offer | None:
    """Tests of the innermost function, method or class around two offsets, if there is one to be tested."""
    language = language_named(document.language)
    if language is None or language.id not in LANGUAGES or is_test(document.path.name):
        return None
    found = around(document, start, end)
    if not found:
        return None
    innermost = found[-1]
    why_not = describe(Reason.NOT_TESTABLE) if is_private(innermost) else ""
    return Offer(f"Write unit tests for {innermost.name}", innermost.symbol, why_not)
