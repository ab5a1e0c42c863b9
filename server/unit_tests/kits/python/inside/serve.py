"""The processes: one that only passes on, one that imported the target, and one for each call.

The first reads the secret with which its lines begin after it made the second, so that no process that runs
the project's code ever had it. What a call does to its process ends with it.
"""

import contextlib
import ctypes
import gc
import json
import os
import random
import resource
import select
import signal
import sys
import time
import warnings
from typing import Any, Dict, Iterator, List, Optional, Tuple

from codenook.server.unit_tests.kits.python.inside.clock import shift_clock
from codenook.server.unit_tests.kits.python.inside.draw import drawn
from codenook.server.unit_tests.kits.python.inside.outcome import of_call

# ruff: noqa: UP006, UP035, UP045 - it runs in Python 3.8, too

_MIB = 1 << 20
_PIECE = 1 << 16
_MOST_BYTES = 1 << 18
_NOT_DUMPABLE = 4  # PR_SET_DUMPABLE
_DRAW_S = 12.0
_HUNG = "it didn't end within"
_N_HUNG = 4
"""After so many calls that hung, the others have less time."""


def main() -> None:
    """Read the secret and the job from stdin, and say on stdout what came of each call."""
    job_in, job_out = os.pipe()
    said_in, said_out = os.pipe()
    if os.fork() == 0:
        os.close(job_out)
        os.close(said_in)
        _close_to_others()
        _silence()
        _serve(job_in, said_out)
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


def _serve(job_in: int, said_out: int) -> None:
    with os.fdopen(job_in, "rb") as stream:
        job: Dict[str, Any] = json.loads(stream.read())
    warnings.simplefilter("ignore")
    random.seed(job["seed"])
    if job["clock_s"]:
        shift_clock(job["clock_s"])
    sys.path[:0] = job["path"]
    sys.argv = [""]
    names: Dict[str, Any] = {}
    try:
        for statement in job["imports"]:
            exec(statement, names)  # noqa: S102 - the target, in the sandbox
    except BaseException as error:  # noqa: BLE001 - whatever a module does when it is imported
        why = f"the module can't be imported: {type(error).__name__}: {str(error)[:200]}"
        _say(said_out, {"problem": why})
        return
    gc.freeze()
    if job.get("draw"):
        for said in _said_apart(job, [lambda: {"drawn": drawn(job, names)}], _DRAW_S, said_out):
            _say(said_out, dict(said, call=0))
    _all_calls(job, said_out)


def _all_calls(job: Dict[str, Any], said_out: int) -> None:
    """Make the calls, each in a process of its own, or in one as long as that lives."""
    works = [lambda call=call: of_call(job, call) for call in job["calls"]]
    number = n_hung = 0
    while number < len(works):
        within_s = job["call_s"] if n_hung < _N_HUNG else job["call_s"] / 10
        last = len(works) if job["shares"] else number + 1
        for said in _said_apart(job, works[number:last], within_s, said_out):
            n_hung += said.get("problem", "").startswith(_HUNG)
            _say(said_out, dict(said, call=number))
            number += 1


def _said_apart(
    job: Dict[str, Any], works: List[Any], within_s: float, closed: int
) -> Iterator[Dict[str, Any]]:
    """What came of some work in another process, up to the first that ends it; all of its group ends.

    It goes on when what it said was passed on, so that a call which ends even this process costs no other.
    """
    said_in, said_out = os.pipe()
    go_in, go_out = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(said_in)
        os.close(go_out)
        os.close(closed)
        os.setsid()
        resource.setrlimit(resource.RLIMIT_DATA, (job["call_bytes"], job["call_bytes"]))
        try:
            for work in works:
                _say(said_out, work())
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
                yield {"problem": f"{_HUNG} {within_s:g} s" if is_late else "it ended the process"}
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
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _say(pipe: int, said: Dict[str, Any]) -> None:
    _write(pipe, json.dumps(said).encode() + b"\n")


def _write(pipe: int, content: bytes) -> None:
    while content:
        content = content[os.write(pipe, content) :]
