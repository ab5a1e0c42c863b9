"""The engine as the rest of codenook sees it, and the one that runs on this machine.

`Engine` is the interface: nothing above it knows whether a process, a socket or a server of the team's
stands behind it.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, Protocol

import attrs
import psutil
from attrs import evolve

import codenook
from codenook.models.engine import endpoint
from codenook.models.engine.errors import (
    EngineDied,
    EngineError,
    EngineHung,
    EngineUnavailable,
    ModelMissing,
)
from codenook.models.engine.messages import (
    Candidate,
    EngineStatus,
    GenerateRequest,
    Generation,
    LlamaBuild,
    MemoryFile,
    ModelInfo,
    ScoreRequest,
    Scores,
)
from codenook.models.engine.options import EngineOptions
from codenook.models.engine.rpc import Peer, converter

START_TIMEOUT_S = 30.0
"""How long a started engine may take until its socket answers; loading the model comes after that."""

HANG_S = 5.0
"""An engine that is silent for so long is asked for a sign of life, and ended when none comes for as long."""

MAX_STEP_S = 120.0
"""An engine that answers, but whose decode thread is at one step for longer than this, is ended, too.

A step evaluates at most 256 tokens. A model that takes so long for them reads two tokens a second, and eight
minutes for a prompt of a thousand: nobody waits for that. Loading the model is no step.
"""

END_S = 30.0
"""How long an engine that was told to stop may take to write what it remembers."""

N_CACHED_COUNTS = 4096
"""Texts whose token counts are remembered."""


class Engine(Protocol):
    """What a task may ask of a model. Every method raises EngineError or a subclass."""

    async def ready(self) -> ModelInfo:
        """Start the engine if need be, wait for its model, and say which it is."""

    async def generate(
        self, request: GenerateRequest, finished: Callable[[Candidate], None] | None = None
    ) -> Generation:
        """Return candidates for a prompt; cancelling the call stops the model.

        ``finished`` is called with each candidate as soon as the model has finished it.
        """

    async def score(self, request: ScoreRequest) -> Scores:
        """Return how likely a text is behind a prompt, and what alternatives in it would be.

        Cancelling the call stops the model. It waits for those who ask for candidates. Raises
        ScoringUnsupported, with the reason, where what stands behind the engine can't tell.
        """

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the price of each text in tokens of the model."""

    async def offer_memory(self, name: str, versions: Mapping[str, str]) -> list[str]:
        """Have the workspace ``name`` remembered: of these files alone, by path and hash of the content.

        Return the paths whose text is lacking.
        """

    async def learn(
        self, name: str, files: Sequence[MemoryFile], gone: Sequence[str] = (), *, more: bool = False
    ) -> bool:
        """Remember files and forget those that are ``gone``; False when the memory is to be offered first.

        With ``more`` to come soon, what the files say may be known only then.
        """

    async def learn_document(self, name: str, path: str, text: str) -> int:
        """Have requests in an open document of the workspace ``name`` know what it says beyond their prompt.

        Return how many tokens were read for that: those of the parts that have changed.
        """

    async def status(self) -> EngineStatus:
        """Return the engine's account of itself."""

    async def close(self) -> None:
        """Let go of the engine; it lives on for others."""


