"""The memories of an engine's process: on a thread of their own, written and weighed when nobody waits."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, TypeVar

from attrs import define, field

from codenook.models.engine.calibration import Window, observe, windows
from codenook.models.engine.decode import Decoder
from codenook.models.engine.memories import Held, Memories
from codenook.models.engine.messages import MemoryFile, MemoryStatus
from codenook.models.engine.rpc import converter
from codenook.models.engine.turns import Cancelled, Turn
from codenook.models.memory import Observation

T = TypeVar("T")

SAVED_AFTER_S = 10.0
"""What was learned is written once nothing was learned for so long."""

WEIGHED_AFTER_S = 3.0
"""How long the engine must have been idle before it reads files in order to weigh a memory."""

SLOWEST_WINDOW_S = 10.0
"""A model that takes longer to read one window is not measured: its weights stay what they were."""

LOOKS_EVERY_S = 1.0

log = logging.getLogger(__name__)


@define
class Weighing:
    """A memory that is being weighed: what is still to be read for it, and what was observed so far."""

    held: Held
    windows: list[Window]
    observed: list[Observation] = field(factory=list)


class Remembering:
    """The memories of one engine. Its methods belong to the event loop."""

    def __init__(self, decoder: Decoder, decodes: Executor, is_idle: Callable[[float], bool]) -> None:
        """``decodes`` runs what belongs to the decoder's thread; ``is_idle`` tells of so many seconds."""
        self._decoder = decoder
        self._decodes = decodes
        self._is_idle = is_idle
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="memory")
        self._memories: Memories | None = None
        self._job: Turn | None = None
        self._weighing: Weighing | None = None
        self._learned = time.monotonic()

    async def offer(self, params: Any) -> list[str]:
        """Answer which of a workspace's files are to be learned; see `Memories.offer`."""
        self._learned = time.monotonic()
        return await self._do(lambda memories: memories.offer(params["name"], params["versions"]))

    async def learn(self, params: Any) -> bool:
        """Learn files; see `Memories.learn`."""
        self._learned = time.monotonic()
        files = converter.structure(params["files"], list[MemoryFile])
        name, gone, more = params["name"], params["gone"], params["more"]
        return await self._do(lambda memories: memories.learn(name, files, gone, more=more))

    async def learn_document(self, params: Any) -> int:
        """Learn an open document; see `Memories.learn_document`."""
        return await self._do(lambda memories: memories.learn_document(**params))

    async def get(self, name: str) -> Held:
        """Return what is held of a workspace; only the first time does this take time."""
        if self._memories is None:
            await self._do(lambda _: None)
        return self._open().get(name)

    def status(self) -> tuple[tuple[MemoryStatus, ...], str]:
        """Return what is held, and why it can't be kept on disk."""
        return (self._memories.status(), self._memories.trouble) if self._memories else ((), "")

    def make_way(self) -> None:
        """End what is done for later: a request has come."""
        if self._job is not None:
            self._decoder.cancel(self._job)

    async def keep(self) -> None:
        """Write what was learned and weigh it, whenever there is time; this doesn't return."""
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            if self._memories is None:
                continue
            try:
                if time.monotonic() - self._learned > SAVED_AFTER_S:
                    await self._do(Memories.save)
                due = self._memories.due()
                if due is not None and self._is_idle(WEIGHED_AFTER_S):
                    await self._weigh(due)
            except Exception:
                log.exception("memory could not be kept; it will be tried again")

    async def close(self) -> None:
        """Write what was learned."""
        self.make_way()
        if self._memories is not None:
            await self._do(Memories.save)
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _weigh(self, held: Held) -> None:
        """Measure how much a memory is worth; a request ends this, and it goes on from there later."""
        weighing = self._weighing
        if weighing is None or weighing.held is not held:
            weighing = self._weighing = Weighing(held, await self._do(lambda _: windows(held.memory)))
        loop = asyncio.get_running_loop()
        while weighing.windows:
            self._job = job = Turn()
            began = time.monotonic()
            try:
                weighing.observed += await loop.run_in_executor(
                    self._decodes, observe, self._decoder, job, held.memory, weighing.windows[-1]
                )
            except Cancelled:
                if time.monotonic() - began < SLOWEST_WINDOW_S:
                    return
            else:
                weighing.windows.pop()
            finally:
                self._job = None
            if time.monotonic() - began >= SLOWEST_WINDOW_S:
                weighing.windows.clear()
                weighing.observed.clear()
        self._weighing = None
        await self._do(lambda memories: memories.weigh(held, weighing.observed))

    async def _do(self, work: Callable[[Memories], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(self._open()))

    def _open(self) -> Memories:
        if self._memories is None:
            self._memories = self._decoder.memories()
        return self._memories
