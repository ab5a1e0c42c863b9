"""Which nodes of a definition can have a fault, and what is around them."""

import re
from collections.abc import Iterator

from attrs import evolve, field, frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.unit_tests.mutants.dialect import Dialect, is_logged, part
from codenook.server.unit_tests.mutants.fault import Kind

SIMPLE = re.compile(r"identifier|attribute|subscript|call|member|selector|method_invocation|field_expr|paren")
"""The types of nodes that an operator binds to without brackets."""


_DEEPEST = 200
"""Nobody writes code that is nested deeper; what is has no faults there."""

_MOST_MENTIONS = 8


@frozen(eq=False)
class Place:
    """A node of a definition, and what is around it, which tree-sitter would look for from the root.

    ``seldom`` is the kind that all faults here have because of where they are, None: their own.
    ``assignment`` is the innermost one around (this one, perhaps). ``mentions`` are the first places of each
    name in a function.
    """

    node: Node
    parent: "Place | None" = None
    function: "Place | None" = None
    assignment: "Place | None" = None
    seldom: Kind | None = None
    is_default: bool = False
    depth: int = 0
    mentions: dict[str, list["Place"]] = field(factory=dict)

    def child(self, node: Node, dialect: Dialect) -> "Place":
        """The place of a child, so far as this one is in the definition."""
        is_function = self.node.type in dialect.functions
        function = self if is_function else self.function
        around = Place(
            node,
            self,
            function,
            None if is_function else self.assignment,
            None if is_function else _kind_inside(self.node, dialect) or self.seldom,
            not is_function and (self.is_default or self.node.type in dialect.defaults),
            self.depth + 1,
        )
        return evolve(around, assignment=around) if node.type in dialect.assignments else around


def places(parsed: Parsed, span: tuple[int, int], dialect: Dialect) -> Iterator[Place]:
    """The places within these bytes, in the order of the text, without those in which no fault matters."""
    to_visit = [Place(parsed.root)]
    while to_visit:
        place = to_visit.pop()
        node = place.node
        if node.end_byte <= span[0] or node.start_byte >= span[1] or _is_skipped(node, dialect):
            continue
        if place.depth > _DEEPEST:
            continue
        if place.function is not None and node.type == "identifier":
            mentions = place.function.mentions.setdefault(text_of(node), [])
            if len(mentions) < _MOST_MENTIONS:
                mentions.append(place)
        if span[0] <= node.start_byte and node.end_byte <= span[1]:
            yield place
        to_visit += [place.child(child, dialect) for child in reversed(node.named_children)]


def _kind_inside(node: Node, dialect: Dialect) -> Kind | None:
    """The kind that faults in the parts of a node have."""
    if node.type in dialect.raised:
        return Kind.MESSAGE
    if node.type in dialect.asserted:
        return Kind.ASSERTION
    return Kind.MESSAGE if node.type in dialect.calls and called(node, dialect) in dialect.told else None


def seldom_seen(place: Place, dialect: Dialect) -> Kind | None:
    """The kind that all faults in a place have because of where it is; None: their own."""
    if place.seldom is not None or place.function is None:
        return place.seldom
    name = text_of(place.function.node.child_by_field_name("name"))
    is_shown = place.node.type in dialect.strings and name in dialect.shown
    return Kind.MESSAGE if is_shown else None


def called(call: Node, dialect: Dialect) -> str:
    """The function that is called, as it is written."""
    given = part(call, dialect.calls[call.type][1])
    end = given.start_byte if given is not None else call.end_byte
    return (call.text or b"")[: end - call.start_byte].decode("utf-8", "replace").strip()


def moves_loop(place: Place, dialect: Dialect) -> bool:
    """Whether a place is in what makes the loop around it end: what changes a name of its condition."""
    node = place.node
    if node.type in dialect.removed and node.named_child_count:
        held = place.child(node.named_children[0], dialect)
        if held.assignment is not None:
            return is_endless(held.assignment, dialect)
    return place.assignment is not None and is_endless(place.assignment, dialect)


def is_endless(place: Place, dialect: Dialect) -> bool:
    """Whether the loop around a statement may never end without it: an assignment or a jump."""
    changed = next(iter(_names(place.node)), "")
    is_jump = place.node.type in dialect.jumps
    for child, around in _upwards(place, dialect):
        if any(
            around.type == loop and child == around.child_by_field_name(head) for loop, head in dialect.steps
        ):
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
        if is_jump and (around.type in dialect.loops or around.type in dialect.for_each):
            return False
    return False


def leaves_switch(jump: Place, dialect: Dialect) -> bool:
    """Whether a jump is about a choice of cases, not about a loop."""
    for _, around in _upwards(jump, dialect):
        if around.type in dialect.loops or around.type in dialect.for_each:
            return False
        if around.type in dialect.switches:
            return True
    return False


def is_known(name: str, before: Place, dialect: Dialect) -> bool:
    """Whether the function around a statement names ``name`` before it: it has another value then.

    What only the other branches of a condition name doesn't count.
    """
    if before.function is None:
        return False
    ways = {around.id: child.id for child, around in _upwards(before, dialect)}
    return any(
        not any(
            around.id in ways
            and around.type in dialect.conditions
            and child.id != ways[around.id]
            and child != part(around, dialect.conditions[around.type])
            for child, around in _upwards(mention, dialect)
        )
        for mention in before.function.mentions.get(name, ())
        if mention.node.end_byte <= before.node.start_byte
    )


def _upwards(place: Place, dialect: Dialect) -> Iterator[tuple[Node, Node]]:
    """Each node around a place, up to its function, with the child that is on the way."""
    child, around = place, place.parent
    while around is not None and around.node.type not in dialect.functions:
        yield child.node, around.node
        child, around = around, around.parent


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
