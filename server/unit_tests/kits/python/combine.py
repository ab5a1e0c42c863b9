"""From values for each parameter to calls: all usual, then each one at its boundaries, then together."""

import random
from collections.abc import Iterator, Sequence

from attrs import frozen

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.kits.python.plain import Value

_MOST_TOGETHER = 80
_N_GIVEN = 1.5
"""How many of the arguments that may be left out are given on average where they vary together."""


@frozen
class Column:
    """The values of one argument, the usual one first.

    ``name`` is given before the value where ``is_keyword``, or where an argument before it was left out.
    """

    values: Sequence[Value]
    name: str = ""
    is_keyword: bool = False
    is_optional: bool = False


def combined(columns: Sequence[Column], receivers: Sequence[Value], most: int) -> list[Call]:
    """Calls with these arguments, the same ones each time."""
    found: dict[Call, None] = {}
    for receiver, picked in _rows(columns, receivers):
        found[_call(receiver, columns, picked)] = None
        if len(found) == most:
            break
    return list(found)


def _rows(
    columns: Sequence[Column], receivers: Sequence[Value]
) -> Iterator[tuple[Value | None, Sequence[int | None]]]:
    first = receivers[0] if receivers else None
    usual = [None if column.is_optional else 0 for column in columns]
    yield first, usual
    longest = max((len(column.values) for column in columns), default=0)
    for row in range(longest):
        picked = [None if column.is_optional else row % len(column.values) for column in columns]
        yield (receivers[row % len(receivers)] if receivers else None), picked
    for receiver in receivers[1:]:
        yield receiver, usual
    for number, column in enumerate(columns):
        for value in range(len(column.values)):
            yield first, [*usual[:number], value, *usual[number + 1 :]]
    give = _N_GIVEN / max(1, sum(column.is_optional for column in columns))
    chance = random.Random(0)  # noqa: S311 - the same each time
    for _ in range(_MOST_TOGETHER if len(columns) + bool(receivers) > 1 else 0):
        either = chance.choice(receivers) if receivers else None
        is_given = [not column.is_optional or chance.random() < give for column in columns]
        at = [chance.randrange(len(column.values)) for column in columns]
        yield either, [n if given else None for n, given in zip(at, is_given, strict=True)]


def _call(receiver: Value | None, columns: Sequence[Column], picked: Sequence[int | None]) -> Call:
    parts = []
    imports = [*(receiver.imports if receiver else ())]
    is_left_out = False
    for column, at in zip(columns, picked, strict=True):
        if at is None:
            is_left_out = True
            continue
        value = column.values[at]
        is_named = column.is_keyword or is_left_out
        parts.append(f"{column.name}={value.text}" if is_named else value.text)
        imports += value.imports
    return Call(
        ", ".join(parts),
        Origin.TYPES,
        receiver=receiver.text if receiver else "",
        imports=tuple(dict.fromkeys(imports)),
    )
