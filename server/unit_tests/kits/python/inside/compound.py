"""Values of the standard library's types and of classes with fields, written as what makes them."""

import collections
import dataclasses
import datetime as dt
import decimal
import fractions
import pathlib
import re
import types
import uuid
from typing import Any, Callable, Dict, List, Optional, Tuple

from codenook.server.unit_tests.kits.python.inside.written import OTHERS, WRITERS, NotWritable, Writer

# ruff: noqa: UP006, UP035, UP045 - it runs in Python 3.8, too

_CALL = re.compile(r"(?P<name>[A-Za-z_][\w.]*)\(.*\)\Z", re.DOTALL)
_MOST_CHARS_OF_A_REPR = 1000


def _by_repr_of(module: str) -> Callable[[Writer, Any, int], str]:
    def write(writer: Writer, value: Any, _depth: int) -> str:
        writer.module(module)
        return repr(value)

    return write


def _by_constructor(writer: Writer, value: Any, _depth: int) -> str:
    return writer.name(type(value)) + repr(value)[len(type(value).__name__) :]


def _path(writer: Writer, value: Any, _depth: int) -> str:
    kind = pathlib.Path if isinstance(value, pathlib.Path) else type(value)
    return f"{writer.name(kind)}({str(value)!r})"


def _pattern(writer: Writer, value: Any, depth: int) -> str:
    writer.module("re")
    flags = value.flags & ~(re.UNICODE.value if isinstance(value.pattern, str) else 0)
    rest = f", {flags}" if flags else ""
    return f"re.compile({writer.write(value.pattern, depth + 1)}{rest})"


def _items(writer: Writer, value: Any, depth: int) -> str:
    return writer.write(list(value), depth + 1)


def _deque(writer: Writer, value: Any, depth: int) -> str:
    most = "" if value.maxlen is None else f", maxlen={value.maxlen}"
    return f"{writer.name(type(value))}({_items(writer, value, depth)}{most})"


def _ordered(writer: Writer, value: Any, depth: int) -> str:
    return f"{writer.name(type(value))}({_items(writer, value.items(), depth)})"


def _plain_mapping(writer: Writer, value: Any, depth: int) -> str:
    """As a dict, which equals it."""
    return writer.write(dict(value), depth)


def _view(writer: Writer, value: Any, depth: int) -> str:
    return writer.write(set(value), depth)


WRITERS.update(dict.fromkeys((dt.datetime, dt.date), _by_repr_of("datetime")))
WRITERS.update(dict.fromkeys((dt.time, dt.timedelta, dt.timezone), _by_repr_of("datetime")))
WRITERS.update(dict.fromkeys((decimal.Decimal, fractions.Fraction, uuid.UUID), _by_constructor))
WRITERS.update({re.Pattern: _pattern, collections.deque: _deque, collections.OrderedDict: _ordered})
WRITERS.update(
    dict.fromkeys((collections.defaultdict, collections.Counter, types.MappingProxyType), _plain_mapping)
)
WRITERS.update({type({}.keys()): _view})


def _of_paths(value: Any) -> Optional[Callable[[Writer, Any, int], str]]:
    return _path if isinstance(value, pathlib.PurePath) else None


def _of_functions(value: Any) -> Optional[Callable[[Writer, Any, int], str]]:
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        return lambda writer, thing, _depth: writer.name(thing)
    return None


def _of_fields(value: Any) -> Optional[Callable[[Writer, Any, int], str]]:
    fields = _fields(value)
    if fields is None:
        return None

    def write(writer: Writer, thing: Any, depth: int) -> str:
        parts = []
        for parameter, name in fields:
            if not hasattr(thing, name):
                raise NotWritable("a field is missing")
            parts.append(f"{parameter}={writer.write(getattr(thing, name), depth + 1)}")
        return f"{writer.name(type(thing))}({', '.join(parts)})"

    return write


def _fields(value: Any) -> Optional[List[Tuple[str, str]]]:
    """What the constructor of a class with fields is given, and where an object has it."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        return [(field.name, field.name) for field in dataclasses.fields(kind) if field.init]
    attributes = getattr(kind, "__attrs_attrs__", None)
    if attributes is not None:
        return [
            (getattr(each, "alias", None) or each.name.lstrip("_"), each.name)
            for each in attributes
            if each.init
        ]
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return [(name, name) for name in kind._fields]
    return None


def _of_reprs(value: Any) -> Optional[Callable[[Writer, Any, int], str]]:
    """An object whose ``repr`` calls its own class."""
    kind: Any = type(value)
    if kind.__repr__ is object.__repr__ or kind.__eq__ is object.__eq__:
        return None

    def write(writer: Writer, thing: Any, _depth: int) -> str:
        text = repr(thing)
        called = _CALL.match(text) if len(text) <= _MOST_CHARS_OF_A_REPR else None
        name = writer.name(kind)
        if called is None or called["name"] not in {name, f"{kind.__module__}.{name}"}:
            raise NotWritable(f"an object of the type {kind.__name__[:60]} can't be written down")
        return name + text[len(called["name"]) :]

    return write


def _of_bases(value: Any) -> Optional[Callable[[Writer, Any, int], str]]:
    """A subclass that equals what it is derived from."""
    bases: Tuple[type, ...] = (str, bytes, int, float, dict, list, set, frozenset, tuple)
    for base in bases:
        if isinstance(value, base):
            return _as(base) if base(value) == value else None
    return None


def _as(base: Any) -> Callable[[Writer, Any, int], str]:
    return lambda writer, value, depth: writer.write(base(value), depth)


OTHERS.extend((_of_paths, _of_functions, _of_fields, _of_reprs, _of_bases))


def namespace_of(imports: Dict[str, None], names: Dict[str, Any]) -> Dict[str, Any]:
    """What import statements bind, besides ``names``."""
    found = dict(names)
    for statement in imports:
        exec(statement, found)  # noqa: S102 - our own statement, in the sandbox
    return found
