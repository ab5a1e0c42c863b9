"""Mixing the model's distribution with what memory saw: how much each source counts, by how it matched."""

from bisect import bisect_left

import numpy as np
import numpy.typing as npt
from attrs import frozen

from codenook.models.memory.reader import LEVELS, Recollection, Seen

Floats = npt.NDArray[np.float32]

LENGTHS = (1, 2, 4, 8, 16)
"""Matches up to so many tokens share a weight, and those above the last."""

KINDS = ("once", "always", "divided")
"""Seen at one place; at several with one continuation; with different ones."""

N_BUCKETS = (len(LENGTHS) + 1) * len(KINDS)

SOURCES = ("prompt", "workspace")
"""Of a recollection, and of weights."""

Odds = tuple[tuple[float, ...], ...]

NEVER: Odds = ((0.0,) * N_BUCKETS,) * LEVELS


@frozen
class Weights:
    """How likely each source is right, against a model that counts 1: odds, 0 for never.

    ``prompt`` and ``workspace`` have a row for each of ``LEVELS``, the longest match first, and this an odds
    for each bucket (``N_BUCKETS``): for each length in turn one for each kind.
    """

    prompt: Odds = NEVER
    workspace: Odds = NEVER


OFF = Weights()
"""The model alone: of a model that was not calibrated."""


def bucket(seen: Seen) -> int:
    """Return which of a source's weights counts."""
    kind = 0 if seen.n == 1 else 1 if len(seen.tokens) == 1 else 2
    return bisect_left(LENGTHS, seen.length) * len(KINDS) + kind


def mix(logprobs: Floats, recollection: Recollection, weights: Weights) -> Floats:
    """Return log-probabilities (nats) over the vocabulary, shape ``(n_vocab,)``, that remember.

    Tokens that the model rules out, at minus infinity, stay ruled out.
    """
    votes = _votes(logprobs, recollection, weights)
    total = 1.0 + sum(vote.odds for vote in votes)
    mixed: Floats = logprobs - np.float32(np.log(total))
    for vote in votes:
        mass = vote.chances * np.float32(vote.odds / total)
        mixed[vote.tokens] = np.logaddexp(mixed[vote.tokens], np.log(mass))
    return mixed


def shares(logprobs: Floats, recollection: Recollection, weights: Weights, token: int) -> tuple[float, float]:
    """Return which part of ``token``'s mixed probability is the prompt's, and which the workspace's."""
    mass = dict.fromkeys(SOURCES, 0.0)
    for vote in _votes(logprobs, recollection, weights):
        mass[vote.source] += vote.odds * float(vote.chances[vote.tokens == token].sum())
    total = float(np.exp(logprobs[token])) + sum(mass.values())
    return mass["prompt"] / total, mass["workspace"] / total


@frozen(eq=False)
class _Vote:
    """A source's odds, and its distribution over the tokens that the model doesn't rule out."""

    source: str
    odds: float
    tokens: npt.NDArray[np.intp]
    chances: Floats


def _votes(logprobs: Floats, recollection: Recollection, weights: Weights) -> list[_Vote]:
    votes = []
    for source in SOURCES:
        for seen, table in zip(getattr(recollection, source), getattr(weights, source), strict=False):
            odds = table[bucket(seen)]
            allowed = np.isfinite(logprobs[seen.tokens])
            if odds and allowed.any():
                chances = seen.chances[allowed]
                votes.append(_Vote(source, odds, seen.tokens[allowed], chances / chances.sum()))
    return votes
