"""Findings of what a linter says: where in the text that is, and what it is an instance of."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from codenook.server.review.finding import Edit, Evidence, Finding, Fix, Rule, SourceName, Span
from codenook.server.review.scope.change import ChangedFile, Text
from codenook.server.review.sources.linters.linter import Columns, Linter, Place, Said, SaidFix

CONFIDENCE = 0.9
"""Nobody counted how often linters are right in the eyes of those who configured them."""

_WORD = re.compile(r"\w+|\S")
_NUMBERS = re.compile(r"\d+")


@frozen
class Run:
    """A run of a linter, as evidence names it."""

    linter: Linter
    version: str
    command: str


@frozen
class Located:
    """What a linter says, and where that is: a path relative to the root, and what is quoted there."""

    said: Said
    path: str
    span: Span
    quote: str

    @property
    def identity(self) -> tuple[str, str, str]:
        """What is the same before and after a change if it is the same thing; numbers may be of lines."""
        return self.said.code, _NUMBERS.sub("0", self.said.message), self.quote


def located(
    linter: Linter, said: Iterable[Said], root: Path, folder: Path, texts: dict[str, Text]
) -> Iterator[Located]:
    """What is said of ``texts``, by their paths; ``folder`` is where the linter ran."""
    for each in said:
        real = Path(os.path.realpath(folder / each.path))
        path = real.relative_to(root).as_posix() if real.is_relative_to(root) else ""
        text = texts.get(path)
        if text is not None and text.n_lines:
            line = min(max(each.place.line, 1), text.n_lines)  # what the end lacks is told of the line after
            place = each.place if line == each.place.line else Place(line)
            span = span_of(text, place, linter.columns)
            if quote := text.quote(span):
                yield Located(each, path, span, quote)


def finding(run: Run, file: ChangedFile, here: Located) -> Finding:
    """The finding about a changed file."""
    linter, said = run.linter, here.said
    category, severity = linter.weigh(said)
    name = f" ({said.name})" if said.name else ""
    rule = Rule(
        f"{linter.name}/{said.code}",
        f"{linter.name} reports {said.code}{name}.",
        f"A rule of {linter.name}, as the project configures it.",
        category,
        severity,
        SourceName.LINTERS,
        said.url,
    )
    who = f"{linter.name} {run.version}".strip()
    evidence = Evidence(
        SourceName.LINTERS,
        f"{who} says so, by its rule {said.code}{name}",
        {"tool": linter.name, "version": run.version, "command": run.command, "code": said.code},
    )
    fix = _fix(file, said.fix, linter.columns) if said.fix and file.new else None
    message = said.message.strip().partition("\n")[0].rstrip(".") or said.code
    return Finding(rule, here.path, here.span, here.quote, message, CONFIDENCE, (evidence,), fix=fix)


def span_of(text: Text, place: Place, columns: Columns) -> Span:
    """Where a place is; of one without a column, or that can't be told, its line without blanks around."""
    whole = text.span_of_line(place.line)
    start = _column(text, place.line, place.column, columns)
    if start is None:
        return whole
    end_line = place.end_line or place.line
    end = _column(text, end_line, place.end_column, columns)
    if end is None or (end_line, end) <= (place.line, start):
        word = _WORD.match(text.line(place.line), start - 1)
        end_line, end = place.line, (word.end() + 1 if word else start)
    span = Span(place.line, start, end_line, end)
    return span if text.quote(span).strip() else whole


def _column(text: Text, line: int, column: int | None, columns: Columns) -> int | None:
    """A column in characters, from 1; None when it can't be told."""
    if column is None or column < 1:
        return None
    said = text.line(line)
    if said.isascii() or columns is Columns.CHARACTERS:
        return min(column, len(said) + 1)
    if columns is Columns.UNSURE:
        return None
    encoding, width = ("utf-16-le", 2) if columns is Columns.UTF16 else ("utf-8", 1)
    before = said.encode(encoding, "surrogatepass")[: (column - 1) * width]
    return len(before.decode(encoding, "ignore")) + 1


def _fix(file: ChangedFile, fix: SaidFix, columns: Columns) -> Fix | None:
    """The fix with its edits; None when a place in it can't be told."""
    if file.new is None:
        return None
    edits: list[Edit] = []
    for place, text in fix.edits:
        start = _column(file.new, place.line, place.column, columns)
        end = _column(file.new, place.end_line or place.line, place.end_column, columns)
        if start is None or end is None:
            return None
        span = Span(place.line, start, place.end_line or place.line, end)
        edits.append(Edit(file.path, span, text))
    return Fix(fix.title or "As the linter mends it", tuple(edits), fix.is_sure) if edits else None
