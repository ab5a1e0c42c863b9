"""Answers that were kept: the same again, without a question, wherever a review was stopped."""

import asyncio
from pathlib import Path

import pytest
from attrs import define, evolve, field

from codenook.models.engine.errors import ScoringUnsupported
from codenook.models.engine.messages import (
    Alternative,
    Candidate,
    Counters,
    Finish,
    GenerateRequest,
    Generation,
    Lines,
    ModelInfo,
    ScoredAlternative,
    ScoredToken,
    ScoreRequest,
    Scores,
    Timings,
)
from codenook.models.prompts.chat import Message
from codenook.server.config import Settings
from codenook.server.review.kept import Kept
from codenook.server.review.kept_answers import KeptAnswers
from codenook.server.review.scope.lines import of_document
from codenook.server.review.sources.surprise.source import Surprise
from codenook.server.review.sources.surprise.weighing import unfitted
from codenook.server.tasks.review import Review

TEXT = "def f(size, other):\n" + "".join(f"    a{n} = size + other\n" for n in range(68))
N_PASSAGES = 3
"""A passage has 24 lines."""


@define(eq=False)
class Scoring:
    """A model to which every token is as likely as its place in the text; stopped after some questions."""

    model: str = "scoring"
    written_ns: int = 1
    stops_after: int = 1000
    asked: list[ScoreRequest] = field(factory=list)
    answered: list[ScoreRequest] = field(factory=list)
    is_stuck: asyncio.Event = field(factory=asyncio.Event)

    async def ready(self):
        return ModelInfo(
            self.model, "", 1, 0, 4096, 0, "", None, (), ("python",), 0, written_ns=self.written_ns
        )

    async def count_tokens(self, texts):
        return [len(text) // 3 + 1 for text in texts]

    async def score(self, request):
        self.asked.append(request)
        if len(self.answered) == self.stops_after:
            self.is_stuck.set()
            await asyncio.Event().wait()
        self.answered.append(request)
        tokens = tuple(ScoredToken(at, -0.1 - at / 3) for at in range(0, len(request.text), 5))
        likelier = tuple(ScoredToken(token.start, token.logprob / 9) for token in tokens)

        def compared(number, one):
            return (None, ScoredAlternative(one.start, -1 / 3, float("-inf"), one.end, likelier))[number % 2]

        others = tuple(compared(number, one) for number, one in enumerate(request.alternatives))
        return Scores(tokens, others, Timings(1.0), Counters(9, 8, 7, 6))


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path / "kept")


def review_of(engine, kept, text=TEXT):
    change = of_document(Path("/work"), "a.py", text)
    source = Surprise(change, KeptAnswers(engine, kept), Settings(), weights=unfitted(0.01))
    return Review(change, [source])


async def test_an_answer_comes_back_as_it_was_and_costs_nothing(kept):
    request = ScoreRequest(("before",), "text of it", (Alternative(0, 4, "test"), Alternative(5, 7, "at")))
    engine = Scoring()
    first = await KeptAnswers(engine, kept).score(request)
    again = KeptAnswers(engine, kept)
    second = await again.score(request)
    assert (second.tokens, second.alternatives) == (first.tokens, first.alternatives)
    assert (first.counters, second.counters) == (Counters(9, 8, 7, 6), Counters())
    assert (len(engine.asked), again.n_asked, again.n_known) == (1, 0, 1)
    await KeptAnswers(Scoring("another"), kept).score(request)
    assert len(list(kept.place.iterdir())) == 2, "a model's answer is its own"
    await KeptAnswers(Scoring(written_ns=2), kept).score(request)
    assert len(list(kept.place.iterdir())) == 3, "and so is that of one which was adapted again"


async def test_what_a_model_wrote_comes_back_whoever_asks(kept):
    class Writing(Scoring):
        async def generate(self, request, finished=None):
            self.asked.append(request)
            candidates = (Candidate("{}", -0.5, 3, Finish.END_OF_TEXT, (Lines("a.py", 1, 2),)),)
            return Generation(candidates, Timings(1.0), Counters(9, 8, 7, 6))

    engine, told = Writing(), []
    request = GenerateRequest("one", messages=(Message("user", "is it right?"),), n=1)
    first = await KeptAnswers(engine, kept).generate(request)
    second = await KeptAnswers(engine, kept).generate(evolve(request, slot="two"), told.append)
    assert (second.candidates, second.counters) == (first.candidates, Counters())
    assert (tuple(told), len(engine.asked)) == (first.candidates, 1)
    for more in ({"memory": "w"}, {"memory": "w"}, {"seed": 1}):
        await KeptAnswers(engine, kept).generate(evolve(request, **more))
    assert len(engine.asked) == 4, "a memory may know more by now"


async def test_no_text_of_a_question_is_kept(kept):
    await KeptAnswers(Scoring(), kept).score(
        ScoreRequest(("a secret",), "word", (Alternative(0, 4, "other"),))
    )
    (path,) = kept.place.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert not any(word in path.read_bytes() for word in (b"secret", b"word", b"other"))


@pytest.mark.parametrize("damage", [b"", b"[]", b"x\x9c\x03\x00\x00\x00\x00\x01"])
async def test_damaged_answers_are_asked_for_again(kept, damage):
    request, engine = ScoreRequest(("a",), "b"), Scoring()
    for _ in range(2):
        await KeptAnswers(engine, kept).score(request)
        for path in kept.place.iterdir():
            path.write_bytes(damage)
    assert len(engine.asked) == 2


async def test_where_nothing_can_be_written_all_is_asked(tmp_path):
    (tmp_path / "file").write_text("")
    engine = Scoring()
    for _ in range(2):
        await KeptAnswers(engine, Kept(tmp_path / "file" / "kept")).score(ScoreRequest(("a",), "b"))
    assert len(engine.asked) == 2


async def test_a_model_that_can_not_tell_says_so_each_time(kept):
    class Remote(Scoring):
        async def score(self, _request):
            raise ScoringUnsupported("it only writes")

    for _ in range(2):
        with pytest.raises(ScoringUnsupported):
            await KeptAnswers(Remote(), kept).score(ScoreRequest(("a",), "b"))
    assert not kept.place.exists()


@pytest.mark.parametrize("n", range(N_PASSAGES))
async def test_a_review_that_was_stopped_in_a_file_asks_nothing_twice(kept, tmp_path, n):
    whole = Scoring()
    expected = await review_of(whole, Kept(tmp_path / "another")).run()
    assert len(whole.asked) == len(set(whole.asked)) >= N_PASSAGES

    stopped = Scoring(stops_after=n)
    review = review_of(stopped, kept)
    running = asyncio.create_task(review.run())
    await stopped.is_stuck.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not review.report().is_whole

    continued = Scoring()
    report = await review_of(continued, kept).run()
    assert stopped.answered + continued.asked == whole.asked
    assert (report.findings, report.is_whole) == (expected.findings, True)
    assert expected.findings


async def test_an_edit_elsewhere_in_the_change_costs_what_is_new(kept):
    await review_of(Scoring(), kept).run()
    engine = Scoring()
    await review_of(engine, kept, f"{TEXT}    b = size + other\n").run()
    assert len(engine.asked) == 1, "the passage that has the new line"
