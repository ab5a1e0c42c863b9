"""What can be commented at a place of a document; no model is asked."""

import re
from functools import lru_cache

from attrs import frozen

from codenook.context.parse import Parsed, encode, language_named, parse
from codenook.server.documentation.languages import DESCRIBERS, subjects
from codenook.server.documentation.style import style_of
from codenook.server.documentation.subject import Subject
from codenook.server.reasons import Reason, describe
from codenook.server.tasks.blanks import begun
from codenook.server.tasks.document import MAX_CHARACTERS, Document
from codenook.server.tasks.filling import not_to_fill
from codenook.server.tasks.line_comment import Lines, NoLine, hole_above

N_READ = 2
"""Documents, as of one version, whose definitions are kept."""


@frozen
class Offer:
    """A comment that could be written: of ``symbol`` or above ``lines``; it goes to ``row`` (from 0).

    ``why_not`` is one line for a person where it can't be, else empty.
    """

    title: str
    symbol: str = ""
    lines: Lines | None = None
    row: int = 0
    why_not: str = ""


def offers_at(document: Document, start: int, end: int) -> list[Offer]:
    """What can be commented between two offsets: the innermost definition around them, selected lines."""
    read = _read(document)
    if read is None:
        return []
    parsed, found = read
    end = max(start, end - len(document.text[start:end]) + len(document.text[start:end].rstrip()))
    first, last = (len(encode(document.text[:offset])) for offset in (start, end))
    around = [each for each in found if each.start <= first and last <= each.end]
    innermost = min(around, key=lambda each: each.end - each.start, default=None)
    offered = [_offer(parsed, found, innermost)] if innermost else []
    if document.text[start:end].strip():
        offered.append(_above(parsed, document.text, start, end))
    return offered


def offers_in(document: Document) -> list[Offer]:
    """The definitions of a document that have no documentation, and room for it."""
    _, found = _read(document) or (None, [])
    return [
        Offer(f"Document {_name(each)}", each.symbol, row=each.row)
        for each in found
        if each.doc is None and each.room
    ]


def has_several(document: Document) -> bool:
    """Whether more than one definition of a document has no documentation, and room for it."""
    return len(offers_in(document)) > 1


@lru_cache(N_READ)
def _read(document: Document) -> tuple[Parsed, list[Subject]] | None:
    """Parse a document and find its definitions; editors ask again with every move of the cursor."""
    language = language_named(document.language)
    if language is None or language.id not in DESCRIBERS or len(document.text) > MAX_CHARACTERS:
        return None
    parsed = parse(language, encode(document.text))
    return parsed, subjects(parsed)


def _offer(parsed: Parsed, found: list[Subject], subject: Subject) -> Offer:
    is_new = subject.doc is None
    title = f"{'Document' if is_new else 'Complete the documentation of'} {_name(subject)}"
    if is_new and subject.room is None:
        return Offer(title, subject.symbol, row=subject.row, why_not=describe(Reason.NO_ROOM))
    draft = begun(parsed, subject, style_of(parsed.language.id, found), replace=False, types=False)
    reason = not_to_fill(draft)
    return Offer(title, subject.symbol, row=subject.row, why_not=describe(reason) if reason else "")


def _name(subject: Subject) -> str:
    return subject.symbol.rpartition(".")[2] or "this file"


def _above(parsed: Parsed, text: str, start: int, end: int) -> Offer:
    """A comment above the selected lines, which have to begin a statement."""
    first = text.count("\n", 0, start) + 1
    lines = Lines(first, first + len(re.findall(r"\n(?=[^\n])", text[start:end])))
    try:
        hole_above(parsed, text, lines)
    except NoLine as error:
        return Offer("Comment these lines", lines=lines, row=first - 1, why_not=str(error))
    return Offer("Comment these lines", lines=lines, row=first - 1)
