"""Calls of a target in source text: in examples, in other files, in what a model wrote."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.server.unit_tests.frameworks.ecmascript.exports import Reached
from codenook.server.unit_tests.frameworks.ecmascript.syntax import (
    parsed_file,
    text,
    unwrapped,
    walk,
    words,
)
from codenook.server.unit_tests.kits.ecmascript.arguments import argument_nodes, names_in

GLOBALS = words(
    "undefined NaN Infinity Array BigInt Boolean Buffer Date Error JSON Map Math Number Object Promise",
    "RangeError RegExp Set String Symbol TypeError URL URLSearchParams Uint8Array Int8Array Uint16Array",
    "Int16Array Uint32Array Int32Array Float32Array Float64Array BigInt64Array ArrayBuffer DataView parseInt",
    "parseFloat isNaN isFinite WeakMap WeakSet",
)
"""Names that mean the same everywhere."""

_UNSTEADY = re.compile(r"\bMath\.random\b|\bDate\.now\b|\bnew Date\(\s*\)|\bIntl\b")
_ARROW = re.compile(r"^(?:=+>|->|→|returns?:?|outputs?:?)\s*", re.IGNORECASE)
_ASSERTS = words("equal strictEqual deepEqual deepStrictEqual is same deepLooseEqual")
_EXPECTS = words("toBe toEqual toStrictEqual equal eql eq equals")
_CHAINED = words("to deep be resolves")
_SAME = {"toBeNull": "null", "toBeUndefined": "undefined", "toBeNaN": "NaN"}
_MOST_CHARACTERS = 400
_MOST_CALLS = 200
_MOST_STATEMENTS = 40
_CALLED_IN = {"call_expression": "function", "new_expression": "constructor"}


@frozen
class Found:
    """A call: arguments, receiver, statements before it, what is said to come of it, its line from 1."""

    arguments: str
    receiver: str = ""
    setup: tuple[str, ...] = ()
    expected: str = ""
    line: int = 1


def calls_in(parsed: Parsed, reached: Reached, known: frozenset[str]) -> Iterator[Found]:
    """The calls of a target that stand for themselves: they read nothing but ``known`` names and globals."""
    made = (node for node in walk(parsed.root) if node.type in _CALLED_IN and not node.has_error)
    heads = ((node, unwrapped(node.child_by_field_name(_CALLED_IN[node.type]))) for node in made)
    meant = ((node, called) for node, called in heads if called and _is_target(called, node, reached))
    for node, called in islice(meant, _MOST_CALLS):
        found = _read(node, called, reached, known)
        if found is not None:
            yield found


def is_plain(code: str, known: frozenset[str] = frozenset()) -> bool:
    """Whether an expression parses, and reads nothing but ``known`` names and globals."""
    if not code.strip() or len(code) > _MOST_CHARACTERS or _UNSTEADY.search(code):
        return False
    nodes = argument_nodes(code)
    return (
        len(nodes) == 1
        and not nodes[0].has_error
        and nodes[0].end_byte - nodes[0].start_byte == len(code.strip().encode("utf-8", "replace"))
        and names_in(nodes) <= GLOBALS | known
    )


def _is_target(called: Node, node: Node, reached: Reached) -> bool:
    written = text(called)
    if reached.member:
        return (
            called.type == "member_expression"
            and text(called.child_by_field_name("property")) == reached.member
        )
    if (node.type == "new_expression") != reached.is_class:
        return False
    name = reached.export.name if reached.export.name != "default" else reached.export.local
    return written.rpartition(".")[2] in {reached.binding, name}


def _read(node: Node, called: Node, reached: Reached, known: frozenset[str]) -> Found | None:
    held = node.child_by_field_name("arguments")
    if held is None or held.type != "arguments":
        return None
    arguments = text(held)[1:-1].strip().removesuffix(",")
    needed = names_in([part for part in held.named_children if part.type != "comment"])
    receiver, more = "", [node]
    if reached.member and not reached.is_static:
        holder = called.child_by_field_name("object")
        receiver = text(holder)
        needed |= names_in([holder] if holder else [])
        if text(holder) == "this":
            return None
    setup = _setup(node, needed - GLOBALS - known, known)
    if (
        setup is None
        or len(arguments) > _MOST_CHARACTERS
        or _UNSTEADY.search(" ".join([arguments, receiver, *setup]))
    ):
        return None
    if reached.member and not reached.is_static and re.fullmatch(r"[\w$]+", receiver):
        receiver, setup = _unfolded(receiver, setup)
    return Found(arguments, receiver, setup, _expected(more[0], known), node.start_point.row + 1)


def _unfolded(receiver: str, setup: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """A receiver as what makes it, where that is a statement of its own."""
    for statement in setup:
        made = re.fullmatch(
            rf"(?:const|let|var) {re.escape(receiver)}(?:\s*:[^=]*)? = (.+)", statement, re.DOTALL
        )
        if made:
            return made[1], tuple(other for other in setup if other is not statement)
    return receiver, tuple(setup)


def _setup(node: Node, needed: set[str], known: frozenset[str]) -> tuple[str, ...] | None:
    """The declarations before a call that it needs, None where they aren't all plain."""
    found: list[str] = []
    left = set(needed)
    statement: Node | None = node
    while left and statement is not None:
        before, n_seen = statement.prev_named_sibling, 0
        while before is not None and left and n_seen < _MOST_STATEMENTS:
            n_seen += 1
            holder = before.child_by_field_name("declaration") or before
            for declared in holder.named_children if "declaration" in holder.type else ():
                name = text(declared.child_by_field_name("name"))
                value = declared.child_by_field_name("value")
                if name in left and value is not None and not value.has_error:
                    left.discard(name)
                    left |= names_in([value]) - GLOBALS - known
                    word = text(holder).partition(" ")[0]
                    found.insert(0, f"{word} {name} = {text(value)}")
            before = before.prev_named_sibling
        statement = statement.parent
    return None if left else tuple(found)


