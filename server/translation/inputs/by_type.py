"""Arguments by type: boundary values first, then values drawn by chance from a fixed seed."""

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

from codenook.server.translation.inputs.fitting import fits_width, limits
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.values import Elements, Pairs, Value

_INTEGERS = (2, 1, 0, 3, -1, 7, 10, -12, 4, 100)
_FLOATS = (1.5, 1.0, 0.0, -1.0, 2.0, -2.25, 100.0, 0.25)
_CHARACTERS = ("a", "Z", "0", " ", "(", "é")
_TEXTS = ("abc", "a", "", "Hello World", "abcba", "AaBba", "aab", "a b  c", "12", "A1-b2", "éß")
_BYTES = (b"abc", b"", b"\x00\xff", b"aa")
_MOST_DEPTH = 6
_N_INNER = 6
_ALPHABET = "aabbcdABXY 01-"


def boundaries(shape: Shape, depth: int = 0) -> list[Value]:  # noqa: C901, PLR0911, PLR0912 - one for each kind
    """The telling values of a shape, the usual ones first; none where it isn't plain."""
    if depth > _MOST_DEPTH:
        return []
    inner = [boundaries(part, depth + 1)[:_N_INNER] for part in shape.parts]
    match shape.kind:
        case Kind.NOTHING:
            return [None]
        case Kind.BOOL:
            return [True, False]
        case Kind.INT:
            return [each for each in _INTEGERS if fits_width(each, shape)]
        case Kind.FLOAT:
            return list(_FLOATS)
        case Kind.CHAR:
            return list(_CHARACTERS)
        case Kind.TEXT:
            return list(_TEXTS)
        case Kind.BYTES:
            return list(_BYTES)
        case Kind.OPTION if inner and inner[0]:
            return [inner[0][0], None, *inner[0][1:]]
        case Kind.LIST if inner and inner[0]:
            return list(_lists(inner[0]))
        case Kind.SET if inner and inner[0]:
            return [Elements(tuple(inner[0][:3])), Elements(), Elements(tuple(inner[0][:1]))]
        case Kind.TUPLE if all(inner):
            turns = range(max((len(each) for each in inner), default=1))
            return [
                tuple(each[(turn + place) % len(each)] for place, each in enumerate(inner)) for turn in turns
            ]
        case Kind.MAP if len(inner) == 2 and all(inner):  # noqa: PLR2004 - keys and values
            keys, values = inner
            pairs = [(key, values[index % len(values)]) for index, key in enumerate(keys)]
            return [Pairs(tuple(pairs[:3])), Pairs(), Pairs(tuple(pairs[:1])), Pairs(tuple(pairs))]
    return []


def at_the_limits(shape: Shape) -> list[Value]:
    """Integers as great and as small as the width allows, alone or in a list."""
    match shape.kind:
        case Kind.INT if shape.bits:
            low, high = limits(shape)
            return [high, low] if low else [high]
        case Kind.LIST:
            return [(each,) for each in at_the_limits(shape.parts[0])]
    return []


def by_type(shapes: Sequence[Shape], seed: int) -> Iterator[tuple[Value, ...]]:
    """Arguments for parameters of some shapes; none where one of them isn't plain."""
    values = [boundaries(shape) for shape in shapes]
    if not all(values):
        return
    usual = tuple(each[0] for each in values)
    yield usual
    for turn in range(1, max(map(len, values), default=1)):
        yield tuple(each[(turn + place) % len(each)] for place, each in enumerate(values))
        for place, each in enumerate(values):
            if turn < len(each) and len(values) > 1:
                yield (*usual[:place], each[turn], *usual[place + 1 :])
    limited = [at_the_limits(shape)[:1] or [usual[index]] for index, shape in enumerate(shapes)]
    if any(at_the_limits(shape) for shape in shapes):
        yield from product(*limited)
    random = Random(seed)  # noqa: S311 - draws inputs
    while shapes:
        yield tuple(drawn(shape, random) for shape in shapes)


def drawn(shape: Shape, random: Random) -> Value:  # noqa: C901, PLR0911 - one for each kind
    """A value of a plain shape by chance: small numbers, short lists, few characters."""
    match shape.kind:
        case Kind.BOOL:
            return random.random() < 1 / 2
        case Kind.INT:
            number = random.choice((random.randint(0, 9), random.randint(-9, 30), random.randint(0, 200)))
            return number if fits_width(number, shape) else abs(number) % 100
        case Kind.FLOAT:
            return random.randint(-40, 80) / 4
        case Kind.CHAR:
            return random.choice(_ALPHABET)
        case Kind.TEXT:
            return "".join(random.choices(_ALPHABET, k=random.randint(1, 9)))
        case Kind.BYTES:
            return random.randbytes(random.randint(1, 6))
        case Kind.LIST:
            return tuple(drawn(shape.parts[0], random) for _ in range(random.randint(1, 7)))
        case Kind.SET:
            return Elements(tuple(dict.fromkeys(drawn(shape.parts[0], random) for _ in range(4))))
        case Kind.TUPLE:
            return tuple(drawn(part, random) for part in shape.parts)
        case Kind.MAP:
            key, value = shape.parts
            return Pairs(tuple({drawn(key, random): drawn(value, random) for _ in range(3)}.items()))
        case Kind.OPTION:
            return None if random.random() < 1 / 4 else drawn(shape.parts[0], random)
    return None


def _lists(each: Sequence[Value]) -> Iterator[Value]:
    forms: tuple[Sequence[Value], ...] = (
        each[:3],
        (),
        each[:1],
        each[2::-1],
        [each[0], each[0], *each[1:2]],
        each,
        [*each[1:4], *each[:2]],
        [each[-1], each[0]],
    )
    yield from dict.fromkeys(map(tuple, forms))
