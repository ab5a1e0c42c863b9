"""Dialects of prose: rustdoc, with Markdown headings for some parts, and Go's, which has none at all."""

import re
from collections.abc import Sequence
from typing import ClassVar

from attrs import evolve

from codenook.server.documentation.dialects.dialect import (
    PARAMETERS,
    RAISES,
    RETURNS,
    Dialect,
    Section,
    below,
    filled,
    flowing,
    paragraphs,
    prose,
    split_prose,
    trimmed,
    with_defaults,
)
from codenook.server.documentation.parts import Item, Parts

_HEADING = re.compile(r"#{1,3} (\w[\w ]*?):?\s*$")
_ITEM = re.compile(r"[-*] \**`([^`]+)`\**\s*(?:\([^)]*\))?\s*(?:[-:\u2013]+\s*|$)(.*)")
_SEPARATOR = re.compile(r"`[^`]+`(\s*[-:\u2013]+\s+)")
_KINDS = {"Arguments": PARAMETERS, "Parameters": PARAMETERS, "Returns": RETURNS, "Return": RETURNS}
PROMISES = ("Errors", "Panics", "Safety")
"""The headings that say what can go wrong; for rustdoc they are what is raised."""


class RustDoc(Dialect):
    """rustdoc, with the headings of the API guidelines."""

    name: ClassVar[str] = "rustdoc"
    says_parameters: ClassVar[bool] = False

    def parse(self, texts: Sequence[str]) -> Parts:
        """Take documentation apart."""
        headings = _headings(texts)
        summary, description = split_prose(texts[: headings[0][0]] if headings else texts)
        parts, rest = Parts(summary, description), list[str]()
        for title, first, behind in below(texts, headings):
            parts = evolve(parts, headings=(*parts.headings, (first - 1, first - 1)))
            end = trimmed(texts, first, behind)
            said = next((row for row in range(first, end) if texts[row]), first)
            kind, text = _KINDS.get(title, title), "\n".join(texts[first:end]).strip("\n")
            if kind == PARAMETERS:
                items, is_whole = _items(texts, first, end)
                parts = evolve(parts, parameters=items, is_whole=is_whole)
            elif kind == RETURNS:
                parts = evolve(parts, returns=Item((), "", text, first=said, last=end - 1))
            elif kind in PROMISES:
                item = Item((kind,), "", text, first=said, last=end - 1)
                parts = evolve(parts, raises=(*parts.raises, item))
            else:
                rest += [*texts[first - 1 : end], ""]
        return with_defaults(evolve(parts, rest="\n".join(rest).strip("\n")), texts)

    def render(self, parts: Parts, width: int) -> list[str]:
        """Write it."""
        rows = prose(parts, width)
        if parts.parameters:
            items = (filled(item.text, width, f"* `{item.name}` - ", "  ") for item in parts.parameters)
            rows += ["", "# Arguments", "", *(row for item in items for row in item)]
        if parts.returns:
            rows += ["", "# Returns", "", *paragraphs(parts.returns.text, width)]
        for item in parts.raises:
            rows += ["", f"# {item.name}", "", *paragraphs(item.text, width)]
        return [*rows, "", *parts.rest.split("\n")] if parts.rest else rows

    def outline(self, texts: Sequence[str]) -> list[Section]:
        """The headings with what is below them."""
        return [
            Section(_kind(title), first - 1, trimmed(texts, first, behind))
            for title, first, behind in below(texts, _headings(texts))
        ]

    def entry(
        self, kind: str, item: Item, texts: Sequence[str], beside: Item | None, width: int
    ) -> list[str]:
        """One more parameter; what can go wrong has a heading of its own."""
        if kind == RAISES:
            return [f"# {item.name}", "", *paragraphs(item.text, width)]
        if kind != PARAMETERS:
            return paragraphs(item.text, width)
        bullet = texts[beside.first][:2] if beside else "* "
        between = _SEPARATOR.search(texts[beside.first]) if beside else None
        name = f"{bullet}`{item.name}`"
        head = f"{name}{between[1] if between else ' - '}"
        return filled(item.text, width, head, "  ") if item.text else [name]

    def opened(self, kind: str, items: Sequence[Item], texts: Sequence[str], width: int) -> list[str]:
        """What belongs below one heading, or several."""
        if kind == RAISES:
            rows = [["", *self.entry(kind, item, texts, None, width)] for item in items]
            return [row for each in rows for row in each][1:]
        title = "Arguments" if kind == PARAMETERS else "Returns"
        return [f"# {title}", "", *super().opened(kind, items, texts, width)]

    def lists(self, kind: str) -> bool:
        """Parameters stand in a list."""
        return kind == PARAMETERS


class GoDoc(Dialect):
    """Go's documentation: sentences, the first of which begins with the name."""

    name: ClassVar[str] = "godoc"
    says_parameters: ClassVar[bool] = False
    says_raises: ClassVar[bool] = False

    def parse(self, texts: Sequence[str]) -> Parts:
        """Take documentation apart."""
        return Parts(*split_prose(texts))

    def render(self, parts: Parts, width: int) -> list[str]:
        """Write it."""
        return prose(parts, width)

    def outline(self, texts: Sequence[str]) -> list[Section]:  # noqa: ARG002 - there are none
        """No parts: all is prose."""
        return []

    def entry(
        self,
        kind: str,  # noqa: ARG002 - there is no place for it
        item: Item,  # noqa: ARG002
        texts: Sequence[str],  # noqa: ARG002
        beside: Item | None,  # noqa: ARG002
        width: int,  # noqa: ARG002
    ) -> list[str]:
        """Nothing: there is no place for it."""
        return []


def _kind(title: str) -> str:
    return RAISES if title in PROMISES else _KINDS.get(title, "")


def _headings(texts: Sequence[str]) -> list[tuple[int, int, str]]:
    """The headings outside of code: row, the row below, title."""
    found, is_code = [], False
    for row, text in enumerate(texts):
        if text.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code and (match := _HEADING.match(text)):
            found.append((row, row + 1, match[1]))
    return found


def _items(texts: Sequence[str], first: int, end: int) -> tuple[tuple[Item, ...], bool]:
    begins = [(row, match) for row in range(first, end) if (match := _ITEM.match(texts[row]))]
    items = []
    for number, (row, match) in enumerate(begins):
        behind = trimmed(texts, row, begins[number + 1][0] if number + 1 < len(begins) else end)
        text = flowing([match[2], *texts[row + 1 : behind]])
        name = match[1].removeprefix("mut ").strip()
        items.append(Item((name,), "", text, first=row, last=behind - 1, column=match.start(1)))
    others = [
        row for row in range(first, end) if re.match(r"[-*] ", texts[row]) and not _ITEM.match(texts[row])
    ]
    return tuple(items), not others and bool(items)
