"""The processes: one that only passes on, one that serves, and one for each piece of work.

The first reads the secret with which its lines begin after it made the second, so that no process that runs
the project's code ever had it. What a piece of work does to its process ends with it.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

# ruff: noqa: UP006, UP035, UP045 - it runs in Python 3.8, too

_PIECE = 1 << 16
_MOST_BYTES = 1 << 18
_NOT_DUMPABLE = 4  # PR_SET_DUMPABLE
_DUMPS, _LOADS = json.dumps, json.loads  # whatever a program makes of them
HUNG = "it didn't end within"


def relay(serve: Callable[[bytes, int], None]) -> None:
    """Read the secret and the job from stdin, and say on stdout what ``serve`` says of the job.

    That is called in a process of its own, with the job and where to `say` things.
    """
    job_in, job_out = os.pipe()
    said_in, said_out = os.pipe()
    if os.fork() == 0:
        os.close(job_out)
        os.close(said_in)
        _close_to_others()
        _silence()
        with os.fdopen(job_in, "rb") as stream:
            serve(stream.read(), said_out)
        os._exit(0)
    os.close(job_in)
    os.close(said_out)
    _close_to_others()
    secret, _, job = sys.stdin.buffer.read().partition(b"\n")
    _write(job_out, job)
    os.close(job_out)
    with os.fdopen(said_in, "rb") as said:
        for line in said:
            _write(1, secret + b" " + line)


def _close_to_others() -> None:
    """Let no other process read this one's memory, or write into its pipes."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_NOT_DUMPABLE, 0, 0, 0, 0)


def _silence() -> None:
    """Let what is printed go nowhere, and have nothing to read."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)


def said_apart(works: List[Any], within_s: float, n_bytes: int, closed: int) -> Iterator[Dict[str, Any]]:
    """What came of some work in another process, up to the first that ends it; all of its group ends.

    Each has ``within_s`` and memory of ``n_bytes``, and can't write to the pipe ``closed``. It goes on when
    what it said was passed on, so that a call which ends even this process costs no other.
    """
    said_in, said_out = os.pipe()
    go_in, go_out = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(said_in)
        os.close(go_out)
        os.close(closed)
        os.setsid()
        resource.setrlimit(resource.RLIMIT_DATA, (n_bytes, n_bytes))
        try:
            for work in works:
                say(said_out, work())
                os.read(go_in, 1)
        finally:
            os._exit(0)
    os.close(said_out)
    os.close(go_in)
    rest = b""
    try:
        for _ in works:
            until = time.monotonic() + within_s
            line, rest = _line_of(said_in, rest, until)
            said = _parsed(line)
            if said is None:
                is_late = time.monotonic() >= until
                yield {"problem": f"{HUNG} {within_s:g} s" if is_late else "it ended the process"}
                return
            yield said
            with contextlib.suppress(OSError):  # the last work's process may have ended by now
                os.write(go_out, b".")
    finally:
        os.close(said_in)
        os.close(go_out)
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(OSError):
                kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _line_of(pipe: int, rest: bytes, until: float) -> Tuple[bytes, bytes]:
    """The next line, and what came behind it; what is there at the end of the time, or of the pipe."""
    while b"\n" not in rest and len(rest) <= _MOST_BYTES:
        left = until - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            break
        piece = os.read(pipe, _PIECE)
        if not piece:
            break
        rest += piece
    line, _, rest = rest.partition(b"\n")
    return line, rest


def _parsed(line: bytes) -> Optional[Dict[str, Any]]:
    try:
        said = _LOADS(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def say(pipe: int, said: Dict[str, Any]) -> None:
    """Say one thing, as a line of JSON."""
    _write(pipe, _DUMPS(said).encode() + b"\n")


def _write(pipe: int, content: bytes) -> None:
    while content:
        content = content[os.write(pipe, content) :]
