"""Turns at the model: a job that asks it many times waits for those that came before it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

N_WAITING = 8
"""How many jobs may wait behind the one at work."""


class NoTurn(Exception):
    """Too many jobs wait already; the message is one line for a person."""


class Turns:
    """Lets one job work at a time, in the order in which they came."""

    def __init__(self) -> None:
        self._n_jobs = 0
        self._at_work = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a turn, and keep it; raises NoTurn at once when too many wait."""
        if self._n_jobs > N_WAITING:
            raise NoTurn(f"{N_WAITING} requests wait for the model already; ask again when some are done")
        self._n_jobs += 1
        try:
            async with self._at_work:
                yield
        finally:
            self._n_jobs -= 1
