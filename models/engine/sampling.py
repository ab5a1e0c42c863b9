"""Choosing tokens from logits so that the candidates of one prompt differ.

The first candidate is greedy. The others start with different tokens, drawn without replacement
(Gumbel top-k: Kool et al. 2019, "Stochastic Beams and Where to Find Them"), and go on by sampling at a
temperature among the tokens of at least ``min_p`` times the best one's probability. Candidates that have said
the same so far part as soon as more than one token is likely.
"""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def log_softmax(logits: Floats) -> Floats:
    """Return log-probabilities (nats) over the vocabulary, shape ``(n_vocab,)``."""
    shifted: Floats = logits - logits.max()
    shifted -= np.log(np.exp(shifted).sum())
    return shifted


def first_tokens(
    logprobs: Floats, n: int, min_p: float, rng: np.random.Generator, *, greedy_first: bool = True
) -> list[int]:
    """Return the first token of each of ``n`` candidates: the likeliest if ``greedy_first``, then drawn ones.

    They differ as long as there are likely enough ones; the rest repeat the likeliest.
    """
    best = int(logprobs.argmax())
    likely = np.flatnonzero(logprobs >= logprobs[best] + np.log(min_p))
    drawn = likely[np.argsort(-(logprobs[likely] + rng.gumbel(size=likely.size)))].tolist()
    tokens = [best, *(token for token in drawn if token != best)] if greedy_first else drawn
    return [*tokens, *[best] * n][:n]


def next_token(
    logprobs: Floats, temperature: float, min_p: float, rng: np.random.Generator, taken: Collection[int] = ()
) -> int:
    """Return one token drawn at ``temperature`` among the likely ones; 0 means the likeliest.

    ``taken`` are tokens that others went on with after the same text: one that is likely, too, is drawn
    instead.
    """
    best = int(logprobs.argmax())
    if temperature <= 0:
        return best
    likely = np.flatnonzero(logprobs >= logprobs[best] + np.log(min_p))
    untaken = likely[~np.isin(likely, [*taken])]
    likely = untaken if untaken.size else likely
    if likely.size == 1:
        return int(likely[0])
    return int(likely[np.argmax(logprobs[likely] / temperature + rng.gumbel(size=likely.size))])
