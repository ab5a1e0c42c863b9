"""NumPy's style for Python: underlined headings, types behind a colon, texts indented."""

import re
from collections.abc import Sequence
from typing import ClassVar

from attrs import evolve

from codenook.server.documentation.dialects.dialect import (
    PARAMETERS,
    RAISES,
    RETURNS,
    YIELDS,
    Dialect,
    Section,
    below,
    fenced,
    filled,
    flowing,
    identifier,
    indent,
    prose,
    second_row,
    split_prose,
    trimmed,
    with_defaults,
)
from codenook.server.documentation.parts import Item, Parts

_TITLES = {
    **dict.fromkeys(("Parameters", "Other Parameters"), PARAMETERS),
    **dict.fromkeys(("Returns", "Return"), RETURNS),
    **dict.fromkeys(("Yields", "Yield"), YIELDS),
    "Raises": RAISES,
}
_UNDERLINE = re.compile(r"(-{3,}|={3,})$")
_TITLE = re.compile(r"[A-Z][\w ]*$")
_ITEM = re.compile(r"(`{0,2}\*{0,2}\w+`{0,2}(?:\s*,\s*\*{0,2}\w+)*)\s*(?::(?:\s+(.*)|$)|$)")
_RAISED = re.compile(r"`*([\w.]+)`*\s*:?$")
_COLON = re.compile(r"\s*:\s+")
_STEP = "    "
_USUAL = {PARAMETERS: "Parameters", RETURNS: "Returns", YIELDS: "Yields", RAISES: "Raises"}


class NumPy(Dialect):
    """The style of NumPy and of what is built on it."""

    name: ClassVar[str] = "numpy"
    says_types: ClassVar[bool] = True

    def parse(self, texts: Sequence[str]) -> Parts:
        """Take documentation apart."""
        headings = _headings(texts)
        summary, description = split_prose(texts[: headings[0][0]] if headings else texts)
        parts, rest = Parts(summary, description), list[str]()
        for title, first, behind in below(texts, headings):
            kind, end = _TITLES.get(title, ""), trimmed(texts, first, behind)
            parts = evolve(parts, headings=(*parts.headings, (first - 2, first - 1)))
            if kind == PARAMETERS:
                items, is_whole = _items(texts, first, end, _ITEM)
                known = (*parts.parameters, *items)
                parts = evolve(parts, parameters=known, is_whole=parts.is_whole and is_whole)
            elif kind == RAISES:
                items, _ = _items(texts, first, end, _RAISED)
                parts = evolve(parts, raises=(*parts.raises, *items))
            elif kind and end > first:
                parts = parts.giving(_single(texts, first, end), one_by_one=kind == YIELDS)
            elif not kind:
                rest += [*texts[first - 2 : end], ""]
        return with_defaults(evolve(parts, rest="\n".join(rest).strip("\n")), texts)

    def render(self, parts: Parts, width: int) -> list[str]:
        """Write it."""
        rows = prose(parts, width)
        rows += _section("Parameters", [[_head(item), *_text(item, width)] for item in parts.parameters])
        for title, single in (("Returns", parts.returns), ("Yields", parts.yields)):
            if single and single.type:
                rows += _section(title, [[single.type, *_text(single, width)]])
            elif single:
                rows += _section(title, [filled(single.text, width)])
        rows += _section("Raises", [[item.name, *_text(item, width)] for item in parts.raises])
        return [*rows, "", *parts.rest.split("\n")] if parts.rest else rows

    def outline(self, texts: Sequence[str]) -> list[Section]:
        """The sections."""
        return [
            Section(_TITLES.get(title, ""), first - 2, trimmed(texts, first, behind))
            for title, first, behind in below(texts, _headings(texts))
        ]

    def entry(
        self, kind: str, item: Item, texts: Sequence[str], beside: Item | None, width: int
    ) -> list[str]:
        """One more item."""
        if kind in {RETURNS, YIELDS}:
            return [item.type, *_text(item, width)] if item.type else filled(item.text, width)
        typed = item if kind == PARAMETERS and (beside is None or beside.type) else evolve(item, type="")
        depth = texts[beside.first][: indent(texts[beside.first])] if beside else ""
        following = second_row(texts, beside)
        step = following[: indent(following)] or depth + _STEP
        colon = _COLON.search(texts[beside.first]) if beside and typed.type else None
        head = depth + _head(typed, colon[0] if colon else " : ")
        return [head, *(filled(item.text, width, step, step) if item.text else [])]

    def opened(self, kind: str, items: Sequence[Item], texts: Sequence[str], width: int) -> list[str]:
        """A section."""
        title = _USUAL[kind]
        return [title, "-" * len(title), *super().opened(kind, items, texts, width)]


def _headings(texts: Sequence[str]) -> list[tuple[int, int, str]]:
    """The headings: row, the row below the line, title."""
    code = fenced(texts)
    return [
        (row - 1, row + 1, texts[row - 1].strip())
        for row in range(1, len(texts))
        if row not in code and _UNDERLINE.match(texts[row].rstrip()) and _TITLE.match(texts[row - 1].rstrip())
    ]


def _head(item: Item, colon: str = " : ") -> str:
    names = item.mark + ", ".join(item.names)
    return f"{names}{colon}{item.type}" if item.type else names


def _text(item: Item, width: int) -> list[str]:
    return filled(item.text, width, _STEP, _STEP) if item.text else []


def _section(title: str, items: Sequence[Sequence[str]]) -> list[str]:
    return ["", title, "-" * len(title), *(row for item in items for row in item)] if items else []


def _items(
    texts: Sequence[str], first: int, end: int, pattern: re.Pattern[str]
) -> tuple[tuple[Item, ...], bool]:
    """The items of a section, and whether all of its rows were understood."""
    rows = [row for row in range(first, end) if texts[row].strip()]
    if not rows:
        return (), True
    depth, is_whole = indent(texts[rows[0]]), True
    begins: list[tuple[int, re.Match[str]]] = []
    for row in rows:
        if indent(texts[row]) > depth:
            continue
        match = pattern.match(texts[row].strip())
        if match is None or indent(texts[row]) < depth:
            is_whole = False
        else:
            begins.append((row, match))
    items = []
    for number, (row, match) in enumerate(begins):
        behind = trimmed(texts, row, begins[number + 1][0] if number + 1 < len(begins) else end)
        names, kind = match[1], (match[2] or "" if pattern is _ITEM else "")
        items.append(
            Item(
                tuple(map(identifier, names.split(","))),
                kind.strip(),
                flowing(["", *texts[row + 1 : behind]]),
                first=row,
                last=behind - 1,
                column=texts[row].index(names.split(",")[0].strip("`* ")),
            )
        )
    return tuple(items), is_whole


def _single(texts: Sequence[str], first: int, end: int) -> Item:
    head, *others = texts[first:end]
    if any(indent(row) for row in others if row.strip()):
        return Item((), head.strip(), flowing(["", *others]), first=first, last=end - 1)
    return Item((), "", flowing([head, *others]), first=first, last=end - 1)
