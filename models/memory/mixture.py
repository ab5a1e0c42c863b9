"""Mixing the model's distribution with what memory saw: how much each source counts, by how it matched."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from codenook.models.memory.reader import LEVELS, Recollection, Seen

Floats = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.intp]

NO_TOKENS: Tokens = np.zeros(0, np.intp)

LINE_FEED = ord("\n")

TINY = 1e-9
"""Chance that is left where a model is sure that its answer ends."""

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


@frozen(eq=False)
class Ends:
    """Where an answer may end: the ``tokens`` that say so, and, shape ``(n_vocab,)``, ``closing`` ones.

    Closing tokens begin a line or what stands behind the cursor: an answer may as well end before them.
    """

    tokens: Tokens
    closing: npt.NDArray[np.bool_]

    @classmethod
    def before(cls, following: int, first_bytes: npt.NDArray[np.uint8], tokens: Tokens) -> "Ends":
        """Tell by the first bytes of the text behind the cursor (0 for none) and of each token."""
        begins_it = (first_bytes == following) & (following != 0)
        return cls(tokens, begins_it | (first_bytes == LINE_FEED))


@frozen(eq=False)
class Vote:
    """A source's odds, and its distribution over the ``tokens`` that followed, shape ``(k,)``."""

    source: str
    odds: float
    tokens: Tokens
    chances: Floats


@frozen(eq=False)
class Mixture:
    """Log-probabilities (nats) over the vocabulary that remember, ``logprobs``, shape ``(n_vocab,)``.

    ``model`` are the model's own, and ``votes`` what was mixed with them.
    """

    logprobs: Floats
    model: Floats
    votes: Sequence[Vote] = ()

    def shares(self, token: int) -> tuple[float, float]:
        """Return which part of ``token``'s probability is the prompt's, and which the workspace's."""
        mass = dict.fromkeys(SOURCES, 0.0)
        for vote in self.votes:
            mass[vote.source] += vote.odds * float(vote.chances[vote.tokens == token].sum())
        total = float(np.exp(self.model[token])) + sum(mass.values())
        return mass["prompt"] / total, mass["workspace"] / total


def mix(logprobs: Floats, recollection: Recollection, weights: Weights, ends: Ends | None = None) -> Mixture:
    """Return the model's ``logprobs`` with what followed at its odds.

    Tokens that the model rules out, at minus infinity, stay ruled out. Memory, in which something always
    follows, speaks against an end only with tokens that go on where the answer is; the others take nothing
    from what the model gives ``ends``.
    """
    votes = [*_votes(recollection, weights)]
    voted = _voted(votes)
    if not np.isfinite(logprobs[voted]).all():
        votes = [*_possible(votes, logprobs)]
        voted = _voted(votes)
    if not votes:
        return Mixture(logprobs, logprobs)
    mass = np.zeros_like(logprobs)
    for vote in votes:
        mass[vote.tokens] += vote.chances * np.float32(vote.odds)
    total = 1.0 + sum(vote.odds for vote in votes)
    end, going_on = 0.0, 0.0
    if ends is not None:
        end = float(np.exp(logprobs[ends.tokens]).sum())
        going_on = float(mass[~ends.closing].sum())
    scale = np.float32(np.log(max(1.0 - end / (1.0 + going_on), TINY) / (total - end)))
    mixed: Floats = logprobs + scale
    mixed[voted] = np.log(np.exp(logprobs[voted]) + mass[voted]) + scale
    if ends is not None:
        mixed[ends.tokens] = logprobs[ends.tokens] - np.float32(np.log1p(going_on))
    return Mixture(mixed, logprobs, votes)


def _votes(recollection: Recollection, weights: Weights) -> Iterator[Vote]:
    """Yield what has odds."""
    for source in SOURCES:
        for seen, table in zip(getattr(recollection, source), getattr(weights, source), strict=False):
            if odds := table[bucket(seen)]:
                yield Vote(source, odds, seen.tokens, seen.chances)


def _voted(votes: Iterable[Vote]) -> Tokens:
    return np.concatenate([NO_TOKENS, *(vote.tokens for vote in votes)])


def _possible(votes: Iterable[Vote], logprobs: Floats) -> Iterator[Vote]:
    """Yield the votes for tokens that the model doesn't rule out."""
    for vote in votes:
        allowed = np.isfinite(logprobs[vote.tokens])
        if allowed.any():
            chances = vote.chances[allowed]
            yield Vote(vote.source, vote.odds, vote.tokens[allowed], chances / chances.sum())
