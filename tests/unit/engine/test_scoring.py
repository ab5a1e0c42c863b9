"""What is told of a text and its alternatives, beside the model's own reading of each of them."""

import contextlib
import logging
import re
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from codenook.models import bundled
from codenook.models.engine import decode
from codenook.models.engine.decode import Decoder
from codenook.models.engine.errors import PromptTooLong
from codenook.models.engine.messages import Alternative, GenerateRequest, ScoreRequest
from codenook.models.engine.options import EngineOptions
from codenook.models.engine.scoring import Scoring
from codenook.models.engine.turns import Cancelled, Job, Turn
from codenook.models.prompts.fim import Special

CODE = Path(contextlib.__file__).read_text(encoding="utf-8")
BEFORE, TEXT = CODE[4000:5003], CODE[5003:6000]
REQUEST = ScoreRequest(
    (Special.FILE_SEPARATOR, f"contextlib.py\n{BEFORE}"),
    TEXT,
    tuple(
        Alternative(start, start + 4, text)
        for start in [word.start() for word in re.finditer(r"\b\w{4}\b", TEXT)][:5]
        for text in ("cls", "selves", "s")
    ),
    min_gain=-100,
    n_followed=100,
)


@pytest.fixture(scope="module")
def decoder():
    logging.getLogger(decode.__name__).setLevel(logging.ERROR)
    return Decoder(bundled.path(), EngineOptions())


@pytest.fixture(autouse=True)
def same_batches(monkeypatch, decoder):
    """Batches of the size in which `Decoder.read` reads: results depend on it, by up to a tenth of a nat."""
    monkeypatch.setattr(decode, "N_READ_FLOATS", decode.N_READ * decoder.info.n_vocab)


def scored(decoder, request):
    scoring = Scoring(decoder, request, Turn())
    while (scores := scoring.step()) is None:
        pass
    return scores


def read(decoder, request, text):
    """The start and the log-probability of each token of ``text`` behind the prompt, by `Decoder.read`."""
    head, tokens = decoder.read_together(request.prompt, text)
    expected = list(decoder.read(Turn(), [*head, *tokens.tokens[:-1]]))[len(head) - 1 :]
    logprobs = [float(row[token]) for row, token in zip(expected, tokens.tokens, strict=True)]
    return {tokens.start(i): logprob for i, logprob in enumerate(logprobs)}


def with_alternative(alternative):
    return TEXT[: alternative.start] + alternative.text + TEXT[alternative.end :]


def test_a_text_has_the_probabilities_that_reading_it_gives(decoder):
    scores, expected = scored(decoder, REQUEST), read(decoder, REQUEST, TEXT)
    assert "".join(TEXT[max(0, t.start) :][:1] for t in scores.tokens[:1]) == TEXT[:1]
    assert [t.start for t in scores.tokens] == [
        start for start in expected if start >= scores.tokens[0].start
    ]
    assert [t.logprob for t in scores.tokens] == pytest.approx(
        [expected[t.start] for t in scores.tokens], abs=0.1
    )


def test_alternatives_have_the_probabilities_that_reading_them_gives(decoder):
    scores = scored(decoder, REQUEST)
    own = {token.start: token.logprob for token in scores.tokens}
    for alternative, of in zip(REQUEST.alternatives, scores.alternatives, strict=True):
        expected = read(decoder, REQUEST, with_alternative(alternative))
        assert of.tokens[0].start == of.start
        assert of.first == of.tokens[0].logprob
        assert of.text_first == own[of.start]
        told = {token.start: token.logprob for token in of.tokens}
        assert told == pytest.approx({start: expected[start] for start in told}, abs=0.3)


def test_both_end_together_behind_the_line(decoder):
    scores = scored(decoder, REQUEST)
    for alternative, of in zip(REQUEST.alternatives, scores.alternatives, strict=True):
        assert of.end > TEXT.index("\n", alternative.end)
        assert of.end in {token.start for token in scores.tokens} | {len(TEXT)}


def test_the_whole_costs_one_reading_and_the_alternatives_own_tokens(decoder):
    decoder.let_go()
    counters = scored(decoder, REQUEST).counters
    assert counters.prompt_evaluated == counters.prompt - 1
    longest = max(len(of.tokens) for of in scored(decoder, REQUEST).alternatives)
    assert 0 < counters.generated < longest * len(REQUEST.alternatives)


