"""From offers to snippets: as much worth as fits into a budget of tokens, in an order that stays."""

from collections.abc import Sequence
from textwrap import indent

from attrs import define, evolve, field, frozen

from codenook.context.offers import Offer
from codenook.context.outline import Definition
from codenook.context.parse import Language, language_named
from codenook.context.resolve import Files, Target, View
from codenook.context.snippets import Context, CountTokens, Dropped, DroppedSnippet, Snippet, Why, path_line

_LEAST_WORTH_PER_TOKEN = 0.00035
"""Snippets that are worth less are not shown, also where there is room: the model would read them in vain."""

_DEAR = 0.7
"""How much a price counts against worth: at 1, many cheap pieces come before a needed dear one."""

_WHOLE_FROM, _WHOLE_FOR = 0.05, {Why.AT_CURSOR, Why.USED_NEAR}
"""What is less likely than this is told by its name alone, at half the price, but for these reasons."""

_MARGIN = "    "
"""What stands before the lines of a member."""

_DOCS_SHARE = 4
"""The first line of a doc takes at most one part in so many of the room that is left."""

_BODIES_SHARE = 2
"""A whole body takes at most one part in so many of the room that is left when all else is chosen."""

N_PRICED, _LEAST_PRICED, _TOKENS_PER_PRICED = 200, 50, 3
"""How many offers are priced for one request: one for so many tokens of the budget, within these bounds."""


@frozen
class _Piece:
    """One definition as it would be shown, and the class that it is shown in (None for none)."""

    offer: Offer
    holder: Target | None
    text: str

    def with_whole_body(self) -> "_Piece":
        """The same definition, of which all is shown."""
        target = _with_body(self.offer.target, self.offer.whole)
        return evolve(self, offer=evolve(self.offer, target=target), text=self.offer.whole)

    @property
    def margin(self) -> str:
        """What stands before each of its lines."""
        return _MARGIN if self.holder else ""


@define
class _Stubs:
    """Definitions as the model is shown them; every file is looked at once."""

    files: Files
    _views: dict[str, View | None] = field(factory=dict, init=False)

    def view(self, path: str) -> View | None:
        if path not in self._views:
            self._views[path] = self.files.view(path)
        return self._views[path]

    def told(self, offer: Offer) -> Offer:
        """The offer with as much of its definition as it is worth."""
        target = offer.target
        if offer.excerpt:
            return evolve(offer, target=_with_body(target, offer.excerpt))
        language = self._language(target.path)
        if offer.worth >= _WHOLE_FROM or offer.why in _WHOLE_FOR or language is None:
            return offer
        return evolve(offer, target=Target(target.path, language.reader.brief(target.definition)))

    def of(self, target: Target, members: Sequence[Definition] = (), *, with_doc: bool = False) -> str:
        language, definition = self._language(target.path), _bare(target, with_doc=with_doc)
        return language.reader.stub(definition, members) if language else definition.signature

    def _language(self, path: str) -> Language | None:
        view = self.view(path)
        return language_named(view.outline.language) if view else None


@frozen
class _Prices:
    """Tokens of pieces, of whole bodies, of the classes around, of lines with paths, of docs' first lines."""

    pieces: dict[_Piece, int]
    wholes: dict[_Piece, int]
    holders: dict[Target, int]
    paths: dict[str, int]
    docs: dict[Target, int]

    @classmethod
    async def of(cls, pieces: Sequence[_Piece], stubs: _Stubs, count_tokens: CountTokens) -> "_Prices":
        """Count everything in one call."""
        holders = list(dict.fromkeys(piece.holder for piece in pieces if piece.holder))
        paths = list(dict.fromkeys(piece.offer.target.path for piece in pieces))
        margins = dict.fromkeys(holders, "") | {piece.offer.target: piece.margin for piece in pieces}
        with_bodies = [piece for piece in pieces if piece.offer.whole]
        with_docs = [target for target in margins if target.definition.doc]
        texts = [
            *(indent(f"{piece.text}\n", piece.margin) for piece in pieces),
            *(indent(f"{piece.offer.whole}\n", piece.margin) for piece in with_bodies),
            *(f"{stubs.of(holder)}\n" for holder in holders),
            *(path_line(path) for path in paths),
            *(indent(f"{stubs.of(target, with_doc=True)}\n", margins[target]) for target in with_docs),
            *(indent(f"{stubs.of(target)}\n", margins[target]) for target in with_docs),
        ]
        counts = iter(await count_tokens(texts))
        priced = cls(
            dict(zip(pieces, counts, strict=False)),
            dict(zip(with_bodies, counts, strict=False)),
            dict(zip(holders, counts, strict=False)),
            dict(zip(paths, counts, strict=False)),
            dict(zip(with_docs, counts, strict=False)),
        )
        for target, bare in zip(with_docs, counts, strict=False):
            priced.docs[target] -= bare
        return priced


@frozen
class _Choice:
    """What is shown, what did not fit, and which definitions have the first line of their doc shown."""

    chosen: list[_Piece] = field(factory=list)
    dropped: list[_Piece] = field(factory=list)
    with_docs: set[Target] = field(factory=set)


