"""A large change in one file: stopped at once, and gone on with where it was."""

import asyncio
import contextlib
from pathlib import Path

from attrs import define, field

from codenook.models.engine.client import LocalEngine
from codenook.server.config import Settings
from codenook.server.review.kept import Kept
from codenook.server.review.kept_answers import KeptAnswers
from codenook.server.review.scope.lines import of_document
from codenook.server.review.sources.surprise.source import Surprise
from codenook.server.tasks.review import Review

CODE = Path(contextlib.__file__).read_text(encoding="utf-8")
N_BEFORE = 1
"""Questions that are answered before the review is stopped."""


@define(eq=False)
class Watched:
    """An engine that counts; with ``n_most``, the last question that it is asked."""

    engine: LocalEngine
    n_most: int = 1000
    asked: list = field(factory=list)
    n_answered: int = 0

    async def ready(self):
        return await self.engine.ready()

    async def count_tokens(self, texts):
        return await self.engine.count_tokens(texts)

    async def score(self, request):
        if len(self.asked) == self.n_most:
            await asyncio.Event().wait()
        self.asked.append(request)
        scores = await self.engine.score(request)
        self.n_answered += 1
        return scores


def review_of(engine, place):
    change = of_document(
        Path("/work"), "contexts.py", CODE[: CODE.index("class _GeneratorContextManagerBase")]
    )
    kept = Kept(place)
    return Review(change, [Surprise(change, KeptAnswers(engine, kept), Settings())])


async def until_idle(engine):
    async with asyncio.timeout(30):
        while (status := await engine.status()).busy:
            await asyncio.sleep(0.002)
    return status


async def test_a_stopped_review_stops_the_model_and_goes_on_where_it_was(engine, tmp_path):
    before = await until_idle(engine)
    whole = Watched(engine)
    expected = await review_of(whole, tmp_path / "whole").run()
    between = await until_idle(engine)

    stopped = Watched(engine, n_most=N_BEFORE + 1)
    review = review_of(stopped, tmp_path / "parts")
    running = asyncio.create_task(review.run())
    async with asyncio.timeout(60):
        while len(stopped.asked) <= N_BEFORE or not (await engine.status()).busy:
            await asyncio.sleep(0.002)
            if stopped.n_answered > N_BEFORE:
                break  # it was faster
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert running.cancelled()
    assert not review.report().is_whole
    after = await until_idle(engine)
    assert after.cancelled - between.cancelled == len(stopped.asked) - stopped.n_answered, (
        "none is left at work"
    )

    continued = Watched(engine)
    report = await review_of(continued, tmp_path / "parts").run()
    assert stopped.asked[: stopped.n_answered] + continued.asked == whole.asked
    assert len(set(whole.asked)) == len(whole.asked) > N_BEFORE + 1
    assert (report.findings, report.is_whole) == (expected.findings, True)
    end = await until_idle(engine)
    cost = between.totals.prompt - before.totals.prompt
    assert end.totals.prompt - between.totals.prompt == cost > 0, "both parts cost what the whole does"
