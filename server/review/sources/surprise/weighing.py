"""How an alternative compares with what stands there, and the chance that it was meant."""

import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from attrs import field, frozen

from codenook.models.engine.messages import Scores
from codenook.server.review.sources.surprise.instead import Instead, Kind

WEIGHTS = Path(__file__).with_name("weights.json")
_CLIP = 12.0
"""Nats beyond which nothing is surer."""

_MOST_TOKENS = 4

N_NEAR = 12
"""Tokens behind an alternative's line that are weighed by themselves."""


@frozen
class Compared:
    """Log-probabilities (nats) of what stands there and of an alternative, in the same place.

    At the place itself, on the rest of its line, in the tokens next behind that, and in those that follow.
    ``more`` tokens stand at the place than the alternative has.
    """

    instead: Instead
    own: tuple[float, ...]
    other: tuple[float, ...]
    more: int

    @property
    def gains(self) -> tuple[float, ...]:
        """How much likelier the alternative is, in each part; what follows may speak against it."""
        gains = (other - own for own, other in zip(self.own, self.other, strict=True))
        return tuple(max(-_CLIP, min(_CLIP, gain)) for gain in gains)

    @property
    def features(self) -> tuple[float, ...]:
        """What is weighed, in the order of `Weights.of`."""
        own, other = (max(-_CLIP, each[0]) for each in (self.own, self.other))
        more = max(-_MOST_TOKENS, min(_MOST_TOKENS, self.more))
        return (*self.gains, own, other, float(more), float(self.instead.unread), float(self.instead.twins))

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
        near = min(bisect_left(starts, line_end) + N_NEAR, len(starts) - 1)
        near_end = max(line_end, min(starts[near], of.end))
        ends = (max(at, of.start + 1), line_end, near_end, of.end)
        own, n_own = _parts(starts, logprobs, of.start, ends)
        its_starts, its_logprobs = [t.start for t in of.tokens], [t.logprob for t in of.tokens]
        its_ends = (max(at + moved, of.start + 1), *(end + moved for end in ends[1:]))
        other, n_other = _parts(its_starts, its_logprobs, of.start, its_ends)
        found.append(Compared(one, own, other, n_own - n_other))
    return found


def _parts(
    starts: Sequence[int], logprobs: Sequence[float], first: int, ends: Sequence[int]
) -> tuple[tuple[float, ...], int]:
    """The sums of what begins before each of ``ends`` and behind the one before; tokens before the first."""
    cuts = [bisect_left(starts, place) for place in (first, *ends)]
    return tuple(math.fsum(logprobs[one:other]) for one, other in pairwise(cuts)), cuts[1] - cuts[0]


def _floats(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(values)


@frozen
class Weights:
    """What the features of a comparison count for a slip of each kind; see benchmarks/quality/review."""

    bias: Mapping[str, float]
    of: tuple[float, ...] = field(converter=_floats)
    threshold: float
    """The chance from which an alternative is told."""

    def score(self, seen: Compared) -> float:
        """The logarithm of the odds that this alternative was meant, against that none was."""
        weighed = sum(weight * value for weight, value in zip(self.of, seen.features, strict=True))
        return self.bias[seen.instead.kind] + weighed

    def chances(self, seen: Sequence[Compared]) -> list[float]:
        """The chance that each alternative of a passage was meant, if one was at most.

        A slip is one of all that could be: what is as likely elsewhere makes each less likely.
        """
        scores = [self.score(one) for one in seen]
        most = max(0.0, *scores) if scores else 0.0
        odds = [math.exp(score - most) for score in scores]
        total = math.exp(-most) + math.fsum(odds)
        return [each / total for each in odds]

    def by_line(self, seen: Sequence[Compared]) -> Mapping[int, tuple[Compared, float]]:
        """For each line the likeliest of its alternatives, and the chance that any of them was meant."""
        found: dict[int, tuple[Compared, float, float]] = {}
        for one, chance in zip(seen, self.chances(seen), strict=True):
            best, most, of_line = found.get(one.instead.line, (one, 0.0, 0.0))
            if chance > most:
                best, most = one, chance
            found[one.instead.line] = best, most, of_line + chance
        return {line: (best, min(1.0, of_line)) for line, (best, _, of_line) in found.items()}


@cache
def weights() -> Weights:
    """Those that were fitted to the bundled model."""
    return read(WEIGHTS)


def read(path: Path) -> Weights:
    """Those in a file."""
    return Weights(**json.loads(path.read_text("utf-8")))


def unfitted(threshold: float = 0.5) -> Weights:
    """Weights for which the odds are those of both probabilities: nothing is fitted."""
    return Weights(dict.fromkeys(Kind, 0.0), (1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0), threshold)
