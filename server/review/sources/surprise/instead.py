"""What could stand in a place instead of what does."""

from enum import StrEnum

from attrs import field, frozen
from tree_sitter import Node


class Kind(StrEnum):
    """What kind of slip an alternative would mend."""

    COMPARISON = "comparison"
    ARITHMETIC = "arithmetic"
    LOGIC = "logic"
    NEGATION = "negation"
    CONSTANT = "constant"
    TEXT = "text"
    OFF_BY_ONE = "off_by_one"
    NAME = "name"
    MEMBER = "member"
    CALL = "call"
    SWAPPED = "swapped"
    OPERANDS = "operands"
    EXCESS = "excess"
    WRAPPED = "wrapped"
    UNWRAPPED = "unwrapped"
    RESULT = "result"


@frozen(order=True)
class Instead:
    """``text`` in the place of a document's bytes from ``start`` to ``end``, on its ``line`` (from 1).

    What speaks for it without a model, for a name: ``unread`` is 1 where the function reads the alternative
    nowhere else, -1 where it would read what stands there nowhere else, ``twins`` 1 where what stands there
    stands beside itself as well (``x - x``), -1 where the alternative would.
    """

    start: int
    end: int
    text: str
    kind: Kind
    line: int
    unread: int = field(default=0, eq=False, order=False, kw_only=True)
    twins: int = field(default=0, eq=False, order=False, kw_only=True)


def replaced(node: Node, kind: Kind, text: str) -> Instead:
    """``text`` in the place of a node."""
    return Instead(node.start_byte, node.end_byte, text, kind, node.start_point.row + 1)


def inserted(node: Node, kind: Kind, text: str) -> Instead:
    """``text`` before a node."""
    return Instead(node.start_byte, node.start_byte, text, kind, node.start_point.row + 1)
