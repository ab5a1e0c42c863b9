"""Fitting the weights of the mixture to text that the model and the memory have read along."""

from collections.abc import Iterable

import numpy as np
from attrs import frozen

from codenook.models.memory.mixture import N_BUCKETS, OFF, SOURCES, Floats, Weights, bucket
from codenook.models.memory.reader import LEVELS, Recollection

N_ROUNDS = 200

PRIOR = 20.0
"""How many tokens' evidence a bucket's prior odds count as."""

SMALL = 0.1
"""Odds that the search begins with where the prior's are smaller: at 0 it would stay there."""

TINY = 1e-12
"""Chance of a token that the model rules out."""


@frozen
class Chance:
    """What one match gave the token that came: the match's bucket, and the token's share of what followed."""

    bucket: int
    chance: float


@frozen
class Observation:
    """What each source gave the token that came, the model and each match that was found."""

    model: float
    prompt: tuple[Chance, ...] = ()
    workspace: tuple[Chance, ...] = ()

    @classmethod
    def of(cls, logprobs: Floats, recollection: Recollection | None, token: int) -> "Observation":
        """Observe that ``token`` came where the model said ``logprobs`` and memory ``recollection``."""
        sources = (recollection.prompt, recollection.workspace) if recollection else ((), ())
        chances = ((Chance(bucket(seen), seen.chance(token)) for seen in source) for source in sources)
        return cls(float(np.exp(logprobs[token])), *map(tuple, chances))

    def mixed(self, weights: Weights) -> float:
        """Return the token's chance in the mixture under ``weights``."""
        likely, total = self.model, 1.0
        for source in SOURCES:
            for one, odds in zip(getattr(self, source), getattr(weights, source), strict=False):
                likely += odds[one.bucket] * one.chance
                total += odds[one.bucket]
        return likely / total


def calibrate(observations: Iterable[Observation], prior: Weights = OFF) -> Weights:
    """Return the weights under which the observed tokens are likeliest, given a ``prior``.

    Each round raises the likelihood, the sum of log((p + o q) / (1 + o)) over the odds ``o``: the first
    logarithm is bounded as in EM, the second by its tangent (Hunter and Lange 2004, "A tutorial on MM
    algorithms"). Where memory doesn't help, odds go to 0; those of a bucket that wasn't seen stay the
    prior's.
    """
    observed = tuple(observations)
    model = np.array([max(one.model, TINY) for one in observed])
    believed = np.array([[*row, 0.0] for source in SOURCES for row in getattr(prior, source)])
    buckets = np.full((len(believed), len(observed)), N_BUCKETS)
    chances = np.zeros(buckets.shape)
    for i, one in enumerate(observed):
        for first, source in zip((0, LEVELS), (one.prompt, one.workspace), strict=True):
            for level, seen in enumerate(source, start=first):
                buckets[level, i], chances[level, i] = seen.bucket, seen.chance
    odds = np.maximum(believed, SMALL)
    for _ in range(N_ROUNDS):
        odds[:, N_BUCKETS] = 0.0
        each = np.take_along_axis(odds, buckets, axis=1)
        right = each * chances
        right /= model + right.sum(axis=0)
        counts = 1.0 / (1.0 + each.sum(axis=0))
        for level, bucket_of in enumerate(buckets):
            gain = np.bincount(bucket_of, right[level], minlength=N_BUCKETS + 1)
            cost = np.bincount(bucket_of, counts, minlength=N_BUCKETS + 1)
            odds[level] = (gain + PRIOR * believed[level]) / (cost + PRIOR)
    rows = tuple(tuple(round(float(one), 3) for one in row[:N_BUCKETS]) for row in odds)
    return Weights(rows[:LEVELS], rows[LEVELS:])
