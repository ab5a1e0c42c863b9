"""What can be commented at a place of a document; no model is asked."""

import re

from attrs import frozen

from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.languages import DESCRIBERS, subjects
from codenook.server.documentation.style import style_of
from codenook.server.documentation.subject import Subject
from codenook.server.tasks.blanks import begun
from codenook.server.tasks.document import MAX_CHARACTERS, Document
from codenook.server.tasks.line_comment import Lines, NoLine, hole_above


@frozen
class Offer:
    """A comment that could be written: of ``symbol`` or above ``lines``; it goes to ``row`` (from 0)."""

    title: str
    symbol: str = ""
    lines: Lines | None = None
    row: int = 0


def offers_at(document: Document, start: int, end: int) -> list[Offer]:
    """What can be commented between two offsets: the innermost definition around them, selected lines."""
    found = _subjects(document)
    end = max(start, end - len(document.text[start:end]) + len(document.text[start:end].rstrip()))
    first, last = (len(encode(document.text[:offset])) for offset in (start, end))
    around = [each for each in found if each.start <= first and last <= each.end]
    innermost = min(around, key=lambda each: each.end - each.start, default=None)
    offered = [_offer(document, found, innermost)] if innermost else []
    return [offer for offer in [*offered, _above(document, start, end)] if offer is not None]


def offers_in(document: Document) -> list[Offer]:
    """The definitions of a document that have no documentation."""
    found = _subjects(document)
    offered = [_offer(document, found, each) for each in found if each.doc is None]
    return [offer for offer in offered if offer is not None]


def _subjects(document: Document) -> list[Subject]:
    language = language_named(document.language)
    if language is None or language.id not in DESCRIBERS or len(document.text) > MAX_CHARACTERS:
        return []
    return subjects(parse(language, encode(document.text)))


def _offer(document: Document, found: list[Subject], subject: Subject) -> Offer | None:
    name, row = subject.symbol.rpartition(".")[2] or "this file", subject.row
    if subject.doc is None:
        return Offer(f"Document {name}", subject.symbol, row=row) if subject.room else None
    language = language_named(document.language)
    if language is None:
        return None
    parsed = parse(language, encode(document.text))
    draft = begun(parsed, subject, style_of(language.id, found), replace=False, types=False)
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
