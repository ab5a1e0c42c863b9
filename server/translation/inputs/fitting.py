"""Values that fit shapes, and shapes that values suggest."""

from collections.abc import Iterable, Sequence

from attrs import evolve

from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.values import Elements, Opaque, Pairs, Value

SAFE_BITS = 54
"""Integers of this width are exact in a float of 64 bits, and so in JavaScript."""

_SEQUENCES = {Kind.LIST, Kind.TUPLE, Kind.SET}


class NotFitting(Exception):
    """A value is none of a shape."""


def fitted(value: Value, shape: Shape) -> Value:  # noqa: C901, PLR0911, PLR0912 - one for each kind
    """``value`` as one of ``shape``: 1 as 1.0 where a float is asked for; raises NotFitting."""
    match shape.kind, value:
        case Kind.ANY, _ if not isinstance(value, Opaque):
            return value
        case Kind.NOTHING, None:
            return None
        case Kind.BOOL, bool():
            return value
        case Kind.INT, float() if value.is_integer():
            return fitted(int(value), shape)
        case Kind.INT, int() if not isinstance(value, bool) and fits_width(value, shape):
            return value
        case Kind.FLOAT, float():
            return value
        case Kind.FLOAT, int() if not isinstance(value, bool) and value.bit_length() < SAFE_BITS:
            return float(value)
        case Kind.CHAR, str() if len(value) == 1:
            return value
        case Kind.TEXT, str():
            return value
        case Kind.BYTES, bytes():
            return value
        case Kind.BYTES, str() if value.isascii():
            return value.encode()
        case Kind.LIST, tuple():
            return tuple(fitted(each, shape.parts[0]) for each in value)
        case Kind.LIST, str() if shape.parts[0].kind is Kind.CHAR:
            return tuple(value)
        case Kind.TUPLE, tuple() if len(value) == len(shape.parts):
            return tuple(fitted(each, part) for each, part in zip(value, shape.parts, strict=True))
        case Kind.SET, Elements(items=items) | (tuple() as items):
            return Elements(tuple(dict.fromkeys(fitted(each, shape.parts[0]) for each in items)))
        case Kind.MAP, Pairs(items=items):
            key, each = shape.parts
            return Pairs(tuple((fitted(one, key), fitted(other, each)) for one, other in items))
        case Kind.OPTION, _:
            return None if value is None else fitted(value, shape.parts[0])
    raise NotFitting(f"{value!r:.60} is no {shape.kind}")


def fits_width(value: int, shape: Shape) -> bool:
    """Whether an integer can be had in the width of an INT."""
    if not shape.bits:
        return shape.is_signed or value >= 0
    low, high = limits(shape)
    return low <= value <= high


def limits(shape: Shape) -> tuple[int, int]:
    """The least and the greatest integer of an INT that has a width."""
    if shape.is_signed:
        return -(1 << (shape.bits - 1)), (1 << (shape.bits - 1)) - 1
    return 0, (1 << shape.bits) - 1


def common(one: Shape, other: Shape) -> Shape:  # noqa: C901, PLR0911 - one for each pair of kinds
    """The shape whose values fit both; UNKNOWN where that isn't clear."""
    if Kind.ANY in {one.kind, other.kind}:
        return other if one.kind is Kind.ANY else one
    if Kind.OPTION in {one.kind, other.kind}:
        return common(_held(one), _held(other)) if one.kind is not other.kind else _of_parts(one, other)
    match one.kind, other.kind:
        case (Kind.INT, Kind.INT):
            return _narrower(one, other)
        case (Kind.INT, Kind.FLOAT):
            return _narrower(one, Shape(Kind.INT, bits=SAFE_BITS))
        case (Kind.FLOAT, Kind.INT):
            return common(other, one)
        case (Kind.FLOAT, Kind.FLOAT):
            return one if one.bits and (one.bits < other.bits or not other.bits) else other
        case (Kind.CHAR, Kind.TEXT) | (Kind.TEXT, Kind.CHAR):
            return Shape(Kind.CHAR)
        case (Kind.BYTES, Kind.TEXT) | (Kind.TEXT, Kind.BYTES):
            return Shape(Kind.BYTES)
        case (Kind.TUPLE, Kind.LIST):
            return _of_parts(one, Shape(Kind.LIST, other.parts * len(one.parts)))
        case (Kind.LIST, Kind.TUPLE):
            return common(other, one)
        case (Kind.SET, Kind.LIST) | (Kind.LIST, Kind.SET):
            return Shape(Kind.SET, (common(one.parts[0], other.parts[0]),))
    if one.kind is not other.kind or one.name != other.name:
        return UNKNOWN
    return _of_parts(one, other)


def suggested(values: Iterable[Value]) -> Shape:
    """The shape that all of some values are of; UNKNOWN for none, and for those of several kinds."""
    shapes = [shape_of(value) for value in values]
    found = shapes[0] if shapes else UNKNOWN
    for shape in shapes[1:]:
        found = _either(found, shape)
    return found


def shape_of(value: Value) -> Shape:  # noqa: PLR0911 - one for each kind
    """The shape of a value; parts that it has none of are UNKNOWN."""
    match value:
        case None:
            return Shape(Kind.OPTION, (UNKNOWN,))
        case bool():
            return Shape(Kind.BOOL)
        case int():
            return Shape(Kind.INT)
        case float():
            return Shape(Kind.FLOAT, bits=64)
        case str():
            return Shape(Kind.TEXT)
        case bytes():
            return Shape(Kind.BYTES)
        case tuple():
            return Shape(Kind.LIST, (suggested(value),))
        case Elements(items=items):
            return Shape(Kind.SET, (suggested(items),))
        case Pairs(items=items):
            return Shape(Kind.MAP, (suggested(key for key, _ in items), suggested(each for _, each in items)))
    return UNKNOWN


def _held(shape: Shape) -> Shape:
    return shape.parts[0] if shape.kind is Kind.OPTION else shape


def _of_parts(one: Shape, other: Shape) -> Shape:
    if len(one.parts) != len(other.parts):
        return UNKNOWN
    return evolve(one, parts=tuple(map(common, one.parts, other.parts)))


def _narrower(one: Shape, other: Shape) -> Shape:
    if not one.bits or not other.bits:
        narrow = one if one.bits else other
        return evolve(narrow, is_signed=one.is_signed and other.is_signed)
    if one.is_signed is other.is_signed:
        return one if one.bits < other.bits else other
    high = min(limits(one)[1], limits(other)[1])
    return Shape(Kind.INT, bits=high.bit_length(), is_signed=False)


def _either(one: Shape, other: Shape) -> Shape:
    """The shape that values of both are of."""
    if Kind.ANY in {one.kind, other.kind}:
        return UNKNOWN
    if Kind.OPTION in {one.kind, other.kind}:
        held = [_held(each) for each in (one, other) if _held(each) != UNKNOWN]
        return Shape(Kind.OPTION, (_either(*held) if len(held) > 1 else held[0] if held else UNKNOWN,))
    if {one.kind, other.kind} == {Kind.INT, Kind.FLOAT}:
        return Shape(Kind.FLOAT, bits=64)
    if one.kind is not other.kind:
        return UNKNOWN
    parts = [
        mine if theirs == UNKNOWN else theirs if mine == UNKNOWN else _either(mine, theirs)
        for mine, theirs in zip(one.parts, other.parts, strict=True)
    ]
    return evolve(one, parts=tuple(parts))


def refined(shape: Shape, seen: Sequence[Value]) -> Shape:
    """``shape``, its unknown parts as the values suggest that were seen."""
    return common(shape, suggested(seen)) if not shape.is_plain and seen else shape
