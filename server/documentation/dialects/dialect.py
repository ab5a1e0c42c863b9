"""What dialects have in common: an interface, and prose."""

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from typing import ClassVar

from attrs import evolve, frozen

from codenook.server.documentation.parts import Item, Parts

SUMMARY, PARAMETERS, RETURNS, YIELDS, RAISES = "summary", "parameters", "returns", "yields", "raises"
"""The kinds of what documentation says."""

RESULT_TYPE = "result type"
"""A part that says of what type a result is, and no more."""

OPENING = "opening"
"""A part that belongs to the prose at the beginning."""

_LITERAL = (
    r"""(?P<value>``[^`]+``|`[^`]+`|"[^"]*"|'[^']*'|[-+]?\d[\w.+-]*(?<![.-])"""
    r"|[Tt]rue\b|[Ff]alse\b|None\b|null\b)"
)
_DEFAULT = re.compile(
    rf"""(?:\b[Dd]efaults?\ to
        |(?:^|[(\[,;.:]\ ?|\ \ )\s*(?:The\ )?[Dd]efaults?(?:\ value)?(?:\ is|\ =|=|:)
    )[ ]{{0,2}}{_LITERAL}(?=\s*(?:[)\];]|\.(?!\w)|$))""",
    re.VERBOSE,
)
_DEFAULT_OF_TYPE = re.compile(rf", default {_LITERAL}$")
"""Behind a type: ``x : int, default 3``."""


@frozen
class Section:
    """A part of documentation: its rows from ``first``, the one behind the last, and what it says.

    ``kind`` is empty for what is none of the parts.
    """

    kind: str
    first: int
    end: int


class Dialect:
    """One way to write documentation. Rows have no marks and no common indentation."""

    name: ClassVar[str]
    is_spaced: ClassVar[bool] = True
    """Whether blank rows stand between the parts."""
    says_parameters: ClassVar[bool] = True
    """Whether it has a place for parameters and for what is returned."""
    says_raises: ClassVar[bool] = True
    says_types: ClassVar[bool] = False
    """Whether types are part of the documentation where the code has none."""

    def parse(self, texts: Sequence[str]) -> Parts:
        """Take documentation apart."""
        raise NotImplementedError

    def render(self, parts: Parts, width: int) -> list[str]:
        """Write it, no row longer than ``width`` where words allow that; text of several rows keeps them."""
        raise NotImplementedError

    def outline(self, texts: Sequence[str]) -> list[Section]:
        """The parts behind the prose, in order."""
        raise NotImplementedError

    def entry(
        self, kind: str, item: Item, texts: Sequence[str], beside: Item | None, width: int
    ) -> list[str]:
        """One more item for documentation that reads ``texts``, as the one ``beside`` is written."""
        raise NotImplementedError

    def opened(self, kind: str, items: Sequence[Item], texts: Sequence[str], width: int) -> list[str]:
        """The rows of a part that is not there yet, with its heading if it has one."""
        return [row for item in items for row in self.entry(kind, item, texts, None, width)]

    def lists(self, kind: str) -> bool:
        """Whether items of this kind stand below each other in one part."""
        return kind in {PARAMETERS, RAISES}

    def extent(self, item: Item, texts: Sequence[str]) -> tuple[int, int]:  # noqa: ARG002 - for tags
        """The rows that belong to an item: the first, and the one behind the last."""
        return item.first, item.last + 1


def split_prose(texts: Sequence[str]) -> tuple[str, str]:
    """The first paragraph, and what follows it."""
    whole = "\n".join(text.rstrip() for text in texts).strip("\n")
    summary, _, description = whole.partition("\n\n")
    return summary.strip(), description.strip("\n")


def prose(parts: Parts, width: int) -> list[str]:
    """Summary and description in rows, with a blank row between them."""
    rows = filled(parts.summary, width)
    if parts.description:
        rows += ["", *paragraphs(parts.description, width)]
    return rows


def paragraphs(text: str, width: int) -> list[str]:
    """Text of several rows as it is, else filled."""
    return text.split("\n") if "\n" in text else filled(text, width)


def filled(text: str, width: int, first: str = "", others: str = "") -> list[str]:
    """``text`` in rows: ``first`` begins the first of them, ``others`` the others."""
    if "\n" in text:
        head, *tail = text.split("\n")
        return [(first + head).rstrip(), *((others + row).rstrip() for row in tail)]
    rows = textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return rows or [first.rstrip()]


def laid_out(
    item: Item, width: int, head: str, others: str, *, texts: Sequence[str], beside: Item | None
) -> list[str]:
    """An item's rows behind its ``head``, laid out as those of the one ``beside``, else with ``others``."""
    following, text = second_row(texts, beside), item.text
    if beside is None or not following or not text:
        return filled(text, width, head, others)
    first = texts[beside.first]
    depth = following[: indent(following)]
    if first.rstrip().endswith(":") and len(depth) > indent(first):
        return [head.rstrip(), *filled(text, width, depth, depth)]
    begins_at = first.find(beside.text.split("\n")[0])
    is_aligned = begins_at == len(depth) > indent(first) and not depth.strip(" ")
    return filled(text, width, head, " " * len(head) if is_aligned else depth)


def second_row(texts: Sequence[str], item: Item | None) -> str:
    """The first row below an item's first that is not blank; empty for none."""
    return next((row for row in texts[item.first + 1 : item.last + 1] if row), "") if item else ""


def flowing(rows: Sequence[str]) -> str:
    """The text of an item's rows, without their common indentation and blank rows at its ends."""
    first, *others = rows or [""]
    return "\n".join([first.strip(), *textwrap.dedent("\n".join(others)).split("\n")]).strip()


def with_defaults(parts: Parts, texts: Sequence[str]) -> Parts:
    """The parts with what their texts say of defaults."""
    return evolve(parts, parameters=tuple(_with_default(item, texts) for item in parts.parameters))


def _with_default(item: Item, texts: Sequence[str]) -> Item:
    if item.default_row >= 0:
        return item
    found = [
        (row, match)
        for row in range(item.first, item.last + 1)
        for pattern in (_DEFAULT, _DEFAULT_OF_TYPE)
        for match in pattern.finditer(texts[row])
    ]
    if len(found) != 1:
        return item
    ((row, match),) = found
    return evolve(item, default=match["value"], default_row=row, default_at=match.start("value"))


def identifier(text: str) -> str:
    """A name as Python reads it, which takes characters that are spelled in several ways for the same."""
    return unicodedata.normalize("NFKC", text.strip("`* "))


def fenced(texts: Sequence[str]) -> set[int]:
    """The rows of code between fences, these included."""
    rows, fence = set[int](), ""
    for row, text in enumerate(texts):
        mark = next((mark for mark in ("```", "~~~") if text.lstrip().startswith(mark)), "")
        if fence or mark:
            rows.add(row)
        if mark and (not fence or mark == fence):
            fence = "" if fence else mark
    return rows


def indent(text: str) -> int:
    """How many spaces a row begins with."""
    return len(text) - len(text.lstrip())


def below(texts: Sequence[str], headings: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, int, int]]:
    """Each heading's title with its rows: the first below the heading, and the one behind the last."""
    for number, (_, first, title) in enumerate(headings):
        end = headings[number + 1][0] if number + 1 < len(headings) else len(texts)
        yield title, first, end


def trimmed(texts: Sequence[str], first: int, end: int) -> int:
    """The row behind the last between ``first`` and ``end`` that is not blank."""
    while end > first and not texts[end - 1].strip():
        end -= 1
    return end
