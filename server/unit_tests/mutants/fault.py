"""A fault before it is proved to be one, and the kinds of them."""

from enum import StrEnum

from attrs import frozen
from tree_sitter import Node


class Kind(StrEnum):
    """What was changed; see `Mutant.kind`."""

    OPERATOR = "operator"
    CONDITION = "condition"
    CONSTANT = "constant"
    BOUND = "bound"
    """An index, a slice or a range, off by one."""
    RETURN = "return"
    REMOVED = "removed"
    ARGUMENT = "argument"
    """Two arguments exchanged, or one left out."""
    CALL = "call"
    """Another function that is called alike, or none."""
    DEFAULT = "default"
    """The value that a parameter has when none is given."""
    ASSERTION = "assertion"
    """In a check that the code makes of itself."""
    MESSAGE = "message"
    """In a text for people."""


SELDOM_SEEN = frozenset({Kind.ASSERTION, Kind.MESSAGE})
"""Kinds of which few tests notice any; they come after all others."""


@frozen
class Fault:
    """``text`` in the place of a file's bytes from ``start`` to ``end``; the most telling have ``rank`` 0."""

    kind: Kind
    start: int
    end: int
    text: str
    line: int
    rank: int = 0


def replaced(node: Node, kind: Kind, text: str, rank: int = 0) -> Fault:
    """``text`` in the place of a node."""
    return Fault(kind, node.start_byte, node.end_byte, text, node.start_point.row + 1, rank)


def between(first: Node, last: Node, kind: Kind, text: str, rank: int = 0) -> Fault:
    """``text`` in the place of all from one node to another."""
    return Fault(kind, first.start_byte, last.end_byte, text, first.start_point.row + 1, rank)


def added(node: Node, kind: Kind, text: str, rank: int = 0) -> Fault:
    """``text`` after a node."""
    return Fault(kind, node.end_byte, node.end_byte, text, node.end_point.row + 1, rank)
