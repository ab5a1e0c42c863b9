"""Inputs by rule: values of the parameters put together, and objects to call methods of."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from tree_sitter import Node

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.frameworks.ecmascript.exports import Reached
from codenook.server.unit_tests.frameworks.ecmascript.syntax import text
from codenook.server.unit_tests.kits.ecmascript.parameters import Parameter, doc_above, parameters_of
from codenook.server.unit_tests.kits.ecmascript.values import Values

_MOST = 24
_N_RECEIVERS = 3


def calls_by_types(
    function: Node | None, reached: Reached, values: Values, class_: Node | None
) -> list[Call]:
    """Calls with values of the parameters, one varied at a time."""
    parameters = parameters_of(function, doc_above(function)) if function else []
    arguments = combined(parameters, values)
    if not reached.member or reached.is_static:
        return [Call(each, Origin.TYPES) for each in arguments[:_MOST]]
    receivers = receivers_of(reached.binding, class_, values)
    if reached.is_getter:
        return [Call("", Origin.TYPES, receiver=each) for each in receivers]
    pairs = [(receivers[i % len(receivers)], each) for i, each in enumerate(arguments)]
    pairs += [(receiver, arguments[0]) for receiver in receivers[1:]]
    unique = dict.fromkeys(pairs)
    return [Call(each, Origin.TYPES, receiver=receiver) for receiver, each in unique][:_MOST]


def combined(parameters: Sequence[Parameter], made: Values) -> list[str]:
    """Arguments: the usual value of each, then other values of one, then of all; optional ones left out."""
    values = [made.of_parameter(parameter) or ["undefined"] for parameter in parameters]
    if not values:
        return [""]
    usual = [each[0] for each in values]
    n_needed = sum(not (parameter.is_optional or parameter.is_rest) for parameter in parameters)
    rows = [usual]
    if n_needed < len(values):
        rows.append(usual[:n_needed])
    varied = [
        [[*usual[:index], value, *usual[index + 1 :]] for value in each[1:]]
        for index, each in enumerate(values)
    ]
    rows += [row for turn in zip_longest(*varied) for row in turn if row is not None]
    longest = max(map(len, values))
    rows += [
        [each[(turn + index) % len(each)] for index, each in enumerate(values)] for turn in range(1, longest)
    ]
    return list(dict.fromkeys(_joined(row) for row in rows))


def receivers_of(name: str, class_: Node | None, values: Values) -> list[str]:
    """Expressions that make an object of a class."""
    constructor = _constructor(class_)
    if constructor is None:
        return [f"new {name}()"]
    arguments = combined(parameters_of(constructor, doc_above(constructor)), values)
    return [f"new {name}({each})" for each in arguments[:_N_RECEIVERS]]


def _constructor(class_: Node | None) -> Node | None:
    body = class_.child_by_field_name("body") if class_ else None
    members = body.named_children if body else []
    return next(
        (member for member in members if text(member.child_by_field_name("name")) == "constructor"), None
    )


def _joined(row: Sequence[str]) -> str:
    """The arguments as text, without those at the end that are undefined anyway."""
    kept = list(row)
    while kept and kept[-1] == "undefined":
        kept.pop()
    return ", ".join(chain(value for value in kept if value))
