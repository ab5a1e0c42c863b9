"""What can be commented at a place of a document; no model is asked."""

import re
from functools import lru_cache

from attrs import frozen

from codenook.context.parse import Parsed, encode, language_named, parse
from codenook.server.documentation.languages import DESCRIBERS, subjects
from codenook.server.documentation.style import style_of
from codenook.server.documentation.subject import Subject
from codenook.server.tasks.blanks import begun
from codenook.server.tasks.document import MAX_CHARACTERS, Document
from codenook.server.tasks.line_comment import Lines, NoLine, hole_above

N_READ = 2
"""Documents, as of one version, whose definitions are kept."""


@frozen
class Offer:
    """A comment that could be written: of ``symbol`` or above ``lines``; it goes to ``row`` (from 0)."""

    title: str
    symbol: str = ""
    lines: Lines | None = None
    row: int = 0


def offers_at(document: Document, start: int, end: int) -> list[Offer]:
    """What can be commented between two offsets: the innermost definition around them, selected lines."""
    read = _read(document)
    found = read[1] if read else []
    end = max(start, end - len(document.text[start:end]) + len(document.text[start:end].rstrip()))
    first, last = (len(encode(document.text[:offset])) for offset in (start, end))
    around = [each for each in found if each.start <= first and last <= each.end]
    innermost = min(around, key=lambda each: each.end - each.start, default=None)
    offered = [_offer(*read, innermost)] if read and innermost else []
    return [offer for offer in [*offered, _above(document, start, end)] if offer is not None]


def offers_in(document: Document) -> list[Offer]:
    """The definitions of a document that have no documentation."""
    read = _read(document)
    offered = [_offer(*read, each) for each in read[1] if each.doc is None] if read else []
    return [offer for offer in offered if offer is not None]


@lru_cache(N_READ)
def _read(document: Document) -> tuple[Parsed, list[Subject]] | None:
    """Parse a document and find its definitions; editors ask again with every move of the cursor."""
    language = language_named(document.language)
    if language is None or language.id not in DESCRIBERS or len(document.text) > MAX_CHARACTERS:
        return None
    parsed = parse(language, encode(document.text))
    return parsed, subjects(parsed)


def _offer(parsed: Parsed, found: list[Subject], subject: Subject) -> Offer | None:
    name, row = subject.symbol.rpartition(".")[2] or "this file", subject.row
    if subject.doc is None:
        return Offer(f"Document {name}", subject.symbol, row=row) if subject.room else None
    style = style_of(parsed.language.id, found)
    draft = begun(parsed, subject, style, replace=False, types=False)
    title = f"Complete the documentation of {name}"
    return Offer(title, subject.symbol, row=row) if draft.blanks else None


def _above(document: Document, start: int, end: int) -> Offer | None:
    """A comment above the selected lines, where some are and a statement begins there."""
    language, selected = language_named(document.language), document.text[start:end]
    if language is None or not selected.strip():
        return None
    first = document.text.count("\n", 0, start) + 1
    lines = Lines(first, first + len(re.findall(r"\n(?=[^\n])", selected)))
    try:
        hole_above(language, document.text, lines)
    except NoLine:
        return None
    return Offer("Comment these lines", lines=lines, row=first - 1)
