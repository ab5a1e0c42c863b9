"""Fitting the weights of the mixture to text that the model and the memory have read along."""

from collections.abc import Iterable

import numpy as np
from attrs import frozen

from codenook.models.memory.mixture import N_BUCKETS, OFF, Floats, Weights, bucket
from codenook.models.memory.reader import Recollection, Seen

N_ROUNDS = 200

PRIOR = 20.0
"""How many tokens' evidence a bucket's prior odds count as."""

SMALL = 0.1
"""Odds that the search begins with where the prior's are smaller: at 0 it would stay there."""

TINY = 1e-12
"""Chance of a token that the model rules out."""


@frozen
class Chance:
    """What one source gave the token that came: its bucket and the share of its continuations."""

    bucket: int
    chance: float


@frozen
class Observation:
    """What each source gave the token that came; None where a source had seen nothing."""

    model: float
    prompt: Chance | None
    workspace: Chance | None

    @classmethod
    def of(cls, logprobs: Floats, recollection: Recollection | None, token: int) -> "Observation":
        """Observe that ``token`` came after what ``recollection`` is of; ``logprobs`` are the model's."""
        model = float(np.exp(logprobs[token]))
        if recollection is None:
            return cls(model, None, None)
        return cls(model, _chance(recollection.prompt, token), _chance(recollection.workspace, token))


def _chance(seen: Seen | None, token: int) -> Chance | None:
    return Chance(bucket(seen), float(seen.chances[seen.tokens == token].sum())) if seen else None


def calibrate(observations: Iterable[Observation], prior: Weights = OFF) -> Weights:
    """Return the weights under which the observed tokens are likeliest, given a ``prior``.

    Each round raises the likelihood: of the odds ``o`` the sum of log((p + o q) / (1 + o)), with the first
    logarithm bounded as in EM and the second by its tangent (Hunter and Lange 2004, "A tutorial on MM
    algorithms"). Where memory doesn't help, the odds go to 0; a bucket that was not seen keeps the prior's.
    """
    observed = tuple(observations)
    sources = ([one.prompt for one in observed], [one.workspace for one in observed])
    model = np.array([max(one.model, TINY) for one in observed])
    buckets = np.array(
        [[seen.bucket if seen else N_BUCKETS for seen in source] for source in sources], np.intp
    )
    chances = np.array([[seen.chance if seen else 0.0 for seen in source] for source in sources])
    believed = np.array([[*prior.prompt, 0.0], [*prior.workspace, 0.0]])
    odds = np.maximum(believed, SMALL)
    for _ in range(N_ROUNDS):
        odds[:, N_BUCKETS] = 0.0
        each = np.take_along_axis(odds, buckets, axis=1)
        right = each * chances
        right /= model + right.sum(axis=0)
        counts = 1.0 / (1.0 + each.sum(axis=0))
        for source, bucket_of in enumerate(buckets):
            gain = np.bincount(bucket_of, right[source], minlength=N_BUCKETS + 1)
            cost = np.bincount(bucket_of, counts, minlength=N_BUCKETS + 1)
            odds[source] = (gain + PRIOR * believed[source]) / (cost + PRIOR)
    prompt, workspace = (tuple(round(float(one), 3) for one in row[:N_BUCKETS]) for row in odds)
    return Weights(prompt, workspace)
