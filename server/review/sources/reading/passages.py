"""A changed file in passages that are asked about at once, and how a model is shown one: line by line.

Each changed line has a label, ``+12`` for the new line 12 and ``-9`` for the removed line 9, by which an
answer names it.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from codenook.context.snippets import CountTokens
from codenook.server.review.finding import Span
from codenook.server.review.scope.change import ChangedFile, Hunk, Text
from codenook.server.review.sources.reading.speaking import masked
from codenook.server.tasks.window import last_lines, whole_lines

N_LINES = 40
"""Changed lines in one passage, at most."""

N_LINES_AROUND = 30
"""Lines that are shown before a passage and behind it, at most."""

GAP = 6
"""Hunks with no more other lines between them are asked about together."""

_LONGEST_LINE = 400


@frozen
class Line:
    """A changed line: its number, and whether it is one of the old text."""

    number: int
    is_removed: bool

    @property
    def label(self) -> str:
        """How an answer names it."""
        return f"{'-' if self.is_removed else '+'}{self.number}"


@frozen(eq=False)
class Passage:
    """Hunks that are near each other, or a part of a long one."""

    file: ChangedFile
    hunks: tuple[Hunk, ...]

    @property
    def lines(self) -> Mapping[str, Line]:
        """Its changed lines by their labels, in the order in which they are shown."""
        return {line.label: line for hunk in self.hunks for line in _changed(hunk)}

    @property
    def added(self) -> tuple[int, int]:
        """The first and the last line of the new text that it is about."""
        first, last = self.hunks[0].new_start, self.hunks[-1].new_start + self.hunks[-1].n_new - 1
        return first, max(last, first)

    @property
    def source(self) -> str:
        """What its lines and those around say, also where a model isn't shown it."""
        new, old = self.file.new or Text(""), self.file.old or Text("")
        first, last = self.added
        around = range(max(1, first - N_LINES_AROUND), last + N_LINES_AROUND + 1)
        removed = (number for hunk in self.hunks for number in hunk.removed)
        return "\n".join([*map(new.line, around), *map(old.line, removed)])

    def halves(self) -> tuple["Passage", ...]:
        """Two smaller ones; none where there is only one line."""
        if len(self.hunks) > 1:
            middle = len(self.hunks) // 2
            parts: Sequence[Sequence[Hunk]] = (self.hunks[:middle], self.hunks[middle:])
        else:
            hunk = self.hunks[0]
            if hunk.n_new + hunk.n_old <= 1:
                return ()
            parts = [[part] for part in _halves(hunk)]
        return tuple(Passage(self.file, tuple(part)) for part in parts)


def passages(file: ChangedFile) -> Iterator[Passage]:
    """The passages of a changed file in order; each changed line is in one."""
    new = file.new
    if new is None:
        return
    near: list[Hunk] = []
    for part in (part for hunk in file.hunks for part in _parts(hunk, new)):
        if near:
            gap = part.new_start - (near[-1].new_start + near[-1].n_new)
            if gap > GAP or sum(map(_n_changed, [*near, part])) > N_LINES:
                yield Passage(file, tuple(near))
                near = []
        near.append(part)
    if near:
        yield Passage(file, tuple(near))


async def shown(passage: Passage, room: int, count_tokens: CountTokens) -> str | None:
    """The passage with lines around it, as ``room`` (tokens) allows; None where its own lines don't fit."""
    first, last = passage.added
    new = passage.file.new or Text("")
    rows = list(_rows(passage, new))
    n_own = sum(await count_tokens([f"{row}\n" for row in rows]))
    if n_own > room:
        return None
    end = passage.hunks[-1].new_start + passage.hunks[-1].n_new
    before = [_row(" ", n, new.line(n)) for n in range(max(1, first - N_LINES_AROUND), first)]
    behind = [_row(" ", n, new.line(n)) for n in range(end, min(new.n_lines, last + N_LINES_AROUND) + 1)]
    above = await last_lines("".join(f"{row}\n" for row in before), 2 * (room - n_own) // 3, count_tokens)
    n_above = sum(await count_tokens([above])) if above else 0
    below = await whole_lines("".join(f"{row}\n" for row in behind), room - n_own - n_above, count_tokens)
    return "".join([above, *(f"{row}\n" for row in rows), below]).rstrip("\n")


def place_of(file: ChangedFile, line: Line, quote: str) -> Span | None:
    """Where ``quote`` stands on a changed line; None where it doesn't. An empty one is the whole line."""
    text = file.old if line.is_removed else file.new
    if text is None:
        return None
    written = text.line(line.number)
    at = written.find(quote)
    if not quote or at < 0:
        return None
    return Span(line.number, at + 1, line.number, at + 1 + len(quote))


def _changed(hunk: Hunk) -> Iterator[Line]:
    yield from (Line(number, is_removed=True) for number in hunk.removed)
    yield from (Line(number, is_removed=False) for number in hunk.added)


def _n_changed(hunk: Hunk) -> int:
    return hunk.n_new + hunk.n_old


def _rows(passage: Passage, new: Text) -> Iterator[str]:
    old, at = passage.file.old, passage.hunks[0].new_start
    for hunk in passage.hunks:
        yield from (_row(" ", number, new.line(number)) for number in range(at, hunk.new_start))
        yield from (_row("-", number, old.line(number) if old else "") for number in hunk.removed)
        yield from (_row("+", number, new.line(number)) for number in hunk.added)
        at = hunk.new_start + hunk.n_new


def _row(sign: str, number: int, line: str) -> str:
    written = masked(line[:_LONGEST_LINE])
    return f"{sign}{number}| {written}".rstrip()


def _parts(hunk: Hunk, new: Text) -> Iterator[Hunk]:
    """A hunk in parts of at most `N_LINES` changed lines, cut where the code is least indented."""
    while _n_changed(hunk) > N_LINES:
        if hunk.n_old and hunk.n_old + 1 > N_LINES:
            first, hunk = _cut_old(hunk, N_LINES)
        else:
            n = _n_first(hunk, new)
            first = Hunk(hunk.old_start, hunk.n_old, hunk.new_start, n)
            hunk = Hunk(hunk.old_start + hunk.n_old, 0, hunk.new_start + n, hunk.n_new - n)
        yield first
    if _n_changed(hunk):
        yield hunk


def _n_first(hunk: Hunk, new: Text) -> int:
    """How many new lines the first part has, beside all old ones."""
    most = N_LINES - hunk.n_old
    ends = range(hunk.new_start + max(1, most // 2), hunk.new_start + most + 1)

    def indent(number: int) -> tuple[bool, int, int]:
        line = new.line(number)
        return not line.strip(), len(line) - len(line.lstrip()), -number

    return min(ends, key=indent) - hunk.new_start


def _halves(hunk: Hunk) -> tuple[Hunk, Hunk]:
    if hunk.n_new <= 1:
        return _cut_old(hunk, max(1, hunk.n_old // 2))
    n = hunk.n_new // 2
    first = Hunk(hunk.old_start, hunk.n_old, hunk.new_start, n)
    return first, Hunk(hunk.old_start + hunk.n_old, 0, hunk.new_start + n, hunk.n_new - n)


def _cut_old(hunk: Hunk, n: int) -> tuple[Hunk, Hunk]:
    """A hunk whose first part only removes lines."""
    first = Hunk(hunk.old_start, n, hunk.new_start, 0)
    return first, Hunk(hunk.old_start + n, hunk.n_old - n, hunk.new_start, hunk.n_new)
