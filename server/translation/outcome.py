"""Calls, and what came of them."""

from enum import StrEnum

from attrs import frozen

from codenook.server.translation.values import Value


class Origin(StrEnum):
    """Where the arguments of a call are from, the most telling first."""

    DOCUMENTATION = "documentation"
    TESTS = "tests"
    """A test or another call in the workspace."""
    VARIED = "varied"
    """One of these, with parts of it changed: still like what the function is made for."""
    TYPES = "types"
    """Boundary values, or drawn by chance from the types of the parameters."""


SHOWN = frozenset({Origin.DOCUMENTATION, Origin.TESTS})
"""Where calls are from that say what the function is made for."""


@frozen
class Call:
    """Arguments by position, and for a method those that its object is made with."""

    arguments: tuple[Value, ...]
    origin: Origin = Origin.TYPES
    made_with: tuple[Value, ...] = ()
    evidence: str = ""
    """For a person: ``shop/cart.py:31``."""


class How(StrEnum):
    """How a call ended."""

    RETURNED = "returned"
    RAISED = "raised"
    """An exception, a panic."""
    CRASHED = "crashed"
    """The process ended: a signal, an abort, out of memory."""
    TIMED_OUT = "timed_out"
    NOT_RUN = "not_run"
    """The arguments can't be written in the language (an integer that is too wide), or it was not reached."""


@frozen
class Outcome:
    """What came of a call: the value that it returned, or the ``error``'s class and ``message``.

    ``after`` are the arguments as they are after the call, where they were handed over so that the function
    could change them; None where that isn't known. ``why`` explains NOT_RUN.
    """

    how: How
    value: Value = None
    error: str = ""
    message: str = ""
    after: tuple[Value, ...] | None = None
    why: str = ""
