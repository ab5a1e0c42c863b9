"""The engine's process: one model, one thread that decodes, any number of connections."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from socket import AF_UNIX
from socket import socket as open_socket
from typing import Any

import attrs
import psutil
from filelock import FileLock, Timeout

import codenook
from codenook.models.engine.decode import Decoder
from codenook.models.engine.errors import EngineError
from codenook.models.engine.loading import build
from codenook.models.engine.messages import Candidate, Counters, EngineStatus, GenerateRequest, ScoreRequest
from codenook.models.engine.options import EngineOptions
from codenook.models.engine.remembering import Remembering
from codenook.models.engine.rpc import Peer, converter
from codenook.models.engine.scorer import Scorer
from codenook.models.engine.turns import Cancelled, Job, Turn

LOCK_WAIT_S = 10.0
"""How long a new engine waits for the one that it replaces to go."""

CLOSE_S = 5.0
"""How long an engine that ends may write what it remembers."""

FAILED_LOAD_EXIT_S = 2.0
"""How long an engine whose model can't be loaded stays to tell the reason."""

log = logging.getLogger(__name__)


def run(socket: Path, model: Path, options: EngineOptions) -> int:
    """Serve ``model`` on ``socket`` until stopped or idle; return the exit status.

    The lock beside the socket belongs to the one engine that may serve it; a second one leaves at once, and
    waits only for one that doesn't listen yet, or no more.
    """
    lock = FileLock(socket.with_suffix(".lock"))
    try:
        lock.acquire(timeout=LOCK_WAIT_S, cancel_check=partial(_listens, socket))
    except Timeout:
        log.info("another engine serves %s", socket)
        return 0
    gc.freeze()  # what was imported stays: looking through it for garbage would make a candidate wait
    with lock:
        try:
            asyncio.run(EngineProcess(model, options).serve(socket))
        finally:
            socket.unlink(missing_ok=True)
    return 0


def _listens(path: Path) -> bool:
    """Tell whether an engine takes connections at ``path``."""
    with open_socket(AF_UNIX) as client, contextlib.suppress(OSError):
        client.connect(os.fspath(path))
        return True
    return False


