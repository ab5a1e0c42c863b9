"""Which nodes of a definition can have a fault, and what is around them."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.unit_tests.mutants.dialect import Dialect, is_logged, part
from codenook.server.unit_tests.mutants.fault import Kind

SIMPLE = re.compile(r"identifier|attribute|subscript|call|member|selector|method_invocation|field_expr|paren")
"""The types of nodes that an operator binds to without brackets."""


def nodes(parsed: Parsed, span: tuple[int, int], dialect: Dialect) -> Iterator[Node]:
    """The nodes that are within these bytes, parents first, without those in which no fault matters."""
    to_visit = [parsed.root]
    while to_visit:
        node = to_visit.pop()
        if node.end_byte <= span[0] or node.start_byte >= span[1] or _is_skipped(node, dialect):
            continue
        if span[0] <= node.start_byte and node.end_byte <= span[1]:
            yield node
        to_visit += reversed(node.named_children)


def function_around(node: Node, dialect: Dialect) -> Node | None:
    """The innermost function around a node."""
    around = node.parent
    while around is not None and around.type not in dialect.functions:
        around = around.parent
    return around


def seldom_seen(node: Node, dialect: Dialect) -> Kind | None:
    """The kind that all faults in a node have because of where it stands; None: their own."""
    around = node.parent
    while around is not None and around.type not in dialect.functions:
        if around.type in dialect.raised:
            return Kind.MESSAGE
        if around.type in dialect.asserted:
            return Kind.ASSERTION
        if around.type in dialect.calls and called(around, dialect) in dialect.told:
            return Kind.MESSAGE
        around = around.parent
    is_text = node.type in dialect.strings
    if around is not None and is_text and text_of(around.child_by_field_name("name")) in dialect.shown:
        return Kind.MESSAGE
    return None


def is_default(node: Node, dialect: Dialect) -> bool:
    """Whether a node is in the value that a parameter has when none is given."""
    around = node.parent
    while around is not None and around.type not in dialect.functions:
        if around.type in dialect.defaults:
            return True
        around = around.parent
    return False


def called(call: Node, dialect: Dialect) -> str:
    """The function that is called, as it is written."""
    given = part(call, dialect.calls[call.type][1])
    end = given.start_byte if given is not None else call.end_byte
    return (call.text or b"")[: end - call.start_byte].decode("utf-8", "replace").strip()


def moves_loop(node: Node, dialect: Dialect) -> bool:
    """Whether a node is in what makes the loop around it end: what changes a name of its condition."""
    held = node.named_children[0] if node.type in dialect.removed and node.named_child_count else None
    around: Node | None = held or node
    while around is not None and around.type not in dialect.functions:
        if around.type in dialect.assignments:
            return is_endless(around, dialect)
        around = around.parent
    return False


def is_endless(node: Node, dialect: Dialect) -> bool:
    """Whether the loop around a statement may never end without it: an assignment or a jump."""
    changed = _first_name(node)
    child, around = node, node.parent
    while around is not None and around.type not in dialect.functions:
        if (around.type, _field_of(around, child)) in dialect.steps:
            return True
        if around.type in dialect.loops:
            where = dialect.conditions.get(around.type)
            condition = part(around, where) if where is not None else None
            is_constant = (
                condition is None
                or "block" in condition.type
                or text_of(condition).strip("()") in {dialect.true, "1", "true"}
            )
            if is_constant or (changed and changed in _names(condition)):
                return True
        if node.type in dialect.jumps and (around.type in dialect.loops or around.type in dialect.for_each):
            return False
        child, around = around, around.parent
    return False


def leaves_switch(jump: Node, dialect: Dialect) -> bool:
    """Whether a jump is about a choice of cases, not about a loop."""
    around = jump.parent
    while around is not None and around.type not in dialect.functions:
        if around.type in dialect.loops or around.type in dialect.for_each:
            return False
        if around.type in dialect.switches:
            return True
        around = around.parent
    return False


def _first_name(node: Node) -> str:
    return next(iter(_names(node)), "")


def _names(node: Node | None) -> dict[str, None]:
    """The identifiers in a node, in the order of the text."""
    found: dict[str, None] = {}
    to_visit = [node] if node is not None else []
    while to_visit:
        node = to_visit.pop()
        if node.type == "identifier":
            found[text_of(node)] = None
        to_visit += reversed(node.named_children)
    return found


def is_known(name: str, before: Node, dialect: Dialect) -> bool:
    """Whether the function around a statement names ``name`` before it: it has another value then.

    What only the other branches of a condition name doesn't count.
    """
    function = function_around(before, dialect)
    to_visit = [function] if function is not None else []
    while to_visit:
        node = to_visit.pop()
        if node.type == "identifier" and node.end_byte <= before.start_byte and text_of(node) == name:
            return True
        condition = part(node, dialect.conditions[node.type]) if node.type in dialect.conditions else None
        for child in node.named_children:
            is_other_branch = (
                condition is not None
                and node.end_byte >= before.end_byte
                and child != condition
                and child.end_byte <= before.start_byte
            )
            if child.start_byte < before.start_byte and not is_other_branch:
                to_visit.append(child)
    return False


def _field_of(parent: Node, child: Node) -> str:
    index = next((i for i, each in enumerate(parent.children) if each == child), None)
    return (parent.field_name_for_child(index) or "") if index is not None else ""


def _is_skipped(node: Node, dialect: Dialect) -> bool:
    if node.type in dialect.skipped:
        return True
    if node.type == "expression_statement":
        inner = node.named_children
        is_text = len(inner) == 1 and inner[0].type in dialect.strings  # a docstring, or a directive
        return is_text or (len(inner) == 1 and _is_skipped(inner[0], dialect))
    if node.type in dialect.calls:
        function = called(node, dialect)
        return is_logged(function) or function in dialect.logs
    if dialect.guards and node.type in dialect.conditions:
        condition = part(node, dialect.conditions[node.type])
        return not dialect.guards.isdisjoint(_names(condition))
    return False
