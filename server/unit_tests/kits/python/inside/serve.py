"""Imports the target in one process, and makes each call in another."""

import gc
import json
import random
import sys
import warnings
from typing import Any, Dict

from codenook.server.sandbox.inside.apart import HUNG, relay, said_apart, say
from codenook.server.unit_tests.kits.python.inside.clock import shift_clock
from codenook.server.unit_tests.kits.python.inside.draw import drawn
from codenook.server.unit_tests.kits.python.inside.outcome import of_call

# ruff: noqa: UP006, UP035 - it runs in Python 3.8, too

_DRAW_S = 12.0
_N_HUNG = 4
"""After so many calls that hung, the others have less time."""


def main() -> None:
    """Read the secret and the job from stdin, and say on stdout what came of each call."""
    relay(_serve)


def _serve(asked: bytes, said_out: int) -> None:
    job: Dict[str, Any] = json.loads(asked)
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
        say(said_out, {"problem": why})
        return
    gc.freeze()
    if job.get("draw"):
        for said in said_apart([lambda: {"drawn": drawn(job, names)}], _DRAW_S, job["call_bytes"], said_out):
            say(said_out, dict(said, call=0))
    _all_calls(job, said_out)


def _all_calls(job: Dict[str, Any], said_out: int) -> None:
    """Make the calls, each in a process of its own, or in one as long as that lives."""
    works = [lambda call=call: of_call(job, call) for call in job["calls"]]
    number = n_hung = 0
    while number < len(works):
        within_s = job["call_s"] if n_hung < _N_HUNG else job["call_s"] / 10
        last = len(works) if job["shares"] else number + 1
        for said in said_apart(works[number:last], within_s, job["call_bytes"], said_out):
            n_hung += said.get("problem", "").startswith(HUNG)
            say(said_out, dict(said, call=number))
            number += 1
