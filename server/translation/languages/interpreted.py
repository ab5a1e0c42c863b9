"""What languages with an interpreter have in common: a program tells of its calls, line by line.

When it ends before it told of all, the call that it was at is lost, and it is started for the others again.
"""

import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from attrs import asdict, evolve, frozen

from codenook.server.sandbox.command import Ended, Limits
from codenook.server.sandbox.command import Outcome as Said
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.outcome import Call, How, Outcome
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter
from codenook.server.translation.values import decode, encode

CALL_S = 2.0
LIMITS = Limits(wall_s=60, cpu_s=60, output_bytes=64 << 20)
"""For a round; `_ALL_S` ends one that goes well earlier."""

_ALL_S = 40.0
_CALL_BYTES = 1 << 30
_MOST_HUNG = 5
_MOST_LOST = 5
"""So many calls may end the whole program; then no more are made."""

_MOST_CHARS = 300
_PROBLEMS = {
    Ended.WALL_TIME: "it takes too long",
    Ended.CPU_TIME: "it takes too long",
    Ended.MEMORY: "it needs too much memory",
    Ended.PROCESSES: "it starts too many processes",
    Ended.OUTPUT: "it writes too much",
}

Start = Callable[[bytes], Awaitable[Said]]
"""Starts the program that loads the program and calls it, with its stdin."""


@frozen
class _Told:
    """What a round told: of calls by their numbers.

    ``is_interrupted`` says that it ended between two calls, and is to be started for the others.
    """

    is_ready: bool = False
    is_interrupted: bool = False
    refusal: Refusal | None = None
    outcomes: Mapping[int, Outcome] = {}


async def refusal_of(text: str, start: Start, more: Mapping[str, Any] | None = None) -> Refusal | None:
    """Why a text doesn't compile, from a program that is only asked to compile it.

    ``more`` is what a language needs to be asked besides.
    """
    job = {"symbol": "", "parameters": [], "made_from": [], "is_static": False, **(more or {})}
    told, said = await _round(job | {"text": text, "calls": None}, start)
    if told.is_ready or told.refusal:
        return told.refusal
    return Refusal(Stage.COMPILE, _problem(said))


async def ran(
    program: Program,
    made_from: Sequence[Parameter],
    calls: Sequence[Call],
    start: Start,
    more: Mapping[str, Any] | None = None,
) -> Ran:
    """What came of each call; ``made_from`` are the parameters of the constructor of a method's class.

    ``more`` is what a language needs to be asked besides.
    """
    signature = program.signature
    job = {
        "text": program.text,
        "symbol": signature.symbol,
        "is_static": signature.is_static,
        "parameters": [_parameter(each) for each in signature.parameters],
        "made_from": [_parameter(each) for each in made_from],
        "call_s": CALL_S,
        "call_bytes": _CALL_BYTES,
        "most_hung": _MOST_HUNG,
        **(more or {}),
    }
    asked = {number: _arguments(call) for number, call in enumerate(calls)}
    outcomes: dict[int, Outcome] = {}
    until, n_lost, why = time.monotonic() + _ALL_S, 0, "no time was left"
    while len(outcomes) < len(calls) and (left_s := until - time.monotonic()) > 0:
        if n_lost > _MOST_LOST:
            why = "too many other calls end the program"
            break
        left = [(number, each) for number, each in asked.items() if number not in outcomes]
        told, said = await _round(job | {"calls": left, "all_s": left_s}, start)
        if not told.is_ready and not outcomes:
            return Ran(refusal=told.refusal or Refusal(Stage.LOAD, _problem(said)))
        outcomes |= told.outcomes
        lost = next((number for number, _ in left if number not in outcomes), None)
        if lost is not None and not (told.is_interrupted and told.outcomes):
            n_lost += 1
            outcomes[lost] = _lost(said)
    missing = Outcome(How.NOT_RUN, why=why)
    return Ran(tuple(outcomes.get(number, missing) for number in asked))


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """A parameter for JSON; further arguments by name are one map."""
    if parameter.is_rest and parameter.is_named:
        parameter = evolve(parameter, shape=Shape(Kind.MAP, (Shape(Kind.TEXT), parameter.shape)))
    return asdict(parameter)


def _arguments(call: Call) -> list[Any]:
    return [[encode(each) for each in values] for values in (call.made_with, call.arguments)]


def _lost(said: Said) -> Outcome:
    is_late = said.ended in {Ended.WALL_TIME, Ended.CPU_TIME}
    return Outcome(How.TIMED_OUT if is_late else How.CRASHED, message=_problem(said))


def _problem(said: Said) -> str:
    if said.ended in _PROBLEMS:
        return _PROBLEMS[said.ended]
    wrote = [line.strip() for line in said.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return (wrote[-1] if wrote else "it ended the program")[:_MOST_CHARS]


async def _round(job: Mapping[str, Any], start: Start) -> tuple[_Told, Said]:
    """What the program told, behind a word that nothing else can know."""
    word = f"codenook-{secrets.token_hex(16)}"
    said = await start(f"{word}\n{json.dumps(job)}".encode())
    is_ready, is_interrupted, refusal = False, False, None
    outcomes: dict[int, Outcome] = {}
    for line in said.stdout.split(b"\n"):
        if not line.startswith(word.encode()):
            continue
        try:
            told: dict[str, Any] = json.loads(line.removeprefix(word.encode()))
            if "refused" in told:
                refusal = Refusal(Stage(told["refused"]), str(told["message"])[:_MOST_CHARS], told["line"])
            elif "ready" in told:
                is_ready = True
            elif "again" in told:
                is_interrupted = True
            else:
                outcomes.setdefault(told["call"], _outcome(told))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return _Told(is_ready, is_interrupted, refusal, outcomes), said


def _outcome(told: Mapping[str, Any]) -> Outcome:
    """An outcome as the program told it; raises ValueError, KeyError, TypeError."""
    after = told.get("after")
    return Outcome(
        How(told["how"]),
        decode(told.get("value")),
        str(told.get("error", "")),
        str(told.get("message", ""))[:_MOST_CHARS],
        None if after is None else tuple(map(decode, after)),
        str(told.get("why", ""))[:_MOST_CHARS],
    )
