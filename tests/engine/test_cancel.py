"""A cancel stops the model, and what was evaluated before it is kept."""

import asyncio
import contextlib

ENDLESS = {"max_tokens": 500, "stop": None, "n": 4}


async def wait_until(condition):
    async with asyncio.timeout(30):
        while not await condition():
            await asyncio.sleep(0.002)


async def cancelled_while_busy(engine, request):
    """Start a request, cancel it as soon as the engine works on it, and wait until it is idle."""
    before = await engine.status()
    task = asyncio.create_task(engine.generate(request))

    async def busy():
        return (await engine.status()).busy

    async def idle():
        status = await engine.status()
        return status.cancelled > before.cancelled and not status.busy

    await wait_until(busy)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    await wait_until(idle)
    return await engine.status()


async def test_a_cancel_in_decode_ends_the_request(engine, request_at):
    await engine.generate(request_at(1200))  # the prompt is cached, so what follows is decode
    before = await engine.status()
    after = await cancelled_while_busy(engine, request_at(1200, **ENDLESS))
    assert after.cancelled == before.cancelled + 1
    assert after.last_cancel_ms is not None
    assert after.totals.generated == before.totals.generated, "a cancelled request adds no result"

    again = await engine.generate(request_at(1200))
    assert again.counters.prompt_evaluated == 1, "the prompt survives the cancel"


async def test_a_cancelled_prefill_keeps_whole_batches(engine, request_at):
    await cancelled_while_busy(engine, request_at(2400, max_tokens=8))
    kept = next((slot.tokens for slot in (await engine.status()).slots if "whole_batches" in slot.name), 0)
    again = await engine.generate(request_at(2400, max_tokens=8))
    assert again.counters.prompt_evaluated == again.counters.prompt - min(kept, again.counters.prompt - 1)


async def test_a_queued_request_can_be_cancelled_before_its_turn(engine, request_at):
    long = asyncio.create_task(engine.generate(request_at(1200, slot="long", **ENDLESS)))
    queued = asyncio.create_task(engine.generate(request_at(900, slot="never evaluated")))
    await asyncio.sleep(0)
    queued.cancel()
    long.cancel()
    await asyncio.gather(long, queued, return_exceptions=True)

    async def idle():
        return not (await engine.status()).busy

    await wait_until(idle)
    assert (await engine.generate(request_at(900))).candidates


async def test_cancelled_requests_leave_nothing_behind(engine, request_at, caplog):
    for _ in range(3):
        await cancelled_while_busy(engine, request_at(1200, **ENDLESS))
    assert engine._peer._request_futures == engine._peer._result_types == {}
    assert caplog.messages == []
