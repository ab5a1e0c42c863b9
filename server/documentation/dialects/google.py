"""Google's style for Python: headings with a colon, items below them, indented."""

import re
from collections.abc import Sequence
from typing import ClassVar

from attrs import evolve, field, frozen

from codenook.server.documentation.dialects.dialect import (
    PARAMETERS,
    RAISES,
    RETURNS,
    YIELDS,
    Dialect,
    Section,
    fenced,
    filled,
    flowing,
    identifier,
    indent,
    laid_out,
    prose,
    split_prose,
    trimmed,
    with_defaults,
)
from codenook.server.documentation.parts import Item, Parts

_TITLES = {
    **dict.fromkeys(
        (
            *("Args", "Arguments", "Parameters", "Params"),
            *("Keyword Args", "Keyword Arguments", "Keyword args", "Keyword arguments"),
        ),
        PARAMETERS,
    ),
    **dict.fromkeys(("Returns", "Return"), RETURNS),
    **dict.fromkeys(("Yields", "Yield"), YIELDS),
    **dict.fromkeys(("Raises", "Raise"), RAISES),
    **dict.fromkeys(
        (
            *(
                "Attributes",
                "Example",
                "Examples",
                "Note",
                "Notes",
                "References",
                "See Also",
                "Todo",
                "Warning",
            ),
            *("Warnings", "Warns", "Methods", "Other Parameters", "Usage", "Tip", "Important", "Caution"),
        ),
        "",
    ),
}
_HEADING = re.compile(rf"({'|'.join(_TITLES)}):$")
_ITEM = re.compile(r"(\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?:\(((?:[^()]|\([^()]*\))*)\))?\s*:(?:\s+|$)(.*)")
_NO_ITEM = re.compile(rf"(?:{'|'.join(_TITLES)})\s*:")
_WORD = re.compile(r"[A-Z][a-z]+\s*:")
"""A word with a colon, and no parameter."""
_RAISED = re.compile(r"`*([\w.]+)`*\s*:(?:\s+|$)(.*)")
_TYPED = re.compile(r"([\w.]+(?:\[[^\]]*\]+)?(?:\s*\|\s*[\w.]+(?:\[[^\]]*\]+)?)*)\s*:\s+(.*)")
_STEP = "    "
_USUAL = {PARAMETERS: "Args", RETURNS: "Returns", YIELDS: "Yields", RAISES: "Raises"}


@frozen
class _Section:
    kind: str
    heading: int
    first: int
    end: int
    ends_early: bool = field(default=False)
    """Whether rows follow that are not part of it."""


class Google(Dialect):
    """The style that Google's guide for Python describes."""

    name: ClassVar[str] = "google"

    def parse(self, texts: Sequence[str]) -> Parts:
        """Take documentation apart."""
        found = _sections(texts)
        head = found[0].heading if found else len(texts)
        summary, description = split_prose(texts[:head])
        parts = Parts(summary, description)
        rest: list[str] = []
        for number, section in enumerate(found):
            rows = texts[section.first : section.end]
            parts = evolve(parts, headings=(*parts.headings, (section.heading, section.first - 1)))
            if section.kind == PARAMETERS:
                items, is_whole = _items(texts, section, _ITEM)
                known = (*parts.parameters, *items)
                parts = evolve(parts, parameters=known, is_whole=parts.is_whole and is_whole)
            elif section.kind == RAISES:
                items, _ = _items(texts, section, _RAISED)
                parts = evolve(parts, raises=(*parts.raises, *items))
            elif section.kind in {RETURNS, YIELDS}:
                parts = parts.giving(_single(rows, section), one_by_one=section.kind == YIELDS)
            else:
                rest += [*texts[section.heading : section.end], ""]
            behind = found[number + 1].heading if number + 1 < len(found) else len(texts)
            rest += texts[section.end : behind]
        return with_defaults(evolve(parts, rest="\n".join(rest).strip("\n")), texts)

    def render(self, parts: Parts, width: int) -> list[str]:
        """Write it."""
        rows = prose(parts, width)
        rows += _section(_USUAL[PARAMETERS], [_row(item, width) for item in parts.parameters])
        for title, single in ((_USUAL[RETURNS], parts.returns), (_USUAL[YIELDS], parts.yields)):
            if single:
                head = f"{single.type}: " if single.type else ""
                rows += _section(title, [filled(single.text, width, _STEP + head, _STEP)])
        raised = [filled(item.text, width, f"{_STEP}{item.name}: ", _STEP * 2) for item in parts.raises]
        rows += _section(_USUAL[RAISES], raised)
        return [*rows, "", *parts.rest.split("\n")] if parts.rest else rows

    def outline(self, texts: Sequence[str]) -> list[Section]:
        """The sections."""
        return [Section(each.kind, each.heading, each.end) for each in _sections(texts)]

    def entry(
        self, kind: str, item: Item, texts: Sequence[str], beside: Item | None, width: int
    ) -> list[str]:
        """One more item."""
        depth = texts[beside.first][: indent(texts[beside.first])] if beside else _step(texts)
        if kind in {RETURNS, YIELDS}:
            return filled(item.text, width, depth + (f"{item.type}: " if item.type else ""), depth)
        typed = item if kind == PARAMETERS and (beside is None or beside.type) else evolve(item, type="")
        more = depth + (_step(texts) if "\t" in depth or len(depth) < len(_STEP) else _STEP)
        return laid_out(item, width, depth + _head(typed), more, texts=texts, beside=beside)

    def opened(self, kind: str, items: Sequence[Item], texts: Sequence[str], width: int) -> list[str]:
        """A section."""
        return [f"{_USUAL[kind]}:", *super().opened(kind, items, texts, width)]


