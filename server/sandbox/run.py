"""Runs a command in bubblewrap.

Nothing runs before its limits hold: bubblewrap tells the first process of the sandbox and waits until that
one was limited. When bubblewrap is killed, the kernel kills this process, and with it all others inside.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from codenook.server.sandbox import bubblewrap
from codenook.server.sandbox.command import Command, Ended, Limits, NoSandbox, Outcome, SandboxFailed
from codenook.server.sandbox.folders import Mount, Mounted, as_if
from codenook.server.sandbox.usage import usage

if sys.platform == "linux":
    from codenook.server.sandbox.holding import hold

LOOK_EVERY_S = 0.02
"""How often it is looked whether all processes together are within the limits."""

_GONE_WITHIN_S = 5.0
_PIECE_BYTES = 1 << 16
_BY_SIGNAL = 128
_N_OWN_ARGUMENTS = 7
"""Three options of `_Pipes` with their values, and what ends them."""


async def why_not(outside: Path | None = None) -> str:
    """Say in one line why there is no sandbox here, and what would help; empty where there is one.

    ``outside`` is a folder that somebody else may have written: no bubblewrap is taken, or tried, from there.
    """
    try:
        await asyncio.to_thread(bubblewrap.found, outside)
    except NoSandbox as error:
        return str(error)
    return ""


async def run(command: Command, limits: Limits | None = None) -> Outcome:
    """Run a command to its end, or to the first limit that it exceeds.

    Cancelling it kills the command, and all that it started, before it returns.

    Raises:
        NoSandbox: there is none on this machine.
        SandboxFailed: it couldn't be set up for this command.
    """
    program = await asyncio.to_thread(bubblewrap.found, command.folder)
    stop = asyncio.Event()
    work = asyncio.ensure_future(_run(program, command, limits or Limits(), stop))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:  # bubblewrap must not be killed before it told of the process inside
        stop.set()
        await asyncio.wait([work])
        work.exception()
        raise


async def _run(program: Path, command: Command, limits: Limits, stop: asyncio.Event) -> Outcome:
    with _place() as place:
        try:
            options = await asyncio.to_thread(_options, command, limits, Path(place))
        except (OSError, ValueError) as error:
            raise SandboxFailed(f"the sandbox can't be prepared: {error}") from None
        n_arguments = len(options) + len(command.arguments) + _N_OWN_ARGUMENTS
        if n_arguments > bubblewrap.MOST_ARGUMENTS:
            raise SandboxFailed(
                f"bubblewrap would need {n_arguments:,} arguments and reads {bubblewrap.MOST_ARGUMENTS:,}: "
                "a folder that gets or loses a file has too many entries, or the command is too long"
            )
        try:
            async with _started(program, options, command, Path(place)) as running:
                return await running.outcome(command.stdin, limits, stop)
        except OSError as error:  # its arguments are too many for the kernel, or there is no memory
            raise SandboxFailed(f"the sandbox can't be started: {error}") from None


@contextmanager
def _place() -> Iterator[str]:
    """A folder for what is written for a command; raises SandboxFailed where there is no room."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="codenook-", ignore_cleanup_errors=True)
    except OSError as error:
        raise SandboxFailed(f"the sandbox can't be prepared: {error}") from None
    with folder as place:
        yield place


def _options(command: Command, limits: Limits, place: Path) -> list[str]:
    files: dict[str, Path | None] = {}
    for number, (name, content) in enumerate(command.files.items()):
        files[name] = None
        if content is not None:
            files[name] = at = place / str(number)
            at.write_bytes(content)
    readable = [Mount(Mounted.READ_ONLY, path, str(path)) for path in command.readable]
    mounts = [*readable, *as_if(command.folder, files)]
    return bubblewrap.options(mounts, command.start or command.folder, limits)


@frozen
class _Pipes:
    """What bubblewrap reads its options from, tells of itself through (both ends), and waits at.

    The gate has no end that could be closed: the end of a pipe would let the command go, without limits,
    when this process dies.
    """

    options: int
    status_in: int
    gate: int
    status: int

    @classmethod
    def made(cls, options: list[str], place: Path) -> "_Pipes":
        asked = os.memfd_create("options")
        with os.fdopen(asked, "wb", closefd=False) as stream:
            stream.write(b"\0".join(map(os.fsencode, options)))
        os.lseek(asked, 0, os.SEEK_SET)
        os.mkfifo(place / "gate")
        status, status_in = os.pipe()
        return cls(asked, status_in, os.open(place / "gate", os.O_RDWR | os.O_CLOEXEC), status)

    @property
    def theirs(self) -> tuple[int, int, int]:
        return self.options, self.status_in, self.gate

    @property
    def arguments(self) -> list[str]:
        names = ("--args", "--json-status-fd", "--block-fd")
        return [part for name, each in zip(names, self.theirs, strict=True) for part in (name, str(each))]