def _expected(node: Node, known: frozenset[str]) -> str:
    """What is said to come of a call: in an assertion around it, or a comment behind it."""
    outer = node
    while outer.parent and outer.parent.type in {
        "await_expression",
        "parenthesized_expression",
        "spread_element",
    }:
        outer = outer.parent
    said = _asserted(outer) or _commented(outer)
    return said if is_plain(said, known) else ""


def _asserted(node: Node) -> str:
    holder = node.parent
    call = holder.parent if holder and holder.type == "arguments" else None
    if call is None or call.type != "call_expression":
        return ""
    name = text(call.child_by_field_name("function"))
    given = [part for part in holder.named_children if part.type != "comment"] if holder else []
    if name == "expect" and given == [node]:
        member = call.parent
        while member and member.parent and text(member.child_by_field_name("property")) in _CHAINED:
            member = member.parent
        checked = member.parent if member else None
        if member is None or checked is None or checked.type != "call_expression":
            return ""
        matcher, values = (
            text(member.child_by_field_name("property")),
            checked.child_by_field_name("arguments"),
        )
        if matcher in _SAME:
            return _SAME[matcher]
        inside = values.named_children if values else []
        return text(inside[0]) if matcher in _EXPECTS and len(inside) == 1 else ""
    if name.rpartition(".")[2] in _ASSERTS and len(given) >= 2:  # noqa: PLR2004 - actual and expected
        other = given[1] if given[0] == node else given[0]
        return text(other) if node in given[:2] else ""
    return ""


def _commented(node: Node) -> str:
    """The value in a comment behind a statement, or below it (``// => "a-b"``)."""
    statement = node
    while statement.parent and statement.parent.type not in {"program", "statement_block"}:
        statement = statement.parent
    is_all = statement.type == "expression_statement" or "declaration" in statement.type
    last = statement.children[-1] if statement.child_count else None
    after = last if last is not None and last.type == "comment" else statement.next_sibling
    if (
        not is_all
        or after is None
        or after.type != "comment"
        or after.start_point.row > statement.end_point.row + 1
    ):
        return ""
    said = text(after).removeprefix("//").removeprefix("/*").removesuffix("*/").strip()
    is_marked = _ARROW.match(said)
    return _ARROW.sub("", said).rstrip(";. ") if is_marked else ""


def read(written: str, reached: Reached, known: frozenset[str]) -> Found | None:
    """The first call of a target in a text that may be cut off."""
    return next(calls_in(parsed_file("x.ts", written), reached, known), None)