class LocalEngine:
    """The engine process of this user for one model: found by its socket, started when there is none.

    ``make_room`` is awaited before one is started; its EngineError keeps it from being started. An engine
    whose step takes longer than ``max_step_s`` is ended.
    """

    def __init__(
        self,
        model: Path,
        options: EngineOptions,
        make_room: Callable[[], Awaitable[None]] | None = None,
        *,
        max_step_s: float = MAX_STEP_S,
    ) -> None:
        self._model = model
        self._options = options
        self._make_room = make_room
        self._max_step_s = max_step_s
        self._connecting = asyncio.Lock()
        self._peer: Peer | None = None
        self._receiving: asyncio.Task[None] | None = None
        self._info: ModelInfo | None = None
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._listeners: dict[str, Callable[[Any], None]] = {}

    @property
    def is_ready(self) -> bool:
        """Whether the model is loaded and the connection stands."""
        return self._peer is not None and self._info is not None

    @property
    def known_model(self) -> ModelInfo | None:
        """The model, as far as it was asked for: nothing is started by looking at it."""
        return self._info

    async def ready(self) -> ModelInfo:
        """Start the engine if need be, wait for its model, and say which it is."""
        async with self._connecting:
            if self._peer is None:
                self._info = None
                self._peer = await self._connect()
            if self._info is None:
                try:
                    self._info = converter.structure(await self._wait(self._peer, "ready"), ModelInfo)
                except EngineError:
                    await self.close()  # the next request looks again: the model may be mended by then
                    raise
            return self._info

    async def build(self) -> LlamaBuild:
        """Say how the engine's llama.cpp was built, also when its model can't be loaded."""
        async with self._connecting:
            if self._peer is None:
                self._info = None
                self._peer = await self._connect()
            return converter.structure(await self._peer.ask("build"), LlamaBuild)

    async def generate(
        self, request: GenerateRequest, finished: Callable[[Candidate], None] | None = None
    ) -> Generation:
        """Return candidates for a prompt; cancelling the call stops the model."""
        if finished is None:
            answer = await self._ask("generate", converter.unstructure(request))
        else:
            name = str(uuid.uuid4())
            self._listeners[name] = lambda value: finished(converter.structure(value, Candidate))
            try:
                answer = await self._ask("generate", converter.unstructure(evolve(request, progress=name)))
            finally:
                del self._listeners[name]
        return converter.structure(answer, Generation)

    async def score(self, request: ScoreRequest) -> Scores:
        """Return how likely a text is behind a prompt; cancelling the call stops the model."""
        return converter.structure(await self._ask("score", converter.unstructure(request)), Scores)

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the price of each text in tokens: one question for those not asked before."""
        counts = {text: self._counts[text] for text in texts if text in self._counts}
        unknown = [text for text in dict.fromkeys(texts) if text not in counts]
        if unknown:
            answer = await self._ask("count_tokens", {"texts": unknown})
            counts.update(zip(unknown, answer, strict=True))
        for text, n in counts.items():
            self._counts[text] = n
            self._counts.move_to_end(text)
        while len(self._counts) > N_CACHED_COUNTS:
            self._counts.popitem(last=False)
        return [counts[text] for text in texts]

    async def offer_memory(self, name: str, versions: Mapping[str, str]) -> list[str]:
        """Have a workspace remembered; return the paths whose text is lacking."""
        lacking: list[str] = await self._ask("memory_offer", {"name": name, "versions": dict(versions)})
        return lacking

    async def learn(
        self, name: str, files: Sequence[MemoryFile], gone: Sequence[str] = (), *, more: bool = False
    ) -> bool:
        """Remember files and forget others; False when the memory is to be offered first."""
        told = {"name": name, "files": converter.unstructure([*files]), "gone": [*gone], "more": more}
        return bool(await self._ask("memory_learn", told))

    async def learn_document(self, name: str, path: str, text: str) -> int:
        """Have requests in an open document know what it says; return how many tokens were read for that."""
        return int(await self._ask("memory_document", {"name": name, "path": path, "text": text}))

    async def status(self) -> EngineStatus:
        """Return the engine's account of itself."""
        return converter.structure(await self._ask("status"), EngineStatus)

    async def stop(self) -> None:
        """End the engine's process, for everyone, and return when it is gone."""
        with contextlib.suppress(OSError):  # there is none
            await stop_engine(endpoint.socket_path(self._model, self._options))

    async def close(self) -> None:
        """Hang up; the engine lives on for others."""
        if self._receiving is not None:
            self._receiving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._receiving

    async def _ask(self, method: str, params: Any = None) -> Any:
        await self.ready()
        if self._peer is None:
            raise EngineUnavailable("the engine hung up")
        return await self._wait(self._peer, method, params)

    async def _wait(self, peer: Peer, method: str, params: Any = None) -> Any:
        """Ask, and wait for the answer for as long as the engine shows signs of life."""
        asking = asyncio.create_task(peer.ask(method, params))
        try:
            while not (await asyncio.wait([asking], timeout=HANG_S))[0]:
                await self._greet(peer)
            return asking.result()
        finally:
            asking.cancel()

    async def _connect(self) -> Peer:
        """Find or start an engine; what the system has against it is raised as EngineUnavailable."""
        try:
            socket = endpoint.socket_path(self._model, self._options)
            return await self._find_or_start(socket)
        except OSError as error:
            raise EngineUnavailable(f"the engine can't be started or reached: {error}") from None
        except ValueError:  # from a path that no file can have
            raise ModelMissing(f"no model file at {str(self._model)!r}") from None

    async def _find_or_start(self, socket: Path) -> Peer:
        """Return an engine of this version or a newer one."""
        for _ in range(2):
            with contextlib.suppress(EngineDied, EngineHung):  # it was on its way out when we met it
                return await self._meet(await self._open(socket) or await self._start(socket), socket)
        return await self._meet(await self._start(socket), socket)

    async def _meet(self, peer: Peer, socket: Path) -> Peer:
        """Return the engine at the other end, or a new one in the place of an older one."""
        if _as_tuple(await self._greet(peer)) >= _as_tuple(codenook.__version__):
            return peer
        await peer.ask("stop")
        if self._receiving is not None:
            await self._receiving
        return await self._start(socket)

    async def _greet(self, peer: Peer) -> str:
        """Exchange greetings; return the engine's version. One that hangs is ended: EngineHung."""
        try:
            hello = await asyncio.wait_for(peer.ask("hello"), HANG_S)
        except TimeoutError:
            await self._end(peer, f"the engine was silent for {HANG_S:.0f} s and was ended")
        if hello["step_s"] > self._max_step_s:
            await self._end(
                peer, f"the engine was at one step for over {self._max_step_s:.0f} s and was ended"
            )
        return str(hello["version"])

    async def _end(self, peer: Peer, why: str) -> NoReturn:
        """Kill the engine at the other end, and tell all who wait for it why."""
        peer.farewell = EngineHung(why)
        if process := peer.process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        if self._receiving is not None:
            await asyncio.wait([self._receiving], timeout=HANG_S)  # then nobody meets it any more
        await self.close()
        raise peer.farewell from None

    async def _open(self, socket: Path) -> Peer | None:
        try:
            reader, writer = await asyncio.open_unix_connection(socket)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        peer = Peer(reader, writer, listeners=self._listeners)
        self._receiving = asyncio.create_task(self._receive(peer))
        return peer

    async def _receive(self, peer: Peer) -> None:
        try:
            await peer.run()
        finally:
            if self._peer is peer:
                self._peer = None

    async def _start(self, socket: Path) -> Peer:
        """Start an engine for ``socket`` that outlives this process, and connect to it.

        Several servers may do this at once: the engine that gets the socket's lock stays.
        """
        if self._make_room is not None:
            await self._make_room()
        log = socket.with_suffix(".log")
        process = self._spawn(socket, log)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + START_TIMEOUT_S
        while loop.time() < deadline:
            if peer := await self._open(socket):
                return peer
            if process.poll():
                raise EngineUnavailable(f"the engine ended with status {process.returncode}; see {log}")
            if process.returncode == 0:  # it left the place to one that has gone since
                process = self._spawn(socket, log)
            await asyncio.sleep(0.02)
        raise EngineUnavailable(f"the engine did not answer within {START_TIMEOUT_S:.0f} s; see {log}")

    def _spawn(self, socket: Path, log: Path) -> subprocess.Popen[bytes]:
        options = json.dumps(attrs.asdict(self._options))
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own module; forking takes about a millisecond
                [
                    sys.executable,
                    "-P",
                    "-E",
                    "-m",
                    "codenook.models.engine",
                    socket,
                    self._model.absolute(),
                    options,
                ],
                cwd=socket.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        threading.Thread(target=process.wait, daemon=True).start()  # leaves no zombie when the engine ends
        return process


