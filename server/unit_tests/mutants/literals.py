"""Faults in what is written out: numbers, texts, truths, collections."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.fault import Fault, Kind, replaced

_WHOLE = re.compile(r"(0[xX])?([\da-fA-F][\da-fA-F_']{0,17})(?<!_)([uU]?[lL]{0,2}|n|_?[iu](?:\d+|size))")
_DECIMAL = re.compile(r"(\d{1,12})(\.\d*)([fFdDlL]|_?f(?:32|64))?")
_CHARACTER = re.compile(r"(b?')([0-9A-Za-z])(')")
_TEXT = re.compile(r"""(\w{0,3}(#*)("{3}|'{3}|["'`]))(.*)(\3\2)""", re.DOTALL)
_OTHER_TEXT = "XX"
"""What is put before a text to make it another one."""


def constants(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """Another constant in the place of a number, a truth or a character."""
    written = text_of(node)
    if node.type in dialect.numbers:
        for rank, other in enumerate(_near(written)):
            yield replaced(node, Kind.CONSTANT, other, rank)
    elif not node.named_child_count and written in {dialect.true, dialect.false}:
        if dialect.true != "1":  # C has numbers for these
            other = dialect.false if written == dialect.true else dialect.true
            yield replaced(node, Kind.CONSTANT, other)
    elif node.type in dialect.characters and (match := _CHARACTER.fullmatch(written)):
        opening, character, closing = match.groups()
        other = chr(ord(character) + 1) if character not in "9Zz" else chr(ord(character) - 1)
        yield replaced(node, Kind.CONSTANT, f"{opening}{other}{closing}")


def texts(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """No text in the place of one, and another one."""
    if node.type not in dialect.strings:
        return
    edges = _edges(node)
    if edges is None:
        return
    opening, inside, closing = edges
    if opening in dialect.kept_quotes:
        return
    if inside:
        yield replaced(node, Kind.CONSTANT, opening + closing)
    yield replaced(node, Kind.CONSTANT, f"{opening}{_OTHER_TEXT}{inside}{closing}", 1 if inside else 0)


def collections(node: Node, dialect: Dialect) -> Iterator[Fault]:
    """A collection without what it holds."""
    empty = dialect.collections.get(node.type)
    if empty is not None and node.named_child_count:
        yield replaced(node, Kind.CONSTANT, empty)


def _near(written: str) -> Iterator[str]:
    """Numbers that differ from one by one, written like it; of 1 first 0, of all others the larger one."""
    if match := _WHOLE.fullmatch(written):
        prefix, digits, suffix = match.groups()
        plain = digits.replace("_", "").replace("'", "")
        if not prefix and (not plain.isdecimal() or (plain.startswith("0") and len(plain) > 1)):
            return
        value = int(plain, 16 if prefix else 10)
        for other in (0, 2) if value == 1 else (value + 1, value - 1):
            if other >= 0:
                yield f"{prefix}{other:x}{suffix}" if prefix else f"{other}{suffix}"
    elif match := _DECIMAL.fullmatch(written):
        whole, rest, suffix = match.groups()
        yield f"{int(whole) + 1}{rest}{suffix or ''}"


def _edges(node: Node) -> tuple[str, str, str] | None:
    """How a text begins, what it holds and how it ends; None where that can't be told."""
    match = _TEXT.fullmatch(text_of(node))
    return (match[1], match[4], match[5]) if match else None
