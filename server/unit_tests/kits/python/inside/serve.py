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
from typing import Any, Dict, Iterator

from codenook.server.unit_tests.kits.python.inside.clock import shift_clock
from codenook.server.unit_tests.kits.python.inside.draw import drawn
from codenook.server.unit_tests.kits.python.inside.outcome import of_call

# ruff: noqa: UP006, UP035 - it runs in Python 3.8, too

_MIB = 1 << 20
_PIECE = 1 << 16
_MOST_BYTES = 1 << 18
_NOT_DUMPABLE = 4  # PR_SET_DUMPABLE
_DRAW_S = 12.0
_N_HUNG = 4
"""After so many calls that hung, the others have less time."""


def main() -> None:
    """Read the secret and the job from stdin, and say on stdout what came of each call."""
    job_in, job_out = os.pipe()
    said_in, said_out = os.pipe()
    if os.fork() == 0:
        os.close(job_out)
        os.close(said_in)
        _silence()
        _serve(job_in, said_out)
        os._exit(0)
    os.close(job_in)
    os.close(said_out)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_NOT_DUMPABLE, 0, 0, 0, 0)
    secret, _, job = sys.stdin.buffer.read().partition(b"\n")
    _write(job_out, job)
    os.close(job_out)
    with os.fdopen(said_in, "rb") as said:
        for line in said:
            _write(1, secret + b" " + line)


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
        said = f"the module can't be imported: {type(error).__name__}: {str(error)[:200]}"
        _say(said_out, {"problem": said})
        return
    gc.freeze()
    if job.get("draw"):
        _say(said_out, dict(_in_a_fork(lambda: {"drawn": drawn(job, names)}, job, _DRAW_S, said_out), call=0))
    n_hung = 0
    for number, call in enumerate(job["calls"]):
        within_s = job["call_s"] if n_hung < _N_HUNG else job["call_s"] / 10
        said_of_it = _in_a_fork(lambda call=call: of_call(job, call), job, within_s, said_out)
        n_hung += said_of_it.get("problem", "").startswith("it didn't end")
        _say(said_out, dict(said_of_it, call=number))


def _in_a_fork(work: Any, job: Dict[str, Any], within_s: float, closed: int) -> Dict[str, Any]:
    """What came of some work in a process of its own, which is ended with all of its group."""
    said_in, said_out = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(said_in)
        os.close(closed)
        os.setsid()
        resource.setrlimit(resource.RLIMIT_DATA, (job["call_bytes"], job["call_bytes"]))
        try:
            _say(said_out, work())
        finally:
            os._exit(0)
    os.close(said_out)
    content = b""
    until = time.monotonic() + within_s
    is_late = False
    for piece in _pieces(said_in, until):
        content += piece
        if content.endswith(b"\n") or len(content) > _MOST_BYTES:
            break
    else:
        is_late = time.monotonic() >= until
    os.close(said_in)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if is_late:
        return {"problem": f"it didn't end within {within_s:g} s"}
    try:
        said = json.loads(content)
    except ValueError:
        return {"problem": f"it ended the process (status {status})"}
    return said if isinstance(said, dict) else {"problem": "it ended the process"}


def _pieces(pipe: int, until: float) -> Iterator[bytes]:
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            return
        piece = os.read(pipe, _PIECE)
        if not piece:
            return
        yield piece


def _say(pipe: int, said: Dict[str, Any]) -> None:
    _write(pipe, json.dumps(said).encode() + b"\n")


def _write(pipe: int, content: bytes) -> None:
    while content:
        content = content[os.write(pipe, content) :]
