"""Turns at the model: one at a time, in order, and no more than can wait."""

import asyncio

import pytest

from codenook.server.tasks.turns import N_WAITING, NoTurn, Turns


class Jobs:
    """Jobs that work until they are let go."""

    def __init__(self):
        self.turns, self.at_work = Turns(), []
        self.done = asyncio.Event()

    async def work(self, number):
        async with self.turns.taken():
            self.at_work.append(number)
            await self.done.wait()

    async def start(self, n):
        found = [asyncio.ensure_future(self.work(number)) for number in range(n)]
        await asyncio.sleep(0)
        return found


async def test_one_works_and_the_others_follow_in_order():
    jobs = Jobs()
    started = await jobs.start(4)
    assert jobs.at_work == [0]
    jobs.done.set()
    await asyncio.gather(*started)
    assert jobs.at_work == [0, 1, 2, 3]


async def test_who_finds_too_many_waiting_is_refused_at_once():
    jobs = Jobs()
    started = await jobs.start(1 + N_WAITING + 2)
    assert [each.done() for each in started] == [False] * (1 + N_WAITING) + [True] * 2
    with pytest.raises(NoTurn, match="8 requests wait"):
        await started[-1]
    started[-2].exception()
    jobs.done.set()
    await asyncio.gather(*started[:-2])


async def test_who_gives_up_makes_room():
    jobs = Jobs()
    started = await jobs.start(1 + N_WAITING)
    started[3].cancel()
    await asyncio.wait([started[3]])
    late = asyncio.ensure_future(jobs.work(99))
    jobs.done.set()
    await asyncio.gather(*started[:3], *started[4:], late)
    assert jobs.at_work == [0, 1, 2, *range(4, 1 + N_WAITING), 99]
