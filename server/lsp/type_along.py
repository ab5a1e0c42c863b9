"""Typing along a shown candidate: what is left of it is the answer, and the model is not asked."""

from attrs import evolve, frozen

_CLOSERS = frozenset(")]}>\"'`")
_MAX_CLOSERS = 3
"""Editors close at most a triple quote by themselves."""


@frozen
class Offer:
    """A candidate as it was shown: its text from the cursor on, and the id that tells of its acceptance."""

    id: str
    text: str


@frozen
class Shown:
    """What was last shown in a document, and the text around the cursor at that moment."""

    before: str
    after: str
    offers: tuple[Offer, ...]


def rests(shown: Shown, text: str, offset: int) -> tuple[Offer, ...]:
    """Return what is left of each offer when ``text`` is what was there plus the beginning of that offer.

    Brackets and quotes that the editor put after the cursor by itself are taken off the offer's end;
    an offer that doesn't end with them is left out.
    """
    closers = _closers(shown, text, offset)
    if closers is None or not text.startswith(shown.before) or offset < len(shown.before):
        return ()
    typed = text[len(shown.before) : offset].replace("\r\n", "\n")
    return tuple(
        evolve(offer, text=rest)
        for offer in shown.offers
        if offer.text.startswith(typed)
        and offer.text.endswith(closers)
        and (rest := offer.text[len(typed) : len(offer.text) - len(closers)])
    )


def _closers(shown: Shown, text: str, offset: int) -> str | None:
    """Return what stands between the cursor and the old text after it; None if that is not just closers."""
    n_added = len(text) - offset - len(shown.after)
    if not 0 <= n_added <= _MAX_CLOSERS or not text.endswith(shown.after):
        return None
    added = text[offset : offset + n_added]
    return added if _CLOSERS.issuperset(added) else None
