"""Places of changed lines where something else could stand as well, by the syntax tree alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.review.sources.surprise import expressions
from codenook.server.review.sources.surprise.expressions import SIMPLE
from codenook.server.review.sources.surprise.instead import Instead, Kind, inserted, replaced
from codenook.server.review.sources.surprise.members import Members
from codenook.server.review.sources.surprise.names import N_BYTES_BEFORE, Names

_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_GROUPS: Mapping[Kind, Sequence[Sequence[str]]] = {
    Kind.COMPARISON: (_COMPARISONS, ("<", "<=", ">", ">=", "===", "!=="), ("in", "not in"), ("is", "is not")),
    Kind.ARITHMETIC: (
        ("+", "-", "*", "/", "//", "%", "**"),
        ("+=", "-=", "*=", "/=", "//=", "%="),
        ("<<", ">>"),
        ("&", "|", "^"),
    ),
    Kind.LOGIC: (("and", "or"), ("&&", "||")),
}
_ONLY_PYTHON = {"//", "//=", "**"}

_TRUTH = {"True": "False", "False": "True", "true": "false", "false": "true"}
_NOT = {"python": "not "}
_NEARBY = (0, 1, 2)
_MOST_NUMBER = 1000


def sites(parsed: Parsed, lines: AbstractSet[int], members: Members = MappingProxyType({})) -> list[Instead]:
    """What could stand in the place of something on ``lines`` (from 1), in the order of the text.

    ``members`` are those that are known of what is read there.
    """
    if not lines:
        return []
    within = parsed.span(min(lines), max(lines))
    captures = parsed.captures("sites", within)
    names = Names(parsed, _around(parsed, within), members)
    found: dict[Instead, None] = {}
    for capture, alternatives in _FINDERS.items():
        for node in captures.get(capture, ()):
            if node.start_point.row + 1 in lines:
                found |= dict.fromkeys(alternatives(parsed, node))
    for node in names.read(within):
        if node.start_point.row + 1 in lines:
            is_member = names.receiver(node) is not None
            kind = Kind.CALL if names.is_called(node) else Kind.MEMBER if is_member else Kind.NAME
            found |= dict.fromkeys(names.weighed(node, kind, name) for name in names.instead_of(node))
    return sorted(one for one in found if parsed.source[one.start : one.end] != one.text.encode())


def _around(parsed: Parsed, within: tuple[int, int]) -> tuple[int, int]:
    """The bytes of the statements at file level that these bytes touch, and of some code before."""
    start, end = max(0, within[0] - N_BYTES_BEFORE), within[1]
    for child in parsed.root.children:
        if child.end_byte > within[0] and child.start_byte < within[1]:
            start, end = min(start, child.start_byte), max(end, child.end_byte)
    return start, end


def _operators(parsed: Parsed, node: Node) -> Iterator[Instead]:
    operator, is_python = text_of(node), parsed.language.id == "python"
    for kind, groups in _GROUPS.items():
        group = next((group for group in groups if operator in group), ())
        for other in group:
            if is_python or other not in _ONLY_PYTHON:
                yield replaced(node, kind, other)


def _negations(_parsed: Parsed, node: Node) -> Iterator[Instead]:
    inner = node.named_children[-1]
    yield Instead(node.start_byte, inner.start_byte, "", Kind.NEGATION, node.start_point.row + 1)


def _conditions(parsed: Parsed, node: Node) -> Iterator[Instead]:
    if SIMPLE.search(node.type):
        yield inserted(node, Kind.NEGATION, _NOT.get(parsed.language.id, "!"))


def _numbers(_parsed: Parsed, node: Node) -> Iterator[Instead]:
    written = text_of(node)
    if written.isdecimal() and (value := int(written)) <= _MOST_NUMBER:
        for other in dict.fromkeys((value + 1, value - 1, *_NEARBY)):
            if other >= 0:
                yield replaced(node, Kind.CONSTANT, str(other))


def _truths(_parsed: Parsed, node: Node) -> Iterator[Instead]:
    yield replaced(node, Kind.CONSTANT, _TRUTH.get(text_of(node), text_of(node)))


def _indexes(_parsed: Parsed, node: Node) -> Iterator[Instead]:
    """``n`` may have to be ``n + 1`` or ``n - 1``, and these ``n``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    line = node.start_point.row + 1
    if left and right and text_of(right) == "1":
        yield Instead(left.end_byte, node.end_byte, "", Kind.OFF_BY_ONE, line)
    elif node.type != "slice" and (SIMPLE.match(node.type) or _is_sum(node)):
        for end in (" + 1", " - 1"):
            yield Instead(node.end_byte, node.end_byte, end, Kind.OFF_BY_ONE, node.end_point.row + 1)


def _is_sum(node: Node) -> bool:
    operator = node.child_by_field_name("operator")
    return operator is not None and text_of(operator) in {"+", "-"}


def _results(parsed: Parsed, node: Node) -> Iterator[Instead]:
    """What is called for its effect may have to be returned, and in a coroutine awaited."""
    function = node.parent
    while function and function.type not in parsed.language.reader.syntax.functions:
        function = function.parent
    if function is None:
        return
    last = node.parent and [child for child in node.parent.named_children if "comment" not in child.type][-1]
    if last == node and node.parent and node.parent.parent == function:
        yield inserted(node, Kind.RESULT, "return ")
    if function.children and function.children[0].type == "async":
        yield inserted(node, Kind.RESULT, "await ")


_FINDERS: Mapping[str, Callable[[Parsed, Node], Iterator[Instead]]] = {
    "operator": _operators,
    "negation": _negations,
    "condition": _conditions,
    "number": _numbers,
    "truth": _truths,
    "index": _indexes,
    "arguments": expressions.arguments,
    "binary": expressions.operands,
    "string": expressions.texts,
    "value": expressions.wrapped,
    "call": expressions.unwrapped,
    "statement": _results,
}
