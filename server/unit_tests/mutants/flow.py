"""Faults in what a function does when: conditions, loops, returns, statements that aren't there."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.unit_tests.mutants.dialect import Dialect, part
from codenook.server.unit_tests.mutants.fault import Fault, Kind, replaced
from codenook.server.unit_tests.mutants.places import SIMPLE, Place, is_endless, is_known, leaves_switch

_BRACKETED = re.compile(r"parenthesized_expression|condition_clause")
_COMPARED = re.compile(r"comparison|binary_expression|boolean_operator|not_operator|unary")
_NOT_A_CONDITION = re.compile(r"let_|.*declaration|.*_clause|block|initializer")


def conditions(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """A condition that always holds, one that never does, and the opposite of one."""
    if node.type not in dialect.conditions:
        return
    condition = _inner(part(node, dialect.conditions[node.type]))
    if condition is None or condition.is_missing or _NOT_A_CONDITION.match(condition.type):
        return
    if text_of(condition) in {dialect.true, dialect.false}:
        return
    is_loop = node.type in dialect.loops
    if not is_loop:
        yield replaced(condition, Kind.CONDITION, dialect.true)
    if not is_loop or dialect.can_skip_loops:
        yield replaced(condition, Kind.CONDITION, dialect.false)
    if not is_loop and not _COMPARED.match(condition.type):
        yield replaced(condition, Kind.CONDITION, negated(condition, dialect), 1)


def loops(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """A loop over nothing."""
    where = dialect.for_each.get(node.type)
    over = part(node, where) if where and dialect.nothing else None
    if over is not None and text_of(over) != dialect.nothing:
        yield replaced(over, Kind.CONDITION, dialect.nothing)


def returns(place: Place, dialect: Dialect) -> Iterator[Fault]:
    """Nothing, or what is like it in the function's type, in the place of a value; and its opposite."""
    node, value = place.node, _given(place, dialect)
    if value is None or value.type in dialect.functions:
        return
    around = place.function.node if place.function is not None else None
    function = node if node.type in dialect.functions else around
    declared = text_of(function.child_by_field_name(dialect.return_type)) if function is not None else ""
    declared = declared.removeprefix(":").strip()
    default = dialect.default_of(value, declared)
    if default and text_of(value) != default:
        yield replaced(value, Kind.RETURN, default)
    is_truth = declared in {"bool", "boolean", "Boolean"}
    if is_truth and not _COMPARED.match(value.type) and text_of(value) not in {dialect.true, dialect.false}:
        yield replaced(value, Kind.RETURN, negated(value, dialect))


def removed(place: Place, dialect: Dialect) -> Iterator[Fault]:
    """A statement that isn't there, a jump that is another one, an error that isn't handled."""
    node = place.node
    if node.type in dialect.jumps:
        if leaves_switch(place, dialect):
            if "break" in node.type and dialect.instead:
                yield replaced(node, Kind.REMOVED, dialect.instead)
        elif not is_endless(place, dialect):
            yield replaced(node, Kind.REMOVED, dialect.jumps[node.type])
    elif node.type in dialect.removed:
        if _may_go(place, dialect):
            yield replaced(node, Kind.REMOVED, dialect.instead)
    elif node.type in dialect.handlers:
        where = dialect.handlers[node.type]
        body = part(node, where or -1)
        if body is not None and text_of(body) != dialect.handled:
            yield replaced(body, Kind.REMOVED, dialect.handled)


def negated(node: Node, dialect: Dialect) -> str:
    """The opposite of a condition, as source text."""
    source = text_of(node)
    return f"{dialect.no}{source}" if SIMPLE.search(node.type) else f"{dialect.no}({source})"


def _given(place: Place, dialect: Dialect) -> Node | None:
    """The value that a function gives its caller here."""
    node, around = place.node, place.parent
    if node.type in dialect.returns:
        return part(node, dialect.returns[node.type])
    if node.type in dialect.tails and around is not None and around.node.type in dialect.functions:
        last = part(node, -1)
        is_value = last is not None and not re.search(r"statement|declaration|_item|definition", last.type)
        return last if is_value else None
    return None


def _may_go(place: Place, dialect: Dialect) -> bool:
    """Whether the code means something without a statement."""
    node = place.node
    wanted = dialect.removed[node.type]
    holds = part(node, 0) if wanted else node
    while holds is not None and "await" in holds.type and wanted:
        holds = part(holds, 0)
    if holds is None or (wanted and holds.type not in wanted):
        return False
    if holds.type not in dialect.assignments or not dialect.binds_by_assignment:
        return True
    target = holds.child_by_field_name("left")
    if target is None or holds.child_by_field_name("right") is None:
        return False
    if holds.child_by_field_name("operator") is not None:
        return True
    return target.type != "identifier" or is_known(text_of(target), place, dialect)


def _inner(node: Node | None) -> Node | None:
    """A condition without brackets around it."""
    while node is not None and _BRACKETED.fullmatch(node.type) and node.named_child_count:
        node = node.named_children[-1]
    return node
