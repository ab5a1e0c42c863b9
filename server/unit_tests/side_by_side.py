"""Work on many things, some at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from codenook.server.unit_tests.frameworks.framework import NoProject

Item = TypeVar("Item")

N_AT_ONCE = 2
"""As many as the smallest machines have processors."""


async def side_by_side(
    work: Callable[[Item], Awaitable[None]], items: Iterable[Item], n_at_once: int = N_AT_ONCE
) -> None:
    """Await ``work`` for each of ``items``, which are begun in their order.

    What the first raises, or a cancellation, ends the others as well.
    """
    left = iter(items)

    async def worker() -> None:
        for item in left:
            await work(item)

    why: NoProject | None = None
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(n_at_once):
                group.create_task(worker())
    except* NoProject as raised:
        why = _first(raised)
    if why is not None:  # raised above, it would be in a group, as early versions of Python 3.11 have it
        raise why


def _first(raised: BaseExceptionGroup[NoProject]) -> NoProject:
    error = raised.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
