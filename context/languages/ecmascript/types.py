"""What a type stands for: the one thing of it that members are read of."""

from collections.abc import Sequence
from typing import Protocol

from tree_sitter import Node

from codenook.context.reading import CALL, Chain, first_named, text_of

_FIRST = {
    *(
        "Array",
        "ReadonlyArray",
        "Promise",
        "PromiseLike",
        "Set",
        "ReadonlySet",
        "WeakSet",
        "Iterable",
        "Iterator",
    ),
    *(
        "IterableIterator",
        "AsyncIterable",
        "AsyncIterator",
        "Generator",
        "AsyncGenerator",
        "Partial",
        "Readonly",
    ),
    *("Required", "Pick", "Omit", "NonNullable", "Awaited", "WeakRef", "Extract", "Exclude", "DeepPartial"),
    *(
        "Writable",
        "Mutable",
        "Ref",
        "RefObject",
        "MutableRefObject",
        "InstanceType",
        "ReturnType",
        "MaybePromise",
    ),
}
"""Generic types that stand for, or hold, their first argument."""

_LAST = {"Map", "ReadonlyMap", "WeakMap", "Record"}
"""Generic types that hold their last argument."""

_ALTERNATIVES = {"union_type", "intersection_type"}

_INSIDE = {
    *("type_annotation", "parenthesized_type", "readonly_type", "optional_type", "array_type", "rest_type"),
    *("type_predicate_annotation", "asserts_annotation", "tuple_type"),
}
"""Types that stand for, or hold, what their first child names."""


class Reads(Protocol):
    """What reads the names in a type."""

    def chain(self, node: Node | None) -> Chain:
        """The chain that an expression, or a type's name, reads."""


def chain(reader: Reads, node: Node) -> Chain:
    """The chain whose value is an instance of the type ``node``; empty when it has no name."""
    kind = node.type
    if kind in _INSIDE or kind == "function_type":
        inner = first_named(node) if kind in _INSIDE else node.child_by_field_name("return_type")
        return chain(reader, inner) if inner else ()
    if kind in _ALTERNATIVES:
        return next((found for part in alternatives(node) if (found := chain(reader, part))), ())
    if kind == "generic_type":
        return _generic(reader, node)
    if kind == "lookup_type":
        whole, key = node.named_children[0], node.named_children[-1]
        found, name = chain(reader, whole), text_of(key).strip("\"'`")
        return (*found, name) if found and name.isidentifier() else ()
    if kind == "type_query":
        return reader.chain(first_named(node))
    return ("this",) if kind == "this_type" else _called(reader.chain(node))


def alternatives(node: Node) -> Sequence[Node]:
    """The parts of a union or an intersection, in the order of the text."""
    if node.type not in _ALTERNATIVES:
        return [node]
    return [part for child in node.named_children for part in alternatives(child)]


def _generic(reader: Reads, node: Node) -> Chain:
    name = text_of(node.child_by_field_name("name"))
    arguments = [child for child in node.named_children if child.type == "type_arguments"]
    held = [child for child in arguments[0].named_children if child.type != "comment"] if arguments else []
    if held and name in _FIRST:
        return chain(reader, held[0])
    if held and name in _LAST:
        return chain(reader, held[-1])
    return _called(reader.chain(node))


def _called(head: Chain) -> Chain:
    return (*head, CALL) if head else ()
