"""Whether two outcomes of a call are the same, whatever languages they come from."""

import math
from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen

from codenook.server.translation.outcome import How, Outcome
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.values import Elements, Opaque, Pairs, Value, is_number

TOLERANCE = 1e-9
TOLERANCE_32 = 1e-6
"""Where one of two floats has 32 bits."""

_ENDED = {How.RAISED, How.CRASHED}


class Answer(StrEnum):
    """What comes of a comparison."""

    AGREE = "agree"
    DIFFER = "differ"
    NOT_COMPARABLE = "not_comparable"


@frozen
class Compared:
    """An answer; for any but AGREE, one line why."""

    answer: Answer
    why: str = ""


AGREE = Compared(Answer.AGREE)


def tolerance(*shapes: Shape) -> float:
    """How far apart two floats may be, relative to the greater one, and near zero absolutely."""
    return TOLERANCE_32 if any(map(_has_short_floats, shapes)) else TOLERANCE


def compare(
    original: Outcome,
    translation: Outcome,
    shapes: tuple[Shape, Shape] = (UNKNOWN, UNKNOWN),
    within: float = TOLERANCE,
) -> Compared:
    """Whether the outcomes of both sides are the same; ``shapes`` are those of their results.

    ``within`` is the tolerance for floats.
    """
    for side, outcome in (("the original", original), ("the translation", translation)):
        if outcome.how is How.NOT_RUN:
            return _not_comparable(f"{side} was not run: {outcome.why}")
    if original.how is How.TIMED_OUT:
        return _not_comparable("the original takes too long")
    if original.how in _ENDED and translation.how in _ENDED:
        return AGREE
    if original.how is not translation.how:
        return Compared(
            Answer.DIFFER, f"the original {_told(original)}, the translation {_told(translation)}"
        )
    compared = same(original.value, translation.value, shapes, within)
    if compared.answer is not Answer.AGREE or shapes[0].kind is not Kind.NOTHING:
        return compared
    return _after(original.after, translation.after, within)


def same(
    one: Value, other: Value, shapes: tuple[Shape, Shape] = (UNKNOWN, UNKNOWN), within: float = TOLERANCE
) -> Compared:
    """Whether two values are the same, as far as values of both shapes can be."""
    for value in (one, other):
        if isinstance(value, Opaque):
            return _not_comparable(f"a {value.name} is no plain data")
    mine, theirs = (_held(shape, value) for shape, value in zip(shapes, (one, other), strict=True))
    compared = _compound(one, other, (mine, theirs), within)
    if compared is not None:
        return compared
    if None in (one, other) and one is not other:
        return _nothing(one, other, shapes)
    return AGREE if _is_same(one, other, (mine, theirs), within) else _differ(one, other)


def _compound(one: Value, other: Value, shapes: tuple[Shape, Shape], within: float) -> Compared | None:
    """Two values with parts; None for any others."""
    if (
        Kind.SET in {shapes[0].kind, shapes[1].kind}
        or isinstance(one, Elements)
        or isinstance(other, Elements)
    ):
        left, right = _elements(one), _elements(other)
        return None if left is None or right is None else _unordered(left, right, shapes, within)
    match one, other:
        case tuple(), tuple():
            return _listed(one, other, shapes, within)
        case (tuple() | str(), tuple() | str()) if type(one) is not type(other):
            return _listed(tuple(one), tuple(other), shapes, within)
        case Pairs(), Pairs():
            keys, values = ((_part(shapes[0], at, at), _part(shapes[1], at, at)) for at in (0, 1))
            return _mapped(one, other, keys, values, within)
    return None


def _listed(
    one: Sequence[Value], other: Sequence[Value], shapes: tuple[Shape, Shape], within: float
) -> Compared:
    if len(one) != len(other):
        return Compared(Answer.DIFFER, f"{len(one)} elements and {len(other)}")
    doubt = AGREE
    are_mixed = len(set(map(type, one))) > 1 or len(set(map(type, other))) > 1
    for index, (mine, theirs) in enumerate(zip(one, other, strict=True)):
        inner = (_part(shapes[0], index), _part(shapes[1], index))
        if are_mixed and _is_told_as_text((mine, theirs), inner):
            continue
        compared = same(mine, theirs, inner, within)
        if compared.answer is Answer.DIFFER:
            return compared
        if compared.answer is Answer.NOT_COMPARABLE:
            doubt = compared
    return doubt


def _is_told_as_text(values: tuple[Value, Value], shapes: tuple[Shape, Shape]) -> bool:
    """Whether a bool or number of a mixed list is a text on the side whose list can hold nothing else."""
    for text, shape, other in ((values[0], shapes[0], values[1]), (values[1], shapes[1], values[0])):
        if isinstance(text, str) and shape.kind is Kind.TEXT and isinstance(other, int | float):
            return text.lower() == shown(other).lower()
    return False


def _unordered(
    one: Sequence[Value], other: Sequence[Value], shapes: tuple[Shape, Shape], within: float
) -> Compared:
    inner = (_part(shapes[0], 0), _part(shapes[1], 0))
    left = list(other)
    for mine in one:
        found = (at for at, each in enumerate(left) if same(mine, each, inner, within).answer is Answer.AGREE)
        at = next(found, None)
        if at is None:
            return Compared(Answer.DIFFER, f"{shown(mine):.80} is in one alone")
        del left[at]
    return Compared(Answer.DIFFER, f"{shown(left[0]):.80} is in one alone") if left else AGREE