def test_a_text_after_the_same_code_costs_what_is_new(decoder):
    decoder.let_go()
    scored(decoder, evolve(REQUEST, alternatives=()))
    following = (Special.FILE_SEPARATOR, f"contextlib.py\n{BEFORE}{TEXT}")
    counters = scored(decoder, ScoreRequest(following, CODE[6000:6100])).counters
    assert counters.prompt_evaluated < counters.prompt / 4


def test_only_promising_alternatives_are_followed(decoder):
    everything = scored(decoder, REQUEST)
    gains = [of.first - of.text_first for of in everything.alternatives]
    fewer = scored(decoder, evolve(REQUEST, min_gain=sorted(gains)[-4], n_followed=3))
    followed = [gain for gain, of in zip(gains, fewer.alternatives, strict=True) if of.tokens]
    assert len(followed) == 3
    assert min(followed) >= sorted(gains)[-4] - 1e-3
    assert fewer.counters.generated < everything.counters.generated


def test_an_interrupted_step_is_taken_again(decoder):
    """Whatever is asked between two steps, and whichever is broken off, the answer is the same."""
    expected = scored(decoder, REQUEST)
    scoring, turn, n = Scoring(decoder, REQUEST, Turn()), Turn(), 0
    scoring._turn = turn
    while True:
        n += 1
        if n % 3 == 0:
            decoder._abort.set()
            turn.cancelled = True
            with pytest.raises(Cancelled):
                scoring.step()
            turn.cancelled = False
        if n % 5 == 0:
            decoder.let_go()
        decoder.generate(
            Job(GenerateRequest(f"slot {n}", (Special.FIM_PREFIX, CODE[:400]), n=2, max_tokens=2))
        )
        if (scores := scoring.step()) is not None:
            break
    assert n > 3
    assert [t.start for t in scores.tokens] == [t.start for t in expected.tokens]
    assert [t.logprob for t in scores.tokens] == pytest.approx([t.logprob for t in expected.tokens], abs=0.3)
    for one, other in zip(scores.alternatives, expected.alternatives, strict=True):
        assert [t.logprob for t in one.tokens] == pytest.approx([t.logprob for t in other.tokens], abs=0.3)


def test_a_cache_that_is_full_makes_room(decoder):
    small = Decoder(bundled.path(), EngineOptions(n_kv_cells=1024, n_slots=2, apart_bytes=0))
    expected = scored(decoder, REQUEST)
    for name in "ab":
        small.generate(Job(GenerateRequest(name, (Special.FIM_PREFIX, CODE[:1500]), n=1, max_tokens=1)))
    scores = scored(small, REQUEST)
    assert small.evicted_slots
    total, likewise = (np.sum([t.logprob for t in of.tokens]) for of in (scores, expected))
    assert total == pytest.approx(likewise, rel=1e-2)
    small.generate(Job(GenerateRequest("c", (Special.FIM_PREFIX, CODE[:2500]), n=4, max_tokens=30)))


def test_a_text_that_does_not_fit_is_refused_with_its_size(decoder):
    with pytest.raises(PromptTooLong, match=r"\d+ tokens"):
        Scoring(decoder, ScoreRequest((), CODE[:20_000]), Turn())


def test_a_text_without_a_prompt(decoder):
    scores = scored(decoder, ScoreRequest((), "def f():\n    return 1\n", (Alternative(0, 3, "class"),)))
    assert scores.tokens[0].start > 0, "nothing tells how likely the first token is"
    assert scores.alternatives == (None,)


def test_characters_of_several_bytes(decoder):
    text = "    größe = 'ä' + name\n"
    start = len(text[: text.index("name")].encode())
    request = ScoreRequest(
        (Special.FILE_SEPARATOR, "a.py\nname = 1\n"), text, (Alternative(start, start + 4, "größe"),)
    )
    (of,) = scored(decoder, evolve(request, min_gain=-100)).alternatives
    assert of.end == len(text.encode())
    assert of.start in (start, start - 1)
