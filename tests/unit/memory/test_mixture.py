"""The mixture is a distribution, and its weights are found again in what was observed."""

import json

import cattrs
import numpy as np
import pytest
from attrs import evolve

from codenook.models.bundled import MEMORY_WEIGHTS
from codenook.models.memory import OFF, Ends, Memory, Observation, Weights, calibrate, mix
from codenook.models.memory.calibrate import Chance
from codenook.models.memory.mixture import N_BUCKETS, NEVER, bucket
from codenook.models.memory.reader import LEVELS

N_VOCAB = 8
EVEN = np.log(np.full(N_VOCAB, 1 / N_VOCAB, dtype=np.float32))


def recollection(files, prompt):
    memory = Memory(N_VOCAB)
    for path, tokens in files.items():
        memory.update(path, tokens, [1] * len(tokens))
    memory.settle()
    return memory.reader(prompt).after([])


def odds(**of):
    """Return a table with odds for some buckets of the longest match."""
    return (tuple(of.get(f"b{i}", 0.0) for i in range(N_BUCKETS)), *NEVER[1:])


def everywhere(value):
    return ((value,) * N_BUCKETS, *NEVER[1:])


def test_a_mixture_adds_what_followed_at_its_odds():
    found = recollection({"a": [1, 2, 3], "b": [1, 2, 4], "c": [1, 2, 4]}, [1, 2])
    mixed = np.exp(mix(EVEN, found, Weights(workspace=everywhere(3.0))).logprobs)
    assert mixed.sum() == pytest.approx(1.0)
    assert mixed[3] == pytest.approx(1 / 4 / 8 + 3 / 4 / 3)
    assert mixed[4] == pytest.approx(1 / 4 / 8 + 3 / 4 * 2 / 3)
    assert mixed[0] == pytest.approx(1 / 4 / 8)


def test_weights_of_zero_are_the_model_alone():
    found = recollection({"a": [1, 2, 3]}, [1, 2, 5, 1, 2])
    mixture = mix(EVEN, found, OFF)
    assert np.array_equal(mixture.logprobs, EVEN)
    assert mixture.shares(3) == (0.0, 0.0)


def test_what_the_model_rules_out_stays_out():
    found = recollection({"a": [1, 2, 3], "b": [1, 2, 4]}, [1, 2])
    logprobs = EVEN.copy()
    logprobs[3] = -np.inf
    logprobs -= np.log(np.exp(logprobs).sum())
    weights = Weights(workspace=everywhere(1.0))
    mixed = mix(logprobs, found, weights).logprobs
    assert mixed[3] == -np.inf
    assert np.exp(mixed).sum() == pytest.approx(1.0)
    logprobs[4] = -np.inf
    assert np.array_equal(mix(logprobs, found, weights).logprobs, logprobs)


def test_shares_tell_whom_a_token_leans_on():
    found = recollection({"a": [1, 2, 3]}, [1, 2, 5, 1, 2])
    weights = Weights(prompt=everywhere(1.0), workspace=everywhere(2.0))
    mixture = mix(EVEN, found, weights)
    assert mixture.shares(3) == pytest.approx((0.0, 2 / (2 + 1 / 8)))
    assert mixture.shares(5) == pytest.approx((1 / (1 + 1 / 8), 0.0))
    assert mixture.shares(7) == (0.0, 0.0)


FIRST_BYTES = np.frombuffer(b"\n)ab\n)cc", np.uint8)[[0, 1, 2, 3, 6, 7, 6, 7]]
"""Token 0 begins a line, token 1 with a bracket."""


@pytest.mark.parametrize(("following", "token"), [(0, 0), (ord(")"), 0), (ord(")"), 1)])
def test_what_may_stand_behind_the_answer_says_nothing_against_its_end(following, token):
    found = recollection({"a": [5, 2, token]}, [5, 2])
    ends = Ends.before(following, FIRST_BYTES, np.array([6, 7]))
    mixed = np.exp(mix(EVEN, found, Weights(workspace=everywhere(3.0)), ends).logprobs)
    assert mixed.sum() == pytest.approx(1.0)
    assert mixed[6] == mixed[7] == pytest.approx(1 / 8)
    assert mixed[token] == pytest.approx((1 / 8 + 3) * (6 / 8) / (6 / 8 + 3))


