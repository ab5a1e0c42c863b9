"""The blanks of one definition's documentation: what has to be said, and where in the text each word goes.

Names, types and the order of things come from the syntax tree. What is left blank is words.
"""

from collections.abc import Iterator
from enum import StrEnum

from attrs import evolve, field, frozen

from codenook.context.parse import Parsed
from codenook.server.documentation.dialects.dialect import (
    PARAMETERS,
    RAISES,
    RETURNS,
    SUMMARY,
    YIELDS,
    Dialect,
)
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.inserting import inserted
from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.placing import Added, Told
from codenook.server.documentation.style import Style, read
from codenook.server.documentation.subject import Kind, Returns, Subject
from codenook.server.documentation.write import documented

_HOLE = "WORDSGOHERE"


class Part(StrEnum):
    """What a blank is a part of."""

    SUMMARY = "summary"
    PARAMETER = "parameter"
    RETURNS = "returns"
    YIELDS = "yields"
    RAISES = "raises"
    LINE = "line"


@frozen
class Blank:
    """Words to be written: ``name`` is a parameter's or an error's, ``lead`` how the sentence begins."""

    part: Part
    name: str = ""
    lead: str = ""


@frozen
class Hole:
    """The text around a blank, as it would stand in the file.

    ``definition`` is the code that is documented, without its documentation; ``opened`` its text from its
    beginning, or that of its comment above, to the blank. ``is_file`` says that it is the file as a whole.
    """

    before: str
    after: str
    definition: str
    opened: str
    is_file: bool = False


@frozen
class Draft:
    """Documentation that is being written: what is known of it, in the style that it will have.

    ``parts`` are all that it will say, ``types`` tells whether types are part of it. Where people have
    written ``kept``, and it is not to be replaced, their rows stay, and what is ``added`` goes among them.
    """

    parsed: Parsed
    subject: Subject
    style: Style
    parts: Parts
    types: bool = False
    kept: Parts | None = None
    added: tuple[Added, ...] = ()
    text: str = field(eq=False)

    @text.default
    def _decoded(self) -> str:
        """Once: drafts that are made of this one have it from here."""
        return self.parsed.source.decode("utf-8", "replace")

    @property
    def blanks(self) -> list[Blank]:
        """What is still to be said, in the order in which it is read."""
        return list(_blanks(self.subject, self.parts, self.style.dialect))

    def filled(self, blank: Blank, words: str) -> "Draft":
        """The draft with words in the place of a blank."""
        subject, parts = self.subject, self.parts
        if blank.part is Part.SUMMARY:
            item = Item(text=f"{blank.lead}{words}")
            return self._with(SUMMARY, item, evolve(parts, summary=item.text))
        if blank.part is Part.PARAMETER:
            known = {parameter.name: parameter for parameter in subject.parameters}
            order = list(known)
            kind = _flat(known[blank.name].type) if self.types else ""
            item = Item((blank.name,), kind, words, mark=known[blank.name].mark)
            items = [*parts.parameters, item]
            items.sort(key=lambda item: order.index(item.name) if item.name in known else len(order))
            return self._with(PARAMETERS, item, evolve(parts, parameters=tuple(items)))
        if blank.part is Part.RAISES:
            item = Item((blank.name,), "", words)
            return self._with(RAISES, item, evolve(parts, raises=(*parts.raises, item)))
        item = Item((), _flat(subject.return_type) if self.types else "", words)
        one_by_one = blank.part is Part.YIELDS
        kind = YIELDS if one_by_one else RETURNS
        return self._with(kind, item, parts.giving(item, one_by_one=one_by_one))

    def _with(self, kind: str, item: Item, parts: Parts) -> "Draft":
        return evolve(self, parts=parts, added=(*self.added, Added(kind, item)))

    @property
    def edit(self) -> Edit:
        """What it takes to have it in the file; raises NoRoom."""
        subject, doc = self.subject, self.subject.doc
        if self.kept is None or doc is None:
            return documented(self.parsed, subject, self.parts, self.style)
        told = Told(
            self.style.dialect, doc.texts, self.kept, [parameter.name for parameter in subject.parameters]
        )
        return inserted(self.parsed, doc, told.insertions(self.added, self.style.width_in(doc.indent)))

    def hole(self, blank: Blank) -> Hole:
        """The text around a blank; raises NoRoom."""
        mark = _HOLE
        while mark in self.text:
            mark += "X"
        edit = self.filled(blank, mark).edit
        text = edit.apply(self.text)
        at = text.index(mark)
        start = len(self.parsed.source[: self.subject.start].decode("utf-8", "replace"))
        start = text.rfind("\n", 0, min(start, edit.start)) + 1
        is_file = self.subject.kind is Kind.MODULE
        return Hole(text[:at], text[at + len(mark) :], self.code, text[start:at], is_file)

    @property
    def code(self) -> str:
        """The definition without its documentation."""
        source, subject, doc = self.parsed.source, self.subject, self.subject.doc
        start = source.rfind(b"\n", 0, subject.start) + 1
        code = source[start : subject.end]
        if doc is not None and subject.start <= doc.start and doc.end <= subject.end:
            code = source[start : doc.start].rstrip() + source[doc.end : subject.end]
        return code.decode("utf-8", "replace")


def begun(parsed: Parsed, subject: Subject, style: Style, *, replace: bool, types: bool) -> Draft:
    """The draft of a definition's documentation: what it has stays, in the dialect that it is written in.

    With ``replace``, what is said of the definition in one sentence, of parameters, results and errors is
    written anew; other paragraphs and examples stay.
    """
    if subject.doc is None:
        return Draft(parsed, subject, style, Parts(), types)
    dialect, parts = read(parsed.language.id, subject.doc)
    if replace:  # examples are run as tests, and what else was told stays true
        return Draft(parsed, subject, style, Parts(description=parts.description, rest=parts.rest), types)
    if not any(subject.doc.texts):
        return Draft(parsed, subject, style, Parts(), types)
    style = evolve(style, dialect=dialect if parts.has_sections else style.dialect)
    is_typed = any(item.type for item in parts.items)
    return Draft(parsed, subject, style, parts, is_typed if parts.has_sections else types, kept=parts)


def _blanks(subject: Subject, parts: Parts, dialect: Dialect) -> Iterator[Blank]:
    if not parts.summary:
        yield Blank(Part.SUMMARY, lead=_lead(subject, dialect))
    if subject.kind is not Kind.FUNCTION:
        return
    named = {name for item in parts.parameters for name in item.names}
    for parameter in subject.parameters if dialect.says_parameters else ():
        if parameter.name and parameter.name not in named:
            yield Blank(Part.PARAMETER, parameter.name)
    if dialect.says_parameters and subject.returns is Returns.VALUE and not (parts.returns or parts.yields):
        yield Blank(Part.YIELDS if subject.yields else Part.RETURNS)
    raised = {name.rpartition(".")[2] for item in parts.raises for name in item.names}
    for name in subject.raises if dialect.says_raises else ():
        if name not in raised:
            yield Blank(Part.RAISES, name)


def _lead(subject: Subject, dialect: Dialect) -> str:
    """How Go's documentation begins."""
    if dialect.name != "godoc":
        return ""
    name = subject.symbol.rpartition(".")[2]
    return f"Package {name} " if subject.kind is Kind.MODULE else f"{name} "


def _flat(text: str) -> str:
    return " ".join(text.split())
