"""What a function is made for, as far as its examples show: the properties that their arguments have."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from attrs import frozen

from codenook.server.translation.values import Elements, Pairs, Value, is_number

_WIDE = 1 << 31
_GREATER = 10
"""An integer that is so many times greater than any that was seen is unlike them."""


@frozen
class Domain:
    """What is known of the arguments of examples, and of what comes of them.

    ``properties`` are those that an example has, ``always`` those that all have; ``greatest`` is the greatest
    number. ``has_nothing`` says that an example returns nothing. Without examples, ``properties`` are None,
    and what is usual counts as seen.
    """

    properties: frozenset[str] | None = None
    always: frozenset[str] = frozenset()
    greatest: float = 0.0
    has_nothing: bool = True

    @classmethod
    def of(cls, examples: Sequence[tuple[Sequence[Value], bool]]) -> "Domain":
        """What examples show: each the arguments, and whether nothing is returned."""
        if not examples:
            return cls(greatest=_USUAL)
        found = [properties(arguments) for arguments, _ in examples]
        numbers = (abs(each) for arguments, _ in examples for each in _numbers(tuple(arguments)))
        return cls(
            frozenset[str]().union(*found),
            _special(frozenset.intersection(*found)) if len(found) > 1 else frozenset(),
            max(numbers, default=0.0),
            any(nothing for _, nothing in examples),
        )

    def unlike(self, arguments: Sequence[Value]) -> str:
        """What the arguments have that no example has, or have not that all have; empty for nothing."""
        own = properties(arguments)
        strange = sorted(
            each
            for each in own
            if (_is_unusual(each) if self.properties is None else each not in self.properties)
        )
        if strange:
            return strange[0]
        missing = sorted(self.always - own)
        if missing:
            return f"no {missing[0]}"
        greatest = max((abs(each) for each in _numbers(tuple(arguments))), default=0.0)
        return "so great a number" if greatest > max(self.greatest, _SMALL) * _GREATER else ""


_SMALL = 10.0
_USUAL = 20.0
_UNUSUAL = re.compile(
    r"a negative number|a list of one|zero|an empty|nothing|no bytes|a character beyond|control"
    r"|an infinite|a number of more|lists of different|white space at|['\"]"
    r"|.* of different lengths$|.* above the length of "
)


def _is_unusual(told: str) -> bool:
    """Whether a property is one that many functions aren't made for."""
    return bool(_UNUSUAL.match(told))


def _special(found: frozenset[str]) -> frozenset[str]:
    """Those that tell of a character that is neither a letter nor a digit."""
    return frozenset(each for each in found if each.startswith(("'", '"')))


def properties(arguments: Sequence[Value]) -> frozenset[str]:
    """What can be said of arguments: each with the place of the argument, in words."""
    found: set[str] = set()
    for index, value in enumerate(arguments):
        found.update(_of(value, f"argument {index + 1}"))
    found.update(_between(arguments))
    return frozenset(found)


def _of(value: Value, where: str) -> Iterator[str]:  # noqa: C901 - one for each kind
    match value:
        case None:
            yield f"nothing in {where}"
        case bool():
            return
        case int() | float():
            yield from (f"{each} in {where}" for each in _of_number(value))
        case str():
            yield from (f"{each} in {where}" for each in _of_text(value))
        case bytes():
            if not value:
                yield f"no bytes in {where}"
        case tuple() | Elements():
            items = value.items if isinstance(value, Elements) else value
            yield from _of_list(items, where)
        case Pairs(items=items):
            if not items:
                yield f"an empty map in {where}"
            for key, each in items:
                yield from _of(key, f"a key of {where}")
                yield from _of(each, f"a value of {where}")


def _of_number(value: float) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield "an infinite number or NaN"
        return
    if value < 0:
        yield "a negative float" if isinstance(value, float) else "a negative number"
    elif value == 0:
        yield "zero"
    if value != int(value):
        yield "a fraction"
    elif isinstance(value, float):
        yield "a whole number as a float"
    if abs(value) >= _WIDE:
        yield "a number of more than 31 bits"


def _of_text(value: str) -> Iterator[str]:
    if not value:
        yield "an empty text"
    if not value.isascii():
        yield "a character beyond ASCII"
    for name, test in _CHARACTERS:
        if any(test(character) for character in value):
            yield name
    for character in value:
        if character.isascii() and not character.isalnum() and not character.isspace():
            yield f"{character!r}"
    if value[:1].isspace() or value[-1:].isspace():
        yield "white space at an end"


_CHARACTERS = (
    ("capital letters", str.isupper),
    ("small letters", str.islower),
    ("digits", str.isdigit),
    ("white space", str.isspace),
    ("control characters", lambda character: character.isascii() and not character.isprintable()),
)


def _of_list(items: Sequence[Value], where: str) -> Iterator[str]:
    if not items:
        yield f"an empty list in {where}"
    if len(items) == 1:
        yield f"a list of one in {where}"
    if _repeats(items):
        yield f"an element twice in {where}"
    for item in items:
        yield from _of(item, where if not isinstance(item, tuple) else f"a list of {where}")
    lengths = {len(item) for item in items if isinstance(item, tuple)}
    if len(lengths) > 1:
        yield f"lists of different lengths in {where}"


def _repeats(items: Sequence[Value]) -> bool:
    return any(item in items[:index] for index, item in enumerate(items[:50]))


def _between(arguments: Sequence[Value]) -> Iterator[str]:
    """How arguments stand to each other."""
    for left, one in enumerate(arguments):
        for right, other in enumerate(arguments[left + 1 :], left + 1):
            names = f"argument {left + 1}", f"argument {right + 1}"
            if is_number(one) and is_number(other):
                how = "above" if one > other else "below" if one < other else "equal to"
                yield f"{names[0]} {how} {names[1]}"
            elif _has_length(one) and _has_length(other):
                if len(one) != len(other):
                    yield f"{names[0]} and {names[1]} of different lengths"
            elif _has_length(one) and is_number(other) and other > len(one):
                yield f"{names[1]} above the length of {names[0]}"
            elif is_number(one) and _has_length(other) and one > len(other):
                yield f"{names[0]} above the length of {names[1]}"


def _has_length(value: Value) -> TypeGuard[str | tuple[Value, ...]]:
    return isinstance(value, str | tuple)


def _numbers(value: Value) -> Iterator[float]:
    match value:
        case bool():
            return
        case int() | float():
            if math.isfinite(value):
                yield value
        case tuple() | Elements():
            for each in value.items if isinstance(value, Elements) else value:
                yield from _numbers(each)
        case Pairs(items=items):
            for pair in items:
                yield from _numbers(pair)
