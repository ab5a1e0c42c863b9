"""Literals of Python."""

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.inputs.literals.literal import (
    MOST_ELEMENTS,
    NAMED_FLOATS,
    NotPlain,
    Read,
    Readers,
    calculated,
    called,
    constant,
    elements,
    joined,
    number,
    only,
    parts,
    quoted,
    raw,
    signed,
)
from codenook.server.translation.values import Elements, Pairs, Value


def _string(node: Node, read: Read) -> str | bytes:
    prefix = text_of(node).partition('"')[0].partition("'")[0].lower()
    if "f" in prefix or len(prefix) > len("rb"):
        raise NotPlain(text_of(node))
    text = raw(node, read) if "r" in prefix else quoted(node, read)
    if "b" not in prefix:
        return text
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise NotPlain(text_of(node)) from None


def _dictionary(node: Node, read: Read) -> Pairs:
    items = []
    for pair in parts(node):
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is None or value is None:
            raise NotPlain(text_of(node))
        items.append((read(key), read(value)))
    return Pairs(tuple(items))


def _sequence(node: Node, read: Read) -> tuple[Value, ...]:
    """The argument of ``list`` or ``tuple``; of ``range``, too, its numbers."""
    return _iterated(elements(node, read))


def _iterated(arguments: tuple[Value, ...]) -> tuple[Value, ...]:
    match arguments:
        case ():
            return ()
        case (tuple() as each,):
            return each
        case (str() as text,):
            return tuple(text)
    raise NotPlain("no sequence")


def _range(node: Node, read: Read) -> tuple[Value, ...]:
    bounds = [each for each in elements(node, read) if isinstance(each, int)]
    if not 1 <= len(bounds) <= 3 or (len(bounds) == 3 and bounds[2] == 0):  # noqa: PLR2004 - start, stop, step
        raise NotPlain("no range")
    numbers = range(*bounds)
    if len(numbers) > MOST_ELEMENTS:
        raise NotPlain("too many elements")
    return tuple(numbers)


def _float(node: Node, read: Read) -> float:
    match elements(node, read):
        case (str() as text,) if text.strip("+-").lower() in NAMED_FLOATS:
            value = NAMED_FLOATS[text.strip("+-").lower()]
            return -value if text.startswith("-") else value
        case (int() | float() as value,):
            return float(value)
    raise NotPlain("no float")


def _repeated(node: Node, read: Read) -> Value:
    """A text or list that is repeated or joined; else numbers."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        raise NotPlain(text_of(node))
    match read(left), text_of(operator), read(right):
        case (str() | tuple() as value, "*", int() as times) if len(value) * times <= MOST_ELEMENTS:
            return value * times
        case (tuple() as one, "+", tuple() as other):
            return one + other
    return calculated(node, read)


READERS: Readers = {
    "integer": number,
    "float": number,
    "string": _string,
    "concatenated_string": joined,
    "true": constant(value=True),
    "false": constant(value=False),
    "none": constant(None),
    "list": elements,
    "tuple": elements,
    "set": lambda node, read: Elements(elements(node, read)),
    "dictionary": _dictionary,
    "unary_operator": signed,
    "binary_operator": _repeated,
    "parenthesized_expression": only,
    "call": called(
        {
            "list": _sequence,
            "tuple": _sequence,
            "range": _range,
            "set": lambda node, read: Elements(_sequence(node, read)),
            "frozenset": lambda node, read: Elements(_sequence(node, read)),
            "dict": lambda node, read: Pairs() if not parts(node) else only(node, read),
            "float": _float,
        }
    ),
}
WRAPPED = ("", "\n")
