"""One call of the target: what came of it, as expressions, and what else it changed."""

import asyncio
import inspect
import itertools
import sys
import traceback
import types
from typing import Any, Dict, List, Optional

from codenook.server.unit_tests.kits.python.inside.compound import namespace_of
from codenook.server.unit_tests.kits.python.inside.watch import Tracer, begin_to_watch, harm, scratch_files
from codenook.server.unit_tests.kits.python.inside.written import NotWritable, Writer

# ruff: noqa: UP006, UP035, UP045 - it runs in Python 3.8, too

_MOST_ITEMS = 20
_FEW_ITEMS = 5
_MOST_ATTRIBUTES = 6
_MOST_LINES = 400
_SIMPLE_CHARS = 120
_MUTABLE = (list, dict, set, bytearray)
_READ_ONLY = 30  # errno.EROFS


def written(value: Any, names: Dict[str, Any]) -> Dict[str, Any]:
    """An expression that equals ``value``, with its imports; raises NotWritable."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - not a number
        return {"kind": "nan", "text": "nan", "imports": []}
    writer = Writer(names)
    text = writer.write(value)
    again = eval(text, namespace_of(writer.imports, names))  # noqa: S307 - our own expression, in the sandbox
    if (again == value) is not True:
        raise NotWritable("what is written down doesn't equal it")
    kind = "same" if value is None or value is True or value is False else "equal"
    if type(value) is float and "float(" not in text:
        kind = "close"
    return {"kind": kind, "text": text, "imports": list(writer.imports)}


def of_call(job: Dict[str, Any], call: Dict[str, Any]) -> Dict[str, Any]:
    """Make the call, in this process, and say what came of it."""
    names: Dict[str, Any] = {"__name__": "codenook_call"}
    try:
        for statement in (*job["imports"], *call["imports"], *call["setup"]):
            exec(statement, names)  # noqa: S102 - that is what it is for, in the sandbox
        known = dict(names)
        for name, text in call["bound"]:
            names[name] = eval(text, names)  # noqa: S307
    except BaseException as error:  # noqa: BLE001
        return {"problem": f"what the call needs can't be made: {type(error).__name__}: {_line(error)}"}
    before = {name: _states(names[name], known) for name, _ in call["bound"]}
    there = scratch_files()
    lines: Dict[int, None] = {}
    trace = Tracer(job["file"], call.get("first", 0), call.get("last", 0), lines) if job["trace"] else None
    forms: List[str] = []
    begin_to_watch()
    try:
        if trace is not None:
            sys.settrace(trace)
        try:
            result = _shaped(eval(call["expression"], names), forms)  # noqa: S307
        finally:
            sys.settrace(None)
    except BaseException as error:  # noqa: BLE001 - also SystemExit and KeyboardInterrupt
        done = harm()
        said = _of_error(error, job, known)
    else:
        done = harm()
        said = _of_value(result, known)
        said["agrees"] = _agrees(result, call.get("expected") or "", names)
    said["form"] = " ".join(forms)
    said["changed"] = _changes(call["bound"], names, before, known)
    if scratch_files() != there:
        done = done or "it leaves files behind"
    if done:
        said["problem"] = done
    if trace is not None:
        said["lines"] = list(lines)[:_MOST_LINES]
    return said


def _shaped(value: Any, forms: List[str]) -> Any:
    """The value that a test compares; ``forms`` tell how it gets it from what the call gives."""
    if inspect.iscoroutine(value):
        forms.append("run")
        value = asyncio.run(value)
    kind = type(value)
    is_gone_through_once = (
        hasattr(kind, "__next__") and hasattr(kind, "__iter__") and not hasattr(value, "read")
    )
    if not is_gone_through_once:
        return value
    forms.append("list")
    items = list(itertools.islice(value, _MOST_ITEMS + 1))
    if len(items) <= _MOST_ITEMS:
        return items
    forms[-1] = "islice"
    return items[:_FEW_ITEMS]


def _of_value(value: Any, names: Dict[str, Any]) -> Dict[str, Any]:
    said: Dict[str, Any] = {}
    try:
        said["value"] = written(value, names)
    except NotWritable as error:
        said["why"] = str(error)
    except Exception as error:  # noqa: BLE001 - the project's own __eq__ and __repr__ may raise anything
        said["why"] = f"comparing it raises {type(error).__name__}"
    if "value" not in said:
        said["parts"] = _parts(value, names)
    return said


def _parts(value: Any, names: Dict[str, Any]) -> List[Dict[str, Any]]:
    """What can be said of an object that can't be written: its type, its attributes, its text, its length."""
    if callable(value) and not hasattr(value, "__dict__"):
        return []
    parts = []
    if isinstance(value, (str, bytes, list, tuple, dict, set)):
        parts += _tried("len({})", lambda: len(value), names)
        if isinstance(value, (str, bytes, list, tuple)):
            parts += _tried("{}[:20]", lambda: value[:20], names) or _tried("{}[0]", lambda: value[0], names)
            parts += _tried("{}[-20:]", lambda: value[-20:], names) or _tried(
                "{}[-1]", lambda: value[-1], names
            )
        return parts
    for name, attribute in list(_readable(value).items())[:_MOST_ATTRIBUTES]:
        parts += _tried("{}." + name, lambda attribute=attribute: attribute, names)
    kind: Any = type(value)
    if not parts and kind.__str__ is not object.__str__:
        parts += [part for part in _tried("str({})", lambda: str(value), names) if "0x" not in part["text"]]
    return _tried("type({}).__name__", lambda: kind.__name__, names) + parts