@pytest.mark.parametrize(("following", "token"), [(0, 3), (ord(")"), 3), (0, 1)])
def test_what_goes_on_speaks_against_an_end_as_against_any_other_token(following, token):
    found = recollection({"a": [5, 2, token]}, [5, 2])
    weights = Weights(workspace=everywhere(3.0))
    mixed = mix(EVEN, found, weights, Ends.before(following, FIRST_BYTES, np.array([6, 7]))).logprobs
    assert mixed == pytest.approx(mix(EVEN, found, weights).logprobs, abs=1e-5)


def test_buckets_tell_length_and_kind():
    once = recollection({"a": [1, 2, 3]}, [1, 2]).workspace[0]
    always = recollection({"a": [1, 2, 3], "b": [1, 2, 3]}, [1, 2]).workspace[0]
    divided = recollection({"a": [1, 2, 3], "b": [1, 2, 4]}, [1, 2]).workspace[0]
    longer = recollection({"a": [1, 2, 3, 4, 5]}, [1, 2, 3, 4]).workspace[0]
    longest = recollection({"a": [1, 2, 3] * 13}, [1, 2, 3] * 11).workspace[0]
    assert [bucket(one) for one in (once, always, divided, longer, longest)] == [3, 4, 5, 6, 16]


def test_weights_survive_json():
    weights = Weights(prompt=odds(b3=1.5), workspace=everywhere(0.25))
    assert cattrs.structure(json.loads(json.dumps(cattrs.unstructure(weights))), Weights) == weights


def observed(rng, n, right, model=0.3):
    """Return observations of a source that is right so often, whatever the model says."""
    return [
        Observation(model, workspace=(Chance(4, 1.0 if rng.random() < right else 0.0),)) for _ in range(n)
    ]


def test_calibration_finds_the_weights_that_made_the_text():
    rng, planted = np.random.default_rng(1), {"prompt": 0.5, "workspace": 2.0}
    total = 1 + sum(planted.values())
    observations = []
    for _ in range(40_000):
        said = dict(zip(planted, rng.integers(0, 100, 2), strict=True))
        source = rng.choice(["model", *planted], p=[1 / total, *(one / total for one in planted.values())])
        token = said.get(source, rng.integers(0, 100))
        chances = {name: (Chance(7, float(one == token)),) for name, one in said.items()}
        observations.append(Observation(0.01, **chances))
    weights = calibrate(observations)
    assert weights.prompt[0][7] == pytest.approx(0.5, rel=0.1)
    assert weights.workspace[0][7] == pytest.approx(2.0, rel=0.1)
    assert sum(map(sum, (*weights.prompt, *weights.workspace))) == pytest.approx(
        weights.prompt[0][7] + weights.workspace[0][7]
    )


def test_memory_that_misleads_gets_no_weight():
    rng = np.random.default_rng(2)
    assert calibrate(observed(rng, 2000, right=0.0)) == OFF
    weights = calibrate(observed(rng, 2000, right=0.3, model=0.9))
    assert weights.workspace[0][4] < 0.02


def test_a_good_model_needs_more_of_memory_than_a_bad_one():
    rng = np.random.default_rng(3)
    good, bad = (calibrate(observed(rng, 2000, right=0.5, model=model)) for model in (0.4, 0.1))
    assert good.workspace[0][4] < bad.workspace[0][4]


def test_few_observations_leave_the_prior():
    prior = Weights(workspace=everywhere(1.0))
    rng = np.random.default_rng(4)
    assert calibrate([], prior) == prior
    few = calibrate(observed(rng, 3, right=0.0), prior)
    assert 0.8 < few.workspace[0][4] < 1.0
    assert evolve(few, workspace=everywhere(1.0)) == prior
    assert calibrate(observed(rng, 3, right=1.0)).workspace[0][4] < 0.2


def test_an_observation_is_what_each_source_gave_the_token():
    found = recollection({"a": [1, 2, 3], "b": [1, 2, 4]}, [1, 2])
    observation = Observation.of(EVEN, found, 3)
    assert observation.model == pytest.approx(1 / 8)
    assert observation.prompt == ()
    assert observation.workspace == (Chance(5, 0.5),)
    assert Observation.of(EVEN, None, 3) == Observation(observation.model)
    assert len(observation.workspace) <= LEVELS


def test_the_bundled_model_has_weights_that_trust_long_matches_more():
    weights = cattrs.structure(json.loads(MEMORY_WEIGHTS.read_text()), Weights)
    for table in (weights.prompt, weights.workspace):
        assert np.shape(table) == (LEVELS, N_BUCKETS)
        assert np.min(table) >= 0
        assert table[0][-3] > table[0][0]
