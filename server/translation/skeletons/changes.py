"""What a function changes for its caller: its object, or what is in its parameters."""

from collections.abc import Collection, Iterator

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import Parsed
from codenook.context.reading import text_of

_ASSIGNMENTS = {
    *("assignment", "augmented_assignment", "assignment_expression", "augmented_assignment_expression"),
    *("update_expression", "assignment_statement", "inc_statement", "dec_statement"),
    *("compound_assignment_expr", "delete_statement"),
}
_CALLS = {"call", "call_expression", "method_invocation"}
_MEMBERS = {
    *("attribute", "member_expression", "field_access", "selector_expression", "field_expression"),
    *("subscript", "subscript_expression", "index_expression", "array_access", "pointer_expression"),
    "subscript_argument_list",
}
_WORDS = """
append extend insert remove pop clear sort reverse add discard update setdefault popitem appendleft
popleft push unshift shift splice fill set delete put putAll addAll removeAll removeIf retainAll
push_back pop_back emplace_back emplace push_front pop_front erase resize assign swap push_str
retain truncate drain entry get_mut iter_mut sort_by sort_unstable dedup extend_from_slice offer
poll addFirst addLast removeFirst removeLast incrementAndGet
"""
_CHANGING = frozenset(_WORDS.split())
"""Methods that change what they are called on."""
_RECEIVERS = {"self", "this"}


def changed(
    parsed: Parsed, definition: Definition, parameters: Collection[str], fields: Collection[str]
) -> frozenset[str]:
    """The parameters whose contents the definition changes, and ``self`` for its object.

    ``fields`` are those of its class, in languages that read them without a receiver. What is changed by way
    of another name, or by a function that is called, isn't seen.
    """
    start, end = parsed.span(definition.start_line, definition.end_line)
    found = set[str]()
    for node in _nodes(parsed.root, start, end):
        for target in _targets(node):
            root, is_inside = _root(target)
            if root in _RECEIVERS or (root in fields and root not in parameters):
                found.add("self")
            elif root in parameters and is_inside:
                found.add(root)
    return frozenset(found)


def _nodes(root: Node, start: int, end: int) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.end_byte > start and node.start_byte < end:
            yield node
            waiting += node.named_children


def _targets(node: Node) -> Iterator[Node]:
    """What a node changes: the left side of an assignment, or what a changing method is called on."""
    if node.type in _ASSIGNMENTS:
        left = node.child_by_field_name("left") or node.child_by_field_name("argument")
        left = left or next(iter(node.named_children), None)
        if left is not None:
            yield from left.named_children if left.type in {"expression_list", "pattern_list"} else [left]
    if node.type not in _CALLS:
        return
    function = node.child_by_field_name("function") or node
    name = function.child_by_field_name("attribute") or function.child_by_field_name("property")
    name = name or function.child_by_field_name("field") or function.child_by_field_name("name")
    owner = function.child_by_field_name("object") or function.child_by_field_name("value")
    owner = owner or function.child_by_field_name("operand") or function.child_by_field_name("argument")
    if name is not None and owner is not None and text_of(name) in _CHANGING:
        yield owner
        if owner.type not in _MEMBERS:
            return


def _root(node: Node) -> tuple[str, bool]:
    """The name that an expression begins with, and whether it is about something inside of it."""
    at, is_inside = node, node.parent is not None and node.parent.type not in _ASSIGNMENTS
    while at.type in _MEMBERS and at.named_children:
        at, is_inside = at.named_children[0], True
    return text_of(at), is_inside