def _mapped(
    one: Pairs, other: Pairs, keys: tuple[Shape, Shape], values: tuple[Shape, Shape], within: float
) -> Compared:
    if len(one.items) != len(other.items):
        return Compared(Answer.DIFFER, f"{len(one.items)} keys and {len(other.items)}")
    doubt = AGREE
    for key, value in one.items:
        found = [each for name, each in other.items if _is_key(key, name, keys, within)]
        if not found:
            return Compared(Answer.DIFFER, f"the key {shown(key)} is in one alone")
        compared = same(value, found[0], values, within)
        if compared.answer is Answer.DIFFER:
            return compared
        if compared.answer is Answer.NOT_COMPARABLE:
            doubt = compared
    return doubt


def _is_key(one: Value, other: Value, shapes: tuple[Shape, Shape], within: float) -> bool:
    """Whether keys are the same: those of an object of JavaScript are texts, whatever they were."""
    if isinstance(one, str) is not isinstance(other, str):
        return shown(one).strip('"') == shown(other).strip('"')
    return same(one, other, shapes, within).answer is Answer.AGREE


def _is_same(  # noqa: PLR0911 - one for each pair of kinds
    one: Value, other: Value, shapes: tuple[Shape, Shape], within: float
) -> bool:
    match one, other:
        case (bool(), bool()) | (None, None):
            return one is other
        case bool(), int() | float():
            return shapes[1].kind is Kind.INT and int(one) == other
        case int() | float(), bool():
            return shapes[0].kind is Kind.INT and one == int(other)
        case int(), int():
            return one == other
        case int() | float(), int() | float():
            return is_close(one, other, within)
        case str(), str():
            return one == other
        case bytes() | str(), bytes() | str():
            return _bytes(one) == _bytes(other)
    return False


def is_close(one: float, other: float, within: float) -> bool:
    """Whether two numbers are the same within a tolerance; NaN is NaN, and -0 is 0."""
    try:
        left, right = float(one), float(other)
    except OverflowError:
        return one == other
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    return math.isclose(left, right, rel_tol=within, abs_tol=within)


def shown(value: Value) -> str:  # noqa: PLR0911 - one for each kind
    """A value for a person, in the notation of JSON as far as that goes."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case tuple():
            return f"[{', '.join(map(shown, value))}]"
        case Elements(items=items):
            return f"{{{', '.join(map(shown, items))}}}"
        case Pairs(items=items):
            return f"{{{', '.join(f'{shown(key)}: {shown(each)}' for key, each in items)}}}"
        case Opaque(name=name):
            return f"a {name}"
    return repr(value)


def _nothing(one: Value, other: Value, shapes: tuple[Shape, Shape]) -> Compared:
    """Nothing on one side: what the other one has may stand for it, where its type can't say so."""
    side = 1 if one is None else 0
    value = (one, other)[side]
    if shapes[side].kind in _CANT_SAY_NOTHING and _may_stand_for_nothing(value):
        return _not_comparable(f"{shown(value)} stands where the other side has nothing: its type has none")
    return _differ(one, other)


def _may_stand_for_nothing(value: Value) -> bool:
    """Whether people take a value for none: zero, one below, NaN, what is empty, a text that says so."""
    if is_number(value):
        return not value > 0
    if isinstance(value, Pairs | Elements):
        return not value.items
    return not value or value in _NOTHINGS


_NOTHINGS = ("None", "null", "nil")
_CANT_SAY_NOTHING = {
    Kind.BOOL,
    Kind.INT,
    Kind.FLOAT,
    Kind.CHAR,
    Kind.TEXT,
    Kind.BYTES,
    Kind.LIST,
    Kind.TUPLE,
    Kind.MAP,
    Kind.SET,
}


def _after(one: tuple[Value, ...] | None, other: tuple[Value, ...] | None, within: float) -> Compared:
    """What a procedure has made of its arguments."""
    if one is None or other is None:
        return _not_comparable("it returns nothing, and what it changes isn't known of both sides")
    return _listed(one, other, (UNKNOWN, UNKNOWN), within)


def _held(shape: Shape, value: Value) -> Shape:
    """The shape of what is in an option."""
    return shape.parts[0] if shape.kind is Kind.OPTION and shape.parts and value is not None else shape


def _part(shape: Shape, index: int, default: int = 0) -> Shape:
    if not shape.parts:
        return UNKNOWN
    return (
        shape.parts[min(index, len(shape.parts) - 1)]
        if shape.kind is Kind.TUPLE
        else shape.parts[min(default, len(shape.parts) - 1)]
    )


def _elements(value: Value) -> Sequence[Value] | None:
    match value:
        case Elements(items=items):
            return items
        case tuple():
            return value
    return None


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def _has_short_floats(shape: Shape) -> bool:
    return (shape.kind is Kind.FLOAT and shape.bits == 32) or any(map(_has_short_floats, shape.parts))  # noqa: PLR2004


def _told(outcome: Outcome) -> str:
    match outcome.how:
        case How.RETURNED:
            return f"returns {shown(outcome.value)}"
        case How.RAISED:
            return f"raises {outcome.error}" if outcome.error else "raises an error"
        case How.CRASHED:
            return "crashes"
    return "takes too long"


def _not_comparable(why: str) -> Compared:
    return Compared(Answer.NOT_COMPARABLE, why)


def _differ(one: Value, other: Value) -> Compared:
    return Compared(Answer.DIFFER, f"{shown(one):.80} and {shown(other):.80}")
