"""Faults in expressions: operators, calls and their arguments, bounds."""

import re
from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.unit_tests.mutants.dialect import Dialect, part
from codenook.server.unit_tests.mutants.fault import Fault, Kind, added, between, replaced
from codenook.server.unit_tests.mutants.places import SIMPLE, called

_NAME = re.compile(r"identifier|attribute|member|selector|field_expression")


def operators(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """Another operator in the place of one; of and, or also one operand alone."""
    if node.type not in dialect.operated:
        return
    for child in node.children:
        others = dialect.operators.get(child.type, ()) if not child.is_named else ()
        if child.type == "<" and dialect.length and text_of(node.named_children[-1]).endswith(dialect.length):
            others = others[1:]  # a loop that goes one step further seldom does anything there
        if child.type == "+" and any(_is_literal(each, dialect) for each in node.named_children):
            continue  # nothing is subtracted from a text
        for rank, other in enumerate(others):
            yield replaced(child, Kind.OPERATOR, other, rank)
        if child.type in dialect.logic and not child.is_named and node.named_child_count > 1:
            yield replaced(child, Kind.OPERATOR, dialect.logic[child.type])
            first, last = node.named_children[0], node.named_children[-1]
            yield replaced(node, Kind.CONDITION, text_of(first), 1)
            yield replaced(node, Kind.CONDITION, text_of(last), 1)


def unary(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """An operand without the operator before it."""
    if node.type in dialect.unary and node.child_count == 2 and not node.children[0].is_named:  # noqa: PLR2004
        operator = node.children[0].type
        if operator in {"!", "not", "-", "~"}:
            yield replaced(node, Kind.OPERATOR, text_of(node.children[1]))


def calls(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """Another function that is called alike, and what a function was given instead of what it gives."""
    if node.type not in dialect.calls:
        return
    where, arguments = dialect.calls[node.type]
    function, given = part(node, where), part(node, arguments)
    if function is None or given is None:
        return
    name = function.children[-1] if function.type in dialect.members else function
    if other := dialect.names.get(text_of(name)):
        yield replaced(name, Kind.CALL, other)
    if text_of(name) not in dialect.unwrapped:
        return
    receives = function.type in dialect.members and function.type not in dialect.packaged
    if function.type in dialect.members and not given.named_child_count:
        yield replaced(node, Kind.CALL, text_of(function.children[0]))
    elif not receives and given.named_child_count == 1 and not _is_spread(given.named_children[0]):
        yield replaced(node, Kind.CALL, text_of(given.named_children[0]))


def arguments(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """Two arguments the other way round; without one that is given by name, or without the last."""
    if node.type not in dialect.calls:
        return
    where, arguments = dialect.calls[node.type]
    function, given = part(node, where), part(node, arguments)
    if function is None or given is None or "argument" not in given.type:
        return
    name = text_of(function.children[-1] if function.type in dialect.members else function)
    each = [child for child in given.named_children if "comment" not in child.type]
    by_place = [one for one in each if one.type not in dialect.named_arguments and not _is_spread(one)]
    for one, other in pairwise(by_place if name not in dialect.apart else ()):
        if _are_alike(one, other):
            source = given.text or b""
            middle = source[one.end_byte - given.start_byte : other.start_byte - given.start_byte]
            text = f"{text_of(other)}{middle.decode('utf-8', 'replace')}{text_of(one)}"
            yield between(one, other, Kind.ARGUMENT, text)
    for index, one in enumerate(each):
        if one.type in dialect.named_arguments:
            yield _without(given, each, index)
    is_optional = dialect.takes_fewer or name in dialect.optional
    if len(by_place) == len(each) > 0 and is_optional and each[-1].type not in dialect.functions:
        yield _without(given, each, len(each) - 1, rank=1)


def bounds(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """An index, a slice or a range that is off by one, or open at one end."""
    if node.type in dialect.indexes:
        index = part(node, dialect.indexes[node.type])
        if index is not None and SIMPLE.search(index.type):
            yield added(index, Kind.BOUND, " - 1", 1)
    elif node.type in dialect.slices:
        yield from _of_slice(node, dialect.slices[node.type])
    elif node.type in dialect.calls and called(node, dialect) in dialect.ranges:
        given = part(node, dialect.calls[node.type][1])
        each = given.named_children if given is not None else []
        end = each[min(1, len(each) - 1)] if each else None
        if end is not None and "integer" not in end.type and not _is_spread(end):
            yield added(end, Kind.BOUND, " - 1")
            yield added(end, Kind.BOUND, " + 1", 1)


def _of_slice(node: Node, mark: str) -> Iterator[Fault]:
    n_marks = 0
    opening = next((index for index, child in enumerate(node.children) if child.type == "["), -1)
    for child in node.children[opening + 1 :]:
        n_marks += child.type == mark
        if not child.is_named or n_marks > 1:
            continue
        yield replaced(child, Kind.BOUND, "", 1)
        if SIMPLE.search(child.type) or child.type.startswith("binary"):
            yield added(child, Kind.BOUND, " + 1")


def _without(given: Node, each: list[Node], index: int, *, rank: int = 0) -> Fault:
    one = each[index]
    start = each[index - 1].end_byte if index else one.start_byte
    end = one.end_byte if index or len(each) == 1 else each[index + 1].start_byte
    line = one.start_point.row + 1
    return Fault(Kind.ARGUMENT, start, min(end, given.end_byte), "", line, rank)


def _are_alike(one: Node, other: Node) -> bool:
    """Whether two arguments may have the same type, so that exchanging them isn't noticed at once."""
    if text_of(one) == text_of(other):
        return False
    return one.type == other.type or bool(_NAME.search(one.type) and _NAME.search(other.type))


def _is_literal(node: Node, dialect: Dialect) -> bool:
    return node.type in dialect.strings or node.type in dialect.collections


def _is_spread(node: Node) -> bool:
    return "splat" in node.type or "spread" in node.type or node.type == "generator_expression"
