"""Literals of Java."""

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.inputs.literals.literal import (
    NotPlain,
    Read,
    Reader,
    Readers,
    calculated,
    called,
    constant,
    elements,
    number,
    only,
    pairs,
    parts,
    quoted,
    signed,
)
from codenook.server.translation.values import Elements, Pairs, Value


def _of_map(node: Node, read: Read) -> Pairs:
    each = elements(node, read)
    if len(each) % 2:
        raise NotPlain(text_of(node))
    return Pairs(tuple(zip(each[::2], each[1::2], strict=True)))


def _entries(node: Node, read: Read) -> Pairs:
    return pairs(elements(node, read))


def _collection(node: Node, read: Read) -> tuple[Value, ...]:
    """The collection that another one is made from."""
    match elements(node, read):
        case ():
            return ()
        case (tuple() as each,) | (Elements(items=each),):
            return each
    raise NotPlain(text_of(node))


def _copied(node: Node, read: Read) -> Pairs:
    match elements(node, read):
        case ():
            return Pairs()
        case (Pairs() as pairs,):
            return pairs
    raise NotPlain(text_of(node))


def _set(node: Node, read: Read) -> Elements:
    return Elements(_collection(node, read))


_MADE: dict[str, Reader] = {
    **dict.fromkeys(("ArrayList", "LinkedList", "Vector", "ArrayDeque"), _collection),
    **dict.fromkeys(("HashSet", "TreeSet", "LinkedHashSet"), _set),
    **dict.fromkeys(("HashMap", "TreeMap", "LinkedHashMap"), _copied),
    "String": lambda node, read: only(node, read) if parts(node) else "",
}


def _new(node: Node, read: Read) -> Value:
    if any(child.type == "class_body" for child in node.named_children):
        raise NotPlain(text_of(node))
    return called(_MADE, function="type")(node, read)


def _array(node: Node, read: Read) -> Value:
    value = node.child_by_field_name("value")
    if value is None:
        raise NotPlain(text_of(node))
    return read(value)


def _invoked(node: Node, read: Read) -> Value:
    whose, name = node.child_by_field_name("object"), node.child_by_field_name("name")
    given = node.child_by_field_name("arguments")
    if whose is None or name is None or given is None:
        raise NotPlain(text_of(node))
    match text_of(whose).rpartition(".")[2], text_of(name):
        case ("List", "of") | ("Arrays", "asList") | ("Stream", "of"):
            return elements(given, read)
        case ("Set", "of"):
            return Elements(elements(given, read))
        case ("Map", "of"):
            return _of_map(given, read)
        case ("Map", "ofEntries"):
            return _entries(given, read)
        case (
            ("Map", "entry")
            | ("Optional", "of" | "ofNullable")
            | ("String" | "Integer" | "Double" | "Long", "valueOf")
        ):
            return elements(given, read) if text_of(name) == "entry" else only(given, read)
        case ("Optional" | "Collections", "empty" | "emptyList"):
            return None if text_of(name) == "empty" else ()
    raise NotPlain(text_of(node))


READERS: Readers = {
    "decimal_integer_literal": number,
    "hex_integer_literal": number,
    "octal_integer_literal": number,
    "binary_integer_literal": number,
    "decimal_floating_point_literal": number,
    "string_literal": quoted,
    "character_literal": quoted,
    "true": constant(value=True),
    "false": constant(value=False),
    "null_literal": constant(None),
    "unary_expression": signed,
    "binary_expression": calculated,
    "parenthesized_expression": only,
    "cast_expression": lambda node, read: read(parts(node)[-1]),
    "array_creation_expression": _array,
    "array_initializer": elements,
    "object_creation_expression": _new,
    "method_invocation": _invoked,
}
WRAPPED = ("class _ { Object _ = ", "; }\n")
