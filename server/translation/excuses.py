"""Why a difference doesn't count against a translation."""

import re
from collections.abc import Iterator

from codenook.server.translation.inputs.domain import Domain
from codenook.server.translation.inputs.fitting import fits_width
from codenook.server.translation.outcome import SHOWN, Call, How, Outcome
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Signature
from codenook.server.translation.values import Elements, Pairs, Value


def failure(outcome: Outcome, signature: Signature) -> str:
    """Why the original's own outcome says nothing: it failed, and not on purpose. Empty where it does."""
    if outcome.how is How.CRASHED:
        return "the original crashes"
    if outcome.how is How.RAISED and outcome.error not in signature.raises:
        return f"the original fails ({outcome.error})" if outcome.error else "the original fails"
    return ""


def excuse(
    call: Call, outcomes: tuple[Outcome, Outcome], signatures: tuple[Signature, Signature], domain: Domain
) -> str:
    """Why it doesn't count that different things come of a call; empty where it does.

    ``domain`` is what calls of documentation and tests show of arguments and results.
    """
    narrow = _width(outcomes, signatures)
    if narrow:
        return narrow
    if call.origin in SHOWN:
        return ""
    unlike = domain.unlike(call.arguments)
    if unlike:
        return f"no example has {unlike}"
    has_answer = outcomes[0].value is not None or outcomes[0].how is not How.RETURNED
    return (
        "" if has_answer or domain.has_nothing else "the original returns nothing, as it does in no example"
    )


def _width(outcomes: tuple[Outcome, Outcome], signatures: tuple[Signature, Signature]) -> str:
    """What can't be had in the width of an integer on one of the sides."""
    sides = ("the original", "the translation")
    for mine, other in ((0, 1), (1, 0)):
        outcome = outcomes[mine]
        if outcome.how is not How.RETURNED and _OVERFLOW.search(outcome.message):
            return f"an integer overflows in {sides[mine]}"
        narrow = next((each for each in _integers(signatures[other].result) if each.bits), None)
        if outcome.how is How.RETURNED and narrow is not None:
            wide = next((each for each in _numbers(outcome.value) if not fits_width(each, narrow)), None)
            if wide is not None:
                return f"{wide} of {sides[mine]} doesn't fit into {narrow.bits} bits"
    return ""


_OVERFLOW = re.compile(r"(?<!stack )(?<!stack-)(?<!buffer )(?<!buffer-)overflow", re.IGNORECASE)


def _integers(shape: Shape) -> Iterator[Shape]:
    if shape.kind is Kind.INT:
        yield shape
    for part in shape.parts:
        yield from _integers(part)


def _numbers(value: Value) -> Iterator[int]:
    match value:
        case bool():
            return
        case int():
            yield value
        case tuple() | Elements():
            for each in value.items if isinstance(value, Elements) else value:
                yield from _numbers(each)
        case Pairs(items=items):
            for pair in items:
                yield from _numbers(pair)
