"""The calls that a translation is checked with."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from attrs import evolve, frozen

from codenook.server.translation.inputs.by_type import by_type
from codenook.server.translation.inputs.documentation import documented
from codenook.server.translation.inputs.fitting import NotFitting, common, fitted, refined
from codenook.server.translation.inputs.variations import variations
from codenook.server.translation.inputs.written import Wanted
from codenook.server.translation.languages.language import Program
from codenook.server.translation.outcome import SHOWN, Call, Origin
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.signature import Signature
from codenook.server.translation.values import Value, encode

N_SEEN = 24
"""Calls from documentation and tests, at most."""
N_VARIED = 28
N_CALLS = 64
_N_OBJECTS = 3
_N_TRIED = 400
_SEED = 9
_MOST_SIZE = 5_000
"""Characters of arguments in JSON: what is longer is no input that a person reads."""


@frozen
class Inputs:
    """Calls, the most telling first; where there are none, ``why`` says so in a sentence."""

    calls: tuple[Call, ...] = ()
    why: str = ""


def joint_shapes(original: Signature, translation: Signature | None) -> tuple[Shape, ...]:
    """What fits the parameters of both sides, by place."""
    mine = [each.shape for each in original.parameters]
    theirs = [each.shape for each in translation.parameters] if translation else []
    theirs += [UNKNOWN] * (len(mine) - len(theirs))
    return tuple(common(one, other) for one, other in zip(mine, theirs, strict=False))


def constructions(
    original: Signature | None, translation: Signature | None = None
) -> tuple[tuple[Value, ...], ...]:
    """Arguments with which an object can be made, by the constructors of both sides; None for none written.

    Empty where the constructor takes what is no plain data.
    """
    shapes = joint_shapes(original, translation) if original else ()
    return tuple(islice(by_type(shapes, _SEED), _N_OBJECTS)) if shapes else ((),)


def inputs(
    program: Program,
    language: str,
    translation: Signature | None = None,
    seen: Iterable[Call] = (),
    made_with: Sequence[tuple[Value, ...]] = ((),),
) -> Inputs:
    """Calls of a program's definition whose arguments fit the signature of its translation, too.

    ``seen`` are calls that were found elsewhere (see `workspace`); ``made_with`` are arguments with which
    the object of a method can be made (see `constructions`).
    """
    signature = program.signature
    shapes = joint_shapes(signature, translation)
    strange = next((each for each in shapes if _holds_class(each)), None)
    if strange is not None:
        return Inputs(why=_no_data(signature, shapes))
    known = [*documented(program.text, Wanted(signature, language, shapes)), *seen]
    examples = list(islice(_distinct(_fitting(known, shapes)), N_SEEN))
    most = max((len(call.arguments) for call in examples), default=len(shapes))
    full = tuple(
        refined(shape, [call.arguments[index] for call in examples if index < len(call.arguments)])
        for index, shape in enumerate(shapes[:most])
    )
    if not made_with:
        return Inputs(why=f"nothing says what a {signature.owner} can be made with")
    if not shapes:
        examples += [Call((), Origin.TYPES, each) for each in made_with]
        return Inputs(tuple(islice(_distinct(examples), N_CALLS)))
    varied = (Call(each, Origin.VARIED) for each in variations([each.arguments for each in examples], _SEED))
    by_types = (Call(each, Origin.TYPES) for each in by_type(full, _SEED))
    first = list(
        islice(_distinct([*examples, *islice(_fitting(varied, shapes), _N_TRIED)]), len(examples) + N_VARIED)
    )
    made = islice(_distinct([*first, *islice(_fitting(by_types, full), N_CALLS * 4)]), N_CALLS)
    calls = tuple(
        call if call.origin in SHOWN else evolve(call, made_with=made_with[index % len(made_with)])
        for index, call in enumerate(made)
    )
    return Inputs(calls, "" if calls else _no_data(signature, shapes))


def _fitting(calls: Iterable[Call], shapes: Sequence[Shape]) -> Iterator[Call]:
    """The calls whose arguments fit, as they are of these shapes."""
    for call in calls:
        if call.arguments and not shapes:
            continue
        try:
            arguments = tuple(
                fitted(value, shapes[min(index, len(shapes) - 1)])
                for index, value in enumerate(call.arguments)
            )
        except NotFitting:
            continue
        yield evolve(call, arguments=arguments)


def _distinct(calls: Iterable[Call]) -> Iterator[Call]:
    """Each call once; 1 and 1.0 are two."""
    told: set[str] = set()
    for call in calls:
        key = json.dumps([encode(each) for each in (*call.arguments, *call.made_with)])
        if key not in told and len(key) <= _MOST_SIZE:
            told.add(key)
            yield call


def _holds_class(shape: Shape) -> bool:
    return shape.kind is Kind.CLASS or any(map(_holds_class, shape.parts))


def _no_data(signature: Signature, shapes: Sequence[Shape]) -> str:
    for parameter, shape in zip(signature.parameters, shapes, strict=True):
        if _holds_class(shape):
            return f"`{parameter.name}` is no plain data: `{parameter.written or shape.name}`"
        if not shape.is_plain:
            return f"nothing says what `{parameter.name}` is: it has no type, and no call of it was found"
    return "no arguments fit both sides"
