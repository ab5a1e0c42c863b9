"""Calls like those that were seen: parts are left out, repeated, exchanged, or taken from others."""

import math
from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeVar

from attrs import define, field

from codenook.server.translation.values import Elements, Pairs, Value, is_number

Arguments = tuple[Value, ...]
T = TypeVar("T")

_N_KEPT = 200
"""Values that a pool keeps of each kind, at most."""


@define
class _Pool:
    """What was seen in one place of the arguments: leaves, lengths, and what stood in lists and maps."""

    leaves: list[Value] = field(factory=list)
    lengths: list[int] = field(factory=list)
    inner: "_Pool | None" = None
    values: "_Pool | None" = None

    def see(self, value: Value) -> None:
        """Remember a value."""
        match value:
            case tuple() | Elements():
                items = value.items if isinstance(value, Elements) else value
                self.lengths.append(len(items))
                self.inner = self.inner or _Pool()
                for item in items:
                    self.inner.see(item)
            case Pairs(items=items):
                self.lengths.append(len(items))
                self.inner, self.values = self.inner or _Pool(), self.values or _Pool()
                for key, each in items:
                    self.inner.see(key)
                    self.values.see(each)
            case _ if len(self.leaves) < _N_KEPT:
                self.leaves.append(value)


def variations(seen: Sequence[Arguments], seed: int) -> Iterator[Arguments]:
    """Arguments like ``seen``, without end: changed in one place by rule, and drawn anew, in turns."""
    if not seen:
        return
    pools = [_Pool() for _ in range(max(map(len, seen)))]
    for arguments in seen:
        for pool, value in zip(pools, arguments, strict=False):
            pool.see(value)
    random = Random(seed)  # noqa: S311 - draws inputs
    by_rule = _changed(seen, pools, random)
    while True:
        yield from _next(by_rule)
        arguments = random.choice(seen)
        yield tuple(
            _like(value, pool, random) if random.random() < _SHARE_DRAWN else value
            for value, pool in zip(arguments, pools, strict=False)
        )


_SHARE_DRAWN = 0.75


def _next(found: Iterator[Arguments]) -> Iterator[Arguments]:
    one = next(found, None)
    if one is not None:
        yield one


def _changed(seen: Sequence[Arguments], pools: Sequence[_Pool], random: Random) -> Iterator[Arguments]:
    """Each call with one argument changed, the first change of every argument before the second."""
    sources = [
        (arguments, index, iter(_changes(value, pools[index], random)))
        for arguments in seen
        for index, value in enumerate(arguments)
    ]
    while sources:
        for source in list(sources):
            arguments, index, changes = source
            change = next(changes, None)
            if change is None:
                sources.remove(source)
            else:
                yield (*arguments[:index], change[0], *arguments[index + 1 :])


def _changes(  # noqa: C901 - one for each kind
    value: Value, pool: _Pool, random: Random
) -> Iterator[tuple[Value]]:
    """What a value could be instead, each as a tuple of one."""
    match value:
        case bool():
            yield (not value,)
        case int() | float():
            low, high = _range(pool)
            for other in (value + 1, value - 1, (low + high) // 2, low, high):
                if low <= other <= high and other != value:
                    yield (type(value)(other),)
        case str():
            for text in _rearranged(value):
                yield ("".join(map(str, text)),)
            yield (_text(value, pool, random),)
        case tuple():
            for items in _rearranged(value):
                yield (tuple(items),)
            if value and pool.inner:
                index = random.randrange(len(value))
                yield ((*value[:index], _like(value[index], pool.inner, random), *value[index + 1 :]),)
        case Pairs(items=items):
            for some in _rearranged(items):
                yield (Pairs(tuple(dict(some).items())),)
        case Elements(items=items):
            yield (Elements(items[1:]),)
            yield (Elements(items[: len(items) // 2]),)


def _rearranged(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The same elements in other orders, fewer of them, and one more often."""
    length = len(items)
    if length == 0:
        return
    forms = (
        items[1:],
        items[::-1],
        items[:-1],
        [*items, items[0]],
        [*items[1:], items[0]],
        items[: length // 2],
        [*items[:1], *items],
        [*items[: length // 2], *items[length // 2 + 1 :]],
        [items[-1], *items[1:-1], items[0]] if length > 1 else items,
        [*items, *items],
        items[:1],
    )
    for form in forms:
        if list(form) != list(items):
            yield form


def _like(value: Value, pool: _Pool, random: Random) -> Value:  # noqa: PLR0911 - one for each kind
    """A value like one that was seen in the same place."""
    match value:
        case bool():
            return random.random() < 1 / 2
        case int() | float():
            return _number(value, pool, random)
        case str():
            return _text(value, pool, random)
        case tuple():
            if not pool.inner or not _has_values(pool.inner):
                return value
            length = random.randint(min(pool.lengths), max(pool.lengths))
            return tuple(_drawn(pool.inner, random) for _ in range(length))
        case Elements(items=items):
            return Elements(tuple(dict.fromkeys(random.choices(items, k=len(items))))) if items else value
        case Pairs(items=items):
            if not items or pool.inner is None or pool.values is None:
                return value
            chosen = random.sample(items, random.randint(1, len(items)))
            return Pairs(tuple((key, _drawn(pool.values, random)) for key, _ in chosen))
    return random.choice(pool.leaves) if pool.leaves else value


def _has_values(pool: _Pool) -> bool:
    return bool(pool.leaves or pool.lengths)


def _drawn(pool: _Pool, random: Random) -> Value:
    if pool.leaves and (not pool.lengths or random.random() < 1 / 2):
        return _like(random.choice(pool.leaves), pool, random)
    return _like((), pool, random)


def _range(pool: _Pool) -> tuple[float, float]:
    numbers = [each for each in pool.leaves if is_number(each) and math.isfinite(each)]
    return min(numbers, default=0), max(numbers, default=0)


def _number(value: float, pool: _Pool, random: Random) -> float:
    """One of the numbers that were seen, or one between them: a fraction only where some were."""
    if random.random() < 1 / 3:
        other = random.choice(pool.leaves)
        return other if is_number(other) and type(other) is type(value) else value
    low, high = _range(pool)
    if isinstance(value, int):
        return random.randint(math.ceil(low), math.floor(high))
    if all(not isinstance(each, float) or each.is_integer() for each in pool.leaves if _is_finite(each)):
        return float(random.randint(math.ceil(low), math.floor(high)))
    return low + round((high - low) * random.random() * 8) / 8


def _is_finite(value: Value) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _text(value: str, pool: _Pool, random: Random) -> str:
    """A piece of one text behind a piece of another, or characters that were seen, drawn anew."""
    texts = [each for each in pool.leaves if isinstance(each, str)] or [value]
    if random.random() < 1 / 2:
        one, other = value, random.choice(texts)
        return one[: random.randint(0, len(one))] + other[random.randint(0, len(other)) :]
    characters = "".join(texts)
    length = random.randint(min(map(len, texts)), max(map(len, texts)))
    return "".join(random.choice(characters) for _ in range(length)) if characters else ""
