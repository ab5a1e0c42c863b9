"""From offers to snippets: as much worth as fits into a budget of tokens, in an order that stays."""

from collections.abc import Sequence

from attrs import evolve, frozen

from codenook.context.offers import Offer
from codenook.context.outline import Definition
from codenook.context.parse import language_named
from codenook.context.resolve import Files, Target
from codenook.context.snippets import Context, CountTokens, Dropped, DroppedSnippet, Snippet, path_line

_LEAST_WORTH_PER_TOKEN = 0.012
"""Snippets that are worth less are not shown, also where there is room: the model would read them in vain."""

_CHARACTERS_PER_TOKEN = 3.2
"""For choosing what is worth pricing; the price itself is counted."""

_N_PRICED = 160
"""Offers that are priced for one request, at most."""


@frozen
class _Piece:
    """One definition as it would be shown, and the class that it is shown in (None for none)."""

    offer: Offer
    holder: Target | None
    text: str


async def select(offers: Sequence[Offer], files: Files, budget: int, count_tokens: CountTokens) -> Context:
    """The best of ``offers`` within ``budget`` tokens.

    Everything is priced in one call. Members of a class are shown inside it. The order is by path and line, so
    that equal choices make equal prompts. What ``count_tokens`` raises is passed on.
    """
    pieces = [_piece(offer, files) for offer in offers[:_N_PRICED]]
    holders = list(dict.fromkeys(piece.holder for piece in pieces if piece.holder))
    paths = list(dict.fromkeys(piece.offer.target.path for piece in pieces))
    texts = [
        *(f"{piece.text}\n" for piece in pieces),
        *(f"{_stub(holder.definition, files, holder.path)}\n" for holder in holders),
        *(path_line(path) for path in paths),
    ]
    if not pieces:
        return Context()
    prices = list(await count_tokens(texts))
    price_of_piece = dict(zip(pieces, prices, strict=False))
    price_of_holder = dict(zip(holders, prices[len(pieces) :], strict=False))
    price_of_path = dict(zip(paths, prices[len(pieces) + len(holders) :], strict=False))

    chosen: list[_Piece] = []
    shown: set[Target] = set()
    shown_paths: set[str] = set()
    dropped: list[_Piece] = []
    left = budget

    def cost(piece: _Piece) -> int:
        target = piece.offer.target
        price = 0 if target in shown else price_of_piece[piece]
        if piece.holder and piece.holder not in shown:
            price += price_of_holder[piece.holder]
        return price + (0 if target.path in shown_paths else price_of_path[target.path])

    for piece in sorted(pieces, key=lambda piece: -piece.offer.worth / max(1, price_of_piece[piece])):
        price = cost(piece)
        if price and piece.offer.worth / price < _LEAST_WORTH_PER_TOKEN:
            continue
        if price > left:
            dropped.append(piece)
            continue
        left -= price
        chosen.append(piece)
        shown |= {piece.offer.target, *([piece.holder] if piece.holder else [])}
        shown_paths.add(piece.offer.target.path)
    return await _rendered(chosen, dropped, price_of_path, files, count_tokens)


def _piece(offer: Offer, files: Files) -> _Piece:
    target = offer.target
    view = files.view(target.path)
    holder = view.by_symbol.get(target.definition.parent) if view and target.definition.parent else None
    return _Piece(
        offer, Target(target.path, holder) if holder else None, _stub(target.definition, files, target.path)
    )


async def _rendered(
    chosen: Sequence[_Piece],
    dropped: Sequence[_Piece],
    price_of_path: dict[str, int],
    files: Files,
    count_tokens: CountTokens,
) -> Context:
    """The chosen pieces as snippets: those of one class together."""
    groups: dict[Target, list[_Piece]] = {}
    for piece in chosen:
        groups.setdefault(piece.holder or piece.offer.target, []).append(piece)
    snippets = []
    for holder, pieces in groups.items():
        members = sorted(
            (piece.offer.target.definition for piece in pieces if piece.holder), key=lambda d: d.start_line
        )
        best = max(pieces, key=lambda piece: piece.offer.worth)
        alone = members[0] if len(members) == len(pieces) == 1 else holder.definition
        snippets.append(
            Snippet(
                holder.path,
                min(d.start_line for d in (alone, *members)),
                max(d.end_line for d in (alone, *members)),
                alone.symbol,
                best.offer.why,
                _stub(holder.definition, files, holder.path, members),
            )
        )
    snippets.sort(key=lambda snippet: (snippet.path, snippet.start_line, snippet.symbol))
    left_out = [_alone(piece) for piece in dropped]
    prices = await count_tokens([f"{snippet.text}\n" for snippet in (*snippets, *left_out)])
    priced = [evolve(s, tokens=n) for s, n in zip((*snippets, *left_out), prices, strict=True)]
    return Context(
        snippets=tuple(priced[: len(snippets)]),
        dropped=tuple(DroppedSnippet(s, Dropped.OVER_BUDGET) for s in priced[len(snippets) :]),
        path_tokens=sum(price_of_path[path] for path in {snippet.path for snippet in snippets}),
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


def _stub(definition: Definition, files: Files, path: str, members: Sequence[Definition] = ()) -> str:
    view = files.view(path)
    language = language_named(view.outline.language) if view else None
    if language is None:
        return definition.signature
    return language.reader.stub(definition, members)
