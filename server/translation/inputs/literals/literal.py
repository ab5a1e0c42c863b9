"""What the literals of several languages have in common: numbers, texts, constant expressions."""

import math
import re
from collections.abc import Callable, Mapping

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.values import Pairs, Value, is_number

Read = Callable[[Node], Value]
"""Reads a node within another one; raises NotPlain."""

Reader = Callable[[Node, Read], Value]
"""Reads a node of one kind, and with `Read` what is in it; raises NotPlain."""

Readers = Mapping[str, Reader]

MOST_ELEMENTS = 1_000
"""A value with more elements is no example."""

_MOST_BITS = 256
_SUFFIX = re.compile(r"(?<=[0-9a-fA-F.])_?(?:[iuf](?:8|16|32|64|128|size)|[uU]?[lL]{1,2}[uU]?|[uU]|n)$")
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u\{?([0-9a-fA-F]{1,8})\}?|U([0-9a-fA-F]{8})|([0-7]{1,3})|(\n\s*)|(.))", re.DOTALL
)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}


class NotPlain(Exception):
    """What is written is no plain value, or not in a form that is read."""


def number(node: Node, _: Read) -> int | float:
    """A number in decimal digits or with a prefix, with marks between digits and a suffix."""
    text = text_of(node)
    written = _SUFFIX.sub("", text).replace("_", "").replace("'", "")
    try:
        if re.match(r"[-+]?0[xXoObB]", written):
            return int(written, 0)
        if re.fullmatch(r"[-+]?\d+", written) and not re.search(r"f(?:32|64)$", text):
            return int(written)
        return float(written.rstrip("fFdDlL"))
    except ValueError:
        raise NotPlain(text) from None


def quoted(node: Node, _: Read) -> str:
    """A text in quotes, with whatever stands before the first one left out."""
    found = re.fullmatch(r"[a-zA-Z0-9]*?(\"\"\"|'''|\"|'|`)(.*)\1", text_of(node), re.DOTALL)
    if found is None:
        raise NotPlain(text_of(node))
    return unescaped(found[2])


def raw(node: Node, _: Read) -> str:
    """A text in which a backslash is one."""
    found = re.fullmatch(r"[a-zA-Z]*#*(\"\"\"|'''|\"|'|`)(.*)\1#*", text_of(node), re.DOTALL)
    if found is None:
        raise NotPlain(text_of(node))
    return found[2]


def unescaped(written: str) -> str:
    """The text that ``written`` stands for."""

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code or match[4]:
            at = int(code, 16) if code else int(match[4], 8)
            if at > 0x10FFFF or 0xD800 <= at < 0xE000:  # noqa: PLR2004 - where no character is
                raise NotPlain(written)
            return chr(at)
        return "" if match[5] else _SHORT.get(match[6], match[6])

    return _ESCAPE.sub(one, written)


def constant(value: Value) -> Reader:
    """Reads ``value``, whatever is written."""
    return lambda _node, _read: value


def elements(node: Node, read: Read) -> tuple[Value, ...]:
    """What is in brackets, in order."""
    inside = parts(node)
    if len(inside) > MOST_ELEMENTS:
        raise NotPlain("too many elements")
    return tuple(map(read, inside))


def only(node: Node, read: Read) -> Value:
    """What has one part is that part."""
    inside = parts(node)
    if len(inside) != 1:
        raise NotPlain(text_of(node))
    return read(inside[0])


def joined(node: Node, read: Read) -> str | bytes:
    """Texts that follow each other."""
    each = [read(part) for part in parts(node)]
    texts = [one for one in each if isinstance(one, str)]
    if len(texts) != len(each):
        raise NotPlain(text_of(node))
    return "".join(texts)


def signed(node: Node, read: Read) -> Value:
    """A number with a sign, or what is not so."""
    operator = text_of(node)[:1]
    value = only(node, read)
    if operator in "-+" and is_number(value):
        return -value if operator == "-" else value
    if operator == "!" and isinstance(value, bool):
        return not value
    raise NotPlain(text_of(node))


def calculated(node: Node, read: Read) -> Value:
    """What two literals come to, with the operators that mean the same in all languages."""
    left, right, operator = (node.child_by_field_name(name) for name in ("left", "right", "operator"))
    if left is None or right is None or operator is None:
        raise NotPlain(text_of(node))
    one, other, sign = read(left), read(right), text_of(operator)
    if sign == "+" and isinstance(one, str) and isinstance(other, str):
        return one + other
    if is_number(one) and is_number(other):
        result = {"+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other}.get(sign)
        if result and all(_is_small(each) for each in (one, other)):
            return result()
    raise NotPlain(text_of(node))


def called(names: Mapping[str, Reader], function: str = "function", arguments: str = "arguments") -> Reader:
    """A call of one of ``names``, by the last part of what is called; its reader gets the arguments."""

    def read_call(node: Node, read: Read) -> Value:
        what, given = node.child_by_field_name(function), node.child_by_field_name(arguments)
        name = re.sub(r"<.*>", "", text_of(what), flags=re.DOTALL) if what else ""
        reader = names.get(re.split(r"::|\.", name)[-1].strip())
        if reader is None or given is None:
            raise NotPlain(text_of(node))
        return reader(given, read)

    return read_call


def pairs(values: Value) -> Pairs:
    """A map of elements that are pairs; raises NotPlain."""
    items = values if isinstance(values, tuple) else ()
    if any(not isinstance(item, tuple) or len(item) != 2 for item in items):  # noqa: PLR2004 - a key, a value
        raise NotPlain("no pairs")
    return Pairs(tuple((key, value) for key, value in items))


def parts(node: Node) -> list[Node]:
    """What is in a node, without comments."""
    return [child for child in node.named_children if "comment" not in child.type]


NAMED_FLOATS = {"nan": math.nan, "inf": math.inf, "infinity": math.inf}


def _is_small(value: Value) -> bool:
    return not isinstance(value, int) or value.bit_length() < _MOST_BITS
