"""What a language must say of itself so that faults can be put into its code: types of nodes and words."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from attrs import frozen
from tree_sitter import Node

NOTHING: Mapping[str, str] = MappingProxyType({})
_LOGGED = re.compile(r"(?:^|[.:])_*(?:log|logger|logging|slog|tracing|console)(?:\.|::)\w+!?$", re.IGNORECASE)


def is_logged(function: str) -> bool:
    """Whether a function by its name writes a log, which no test reads."""
    return bool(_LOGGED.search(function))


@frozen(kw_only=True)
class Dialect:
    """The table of a language; what it names are types of nodes, where it doesn't say otherwise.

    A part of a node is the name of a field, or a number: which of its named children.
    """

    languages: AbstractSet[str]
    """Ids of the languages whose table this is."""

    # What is skipped
    skipped: AbstractSet[str]
    """Comments, annotations, decorators: no fault in them is seen by a test."""
    guards: AbstractSet[str] = frozenset()
    """Names in conditions for other times than that of a test (``TYPE_CHECKING``)."""
    logs: AbstractSet[str] = frozenset()
    """Functions that write a log, whose names don't say it."""

    # Operators
    operated: AbstractSet[str]
    """What has operators among its children."""
    operators: Mapping[str, tuple[str, ...]]
    """What may stand in the place of an operator."""
    logic: Mapping[str, str]
    """The operators for and, or: each with the other one."""
    length: str = ""
    """How the number of elements ends, where one behind the last is read as nothing, without an error."""
    unary: AbstractSet[str]
    """What has one operator before one operand."""
    no: str
    """How a condition is negated: what stands before it."""
    true: str
    false: str

    # Constants
    numbers: AbstractSet[str]
    strings: AbstractSet[str]
    characters: AbstractSet[str] = frozenset()
    kept_quotes: AbstractSet[str] = frozenset()
    """What begins a text that needs more than its quotes to be one."""
    collections: Mapping[str, str] = NOTHING
    """Literals of collections, and an empty one of each."""
    defaults: AbstractSet[str] = frozenset()
    """Parameters with a value."""

    # Calls
    calls: Mapping[str, tuple[str | int, str]]
    """What calls a function: where the function is, and where the arguments."""
    named_arguments: AbstractSet[str] = frozenset()
    """Arguments that are given by name."""
    members: AbstractSet[str] = frozenset()
    """``object.name``; the object is its first child, the name its last."""
    packaged: AbstractSet[str] = frozenset()
    """``package.function``, or what is written the same."""
    names: Mapping[str, str] = NOTHING
    """Functions and methods, each with another one that is called alike."""
    unwrapped: AbstractSet[str] = frozenset()
    """Functions of one argument, and methods of none, that give what they are given in another form."""
    optional: AbstractSet[str] = frozenset()
    """Functions that can be called without their last argument."""
    takes_fewer: bool = False
    """Whether every function can."""
    apart: AbstractSet[str] = frozenset()
    """Functions whose arguments are of different types, so that they are never exchanged."""
    slices: Mapping[str, str] = NOTHING
    """What has bounds among its children, and what stands between two of them."""
    indexes: Mapping[str, str | int] = NOTHING
    """What reads one element, and where its number is."""
    ranges: AbstractSet[str] = frozenset()
    """Functions that are given a bound as their only argument or second one."""

    # Flow
    conditions: Mapping[str, str | int]
    """What depends on a condition, and where that is."""
    loops: AbstractSet[str]
    """What of these goes on as long as the condition holds."""
    steps: AbstractSet[tuple[str, str]] = frozenset()
    """Where in a loop's head its variable moves on: a node and a field of it."""
    can_skip_loops: bool = True
    """Whether a compiler takes code that is never reached because of a constant."""
    for_each: Mapping[str, str] = NOTHING
    """Loops over a collection, and where that is."""
    nothing: str = ""
    """A collection without elements, for these loops; empty when there is none of any type."""
    returns: Mapping[str, str | int]
    """What gives a value to the caller, and where that is."""
    tails: AbstractSet[str] = frozenset()
    """Bodies of functions whose last expression is what they give."""
    default_of: Callable[[Node, str], str]
    """What may be given in the place of a value: told the value's node and the type that it must have.

    Empty where nothing may.
    """
    functions: AbstractSet[str]
    return_type: str = ""
    """The field of a function that says what it gives."""

    # Statements
    removed: Mapping[str, AbstractSet[str]]
    """Statements that may go, when they hold one of these (none: whatever they hold)."""
    assignments: AbstractSet[str]
    """What gives a name another value, as a statement or in one."""
    instead: str
    """What stands in the place of a statement that was removed."""
    jumps: Mapping[str, str] = NOTHING
    """Statements that leave a round of a loop, and what stands in their place."""
    switches: AbstractSet[str] = frozenset()
    """What a jump leaves as well, without a loop around it."""
    handlers: Mapping[str, str] = NOTHING
    """What handles an error: where its body is, empty for its last child."""
    handled: str = ""
    """What such a body may be instead: the error goes on."""
    binds_by_assignment: bool = False
    """Whether a name is new where it is assigned first."""

    # Texts for people
    raised: AbstractSet[str] = frozenset()
    """What raises an error, whose text few tests read."""
    asserted: AbstractSet[str] = frozenset()
    told: AbstractSet[str] = frozenset()
    """Functions whose arguments are for people."""
    shown: AbstractSet[str] = frozenset()
    """Functions whose texts are for people (``__repr__``)."""


def part(node: Node, where: str | int) -> Node | None:
    """A part of a node."""
    if isinstance(where, str):
        return node.child_by_field_name(where)
    named = [child for child in node.named_children if "comment" not in child.type]
    return named[where] if -len(named) <= where < len(named) else None
