"""Texts are scored in the engine: when nobody waits for candidates, and until they are cancelled."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from codenook.models.engine.errors import PromptTooLong
from codenook.models.engine.messages import Alternative, ScoreRequest
from codenook.models.prompts.fim import Special

CODE = Path(contextlib.__file__).read_text(encoding="utf-8")
TEXT = CODE[4000:5500]
LONG = tuple(Alternative(at, at + 2, f"{at}") for at in range(0, len(TEXT) - 2, 12))


def request(alternatives=(), text=TEXT):
    prompt = (Special.FILE_SEPARATOR, f"contextlib.py\n{CODE[3000:4000]}")
    return ScoreRequest(prompt, text, alternatives, min_gain=-100, n_followed=1000, n_after=0)


async def wait_until(condition):
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.002)


async def test_a_text_is_scored_over_the_socket(engine):
    alternatives = (Alternative(0, 4, "other"), Alternative(0, 0, ""))
    before = await engine.status()
    scores = await engine.score(request(alternatives))
    after = await engine.status()
    assert all(token.logprob <= 0 for token in scores.tokens)
    assert sorted({token.start for token in scores.tokens}) == [token.start for token in scores.tokens]
    found, same = scores.alternatives
    assert found.tokens
    assert same is None, "it is the text itself"
    for name in ("prompt", "prompt_evaluated", "generated", "decode_calls"):
        cost = getattr(scores.counters, name)
        assert cost > 0
        assert getattr(after.totals, name) - getattr(before.totals, name) == cost


async def test_what_does_not_fit_is_refused(engine):
    with pytest.raises(PromptTooLong, match=r"\d+ tokens"):
        await engine.score(request(text=CODE[:12_000]))
    assert (await engine.score(request(text="x = 1\n"))).tokens


async def test_candidates_come_first(engine, request_at):
    """A completion that is asked for while a text is scored is answered before, and costs it no result."""
    alone = await engine.score(request(LONG))
    done = []
    scoring = asyncio.create_task(engine.score(request(LONG)))
    scoring.add_done_callback(lambda _: done.append("scores"))
    for cut in (900, 901, 902):
        generation = await engine.generate(request_at(cut, max_tokens=2))
        assert generation.candidates
        done.append("candidates")
    scores = await scoring
    await asyncio.sleep(0)
    assert done == ["candidates", "candidates", "candidates", "scores"]
    assert [token.start for token in scores.tokens] == [token.start for token in alone.tokens]
    assert [len(of.tokens) for of in scores.alternatives] == [len(of.tokens) for of in alone.alternatives]


async def test_a_cancel_ends_the_scoring(engine):
    before = await engine.status()
    scoring = asyncio.create_task(engine.score(request(LONG)))

    async def busy():
        return (await engine.status()).busy

    async def idle():
        status = await engine.status()
        return status.cancelled == before.cancelled + 1 and not status.busy

    await wait_until(busy)
    scoring.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await scoring
    await wait_until(idle)
    after = await engine.status()
    assert after.totals == before.totals, "a cancelled request adds no result"
    assert after.last_cancel_ms is not None
    assert (await engine.score(request())).tokens


async def test_several_are_scored_one_after_the_other(engine):
    requests = [request(LONG[i::7], TEXT[: 900 + 100 * i]) for i in range(4)]
    together = await asyncio.gather(*map(engine.score, requests))
    for one, scores in zip(requests, together, strict=True):
        assert len(scores.alternatives) == len(one.alternatives)
        assert scores.counters.prompt_evaluated < scores.counters.prompt


async def test_a_cancel_before_its_turn_reaches_only_the_one(engine):
    first = asyncio.create_task(engine.score(request(LONG)))
    second = asyncio.create_task(engine.score(request(LONG, TEXT[:1000])))
    await asyncio.sleep(0.01)
    second.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await second
    assert len((await first).alternatives) == len(LONG)