async def select(offers: Sequence[Offer], files: Files, budget: int, count_tokens: CountTokens) -> Context:
    """The best of ``offers`` within ``budget`` tokens.

    Members of a class are shown inside it; the first lines of docs where there is room when all else is
    chosen. The order is by path and line, so that equal choices make equal prompts. What ``count_tokens``
    raises is passed on.
    """
    stubs = _Stubs(files)
    pieces = [
        _piece(stubs.told(offer), stubs)
        for offer in offers[: min(N_PRICED, max(_LEAST_PRICED, budget // _TOKENS_PER_PRICED))]
    ]
    if not pieces:
        return Context()
    prices = await _Prices.of(pieces, stubs, count_tokens)
    choice = _choose(pieces, prices, budget)
    return await _rendered(choice, prices, stubs, count_tokens)


def _choose(pieces: Sequence[_Piece], prices: _Prices, budget: int) -> _Choice:
    choice, shown, paths = _Choice(), set[Target](), set[str]()
    for piece in sorted(pieces, key=lambda piece: -piece.offer.worth / max(1, prices.pieces[piece]) ** _DEAR):
        target = piece.offer.target
        price = 0 if target in shown else prices.pieces[piece]
        if piece.holder and piece.holder not in shown:
            price += prices.holders[piece.holder]
        if target.path not in paths:
            price += prices.paths[target.path]
        if piece.offer.worth < price * _LEAST_WORTH_PER_TOKEN:
            continue
        if price > budget:
            choice.dropped.append(piece)
            continue
        budget -= price
        choice.chosen.append(piece)
        shown |= {target, *([piece.holder] if piece.holder else [])}
        paths.add(target.path)
    # A class inside of another is shown by itself when its members are; with a body it is another target.
    heads = {_named(piece.holder or piece.offer.target) for piece in choice.chosen}
    choice.chosen[:] = [p for p in choice.chosen if not p.holder or _named(p.offer.target) not in heads]
    _add_bodies_and_docs(choice, prices, budget)
    return choice


def _add_bodies_and_docs(choice: _Choice, prices: _Prices, room: int) -> None:
    """Fill the ``room`` that is left, in tokens, with more of what is chosen, the best first."""
    whole: list[Target] = []
    for at, piece in enumerate(choice.chosen):
        price = prices.wholes.get(piece, 0) - prices.pieces[piece]
        if 0 < price <= room // _BODIES_SHARE:
            room -= price
            choice.chosen[at] = piece.with_whole_body()
            whole.append(piece.offer.target)
    choice.chosen[:] = [p for p in choice.chosen if not any(_is_in(p.offer.target, one) for one in whole)]
    for piece in choice.chosen:
        for named in filter(None, (piece.holder, piece.offer.target)):
            price = prices.docs.get(named, room)
            if named not in choice.with_docs and price <= room // _DOCS_SHARE:
                room -= price
                choice.with_docs.add(named)


def _piece(offer: Offer, stubs: _Stubs) -> _Piece:
    target = offer.target
    view = stubs.view(target.path)
    holder = view.by_symbol.get(target.definition.parent) if view and target.definition.parent else None
    if holder and not holder.start_line <= target.definition.start_line <= holder.end_line:
        holder = None  # it says itself which type it is a method of
    return _Piece(offer, Target(target.path, holder) if holder else None, stubs.of(target))


async def _rendered(choice: _Choice, prices: _Prices, stubs: _Stubs, count_tokens: CountTokens) -> Context:
    """The chosen pieces as snippets: those of one class together."""
    groups: dict[Target, list[_Piece]] = {}
    for piece in choice.chosen:
        groups.setdefault(piece.holder or piece.offer.target, []).append(piece)
    snippets = [_together(holder, pieces, choice, stubs) for holder, pieces in groups.items()]
    snippets.sort(key=lambda snippet: (snippet.path, snippet.start_line, snippet.symbol))
    left_out = [_alone(piece) for piece in choice.dropped]
    counts = await count_tokens([f"{snippet.text}\n" for snippet in (*snippets, *left_out)])
    priced = [evolve(s, tokens=n) for s, n in zip((*snippets, *left_out), counts, strict=True)]
    return Context(
        snippets=tuple(priced[: len(snippets)]),
        dropped=tuple(DroppedSnippet(s, Dropped.OVER_BUDGET) for s in priced[len(snippets) :]),
        path_tokens=sum(prices.paths[path] for path in {snippet.path for snippet in snippets}),
    )


def _together(holder: Target, pieces: Sequence[_Piece], choice: _Choice, stubs: _Stubs) -> Snippet:
    members = sorted(
        (piece.offer.target for piece in pieces if piece.holder), key=lambda t: t.definition.start_line
    )
    best = max(pieces, key=lambda piece: piece.offer.worth)
    named = members[0] if len(members) == len(pieces) == 1 else holder
    inside = [_bare(member, with_doc=member in choice.with_docs) for member in members]
    return Snippet(
        holder.path,
        min(target.definition.start_line for target in (named, *members)),
        max(target.definition.end_line for target in (named, *members)),
        named.definition.symbol,
        best.offer.why,
        stubs.of(holder, inside, with_doc=holder in choice.with_docs),
    )


def _alone(piece: _Piece) -> Snippet:
    target, definition = piece.offer.target, piece.offer.target.definition
    return Snippet(
        target.path,
        definition.start_line,
        definition.end_line,
        definition.symbol,
        piece.offer.why,
        piece.text,
    )


def _named(target: Target) -> tuple[str, str]:
    return target.path, target.definition.symbol


def _is_in(target: Target, other: Target) -> bool:
    """Whether a definition stands in another one."""
    inner, outer = target.definition, other.definition
    is_within = outer.start_line <= inner.start_line and inner.end_line <= outer.end_line
    return is_within and _named(target) != _named(other) and target.path == other.path


def _with_body(target: Target, text: str) -> Target:
    return evolve(target, definition=evolve(target.definition, body=text, doc=""))


def _bare(target: Target, *, with_doc: bool) -> Definition:
    return target.definition if with_doc else evolve(target.definition, doc="")
