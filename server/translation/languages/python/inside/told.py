"""Values in JSON, as programs of all languages tell them."""

import collections
import collections.abc
import itertools
from typing import Any, Dict, List

# ruff: noqa: UP006, UP035 - it runs in Python 3.8, too

MOST_ITEMS = 10_000
"""So many items are taken of what may go on without an end."""

_MOST_NODES = 20_000
_MOST_CHARS = 400_000
_MOST_DEPTH = 64
_MOST_BITS = 13_000
_SEQUENCES = (list, tuple, range, collections.deque)
_VIEWS = (collections.abc.KeysView, collections.abc.ValuesView, collections.abc.ItemsView)
_BYTES = (bytes, bytearray, memoryview)


class _Opaque(Exception):
    """What can't be told as plain data: by the name of its class."""


class Telling:
    """What is told of one call, within a bound on its size."""

    def __init__(self) -> None:
        self._nodes = _MOST_NODES
        self._chars = _MOST_CHARS

    def value(self, value: Any) -> Any:
        """What stands for a value; for one that has no end, or is too large, the name of its class."""
        try:
            return self._told(value, _MOST_DEPTH)
        except (_Opaque, RecursionError):
            return {"o": _name(value)}

    def _told(self, value: Any, depth: int) -> Any:  # noqa: PLR0911 - one for each kind
        self._nodes -= 1
        if self._nodes < 0 or depth < 0:
            raise _Opaque
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self._text(str.__str__(value))
        if isinstance(value, int):
            return self._integer(int(value))
        if isinstance(value, float):
            return {"f": float.__repr__(value)}
        if isinstance(value, _BYTES):
            return self._bytes(bytes(value))
        if isinstance(value, (*_SEQUENCES, *_VIEWS)):
            return [self._told(each, depth - 1) for each in value]
        if isinstance(value, dict):
            return {"m": self._items(value, depth)}
        if isinstance(value, (set, frozenset)):
            return {"s": [self._told(each, depth - 1) for each in value]}
        return {"o": _name(value)}

    def _items(self, value: Dict[Any, Any], depth: int) -> List[Any]:
        return [[self._told(key, depth - 1), self._told(each, depth - 1)] for key, each in dict.items(value)]

    def _text(self, text: str) -> Any:
        self._spend(len(text))
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return {"b": text.encode("utf-8", "surrogatepass").hex()}
        return text

    def _bytes(self, content: bytes) -> Any:
        self._spend(len(content))
        return {"b": content.hex()}

    def _integer(self, number: int) -> Any:
        if number.bit_length() > _MOST_BITS:
            raise _Opaque
        self._spend(number.bit_length() // 3)
        return {"i": int.__repr__(number)}

    def _spend(self, n_chars: int) -> None:
        self._chars -= n_chars
        if self._chars < 0:
            raise _Opaque


def is_iterator(value: Any) -> bool:
    """Whether a value gives its items once: a generator, ``map``, ``zip``."""
    return hasattr(type(value), "__next__") and hasattr(type(value), "__iter__")


def items_of(iterator: Any) -> List[Any]:
    """The items of an iterator, up to a bound."""
    return list(itertools.islice(iterator, MOST_ITEMS))


def _name(value: Any) -> str:
    return str(type(value).__name__)[:80]
