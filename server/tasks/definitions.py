"""The definitions of a document around a place, for what is offered there."""

from functools import lru_cache

from codenook.context.outline import Definition, Kind
from codenook.context.parse import encode, language_named, parse
from codenook.server.tasks.document import MAX_CHARACTERS, Document

N_READ = 2
"""Documents, as of one version, whose definitions are kept."""

_KINDS = {Kind.FUNCTION, Kind.METHOD, Kind.CLASS}


def around(document: Document, start: int, end: int) -> list[Definition]:
    """The functions, methods and classes around two offsets, the innermost last."""
    first, last = (document.text.count("\n", 0, at) + 1 for at in (start, end))
    found = [each for each in definitions(document) if each.start_line <= first and last <= each.end_line]
    return sorted(found, key=lambda each: (each.start_line, -each.end_line, each.symbol.count(".")))


@lru_cache(N_READ)
def definitions(document: Document) -> tuple[Definition, ...]:
    """All of a document; editors ask again with every move of the cursor."""
    language = language_named(document.language)
    if language is None or len(document.text) > MAX_CHARACTERS:
        return ()
    found = language.reader.outline(parse(language, encode(document.text))).definitions
    return tuple(definition for definition in found if definition.kind in _KINDS)