@asynccontextmanager
async def _started(
    program: Path, options: list[str], command: Command, place: Path
) -> AsyncIterator["_Running"]:
    """Start bubblewrap, which waits to be let go; whatever happens, nothing of it is left."""
    pipes = _Pipes.made(options, place)
    try:
        process = await asyncio.create_subprocess_exec(
            *(str(program), *pipes.arguments, "--", *command.arguments),
            cwd="/",
            env=bubblewrap.ENVIRONMENT | dict(command.environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            pass_fds=pipes.theirs,
        )
    except BaseException:
        os.close(pipes.status)
        os.close(pipes.gate)
        raise
    finally:
        os.close(pipes.options)
        os.close(pipes.status_in)
    running = _Running(process, pipes.gate)
    try:
        status = os.fdopen(pipes.status, "rb")
        protocol = asyncio.StreamReaderProtocol(running.status)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, status)
        try:
            yield running
        finally:
            transport.close()
    finally:
        running.kill()
        os.close(pipes.gate)
        await process.wait()


@define(eq=False)
class _Running:
    """bubblewrap and what is in it; a byte written to ``gate`` lets it go."""

    process: asyncio.subprocess.Process
    gate: int
    status: asyncio.StreamReader = field(factory=asyncio.StreamReader)
    _first_inside: int | None = field(default=None, init=False)
    _ended: Ended = field(default=Ended.BY_ITSELF, init=False)

    async def outcome(self, stdin: bytes, limits: Limits, stop: asyncio.Event) -> Outcome:
        """Let it go, and wait for its end, or until it is to stop."""
        process = self.process
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise SandboxFailed("there are no pipes")
        self._first_inside = (await self._told()).get("child-pid")
        stdout, stderr, over = bytearray(), bytearray(), threading.Event()
        outputs = [
            asyncio.ensure_future(self._read(process.stdout, stdout, limits)),
            asyncio.ensure_future(self._read(process.stderr, stderr, limits)),
        ]
        others = [asyncio.ensure_future(_feed(process.stdin, stdin))]
        ends = [asyncio.ensure_future(process.wait()), asyncio.ensure_future(stop.wait())]
        try:
            if self._first_inside:
                with suppress(ProcessLookupError):  # it ended: bubblewrap says why
                    hold(self._first_inside, limits)
                watching = (self._first_inside, limits, over)
                threading.Thread(target=self._watch, args=watching, daemon=True).start()
                os.write(self.gate, b".")
            done, _ = await asyncio.wait(ends, timeout=limits.wall_s, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                self.kill(Ended.WALL_TIME)
        except (OSError, ValueError) as error:
            raise SandboxFailed(f"the command can't be limited: {error}") from None
        finally:
            self.kill()
            over.set()
            await asyncio.wait(outputs, timeout=_GONE_WITHIN_S)
            for other in (*others, *outputs, *ends):
                other.cancel()
        told = {} if stop.is_set() else await self._told()
        return self._outcome(told.get("exit-code"), bytes(stdout), bytes(stderr))

    def _outcome(self, code: int | None, stdout: bytes, stderr: bytes) -> Outcome:
        if code == _BY_SIGNAL + signal.SIGXCPU:
            self._ended = Ended.CPU_TIME
        if self._ended is not Ended.BY_ITSELF:
            return Outcome(self._ended, None, stdout, stderr)
        if code is None:
            said = stderr.decode("utf-8", "replace").strip().partition("\n")[0]
            raise SandboxFailed(said or "bubblewrap ended before the command did")
        return Outcome(self._ended, code, stdout, stderr)

    def kill(self, why: Ended = Ended.BY_ITSELF) -> None:
        """End all of it, if it hasn't ended; the first ``why`` counts."""
        if self.process.returncode is not None:
            return
        if self._ended is Ended.BY_ITSELF:
            self._ended = why
        for pid in filter(None, (self._first_inside, self.process.pid)):
            _before_all_others(pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)  # Popen's would race with asyncio for the exit status

    async def _told(self) -> dict[str, Any]:
        """The next that bubblewrap tells of itself; nothing when it is gone."""
        line = await self.status.readline()
        told: dict[str, Any] = json.loads(line) if line else {}
        return told

    async def _read(self, pipe: asyncio.StreamReader, into: bytearray, limits: Limits) -> None:
        """Read a pipe to its end, and keep what is within the limit."""
        while piece := await pipe.read(_PIECE_BYTES):
            into += piece[: limits.output_bytes - len(into)]
            if len(into) == limits.output_bytes:
                self.kill(Ended.OUTPUT)

    def _watch(self, pid: int, limits: Limits, over: threading.Event) -> None:
        """See to it, in a thread, that all together stay within the limits."""
        _before_all_others()
        while not over.wait(LOOK_EVERY_S):
            if beyond := usage(pid, limits.n_processes).beyond(limits):
                self.kill(beyond)


def _before_all_others(pid: int = 0) -> None:
    """Let a process, or this thread, compute before all others: that is for root alone.

    A fork bomb of root meets no limit of the kernel's. The process that is killed has to be scheduled to
    end, and so has this thread to see it: both would wait for seconds while thousands are made.
    """
    with suppress(OSError):
        os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))


async def _feed(pipe: asyncio.StreamWriter, content: bytes) -> None:
    try:
        pipe.write(content)
        with suppress(ConnectionError):
            await pipe.drain()
    finally:
        pipe.close()
