"""The comments of a text: which of them compilers read, and which are run as tests."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.verify.directives import is_bound_to_row, is_obeyed

_ITEM = re.compile(r".*_(?:item|definition|declaration)|enum_variant|associated_type")
_INNER = ("//!", "/*!")
_OUTER = re.compile(r"(?s)///(?!/)|/\*\*(?![*/])")
_RUST_MARKS = re.compile(r"^\s*(?://[/!]|/\*[*!]|\*(?!/))?")
_CODE_INDENT = 4


@frozen
class Comment:
    """A comment behind ``n_tokens`` tokens, ``n_items`` of which are not Rust's attributes."""

    node: Node
    n_tokens: int
    n_items: int

    @property
    def text(self) -> str:
        """Its text."""
        return text_of(self.node)

    @property
    def group(self) -> tuple[int, bool]:
        """The same for documentation that rustdoc joins: what it stands at, and from which side."""
        return self.n_items, self.text.startswith(_INNER)


@frozen
class Order:
    """A comment that is obeyed: behind how many tokens, on whose row, and what it stands next to."""

    text: str
    n_tokens: int
    is_trailing: bool
    is_right_above: bool
    row: int | None


def orders(language: str, source: bytes, comments: Sequence[Comment]) -> Iterator[Order]:
    """The comments that tools and compilers obey."""
    for comment in comments:
        node, text, row = comment.node, comment.text, comment.node.start_point.row
        if not is_obeyed(language, text, row):
            continue
        row_start = source.rfind(b"\n", 0, node.start_byte) + 1
        row_end = source.find(b"\n", node.end_byte - text.endswith("\n"))
        below = source[row_end + 1 : source.find(b"\n", row_end + 1)] if row_end >= 0 else b""
        is_trailing = bool(source[row_start : node.start_byte].strip())
        yield Order(
            text.strip(),
            comment.n_tokens,
            is_trailing=is_trailing,
            is_right_above=not is_trailing and bool(below.strip()) and not _begins_doc(below.strip()),
            row=row if is_bound_to_row(language, text, row) else None,
        )


def rust_examples(comments: Sequence[Comment]) -> Iterator[tuple[str, ...]]:
    """What may be a test in each definition's documentation: indented rows, all from the first fence on.

    Rather too much than too little: what rustdoc makes of a row depends on those before it.
    """
    docs = (comment for comment in comments if comment.text.startswith(_INNER) or _OUTER.match(comment.text))
    for _, group in groupby(docs, lambda comment: comment.group):
        rows = [
            _RUST_MARKS.sub("", row).expandtabs(_CODE_INDENT)
            for comment in group
            for row in comment.text.rstrip("\n").split("\n")
        ]
        fence = next((at for at, row in enumerate(rows) if "```" in row or "~~~" in row), len(rows))
        indented = [row for row in rows[:fence] if row.startswith(" " * _CODE_INDENT)]
        if examples := (*indented, *rows[fence:]):
            yield tuple(row.rstrip() for row in examples)


def is_comment(node: Node) -> bool:
    """Whether a node is a comment, of whatever kind."""
    return "comment" in node.type


def for_cgo(parsed: Parsed) -> tuple[int, int]:
    """Where comments may be C (bytes): from Go's package clause to the last import of C."""
    start = end = 0
    for node in parsed.root.children if parsed.language.id == "go" else ():
        if node.type == "package_clause":
            start = node.end_byte
        if node.type == "import_declaration" and re.search(rb'["`]C["`]', node.text or b""):
            end = node.end_byte
    return start, end


def is_for_macro(comment: Node) -> bool:
    """Whether a comment is part of what a Rust macro is given."""
    parent = comment.parent
    while parent is not None and parent.type not in {"token_tree", "macro_rule"}:
        parent = parent.parent
    return parent is not None


def is_misplaced(comment: Node) -> bool:
    """Whether rustc refuses a documentation comment where it stands."""
    text, following, before = text_of(comment), comment.next_named_sibling, comment.prev_named_sibling
    if text.startswith(_INNER):
        while before is not None and (is_comment(before) or before.type == "inner_attribute_item"):
            before = before.prev_named_sibling
        return before is not None
    if not _OUTER.match(text):
        return False
    while following is not None and (is_comment(following) or following.type == "attribute_item"):
        following = following.next_named_sibling
    return following is None or not _ITEM.fullmatch(following.type)


def _begins_doc(row: bytes) -> bool:
    return row.startswith((b"/**", b"///", b'"""', b"'''"))
