"""What unit tests could be written for at a place of a document; nothing is run and no model is asked."""

from functools import lru_cache

from attrs import frozen

from codenook.context.outline import Definition, Kind
from codenook.context.parse import encode, language_named, parse
from codenook.context.usage import is_test
from codenook.server.reasons import Reason, describe
from codenook.server.tasks.document import MAX_CHARACTERS, Document
from codenook.server.unit_tests.aim import is_private

LANGUAGES = frozenset(
    {"python", "javascript", "javascriptreact", "typescript", "typescriptreact", "rust", "go", "java"}
)
"""Those whose frameworks codenook knows."""

N_READ = 2
"""Documents, as of one version, whose definitions are kept."""

_TESTED = {Kind.FUNCTION, Kind.METHOD, Kind.CLASS}


@frozen
class Offer:
    """Tests of ``symbol`` that could be asked for; ``why_not`` is one line for a person, else empty."""

    title: str
    symbol: str
    why_not: str = ""


def offer_at(document: Document, start: int, end: int) -> Offer | None:
    """Tests of the innermost function, method or class around two offsets, if there is one to be tested."""
    around = [
        definition
        for definition in _definitions(document)
        if definition.start_line <= document.text.count("\n", 0, start) + 1
        and document.text.count("\n", 0, end) + 1 <= definition.end_line
    ]
    if not around:
        return None
    innermost = max(around, key=lambda each: (each.start_line, -each.end_line, each.symbol.count(".")))
    why_not = describe(Reason.NOT_TESTABLE) if is_private(innermost) else ""
    return Offer(f"Write unit tests for {innermost.name}", innermost.symbol, why_not)


@lru_cache(N_READ)
def _definitions(document: Document) -> tuple[Definition, ...]:
    """What a test could be about; editors ask again with every move of the cursor."""
    language = language_named(document.language)
    if language is None or language.id not in LANGUAGES or len(document.text) > MAX_CHARACTERS:
        return ()
    if is_test(document.path.name):
        return ()
    found = language.reader.outline(parse(language, encode(document.text))).definitions
    return tuple(definition for definition in found if definition.kind in _TESTED)
