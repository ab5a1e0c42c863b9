"""Looking at lines of a text with the model: each place where something else could stand, compared."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from types import MappingProxyType

from attrs import field, frozen

from codenook.context.parse import Parsed
from codenook.context.snippets import Context
from codenook.models.engine.client import Engine
from codenook.models.engine.messages import Alternative, Counters, ScoreRequest
from codenook.server.review.scope.change import Text
from codenook.server.review.sources.surprise.instead import Instead
from codenook.server.review.sources.surprise.members import Members
from codenook.server.review.sources.surprise.passages import N_LINES_AFTER, Passage, Reader, passages
from codenook.server.review.sources.surprise.sites import sites
from codenook.server.review.sources.surprise.weighing import Compared, compared
from codenook.server.tasks.jobs import total

MIN_GAIN = -1.0
"""An alternative is read on whose first token is at most this much (nats) less likely than the text's own."""

N_FOLLOWED = 48
"""Alternatives of a passage that are read on, at most."""

NO_CONTEXT = Context()

N_AFTER = 48
"""Tokens behind an alternative's line that are compared, too."""


@frozen
class Seen:
    """What was seen in a passage; ``too_long`` are lines that don't fit what the model reads at once."""

    compared: tuple[Compared, ...] = ()
    lines: frozenset[int] = frozenset()
    too_long: frozenset[int] = frozenset()
    counters: Counters = field(factory=Counters)


@frozen(eq=False)
class Looker:
    """Looks at texts of one file with one engine."""

    engine: Engine
    reader: Reader

    async def look(
        self,
        text: Text,
        parsed: Parsed,
        lines: Iterable[int],
        context: Context = NO_CONTEXT,
        members: Members = MappingProxyType({}),
    ) -> AsyncIterator[Seen]:
        """Compare what could stand on ``lines`` (from 1), passage by passage. Raises EngineError."""
        found = await asyncio.to_thread(sites, parsed, frozenset(lines), members)
        with_sites = sorted({instead.line for instead in found})
        for passage in passages(text, with_sites):
            inside = [one for one in found if one.line in passage.lines and one.end <= passage.end]
            yield await self.look_at(text, passage, inside, context)

    async def look_at(self, text: Text, passage: Passage, found: Sequence[Instead], context: Context) -> Seen:
        """Compare these alternatives in a passage."""
        prompt = await self.reader.prompt(text, passage, context)
        if prompt is None:
            return await self._in_parts(text, passage, found, context)
        source = text.source[passage.start : passage.end]
        scores = await self.engine.score(
            ScoreRequest(
                prompt=prompt,
                text=source.decode("utf-8", "replace"),
                alternatives=tuple(
                    Alternative(one.start - passage.start, one.end - passage.start, one.text) for one in found
                ),
                min_gain=MIN_GAIN,
                n_followed=N_FOLLOWED,
                n_after=N_AFTER,
            )
        )
        return Seen(
            tuple(compared(source, passage.start, found, scores)), passage.lines, counters=scores.counters
        )

    async def _in_parts(
        self, text: Text, passage: Passage, found: Sequence[Instead], context: Context
    ) -> Seen:
        """Compare in smaller passages what doesn't fit in one; the last resort is a line by itself."""
        lines = sorted(passage.lines)
        middle = len(lines) // 2
        halves = [lines[:middle], lines[middle:]] if middle else [lines]
        parts = [
            part for half in halves for part in passages(text, half, n_after=N_LINES_AFTER if middle else 0)
        ]
        if parts == [passage]:
            return Seen(too_long=passage.lines, lines=passage.lines)
        seen = Seen()
        for part in parts:
            inside = [one for one in found if one.line in part.lines and one.end <= part.end]
            more = await self.look_at(text, part, inside, context)
            seen = Seen(
                seen.compared + more.compared,
                seen.lines | more.lines,
                seen.too_long | more.too_long,
                total(seen.counters, more.counters),
            )
        return seen
