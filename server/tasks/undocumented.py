"""Which definitions of a document are to be documented when all of it is."""

from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.subject import Kind
from codenook.server.tasks.document import MAX_CHARACTERS, Document


def undocumented(document: Document, *, replace: bool = False) -> list[str]:
    """The symbols that have no documentation and room for it; with ``replace`` also those that have some.

    Functions inside of functions are left out.
    """
    language = language_named(document.language)
    if language is None or len(document.text) > MAX_CHARACTERS:
        return []
    found = subjects(parse(language, encode(document.text)))
    functions = {subject.symbol for subject in found if subject.kind is Kind.FUNCTION}
    wanted = [each.symbol for each in found if (each.room if each.doc is None else replace)]
    return [symbol for symbol in dict.fromkeys(wanted) if not functions & _around(symbol)]


def _around(symbol: str) -> set[str]:
    """The symbols of what is around a definition."""
    names = symbol.split(".")
    return {".".join(names[:n]) for n in range(1, len(names))}