class EngineProcess:
    """The handlers behind the socket."""

    def __init__(self, model: Path, options: EngineOptions) -> None:
        self._model = model
        self._options = options
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="decode")
        self._started = self._last_request = time.monotonic()
        self._idle_exit_s = options.idle_exit_s
        self._connections: set[asyncio.Task[None]] = set()
        self._jobs: set[Turn] = set()
        self._remembering: Remembering | None = None
        self._scorer: Scorer | None = None
        self._requests = self._cancelled = 0
        self._totals = Counters()
        self._last_cancel_ms: float | None = None

    async def serve(self, socket: Path) -> None:
        """Listen on ``socket`` and load the model meanwhile; return when stopped or idle for long enough."""
        loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        server = await asyncio.start_unix_server(self._connected, socket)
        self._loading = loop.run_in_executor(self._thread, Decoder, self._model, self._options)
        self._loading.add_done_callback(self._loaded)
        idle = asyncio.create_task(self._stop_when_idle())
        remembering = asyncio.create_task(self._remember())
        await self._stop.wait()
        idle.cancel()
        remembering.cancel()
        server.close()
        if self._is_loaded:
            for job in self._jobs:
                self._loading.result().cancel(job)
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        if self._remembering is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._remembering.close(), CLOSE_S)
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def generate(params: Any) -> Any:
            return await self._generate(peer, params)

        peer = Peer(
            reader,
            writer,
            {
                "hello": self._hello,
                "build": self._build,
                "ready": self._ready,
                "count_tokens": self._count_tokens,
                "generate": generate,
                "score": self._score,
                "memory_offer": self._memory_offer,
                "memory_learn": self._memory_learn,
                "memory_document": self._memory_document,
                "status": self._status,
                "leave": self._leave,
                "stop": self._stop_now,
            },
        )
        connection = asyncio.create_task(peer.run())
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    # Requests

    async def _hello(self, _params: Any) -> dict[str, Any]:
        step_s = self._loading.result().step_s if self._is_loaded else 0.0
        return {"version": codenook.__version__, "pid": os.getpid(), "step_s": step_s}

    async def _build(self, _params: Any) -> Any:
        return converter.unstructure(build())

    async def _ready(self, _params: Any) -> Any:
        return converter.unstructure((await self._wanted()).info)

    async def _count_tokens(self, params: Any) -> list[int]:
        decoder = await self._wanted()
        return [decoder.count_tokens(text) for text in params["texts"]]

    async def _generate(self, peer: Peer, params: Any) -> Any:
        request = converter.structure(params, GenerateRequest)
        decoder = await self._wanted()
        self._requests += 1
        if request.messages:
            request = attrs.evolve(request, prompt=await decoder.chat_template.lay_out(request.messages))
        loop = asyncio.get_running_loop()

        def finished(candidate: Candidate) -> None:
            loop.call_soon_threadsafe(peer.tell, request.progress, converter.unstructure(candidate))

        memory = None if request.memory is None else await (await self._memories()).get(request.memory)
        job = Job(request, finished, memory) if request.progress else Job(request, memory=memory)
        with self._scoring(decoder).making_way(), self._at_work(decoder, job):
            generation = await asyncio.wrap_future(self._thread.submit(decoder.generate, job))
        self._totals += generation.counters
        return converter.unstructure(generation)

    async def _score(self, params: Any) -> Any:
        request = converter.structure(params, ScoreRequest)
        decoder = await self._wanted()
        self._requests += 1
        turn = Turn()
        with self._at_work(decoder, turn):
            scores = await self._scoring(decoder).score(request, turn)
        self._totals += scores.counters
        return converter.unstructure(scores)

    @contextlib.contextmanager
    def _at_work(self, decoder: Decoder, turn: Turn) -> Iterator[None]:
        """Count a request as one at work, and end it on the decoder when it is cancelled."""
        self._jobs.add(turn)
        if self._remembering is not None:
            self._remembering.make_way()
        try:
            yield
        except (asyncio.CancelledError, Cancelled):
            arrived = time.perf_counter()
            decoder.cancel(turn)
            self._cancelled += 1
            self._thread.submit(self._note_cancel, arrived)
            raise asyncio.CancelledError from None
        finally:
            self._jobs.discard(turn)
            self._last_request = time.monotonic()

    async def _memory_offer(self, params: Any) -> list[str]:
        return await (await self._memories()).offer(params)

    async def _memory_learn(self, params: Any) -> bool:
        return await (await self._memories()).learn(params)

    async def _memory_document(self, params: Any) -> int:
        return await (await self._memories()).learn_document(params)

    async def _status(self, _params: Any) -> Any:
        decoder = await self._decoder()
        memories, memory_trouble = (await self._memories()).status()
        slots = decoder.slots()
        return converter.unstructure(
            EngineStatus(
                version=codenook.__version__,
                pid=os.getpid(),
                model=decoder.info,
                busy=decoder.busy,
                uptime_s=time.monotonic() - self._started,
                idle_exit_s=self._options.idle_exit_s,
                connections=len(self._connections),
                resident_bytes=psutil.Process().memory_info().rss,
                slots=tuple(slots),
                kv_cells=decoder.n_kv_cells,
                kv_cells_used=sum(slot.tokens for slot in slots),
                requests=self._requests,
                cancelled=self._cancelled,
                evicted_slots=decoder.evicted_slots,
                totals=self._totals,
                memories=memories,
                memory_trouble=memory_trouble,
                last_cancel_ms=self._last_cancel_ms,
            )
        )

    async def _leave(self, params: Any) -> int:
        """Make room if nobody asked for anything in the last ``quiet_s`` seconds.

        Return the id of the process, which is about to end; 0 when it stays.
        """
        if not self._is_idle(params["quiet_s"]):
            return 0
        log.info("making room for another model")
        await self._stop_now(None)
        return os.getpid()

    async def _stop_now(self, _params: Any) -> None:
        asyncio.get_running_loop().call_later(0.05, self._stop.set)  # the answer goes out first

    # Life

    @property
    def _is_loaded(self) -> bool:
        return self._loading.done() and not self._loading.exception()

    async def _wanted(self) -> Decoder:
        """Return the decoder to a request; what is asked without this doesn't keep the engine alive."""
        self._last_request = time.monotonic()
        return await self._decoder()

    async def _decoder(self) -> Decoder:
        return await asyncio.shield(self._loading)

    def _scoring(self, decoder: Decoder) -> Scorer:
        if self._scorer is None:
            self._scorer = Scorer(decoder, self._thread)
        return self._scorer

    async def _memories(self) -> Remembering:
        decoder = await self._decoder()
        if self._remembering is None:
            self._remembering = Remembering(decoder, self._thread, self._is_idle)
        return self._remembering

    async def _remember(self) -> None:
        with contextlib.suppress(EngineError):  # of a model that can't be loaded
            await (await self._memories()).keep()

    def _is_idle(self, for_s: float) -> bool:
        quiet_s = time.monotonic() - self._last_request
        return self._loading.done() and not self._jobs and quiet_s > for_s

    def _loaded(self, loading: asyncio.Future[Decoder]) -> None:
        self._last_request = time.monotonic()
        if not loading.cancelled() and (error := loading.exception()) is not None:
            log.error("%s", error)
            self._idle_exit_s = FAILED_LOAD_EXIT_S
            if not isinstance(error, EngineError):
                log.error("loading failed", exc_info=error)

    def _note_cancel(self, arrived: float) -> None:
        self._last_cancel_ms = 1e3 * (time.perf_counter() - arrived)

    async def _stop_when_idle(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self._idle_exit_s / 4))
            if self._is_idle(self._idle_exit_s):
                log.info("idle for %.0f s, leaving", self._idle_exit_s)
                self._stop.set()
                return