async def running() -> list[tuple[Path, EngineStatus]]:
    """Return the sockets and accounts of all engines of this user."""
    found = []
    for socket in endpoint.sockets():
        with contextlib.suppress(OSError, TimeoutError, EngineError):
            answer = await asyncio.wait_for(ask_socket(socket, "status"), START_TIMEOUT_S)
            found.append((socket, converter.structure(answer, EngineStatus)))
    return found


async def ask_socket(socket: Path, method: str, params: Any = None) -> Any:
    """Ask one engine, whichever model it has; OSError when none listens."""
    async with _connected(socket) as peer:
        return await peer.ask(method, params)


async def stop_engine(socket: Path) -> None:
    """End one engine and return when its process is gone; OSError when none listens.

    It may write what it remembers; after `END_S` it is killed.
    """
    async with _connected(socket) as peer:
        process = peer.process
        try:
            async with asyncio.timeout(END_S):
                with contextlib.suppress(EngineDied):
                    await peer.ask("stop")
                await gone(process)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


async def gone(process: int) -> None:
    """Return when the process with this id has ended, whether or not its parent has noticed."""
    with contextlib.suppress(psutil.NoSuchProcess):
        while psutil.Process(process).status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def _connected(socket: Path) -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_unix_connection(socket)
    peer = Peer(reader, writer)
    receiving = asyncio.create_task(peer.run())
    try:
        yield peer
    finally:
        receiving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await receiving


def _as_tuple(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
