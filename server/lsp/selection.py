"""The selected item of the editor's completion menu: candidates continue it, as if it was accepted."""

from attrs import evolve, frozen
from lsprotocol.types import Position, Range, SelectedCompletionInfo

from codenook.server.lsp.positions import offset_at
from codenook.server.lsp.type_along import Offer
from codenook.server.tasks.document import Document


@frozen
class Selection:
    """The item's ``text``, and the ``range`` that it replaces: from ``start`` (code points) to the cursor."""

    range: Range
    start: int
    text: str

    def accepted(self, document: Document, offset: int) -> tuple[Document, int]:
        """Return the document as if the item was accepted at the cursor's ``offset``, and the cursor then."""
        before = document.text[: self.start] + self.text
        return evolve(document, text=before + document.text[offset:]), len(before)

    def continued(self, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        """Return offers that go after the item as such that go in its place."""
        text = self.text.replace("\r\n", "\n")
        return tuple(evolve(offer, text=text + offer.text) for offer in offers)


def no_selection(position: Position, offset: int) -> Selection:
    """Return an empty text in the place of the empty range at the cursor."""
    return Selection(Range(position, position), offset, "")


def selection_at(
    text: str, position: Position, offset: int, selected: SelectedCompletionInfo | None, encoding: str
) -> Selection:
    """Return what is selected: nothing unless its range is in the cursor's line and ends at the cursor."""
    if selected is not None and selected.range.start.line == selected.range.end.line:
        start = offset_at(text, selected.range.start, encoding)
        end = offset_at(text, selected.range.end, encoding)
        if start is not None and start <= offset == end:
            return Selection(selected.range, start, selected.text)
    return no_selection(position, offset)
