"""Whole parts of expressions that may be too much, missing, or the wrong way round."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.review.sources.surprise.instead import Instead, Kind, replaced

MOST_CHARACTERS = 60
"""Of what is swapped or dropped, at most."""

N_TEXTS = 8
N_CALLS = 6
"""Texts and functions of the same function that are tried in one place, the most frequent first."""

SIMPLE = re.compile(
    r"(identifier|attribute|subscript|call|field|member|selector|method_invocation|array_access)"
)
"""The types of nodes that a prefix or a suffix binds to without brackets."""

_ONE_WAY = {"-", "/", "//", "%", "**", "<<", ">>"}
"""Operators whose operands mean something else the other way round, and that don't mirror each other."""

_ELEMENT = re.compile(r"^[\w.\[\]()'\"-]+$")
_TEXT = re.compile(r"""^(['"])([^'"\\{}\n]{0,12})\1$""")
_SHORT = ("", " ", "\\n")
_WRAPPERS = ("abs", "len", "set", "sorted", "list", "str", "int", "sum")
"""Python's functions of one argument that are forgotten most easily."""


def arguments(parsed: Parsed, node: Node) -> Iterator[Instead]:
    """Two arguments or elements next to each other, the other way round."""
    given = [child for child in node.named_children if "comment" not in child.type]
    is_call = "argument" in node.type
    for one, other in pairwise(given):
        is_short = other.end_byte - one.start_byte <= MOST_CHARACTERS
        texts = text_of(one), text_of(other)
        are_alike = all(
            SIMPLE.match(each.type) and "=" not in text and (is_call or _ELEMENT.match(text))
            for each, text in zip((one, other), texts, strict=True)
        )
        if is_short and are_alike:
            yield _exchanged(parsed, one, other, Kind.SWAPPED)
    before = node.prev_sibling
    if before is not None and text_of(before) == "range" and len(given) > 1:
        one, other = given[:2]
        yield Instead(one.start_byte, other.start_byte, "", Kind.EXCESS, one.start_point.row + 1)


def operands(parsed: Parsed, node: Node) -> Iterator[Instead]:
    """The operands of an operator the other way round, and the expression without either of them."""
    operator = node.child_by_field_name("operator")
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if not (operator and left and right) or node.end_byte - node.start_byte > 2 * MOST_CHARACTERS:
        return
    if text_of(operator) in _ONE_WAY and all(SIMPLE.match(each.type) for each in (left, right)):
        yield _exchanged(parsed, left, right, Kind.OPERANDS)
    line, twins = operator.start_point.row + 1, int(text_of(left) == text_of(right))
    if right.end_byte - left.end_byte <= MOST_CHARACTERS:
        yield Instead(left.end_byte, right.end_byte, "", Kind.EXCESS, line, twins=twins)
    if right.start_byte - left.start_byte <= MOST_CHARACTERS:
        yield Instead(left.start_byte, right.start_byte, "", Kind.EXCESS, line, twins=twins)


def texts(parsed: Parsed, node: Node) -> Iterator[Instead]:
    """Another text of the function around, as it is written there; none, a blank or a line's end."""
    written = _TEXT.match(text_of(node))
    if not written:
        return
    quote, inside = written.groups()
    near = re.findall(r"""(?<![\w'"\\])(['"])([^'"\\{}\n]{1,12})\1""", text_of(_around(parsed, node)))
    others = [text for text, _ in Counter(text for _, text in near).most_common()]
    shape = re.compile(r"\w") if re.search(r"\w", inside) else re.compile(r"\W|^$")
    alike = [other for other in others if shape.match(other)]
    short = _SHORT if not re.search(r"\w", inside) else ()
    for other in dict.fromkeys((*short, *alike[:N_TEXTS])):
        if other != inside:
            yield replaced(node, Kind.TEXT, f"{quote}{other}{quote}")


def wrapped(parsed: Parsed, node: Node) -> Iterator[Instead]:
    """A value in a call of a function that is called with one value nearby; of Python's own ones, too."""
    is_value = SIMPLE.match(node.type) or node.type == "binary_operator"
    if not is_value or node.end_byte - node.start_byte > MOST_CHARACTERS:
        return
    inside, called = text_of(node), _called_with_one(parsed, node)
    python = _WRAPPERS if parsed.language.id == "python" else ()
    for function in dict.fromkeys((*called, *python)):
        yield replaced(node, Kind.WRAPPED, f"{function}({inside})")


def unwrapped(_parsed: Parsed, node: Node) -> Iterator[Instead]:
    """The value that a function of one argument is called with, without the call."""
    function, given = (node.child_by_field_name(name) for name in ("function", "arguments"))
    if function is None or given is None or function.type != "identifier":
        return
    if len(given.named_children) == 1 and SIMPLE.match(given.named_children[0].type):
        yield replaced(node, Kind.UNWRAPPED, text_of(given.named_children[0]))


def _called_with_one(parsed: Parsed, node: Node) -> Sequence[str]:
    found = re.findall(
        r"(?<![\w.])(?!(?:def|class|if|in|print) )(\w+)\(\w+\)", text_of(_around(parsed, node))
    )
    kept = (
        name for name in found if name not in {"print", "range", "if", "in", "return", "and", "or", "not"}
    )
    return [name for name, _ in Counter(kept).most_common(N_CALLS)]


def _around(parsed: Parsed, node: Node) -> Node:
    """The outermost function around a node, or its statement."""
    functions, found, around = parsed.language.reader.syntax.functions, None, node
    while around.parent is not None and around.parent.parent is not None:
        around = around.parent
        if around.type in functions:
            found = around
    return found or around


def _exchanged(parsed: Parsed, one: Node, other: Node, kind: Kind) -> Instead:
    between = parsed.source[one.end_byte : other.start_byte].decode("utf-8", "replace")
    text = f"{text_of(other)}{between}{text_of(one)}"
    return Instead(one.start_byte, other.end_byte, text, kind, one.start_point.row + 1)
