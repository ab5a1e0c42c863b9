"""A value as the source text of an expression that equals it."""

import enum
import math
import re
import sys
from typing import Any, Callable, Dict, List, Optional

# ruff: noqa: UP006, UP035, UP045 - it runs in Python 3.8, too

MOST_CHARS = 300
_MOST_DEEP = 8
_IDENTIFIERS = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")


class NotWritable(Exception):
    """There is no expression for this value."""


class Writer:
    """Writes expressions, and collects in ``imports`` the statements that they need.

    ``names`` are bound where an expression will stand: none of them gets another meaning.
    """

    def __init__(self, names: Dict[str, Any]) -> None:
        self.names = names
        self.imports: Dict[str, None] = {}

    def write(self, value: Any, depth: int = 0) -> str:
        """The expression; raises NotWritable."""
        if depth > _MOST_DEEP:
            raise NotWritable("it is too deep")
        exact = WRITERS.get(type(value)) or _compound(value)
        text = exact(self, value, depth)
        if len(text) > MOST_CHARS:
            raise NotWritable(f"it takes {len(text)} characters")
        return text

    def name(self, thing: Any) -> str:
        """How a class or function is called once it was imported."""
        module, name = getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
        if not (isinstance(module, str) and isinstance(name, str)) or not _IDENTIFIERS.match(name):
            raise NotWritable("it has no name")
        found: Any = sys.modules.get(module)
        for part in name.split("."):
            found = getattr(found, part, None)
        if found is not thing or module == "__main__" or not _IDENTIFIERS.match(module):
            raise NotWritable("its name leads elsewhere")
        if module == "builtins":
            return name
        top = name.partition(".")[0]
        home = _public(module, top)
        if self.names.get(top, getattr(sys.modules[module], top)) is not getattr(sys.modules[module], top):
            return f"{self.module(home)}.{name}"
        if top not in self.names:
            self.imports[f"from {home} import {top}"] = None
        return name

    def module(self, name: str) -> str:
        """How a module is called once it was imported; raises NotWritable where that means something else."""
        top = name.partition(".")[0]
        if self.names.get(top, sys.modules.get(top)) is not sys.modules.get(top):
            raise NotWritable(f"{top} is something else here")
        self.imports[f"import {name}"] = None
        return name


def _public(module: str, top: str) -> str:
    """The module to import from: one without an underscore that offers the same name, where there is one."""
    thing = getattr(sys.modules[module], top)
    around = module
    while "._" in around:
        around = around.rpartition(".")[0]
    for each in (around, module.lstrip("_")):
        if getattr(sys.modules.get(each), top, None) is thing:
            return each
    return module


def _literal(_writer: Writer, value: Any, _depth: int) -> str:
    return repr(value)


def _float(_writer: Writer, value: float, _depth: int) -> str:
    if math.isnan(value):
        raise NotWritable("it is not a number")
    return f'float("{value}")' if math.isinf(value) else repr(value)


def _list(writer: Writer, value: Any, depth: int) -> str:
    return "[" + ", ".join(writer.write(item, depth + 1) for item in value) + "]"


def _tuple(writer: Writer, value: Any, depth: int) -> str:
    items = [writer.write(item, depth + 1) for item in value]
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _dict(writer: Writer, value: Any, depth: int) -> str:
    items = [
        f"{writer.write(key, depth + 1)}: {writer.write(item, depth + 1)}" for key, item in value.items()
    ]
    return "{" + ", ".join(items) + "}"


def _set(writer: Writer, value: Any, depth: int) -> str:
    items = sorted(writer.write(item, depth + 1) for item in value)
    return "{" + ", ".join(items) + "}" if items else "set()"


def _frozenset(writer: Writer, value: Any, depth: int) -> str:
    return f"frozenset({_set(writer, set(value), depth) if value else ''})"


def _slice(writer: Writer, value: Any, depth: int) -> str:
    parts = (value.start, value.stop, value.step)
    return f"slice({', '.join(writer.write(part, depth + 1) for part in parts)})"


WRITERS: Dict[type, Callable[[Writer, Any, int], str]] = {
    **dict.fromkeys((type(None), bool, int, str, bytes, complex, bytearray, range), _literal),
    type(Ellipsis): lambda _writer, _value, _depth: "...",
    type(NotImplemented): _literal,
    float: _float,
    list: _list,
    tuple: _tuple,
    dict: _dict,
    set: _set,
    frozenset: _frozenset,
    slice: _slice,
}
"""For each type that is exactly this one; `compound` adds to it."""

OTHERS: List[Callable[[Any], Optional[Callable[[Writer, Any, int], str]]]] = []
"""Each says how a value is written that it knows."""


def _compound(value: Any) -> Callable[[Writer, Any, int], str]:
    if isinstance(value, enum.Enum):
        return _enum
    if isinstance(value, type):
        return lambda writer, thing, _depth: writer.name(thing)
    for other in OTHERS:
        found = other(value)
        if found is not None:
            return found
    raise NotWritable(f"an object of the type {type(value).__name__[:60]} can't be written down")


def _enum(writer: Writer, value: Any, _depth: int) -> str:
    member = value.name
    if not (isinstance(member, str) and member.isidentifier()):
        raise NotWritable("a combination of flags")
    return f"{writer.name(type(value))}.{member}"
