"""Choosing tokens so that candidates differ."""

import numpy as np

from codenook.models.engine.sampling import first_tokens, log_softmax, next_token

LOGITS = np.array([1.0, 4.0, 3.5, 3.0, -9.0], dtype=np.float32)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_log_softmax_sums_to_one():
    assert np.isclose(np.exp(log_softmax(LOGITS)).sum(), 1.0)
    assert np.isclose(np.exp(log_softmax(LOGITS + 100)).sum(), 1.0)


def test_first_tokens_begin_with_the_best_and_differ():
    logprobs = log_softmax(LOGITS)
    for seed in range(20):
        tokens = first_tokens(logprobs, 3, 0.05, rng(seed))
        assert tokens[0] == 1
        assert len(set(tokens)) == 3
        assert 4 not in tokens


def test_without_a_greedy_one_all_first_tokens_are_drawn():
    logprobs = log_softmax(LOGITS)
    firsts = {first_tokens(logprobs, 2, 0.05, rng(seed), greedy_first=False)[0] for seed in range(40)}
    assert firsts == {1, 2, 3}


def test_first_tokens_repeat_the_best_where_nothing_else_is_likely():
    assert first_tokens(log_softmax(np.array([0.0, 50.0, 1.0])), 3, 0.05, rng()) == [1, 1, 1]


def test_temperature_zero_is_greedy():
    assert {next_token(log_softmax(LOGITS), 0.0, 0.05, rng(seed)) for seed in range(10)} == {1}


def test_sampling_follows_the_probabilities_of_the_likely_tokens():
    logprobs = log_softmax(LOGITS)
    random = rng(1)
    drawn = (
        np.bincount([next_token(logprobs, 1.0, 0.05, random) for _ in range(20_000)], minlength=5) / 20_000
    )
    likely = np.where(logprobs >= logprobs.max() + np.log(0.05), np.exp(logprobs), 0)
    assert np.allclose(drawn, likely / likely.sum(), atol=0.02)


def test_what_others_went_on_with_is_not_drawn_where_something_else_is_likely():
    logprobs = log_softmax(LOGITS)
    drawn = {next_token(logprobs, 1.0, 0.05, rng(seed), taken={1, 2}) for seed in range(40)}
    assert drawn == {3}
    certain = log_softmax(np.array([0.0, 50.0, 1.0]))
    assert next_token(certain, 1.0, 0.05, rng(), taken={1}) == 1