def _tried(actual: str, get: Any, names: Dict[str, Any]) -> List[Dict[str, Any]]:
    try:
        said = written(get(), names)
    except Exception:  # noqa: BLE001 - as above
        return []
    return [dict(said, actual=actual)] if len(said["text"]) <= _SIMPLE_CHARS else []


def _readable(value: Any) -> Dict[str, Any]:
    """The attributes of an object that others may read, with its properties."""
    found: Dict[str, Any] = {}
    kind = type(value)
    names = list(getattr(value, "__dict__", {}))
    for base in kind.__mro__:
        slots = base.__dict__.get("__slots__", ())
        names += [slots] if isinstance(slots, str) else list(slots)
        names += [name for name, member in base.__dict__.items() if isinstance(member, property)]
    for name in dict.fromkeys(names):
        if isinstance(name, str) and name.isidentifier() and not name.startswith("_"):
            try:
                found[name] = getattr(value, name)
            except Exception:  # noqa: BLE001, S112 - a property may raise anything
                continue
    return found


def _states(value: Any, names: Dict[str, Any]) -> Dict[str, str]:
    """What of an argument may change: itself, or its attributes."""
    parts = {"": value} if isinstance(value, _MUTABLE) else _own_attributes(value)
    states = {}
    for name, part in parts.items():
        try:
            states[name] = written(part, names)["text"]
        except Exception:  # noqa: BLE001, S112 - as above
            continue
    return states


def _own_attributes(value: Any) -> Dict[str, Any]:
    if isinstance(value, (type, types.ModuleType, types.FunctionType)) or callable(value):
        return {}
    return {name: part for name, part in _readable(value).items() if not callable(part)}


def _changes(
    bound: List[List[str]],
    names: Dict[str, Any],
    before: Dict[str, Dict[str, str]],
    known: Dict[str, Any],
) -> List[Dict[str, Any]]:
    found = []
    for name, _ in bound:
        value = names[name]
        parts = {"": value} if isinstance(value, _MUTABLE) else _own_attributes(value)
        for attribute, part in parts.items():
            was = before[name].get(attribute)
            said = _tried("{}" + (f".{attribute}" if attribute else ""), lambda part=part: part, known)
            if said and said[0]["text"] != was:
                found.append(dict(said[0], bound=name))
    return found[:_MOST_ATTRIBUTES]


def _of_error(error: BaseException, job: Dict[str, Any], names: Dict[str, Any]) -> Dict[str, Any]:
    if isinstance(error, OSError) and error.errno == _READ_ONLY:
        return {"problem": "it writes files"}
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename.startswith(job["root"])]
    last = frames[-1]
    said: Dict[str, Any] = {
        "error": type(error).__name__,
        "message": _line(error),
        "place": [last.filename, last.lineno or 0, (last.line or "")[:200]],
        "entered": bool(inside),
    }
    writer = Writer(names)
    try:
        said["error"] = writer.name(type(error))
    except NotWritable:
        known = next(base for base in type(error).__mro__ if base.__module__ == "builtins")
        said["error"] = known.__name__
    said["imports"] = list(writer.imports)
    return said


def _line(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - as above
        return ""
    return text.partition("\n")[0][:200]


def _agrees(value: Any, expected: str, names: Dict[str, Any]) -> Optional[bool]:
    """Whether somebody's expectation came true: as a value, or as what the interpreter would print."""
    if not expected:
        return None
    try:
        if repr(value).strip() == expected.strip():
            return True
        return bool(eval(expected, dict(names)) == value)  # noqa: S307
    except Exception:  # noqa: BLE001 - it may be no expression
        return False
