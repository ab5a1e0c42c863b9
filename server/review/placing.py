"""Where findings are in a text that went on changing: only where what they say can still be seen."""

from collections.abc import Callable, Sequence
from functools import cached_property

from attrs import evolve, frozen

from codenook.server.review.finding import Finding, Place, Span
from codenook.server.review.scope.change import Hunk, Text
from codenook.server.review.scope.compare import hunks

_MARK = "\ufeff"

Texts = Callable[[str], Text | None]
"""The text of a file as it is now, by its path; None where there is none."""


@frozen(eq=False)
class Shift:
    """From places in a text to those in what became of it."""

    before: Text
    now: Text

    def span(self, span: Span, *, is_mark: bool = False) -> Span | None:
        """Where a stretch is now; None when one of its lines changed, or others came between them.

        With ``is_mark``, it is where lines are missing: None, too, when something was put there.
        """
        first, last = span.start_line, max(span.last_line, span.start_line)
        if any(self._ends(hunk, first, last, is_mark=is_mark) for hunk in self._hunks):
            return None
        shift = sum(h.n_new - h.n_old for h in self._hunks if h.old_start + h.n_old <= first)
        start, end = first + shift, span.end_line + shift
        return Span(
            start,
            span.start_column + self._columns(first, start),
            end,
            span.end_column + self._columns(span.end_line, end),
        )

    @cached_property
    def _hunks(self) -> Sequence[Hunk]:
        return () if self.before.text == self.now.text else hunks(self.before, self.now)

    def _ends(self, hunk: Hunk, first: int, last: int, *, is_mark: bool) -> bool:
        if hunk.n_old:
            return hunk.old_start <= last and first < hunk.old_start + hunk.n_old
        if is_mark:
            return hunk.old_start in {first, first + 1}
        return first < hunk.old_start <= last

    def _columns(self, before: int, now: int) -> int:
        """By how much columns differ: a byte order mark is a character, too."""
        had, has = (text.text.startswith(_MARK) for text in (self.before, self.now))
        return (has and now == 1) - (had and before == 1)


def placed(finding: Finding, shift: Shift, texts: Texts) -> Finding | None:
    """A finding as it is to be told now.

    None when its line changed, or all of the lines that it points to as evidence did.
    """
    span = shift.span(finding.span, is_mark=finding.removed is not None)
    if span is None:
        return None
    related = [now for place in finding.related if (now := _found(place, texts)) is not None]
    if finding.related and not related:
        return None
    return evolve(finding, span=span, related=tuple(related))


def _found(place: Place, texts: Texts) -> Place | None:
    """A place where its line is now: the nearest one that has what it quotes."""
    text = texts(place.path)
    if text is None:
        return None
    wanted = place.quote.strip().partition("\n")[0].rstrip()
    if not wanted:
        return place
    same = [line for line in range(1, text.n_lines + 1) if wanted in text.line(line)]
    if not same:
        return None
    line = min(same, key=lambda line: abs(line - place.span.start_line))
    return evolve(place, span=_on_line(place.span, line, text))


def _on_line(span: Span, line: int, text: Text) -> Span:
    if line == span.start_line:
        return span
    if span.start_line != span.end_line:
        return text.span_of_line(line)
    return Span(line, span.start_column, line, span.end_column)
