"""Where in documentation that is there one more thing is said: beside its like, or in a part of its own."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from attrs import evolve, frozen

from codenook.server.documentation.dialects.dialect import (
    OPENING,
    PARAMETERS,
    RAISES,
    RESULT_TYPE,
    RETURNS,
    SUMMARY,
    YIELDS,
    Dialect,
    Section,
    filled,
    trimmed,
)
from codenook.server.documentation.parts import Item, Parts

_RANKS = {PARAMETERS: 0, RETURNS: 1, YIELDS: 1, RESULT_TYPE: 2, RAISES: 3}
"""The order of parts."""


@frozen
class Added:
    """One thing more to say: a summary has but a text."""

    kind: str
    item: Item


@frozen
class Insertion:
    """Rows that go before the row ``before`` of documentation, or to its end where that has no such row."""

    before: int
    rows: tuple[str, ...]


@frozen
class Told:
    """Documentation that stays: its dialect, its rows and what they say; ``order`` names all parameters."""

    dialect: Dialect
    texts: Sequence[str]
    parts: Parts
    order: Sequence[str]

    def insertions(self, added: Sequence[Added], width: int) -> list[Insertion]:
        """Rows for all that is ``added``, no longer than ``width`` where words allow that."""
        found = [Insertion(*each) for each in self._summary(added, width)]
        for kind in (PARAMETERS, RETURNS, YIELDS, RAISES):
            items = [each.item for each in added if each.kind == kind]
            known = self.parts.parameters if kind == PARAMETERS else self.parts.raises
            if items and known and self.dialect.lists(kind):
                found += [self._beside(kind, item, known, width) for item in items]
            elif items:
                part = self._part(kind, items, width)
                follows = any(each.before == part.before for each in found) and not self.dialect.is_spaced
                found.append(evolve(part, rows=part.rows[not part.rows[0] :]) if follows else part)
        return found

    def neighbour(self, name: str) -> Item | None:
        """The documented parameter next before ``name`` in the code's order, else the next behind it."""
        by_name = {each: item for item in self.parts.parameters for each in item.names}
        at = self.order.index(name)
        around = [*reversed(self.order[:at]), *self.order[at + 1 :]]
        return next((by_name[each] for each in around if each in by_name), None)

    def _summary(self, added: Sequence[Added], width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        first = next((row for row, text in enumerate(self.texts) if text), len(self.texts))
        for each in added:
            if each.kind == SUMMARY:
                yield first, (*filled(each.item.text, width), *([""] if first < len(self.texts) else []))

    def _beside(self, kind: str, item: Item, known: Sequence[Item], width: int) -> Insertion:
        beside = (self.neighbour(item.name) if item.name in self.order else None) or known[-1]
        rows = self.dialect.entry(kind, item, self.texts, beside, width)
        first, end = self.dialect.extent(beside, self.texts)
        blank = [""] if self._are_apart(known) else []
        places = {name: number for number, name in enumerate(self.order)}
        if places.get(beside.names[-1], -1) > places.get(item.name, len(places)):
            return Insertion(first, (*rows, *blank))
        return Insertion(end, (*blank, *rows))

    def _are_apart(self, items: Sequence[Item]) -> bool:
        """Whether blank rows stand between items, wherever nothing else does."""
        alike = items if self.dialect.is_spaced else self.parts.items
        extents = sorted(self.dialect.extent(item, self.texts) for item in alike)
        between = [self.texts[end:first] for (_, end), (first, _) in pairwise(extents)]
        gaps = [gap for gap in between if not any(gap)]
        return bool(gaps) and all(gaps)

    def _part(self, kind: str, items: Sequence[Item], width: int) -> Insertion:
        """A part of its own, where parts have their order."""
        rows = self.dialect.opened(kind, items, self.texts, width)
        outline = self.dialect.outline(self.texts)
        at, is_before = self._place(kind, outline)
        is_spaced = self.dialect.is_spaced
        is_below_prose = not is_before and not any(each.first < at <= each.end for each in outline)
        blank_above = at > 0 and bool(self.texts[at - 1]) and (is_spaced or is_below_prose)
        blank_below = is_spaced and at < len(self.texts) and bool(self.texts[at])
        return Insertion(at, (*([""] if blank_above else []), *rows, *([""] if blank_below else [])))

    def _place(self, kind: str, outline: Sequence[Section]) -> tuple[int, bool]:
        """The row that a new part goes before, and whether it is another part's first."""
        rank = _RANKS[kind]
        ranked = [each for each in outline if each.kind in _RANKS]
        if before := [each for each in ranked if _RANKS[each.kind] <= rank]:
            return _last_of_run(outline, max(before, key=lambda each: _RANKS[each.kind])).end, False
        if following := ranked or [each for each in outline if each.kind != OPENING]:
            return following[0].first, True
        return trimmed(self.texts, 0, len(self.texts)), False


def _last_of_run(outline: Sequence[Section], first: Section) -> Section:
    """The last of those of one kind that follow each other from ``first`` on."""
    last = first
    for each in outline[outline.index(first) :]:
        if each.kind != first.kind:
            break
        last = each
    return last
