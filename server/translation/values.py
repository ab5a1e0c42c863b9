"""Plain values between languages, and their form in JSON, in which programs of all languages tell them.

| value | Python | JSON |
| --- | --- | --- |
| nothing, bool, text | None, bool, str | ``null``, ``true``, ``"text"`` |
| integer | int | ``{"i": "-12"}``, in decimal digits of any number |
| float | float | ``{"f": "1.5"}``, the shortest that reads back; also ``nan``, ``inf``, ``-inf`` |
| bytes | bytes | ``{"b": "00ff"}`` |
| list, tuple | tuple | ``[...]`` |
| map | `Pairs` | ``{"m": [[key, value], ...]}`` in its own order |
| set | `Elements` | ``{"s": [...]}`` |
| anything else | `Opaque` | ``{"o": "Class"}`` |

A character is a text of one. Text that is no valid Unicode is bytes.
"""

import json
from typing import Any, TypeGuard

from attrs import frozen


@frozen
class Pairs:
    """A map."""

    items: tuple[tuple["Value", "Value"], ...] = ()


@frozen
class Elements:
    """A set; the order says nothing."""

    items: tuple["Value", ...] = ()


@frozen
class Opaque:
    """An object that is no plain data, by the name of its class."""

    name: str


Value = None | bool | int | float | str | bytes | tuple[Any, ...] | Pairs | Elements | Opaque


def is_number(value: Value) -> TypeGuard[int | float]:
    """Whether a value is an integer or a float; a bool is neither."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def encode(value: Value) -> Any:  # noqa: PLR0911 - one for each kind
    """What stands for ``value`` in JSON."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return {"i": str(value)}
        case float():
            return {"f": repr(value)}
        case bytes():
            return {"b": value.hex()}
        case tuple():
            return [encode(each) for each in value]
        case Pairs():
            return {"m": [[encode(key), encode(each)] for key, each in value.items]}
        case Elements():
            return {"s": [encode(each) for each in value.items]}
        case Opaque():
            return {"o": value.name}


def decode(told: Any) -> Value:  # noqa: PLR0911 - one for each kind
    """The value that JSON stands for; raises ValueError for anything else."""
    match told:
        case None | bool() | str():
            return told
        case list():
            return tuple(map(decode, told))
        case {"i": str(digits), **rest} if not rest:
            return int(digits)
        case {"f": str(digits), **rest} if not rest:
            return float(digits)
        case {"b": str(digits), **rest} if not rest:
            return bytes.fromhex(digits)
        case {"m": list(items), **rest} if not rest:
            return Pairs(tuple((decode(key), decode(each)) for key, each in items))
        case {"s": list(items), **rest} if not rest:
            return Elements(tuple(map(decode, items)))
        case {"o": str(name), **rest} if not rest:
            return Opaque(name)
    raise ValueError(f"no value: {json.dumps(told)[:80]}")
