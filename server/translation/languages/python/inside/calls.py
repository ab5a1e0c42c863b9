"""Loads a program and calls one definition of it, each time in a process of its own."""

import asyncio
import gc
import inspect
import json
import sys
import time
import traceback
import types
import warnings
from typing import Any, Callable, Dict, Iterator, List, Tuple

from codenook.server.sandbox.inside.apart import HUNG, relay, said_apart, say
from codenook.server.translation.languages.python.inside.given import Unfit, given
from codenook.server.translation.languages.python.inside.told import (
    MOST_ITEMS,
    Telling,
    is_iterator,
    items_of,
)

# ruff: noqa: UP006, UP035 - it runs in Python 3.8, too

_Target = Tuple[Any, Any, str]
"""The module or class that a definition is in, what that holds, and the name there."""

_MODULE = "program"
_FILE = "program.py"
_MOST_MESSAGE = 300
_USUAL_RECURSION = 1000
_UNKNOWN = {
    "name": "",
    "shape": {"kind": "any", "parts": []},
    "written": "",
    "is_named": False,
    "is_rest": False,
}


def main() -> None:
    """Read the secret and the job from stdin, and say on stdout what came of each call."""
    relay(_serve)


def _serve(asked: bytes, said_out: int) -> None:
    job: Dict[str, Any] = json.loads(asked)
    warnings.simplefilter("ignore")
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    try:
        code = compile(job["text"], _FILE, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        say(said_out, _refused("compile", error))
        return
    if job["calls"] is None:
        say(said_out, {"ready": True})
        return
    try:
        target = _loaded(code, job["symbol"])
    except BaseException as error:  # noqa: BLE001 - whatever a module does when it is loaded
        say(said_out, _refused("load", error))
        return
    say(said_out, {"ready": True})
    gc.freeze()
    _all_calls(job, target, said_out)


def _loaded(code: types.CodeType, symbol: str) -> _Target:
    """What is called."""
    module = types.ModuleType(_MODULE)
    sys.modules[_MODULE] = module
    sys.argv = [_FILE]
    exec(code, module.__dict__)  # noqa: S102 - the program, in the sandbox

    owner: Any = None
    found: Any = module
    for name in symbol.split("."):
        owner, found = found, inspect.getattr_static(found, name)
    return owner, found, name


def _refused(stage: str, error: BaseException) -> Dict[str, Any]:
    line = error.lineno or 0 if isinstance(error, SyntaxError) and error.filename == _FILE else 0
    frames = traceback.extract_tb(error.__traceback__)
    line = line or next((frame.lineno or 0 for frame in frames if frame.filename == _FILE), 0)
    return {"refused": stage, "message": f"{type(error).__name__}: {_message(error)}", "line": line}


def _message(error: BaseException) -> str:
    try:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        return said[:_MOST_MESSAGE].encode("utf-8", "replace").decode()
    except BaseException:  # noqa: BLE001 - whatever a class of errors does
        return ""


def _all_calls(job: Dict[str, Any], target: _Target, said_out: int) -> None:
    n_hung = 0
    until = time.monotonic() + job["all_s"]
    for number, call in job["calls"]:
        if n_hung >= job["most_hung"] or time.monotonic() > until:
            why = "too many other calls take too long" if n_hung >= job["most_hung"] else "no time was left"
            say(said_out, {"call": number, "how": "not_run", "why": why})
            continue
        work = [lambda call=call: _outcome(job, target, call)]
        for said in said_apart(work, job["call_s"], job["call_bytes"], said_out):
            is_late = said.get("problem", "").startswith(HUNG)
            n_hung += is_late
            ended = {"how": "timed_out" if is_late else "crashed"}
            say(said_out, dict(ended if "problem" in said else said, call=number))


def _outcome(job: Dict[str, Any], target: _Target, call: List[Any]) -> Dict[str, Any]:
    """Make a call, with what its object is made with, and the arguments."""
    made_with, told = call
    try:
        positional, named, seen = _arguments(told, job["parameters"])
        made, named_made, _ = _arguments(made_with, job["made_from"])
    except (Unfit, TypeError, KeyError, ValueError, OverflowError) as error:
        return {"how": "not_run", "why": _message(error)}
    before = sys.getrecursionlimit()
    try:
        value = _value(_bound(target, made, named_made), positional, named)
    except BaseException as error:  # noqa: BLE001 - whatever the program raises
        return {"how": "raised", "error": type(error).__name__[:80], "message": _message(error)}
    finally:
        sys.setrecursionlimit(max(before, _USUAL_RECURSION))
    return {
        "how": "returned",
        "value": Telling().value(value),
        "after": [Telling().value(each) for each in seen],
    }


def _arguments(
    told: List[Any], parameters: List[Dict[str, Any]]
) -> Tuple[List[Any], Dict[str, Any], List[Any]]:
    """Arguments by position and by name, and all of them in their order."""
    positional: List[Any] = []
    named: Dict[str, Any] = {}
    seen: List[Any] = []
    for each, parameter in zip(told, _for_each(parameters)):  # noqa: B905 - Python 3.8 has no strict
        value = given(each, parameter["shape"], parameter["written"])
        seen.append(value)
        if parameter["is_named"] and parameter["is_rest"]:
            named.update(value)
        elif parameter["is_named"]:
            named[parameter["name"]] = value
        else:
            positional.append(value)
    return positional, named, seen


def _for_each(parameters: List[Dict[str, Any]]) -> Iterator[Dict[str, Any]]:
    """The parameter of each argument: one for all further ones, behind which others get none by position."""
    for parameter in parameters:
        while parameter["is_rest"] and not parameter["is_named"]:
            yield parameter
        yield parameter
    while True:
        yield _UNKNOWN


def _bound(target: _Target, made: List[Any], named: Dict[str, Any]) -> Callable[..., Any]:
    """The function, or the method of an object that is made for it."""
    owner, found, name = target
    if not isinstance(owner, type):
        return getattr(owner, name)  # type: ignore[no-any-return]
    receiver = owner if isinstance(found, (staticmethod, classmethod)) else owner(*made, **named)
    if isinstance(found, property):
        return lambda: getattr(receiver, name)
    return getattr(receiver, name)  # type: ignore[no-any-return]


def _value(function: Callable[..., Any], positional: List[Any], named: Dict[str, Any]) -> Any:
    """What a call gives: awaited, or the items that come one by one."""
    value = function(*positional, **named)
    if inspect.isawaitable(value):
        value = asyncio.run(_awaited(value))
    if hasattr(type(value), "__anext__"):
        return asyncio.run(_collected(value))
    return items_of(value) if is_iterator(value) else value


async def _awaited(value: Any) -> Any:
    return await value


async def _collected(value: Any) -> List[Any]:
    items: List[Any] = []
    async for item in value:
        if len(items) == MOST_ITEMS:
            break
        items.append(item)
    return items
