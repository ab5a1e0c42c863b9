"""How an alternative compares with what stands there, and the chance that it was meant."""

import json
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from attrs import frozen

from codenook.models.engine.messages import Scores
from codenook.server.review.sources.surprise.sites import Instead, Kind

WEIGHTS = Path(__file__).with_name("weights.json")
_CLIP = 12.0
"""Nats beyond which nothing is surer."""


@frozen
class Compared:
    """Log-probabilities (nats) of what stands there and of an alternative, in the same place.

    At the place itself, on the rest of its line, and behind that.
    """

    instead: Instead
    own: tuple[float, float, float]
    other: tuple[float, float, float]

    @property
    def gains(self) -> tuple[float, float, float]:
        """How much likelier the alternative is, in each part; what follows may speak against it."""
        gains = (other - own for own, other in zip(self.own, self.other, strict=True))
        at, line, after = (max(-_CLIP, min(_CLIP, gain)) for gain in gains)
        return at, line, after

    @property
    def probability(self) -> float:
        """How likely what stands there is, in its place."""
        return math.exp(self.own[0])

    @property
    def other_probability(self) -> float:
        """How likely the alternative is in its place."""
        return math.exp(self.other[0])


def compared(text: bytes, start: int, instead: Sequence[Instead], scores: Scores) -> list[Compared]:
    """Compare those alternatives that were read on; ``text`` begins at the byte ``start`` of the document."""
    starts = [token.start for token in scores.tokens]
    logprobs = [token.logprob for token in scores.tokens]
    found = []
    for one, of in zip(instead, scores.alternatives, strict=True):
        if of is None or not of.tokens:
            continue
        at, moved = one.end - start, len(one.text.encode()) - (one.end - one.start)
        line_end = text.find(b"\n", at) + 1 or len(text)
        own = _parts(starts, logprobs, of.start, (max(at, of.start + 1), line_end, of.end))
        its_starts, its_logprobs = [t.start for t in of.tokens], [t.logprob for t in of.tokens]
        ends = (max(at + moved, of.start + 1), line_end + moved, of.end + moved)
        found.append(Compared(one, own, _parts(its_starts, its_logprobs, of.start, ends)))
    return found


def _parts(
    starts: Sequence[int], logprobs: Sequence[float], first: int, ends: tuple[int, int, int]
) -> tuple[float, float, float]:
    """The sums of what begins before each of ``ends``, and behind the one before."""
    cuts = [bisect_left(starts, place) for place in (first, *ends)]
    sums = [math.fsum(logprobs[one:other]) for one, other in pairwise(cuts)]
    return sums[0], sums[1], sums[2]


@frozen
class Weights:
    """What the parts of a comparison count for a slip of each kind; see benchmarks/quality/review."""

    bias: Mapping[str, float]
    at: float
    line: float
    after: float
    own: float
    other: float
    threshold: float
    """The chance from which an alternative is told."""

    def chance(self, seen: Compared) -> float:
        """The chance that the alternative was meant."""
        at, line, after = seen.gains
        own, other = (max(-_CLIP, each[0]) for each in (seen.own, seen.other))
        logit = self.bias[seen.instead.kind] + self.at * at + self.line * line + self.after * after
        logit += self.own * own + self.other * other
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


@cache
def weights() -> Weights:
    """Those that were fitted to the bundled model."""
    return read(WEIGHTS)


def read(path: Path) -> Weights:
    """Those in a file."""
    return Weights(**json.loads(path.read_text("utf-8")))


def unfitted(threshold: float = 0.5) -> Weights:
    """Weights for which a chance is the alternative's share of both probabilities: nothing is fitted."""
    return Weights(dict.fromkeys(Kind, 0.0), 1.0, 1.0, 1.0, 0.0, 0.0, threshold)
