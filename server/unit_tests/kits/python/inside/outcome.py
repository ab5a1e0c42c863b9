"""One call of the target: what came of it, as expressions, and what else it changed."""

import asyncio
import inspect
import itertools
import os
import sys
import traceback
import types
from typing import Any, Dict, List, Optional, Tuple

from codenook.server.unit_tests.kits.python.inside.compound import namespace_of
from codenook.server.unit_tests.kits.python.inside.written import NotWritable, Writer

# ruff: noqa: UP006, UP035, UP045 - it runs in Python 3.8, too

_MOST_ITEMS = 20
_FEW_ITEMS = 5
_MOST_ATTRIBUTES = 6
_MOST_LINES = 400
_SIMPLE_CHARS = 120
_MUTABLE = (list, dict, set, bytearray)
_READ_ONLY = 30  # errno.EROFS


def written(value: Any) -> Dict[str, Any]:
    """An expression that equals ``value``, with its imports; raises NotWritable."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - not a number
        return {"kind": "nan", "text": "nan", "imports": []}
    writer = Writer()
    text = writer.write(value)
    again = eval(text, namespace_of(writer.imports))  # noqa: S307 - our own expression, in the sandbox
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
        for name, text in call["bound"]:
            names[name] = eval(text, names)  # noqa: S307
    except BaseException as error:  # noqa: BLE001
        return {"problem": f"what the call needs can't be made: {type(error).__name__}: {_line(error)}"}
    before = {name: _states(names[name]) for name, _ in call["bound"]}
    there = _files()
    lines: Dict[int, None] = {}
    trace = _Tracer(job["file"], call.get("first", 0), call.get("last", 0), lines) if job["trace"] else None
    forms: List[str] = []
    try:
        if trace is not None:
            sys.settrace(trace)
        try:
            result = _shaped(eval(call["expression"], names), forms)  # noqa: S307
        finally:
            sys.settrace(None)
    except BaseException as error:  # noqa: BLE001 - also SystemExit and KeyboardInterrupt
        said = _of_error(error, job)
    else:
        said = _of_value(result)
        said["agrees"] = _agrees(result, call.get("expected") or "", names)
    said["form"] = " ".join(forms)
    said["changed"] = _changes(call["bound"], names, before)
    if _files() != there:
        said["problem"] = "it writes files"
    if trace is not None:
        said["lines"] = list(lines)[:_MOST_LINES]
    return said


class _Tracer:
    """Notes the lines of one file that run, and from which to which they lead."""

    def __init__(self, file: str, first: int, last: int, lines: Dict[int, None]) -> None:
        self.file, self.first, self.last, self.lines = file, first, last, lines

    def __call__(self, frame: Any, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != self.file:
            return None
        previous = [0]

        def line(inner: Any, event: str, _argument: Any) -> Any:
            if event == "line" and self.first <= inner.f_lineno <= self.last:
                self.lines[previous[0] * 100_000 + inner.f_lineno] = None
                previous[0] = inner.f_lineno
            return line

        return line


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


def _of_value(value: Any) -> Dict[str, Any]:
    said: Dict[str, Any] = {}
    try:
        said["value"] = written(value)
    except NotWritable as error:
        said["why"] = str(error)
    except Exception as error:  # noqa: BLE001 - the project's own __eq__ and __repr__ may raise anything
        said["why"] = f"comparing it raises {type(error).__name__}"
    if "value" not in said:
        said["parts"] = _parts(value)
    return said


def _parts(value: Any) -> List[Dict[str, Any]]:
    """What can be said of an object that can't be written: its type, its attributes, its text, its length."""
    if callable(value) and not hasattr(value, "__dict__"):
        return []
    parts = []
    if isinstance(value, (str, bytes, list, tuple, dict, set)):
        parts += _tried("len({})", lambda: len(value))
        if isinstance(value, (str, bytes, list, tuple)):
            parts += _tried("{}[:20]", lambda: value[:20]) or _tried("{}[0]", lambda: value[0])
            parts += _tried("{}[-20:]", lambda: value[-20:]) or _tried("{}[-1]", lambda: value[-1])
        return parts
    for name, attribute in list(_readable(value).items())[:_MOST_ATTRIBUTES]:
        parts += _tried("{}." + name, lambda attribute=attribute: attribute)
    kind: Any = type(value)
    if not parts and kind.__str__ is not object.__str__:
        parts += [part for part in _tried("str({})", lambda: str(value)) if "0x" not in part["text"]]
    return _tried("type({}).__name__", lambda: kind.__name__) + parts


def _tried(actual: str, get: Any) -> List[Dict[str, Any]]:
    try:
        said = written(get())
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


def _states(value: Any) -> Dict[str, str]:
    """What of an argument may change: itself, or its attributes."""
    parts = {"": value} if isinstance(value, _MUTABLE) else _own_attributes(value)
    states = {}
    for name, part in parts.items():
        try:
            states[name] = written(part)["text"]
        except Exception:  # noqa: BLE001, S112 - as above
            continue
    return states


def _own_attributes(value: Any) -> Dict[str, Any]:
    if isinstance(value, (type, types.ModuleType, types.FunctionType)) or callable(value):
        return {}
    return {name: part for name, part in _readable(value).items() if not callable(part)}


def _changes(
    bound: List[List[str]], names: Dict[str, Any], before: Dict[str, Dict[str, str]]
) -> List[Dict[str, Any]]:
    found = []
    for name, _ in bound:
        value = names[name]
        parts = {"": value} if isinstance(value, _MUTABLE) else _own_attributes(value)
        for attribute, part in parts.items():
            was = before[name].get(attribute)
            said = _tried("{}" + (f".{attribute}" if attribute else ""), lambda part=part: part)
            if said and said[0]["text"] != was:
                found.append(dict(said[0], bound=name))
    return found[:_MOST_ATTRIBUTES]


def _of_error(error: BaseException, job: Dict[str, Any]) -> Dict[str, Any]:
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
    writer = Writer()
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


def _files() -> Tuple[str, ...]:
    """What is in the folder for temporary files."""
    found = []
    for folder, _, files in os.walk(os.environ.get("TMPDIR", "/tmp")):  # noqa: S108
        found += [os.path.join(folder, "")] + [os.path.join(folder, name) for name in files]  # noqa: PTH118
        if len(found) > _MOST_LINES:
            break
    return tuple(found)
