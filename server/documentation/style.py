"""How documentation is written in a file: found out from what stands there, then from the project."""

from collections import Counter
from collections.abc import Iterable, Sequence

from attrs import frozen

from codenook.server.documentation.dialects import DIALECTS, IN_LANGUAGE
from codenook.server.documentation.dialects.dialect import Dialect
from codenook.server.documentation.dialects.rest import RestTypeRows
from codenook.server.documentation.parts import Parts
from codenook.server.documentation.subject import Doc, Subject

_USUAL_OPENING = {"python": '"""', "rust": "///", "go": "//"}
_USUAL_WIDTH, _WIDTHS = 88, (72, 120)
_MARKS = {"/": 3, "'": 0, '"': 0}
"""How wide the marks before a row's text are, by what a comment begins with."""


@frozen
class Style:
    """A dialect, the ``opening`` mark, and how wide rows may get (columns of the file).

    ``begins_below`` says that a docstring's text begins on the row below its quotes.
    """

    dialect: Dialect
    opening: str
    width: int = _USUAL_WIDTH
    begins_below: bool = False

    def width_in(self, indent: str) -> int:
        """How wide a row's text may get in a comment with this indentation."""
        return self.width - len(indent) - _MARKS[self.opening[0]]


def read(language: str, doc: Doc) -> tuple[Dialect, Parts]:
    """The dialect that finds most in a definition's documentation, and what it finds."""
    return read_texts(language, doc.texts)


def read_texts(language: str, texts: Sequence[str]) -> tuple[Dialect, Parts]:
    """The dialect that finds most in rows of documentation without marks, and what it finds."""
    read = [(dialect, dialect.parse(texts)) for dialect in _dialects(language)]
    return max(read, key=lambda each: len(each[1].items))


def style_of(language: str, subjects: Iterable[Subject], project: Sequence[Iterable[Subject]] = ()) -> Style:
    """The style of a file with these ``subjects``; where it says nothing, that of the ``project``'s files."""
    docs = _docs(subjects)
    others = [doc for file in project for doc in _docs(file)]
    dialect = _dialect(language, docs) or _dialect(language, others) or _dialects(language)[0]
    known = docs or others
    openings = Counter(doc.opening.lstrip("rRuU") for doc in known)
    opening = openings.most_common(1)[0][0] if openings else _USUAL_OPENING.get(language, "/**")
    opening = opening * 3 if opening in {"'", '"'} else opening  # one quote holds no second row
    widest = max((len(doc.indent) + len(text) for doc in known for text in doc.texts), default=_USUAL_WIDTH)
    below = sum(not doc.lines[0].text for doc in known if len(doc.lines) > 1)
    above = sum(bool(doc.lines[0].text) for doc in known if len(doc.lines) > 1)
    width = min(max(widest, _WIDTHS[0]), _WIDTHS[1]) if known else _USUAL_WIDTH
    return Style(dialect, opening, width, begins_below=language == "python" and below > above)


def _docs(subjects: Iterable[Subject]) -> list[Doc]:
    return [subject.doc for subject in subjects if subject.doc is not None]


def _dialects(language: str) -> list[Dialect]:
    return [DIALECTS[name] for name in IN_LANGUAGE[language]]


def _dialect(language: str, docs: Sequence[Doc]) -> Dialect | None:
    """The dialect of most definitions that say more than prose; None where none does."""
    said = Counter[str]()
    for doc in docs:
        if language in {"c", "cpp"}:
            signs = Counter(text.lstrip()[:1] for text in doc.texts if text.lstrip()[:1] in {"@", "\\"})
            said.update({"doxygen": signs["@"], "doxygen_backslash": signs["\\"]})
            continue
        dialect, parts = read(language, doc)
        if parts.has_sections:
            is_typed = dialect.name == "tsdoc" and any(item.type for item in parts.items)
            said["jsdoc" if is_typed else dialect.name] += 1
    best = [name for name, count in said.most_common(1) if count]
    if best == ["rest"] and _has_type_rows(language, docs):
        return RestTypeRows()
    return DIALECTS[best[0]] if best else None


def _has_type_rows(language: str, docs: Sequence[Doc]) -> bool:
    """Whether most documentation with types has them in rows of their own."""
    known = [read(language, doc)[1] for doc in docs]
    return sum(bool(parts.type_rows) for parts in known) > sum(
        any(item.type for item in parts.parameters) and not parts.type_rows for parts in known
    )
