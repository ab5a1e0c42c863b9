"""From answers to figures: shares, differences with their uncertainty, and how well sureness predicts."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from codenook.models.training.evaluate.asking import Answer, Filled

N_RESAMPLES = 10_000
N_BINS = 10
SEED = 7


@frozen
class Score:
    """How holes of one kind were filled, counting the first ``n_candidates`` of each."""

    n_candidates: int
    n: int
    exact: float  # share of the holes
    similarity: float  # mean; 1 is equal

    @classmethod
    def of(cls, answers: Sequence[Answer], n_candidates: int) -> "Score":
        """Count a hole by the best of its candidates."""
        exact = np.mean([answer.is_exact(n_candidates) for answer in answers])
        similarity = np.mean([answer.similarity(n_candidates) for answer in answers])
        return cls(n_candidates, len(answers), float(exact), float(similarity))


@frozen
class Checked:
    """What the checks say of the candidates, shares of all that were written."""

    shown: float  # parses, and repeats nothing
    resolved: float  # and each name that it reads is defined somewhere

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Checked":
        """Count every candidate."""
        filled = [one for answer in answers for one in answer.filled]
        return cls(
            float(np.mean([one.is_shown for one in filled])), float(np.mean([one.resolves for one in filled]))
        )


@frozen
class Difference:
    """By how much the share of exact holes rises, on the same holes, with its 95 % interval."""

    n: int
    mean: float
    low: float
    high: float

    @classmethod
    def of(
        cls, files: Sequence[str], with_it: Sequence[bool], without: Sequence[bool]
    ) -> "Difference | None":
        """Draw the ``files`` of the holes anew many times (bootstrap): holes of one have much in common.

        None without holes.
        """
        paired = np.array(with_it, float) - np.array(without, float)
        if not paired.size:
            return None
        names, number = np.unique(files, return_inverse=True)
        gains, sizes = np.bincount(number, paired), np.bincount(number)
        drawn = np.random.default_rng(SEED).integers(0, len(names), (N_RESAMPLES, len(names)))
        means = gains[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
        low, high = np.percentile(means, [2.5, 97.5])
        return cls(paired.size, float(paired.mean()), float(low), float(high))


@frozen
class Bin:
    """Candidates of about the same probability: how sure the model was of them, and how many were exact."""

    n: int
    sure: float
    exact: float


@frozen
class Reliability:
    """Whether a probability is the share of candidates that are exact, and whether it tells these apart.

    ``error`` is the expected calibration error: the mean distance between the two over all candidates.
    ``ranking`` is the chance that an exact candidate has a higher probability than another one (0.5: no use);
    None where there are not both.
    """

    bins: tuple[Bin, ...]
    error: float
    ranking: float | None

    @classmethod
    def of(cls, sure: npt.NDArray[np.float64], exact: npt.NDArray[np.bool_]) -> "Reliability":
        """Put the candidates into bins of equal width."""
        numbers = np.minimum((sure * N_BINS).astype(int), N_BINS - 1)
        bins = tuple(
            Bin(int(among.sum()), float(sure[among].mean()), float(exact[among].mean()))
            for among in (numbers == number for number in range(N_BINS))
            if among.any()
        )
        error = sum(one.n * abs(one.sure - one.exact) for one in bins) / len(sure)
        return cls(bins, float(error), _ranking(sure, exact))


def reliability(answers: Sequence[Answer]) -> dict[str, Reliability]:
    """Compare with the mean log-probability of a candidate's tokens, and with their sum."""
    filled = [one for answer in answers for one in answer.filled if one.n_tokens]
    exact = np.array([one.is_exact for one in filled])
    return {
        "a token's mean": Reliability.of(np.exp(_logprobs(filled)), exact),
        "the candidate's": Reliability.of(
            np.exp(_logprobs(filled) * np.array([one.n_tokens for one in filled])), exact
        ),
    }


@frozen
class Speed:
    """How fast the engine was beside whatever else ran: medians of requests for three candidates."""

    prefill_per_s: float  # tokens
    decode_per_s: float  # tokens of all candidates together
    request_ms: float  # prefill and decode, with a prompt of which at most the beginning was known

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Speed":
        """Take the requests whose prompt was evaluated."""
        evaluated = sum(answer.counters.prompt_evaluated for answer in answers)
        generated = sum(answer.counters.generated for answer in answers)
        prefill_ms = [answer.timings.prefill_ms for answer in answers]
        decode_ms = [answer.timings.decode_ms for answer in answers]
        both_ms = np.array(prefill_ms) + np.array(decode_ms)
        return cls(
            1e3 * evaluated / max(sum(prefill_ms), 1e-9),
            1e3 * generated / max(sum(decode_ms), 1e-9),
            float(np.median(both_ms)),
        )


def _logprobs(filled: Sequence[Filled]) -> npt.NDArray[np.float64]:
    return np.array([one.logprob for one in filled])


def _ranking(sure: npt.NDArray[np.float64], exact: npt.NDArray[np.bool_]) -> float | None:
    if exact.all() or not exact.any():
        return None
    higher = sure[exact][:, None] - sure[~exact][None, :]
    return float(np.mean((higher > 0) + 0.5 * (higher == 0)))