def _step(texts: Sequence[str]) -> str:
    """How far items are indented in documentation that has some."""
    rows = (texts[row] for section in _sections(texts) for row in range(section.first, section.end))
    return next((row[: indent(row)] for row in rows if row.strip()), _STEP)


def _head(item: Item) -> str:
    names = item.mark + ", ".join(item.names)
    return f"{names} ({item.type}): " if item.type else f"{names}: "


def _row(item: Item, width: int) -> list[str]:
    return filled(item.text, width, _STEP + _head(item), _STEP * 2)


def _section(title: str, items: Sequence[Sequence[str]]) -> list[str]:
    return ["", f"{title}:", *(row for item in items for row in item)] if items else []


def _sections(texts: Sequence[str]) -> list[_Section]:
    found, code = [], fenced(texts)
    headings = [
        (row, match[1])
        for row, text in enumerate(texts)
        if row not in code and (match := _HEADING.match(text.rstrip()))
    ]
    for row, title in headings:
        end = row + 1
        while end < len(texts) and (not texts[end].strip() or indent(texts[end])):
            end += 1
        end = trimmed(texts, row + 1, end)
        if end > row + 1:
            found.append(_Section(_TITLES[title], row, row + 1, end))
    return found


def _items(
    texts: Sequence[str], section: _Section, pattern: re.Pattern[str]
) -> tuple[tuple[Item, ...], bool]:
    """The items of a section, and whether all of its rows were understood."""
    first = next(row for row in range(section.first, section.end) if texts[row].strip())
    depth, is_whole = indent(texts[first]), True
    begins: list[tuple[int, re.Match[str]]] = []
    ends = [section.end]
    for row in range(first, section.end):
        if not texts[row].strip() or indent(texts[row]) > depth:
            continue
        text = texts[row].strip()
        match = pattern.match(text)
        if _NO_ITEM.match(text) or (pattern is _ITEM and _WORD.match(text)):
            ends.append(row)
            is_whole = False
        elif match is None or indent(texts[row]) < depth:
            is_whole = False
        else:
            begins.append((row, match))
    items = []
    for number, (row, match) in enumerate(begins):
        following = begins[number + 1][0] if number + 1 < len(begins) else section.end
        end = trimmed(texts, row, min(following, *(end for end in ends if end > row)))
        *names, text = match.groups()
        kind = (names[1] or "") if len(names) > 1 else ""
        items.append(
            Item(
                tuple(map(identifier, names[0].split(","))),
                kind.strip(),
                flowing([text, *texts[row + 1 : end]]),
                first=row,
                last=end - 1,
                column=texts[row].index(names[0].split(",")[0].strip("* ")),
            )
        )
    return tuple(items), is_whole


def _single(rows: Sequence[str], section: _Section) -> Item:
    first, *others = (row for row in rows if row.strip())
    typed = _TYPED.match(first.strip())
    text = flowing([typed[2] if typed else first.strip(), *others])
    return Item((), typed[1] if typed else "", text, first=section.first, last=section.end - 1)
