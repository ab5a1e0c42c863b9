"""What a model wrote where a body was asked for, as it stands in the file."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.parse import Language, encode, errors, parse

MAX_CHARACTERS = 40_000
"""A longer body is no translation of what a model can read."""

_FENCE = re.compile(r"\s*```[\w+#-]*\s*\n(.*?)\n?\s*```\s*", re.DOTALL)


def body_in(text: str, name: str, language: Language) -> str:
    """The rows of a body: without a fence around them, of a whole function ``name`` what is in it."""
    fenced = _FENCE.fullmatch(text)
    bare = fenced[1] if fenced else text
    if not re.search(rf"\b{re.escape(name)}\s*\(", bare.strip().partition("\n")[0]):
        return bare
    source = encode(bare)
    found = next(_bodies(parse(language, source).root, name, source), None)
    if found is None:
        return bare
    if source[found.start_byte : found.start_byte + 1] == b"{":
        return source[found.start_byte + 1 : found.end_byte - 1].decode("utf-8", "replace").strip("\n")
    start = source.rfind(b"\n", 0, found.start_byte) + 1
    return source[start : found.end_byte].decode("utf-8", "replace")


def placed(text: str, indent: str) -> str:
    """The rows of a body with the indentation that they are to have, and a line break behind the last."""
    first, *rest = text.strip("\n").rstrip().split("\n")
    widths = [_width(row) for row in rest if row.strip()]
    if widths and _width(first) < min(widths):
        is_opened = first.rstrip().endswith((":", "{", "(", "[")) and widths[0] == min(widths)
        if not is_opened:  # it was written behind the indentation of its row
            first = " " * (min(widths) - _width(first)) + first
    rows = [first, *rest]
    least = min((_width(row) for row in rows if row.strip()), default=0)
    placed = "".join(f"{indent}{row[least:].rstrip()}\n" if row.strip() else "\n" for row in rows)
    return placed if placed.strip() else ""


def _width(row: str) -> int:
    return len(row) - len(row.lstrip(" \t"))


def is_plain(text: str) -> bool:
    """Whether a text has characters only that people see: no marks of direction, nothing that rings."""
    return all(each.isprintable() or each in "\n\t" for each in text)


def stays_inside(before: str, body: str, after: str, language: Language, stub: str) -> bool:
    """Whether a body is all code and stays in its place in a file.

    The file with it has no more syntax errors than with the ``stub`` in its place, and the same definitions.
    """
    with_body, with_stub = (parse(language, encode(f"{before}{each}{after}")) for each in (body, stub))
    if sum(1 for _ in errors(with_body.root)) > sum(1 for _ in errors(with_stub.root)):
        return False
    known, found = (
        [(each.symbol, each.kind) for each in language.reader.definitions(parsed)]
        for parsed in (with_stub, with_body)
    )
    return known == found


def _bodies(root: Node, name: str, source: bytes) -> Iterator[Node]:
    """The bodies of functions of a name, as wide as they are."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        body = node.child_by_field_name("body")
        if body is not None:
            header = source[node.start_byte : body.start_byte].decode("utf-8", "replace")
            if re.search(rf"\b{re.escape(name)}\s*\(", header):
                yield body
        waiting += reversed(node.children)
