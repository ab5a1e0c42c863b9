"""A model's scores, kept on disk: what was asked once is known, also of a file in which a review stopped."""

import asyncio
import json
import zlib
from collections.abc import Sequence
from contextlib import suppress

from attrs import astuple, define, evolve, field

from codenook.models.engine.client import Scorer
from codenook.models.engine.messages import (
    Counters,
    ModelInfo,
    ScoredAlternative,
    ScoredToken,
    ScoreRequest,
    Scores,
    Timings,
)
from codenook.server.review.kept import Kept, named


@define(eq=False)
class KeptScores:
    """Asks ``engine`` for scores that ``kept`` hasn't. A score that was kept costs nothing, by its counters.

    Scores are kept as numbers, without the text that they are about.
    """

    engine: Scorer
    kept: Kept = field(factory=Kept)
    n_asked: int = field(default=0, init=False)
    n_known: int = field(default=0, init=False)
    """Questions that the engine answered, and those that it wasn't asked."""

    async def ready(self) -> ModelInfo:
        """As the engine."""
        return await self.engine.ready()

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the engine."""
        return await self.engine.count_tokens(texts)

    async def score(self, request: ScoreRequest) -> Scores:
        """As the engine, or as it answered before. Raises EngineError."""
        model = await self.engine.ready()
        name = named((model.name, model.path, str(model.size_bytes), repr(request)), ".scores")
        content = await asyncio.to_thread(self.kept.read, name)
        known = None if content is None else _read(content)
        if known is not None:
            self.n_known += 1
            return known
        scores = await self.engine.score(request)
        self.n_asked += 1
        await asyncio.to_thread(self.kept.write, name, _written(scores))
        return scores


def _written(scores: Scores) -> bytes:
    free = evolve(scores, timings=Timings(), counters=Counters())
    tokens, alternatives, *_ = astuple(free)
    return zlib.compress(json.dumps((tokens, alternatives)).encode())


def _read(content: bytes) -> Scores | None:
    """The scores; None when something else stands there."""
    with suppress(ValueError, TypeError, zlib.error):
        tokens, alternatives = json.loads(zlib.decompress(content))
        return Scores(
            tuple(ScoredToken(*token) for token in tokens),
            tuple(None if one is None else _alternative(*one) for one in alternatives),
            Timings(),
            Counters(),
        )
    return None


def _alternative(
    start: int, first: float, text_first: float, end: int, tokens: Sequence[tuple[int, float]]
) -> ScoredAlternative:
    return ScoredAlternative(start, first, text_first, end, tuple(ScoredToken(*token) for token in tokens))
