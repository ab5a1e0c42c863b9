"""All of a text that isn't documentation: its tokens, and the comments and examples that count as code."""

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Language, Parsed, encode, errors, parse
from codenook.context.reading import text_of
from codenook.server.verify.comments import (
    Comment,
    Order,
    for_cgo,
    is_comment,
    is_for_macro,
    is_misplaced,
    orders,
    rust_examples,
)

_KEEPS_BLANKS = re.compile(r"(?!concatenated).*(?:string|template_literal)|jsx_element")
"""The nodes in which white space between their parts counts."""
_GIVEN_DOCS = re.compile(rb"__doc__|\bgetdoc\b")


@frozen
class Token:
    """A leaf of the syntax tree: where it stands in the tree, its text, and what is before it.

    ``is_apart`` is for C, whose macros see white space.
    """

    place: int
    text: bytes
    begins_row: bool
    is_apart: bool = False


@frozen
class Code:
    """All of a text that isn't documentation."""

    tokens: tuple[Token, ...]
    places: tuple[tuple[int, str], ...]
    """What a token's ``place`` means: the place around it, and a node's type."""
    orders: tuple[Order, ...]
    examples: tuple[tuple[str, ...], ...]
    n_misplaced: int
    n_errors: int
    reads_own: bool
    """Whether the file reads the module's docstring."""
    reads_any: bool
    """Whether it may read others."""
    docstrings: tuple[tuple[str, str], ...]
    """Each with the name of what it documents, empty for the file."""


@frozen
class _Leaf:
    """A piece of the text that has no parts; ``node`` is None for what no node spans."""

    node: Node | None
    place: int
    start: int
    end: int
    text: bytes


@lru_cache(maxsize=4)
def code_of(language: Language, text: str) -> Code:
    """All of ``text`` but the documentation."""
    parsed = parse(language, encode(text))
    places: dict[tuple[int, str], int] = {}
    tokens: list[Token] = []
    comments: list[Comment] = []
    docstrings: list[tuple[str, str]] = []
    reads_own = reads_any = False
    cgo_start, cgo_end = for_cgo(parsed)
    n_items = end = 0
    for leaf in _leaves(parsed, places):
        node, content = leaf.node, leaf.text
        if node is not None and node.type == "expression_statement":
            docstrings.append((_documented(node), text_of(node)))
            continue
        if node is not None and is_comment(node):
            if cgo_start <= leaf.start < cgo_end:  # what detaches it from the import counts as well
                blanks = re.compile(rb"\s*").match(parsed.source, leaf.end)
                content = parsed.source[leaf.start : blanks.end() if blanks else leaf.end]
            elif not (language.id == "rust" and is_for_macro(node)):
                comments.append(Comment(node, len(tokens), n_items))
                continue
        if language.id == "python" and _GIVEN_DOCS.search(content):
            is_own = node is not None and _is_own(node)
            reads_own, reads_any = reads_own or is_own, reads_any or not is_own
        between = parsed.source[end : leaf.start] if end else b""
        breaks = bool(content) and (not end or b"\n" in between)
        is_apart = language.id in {"c", "cpp"} and bool(content) and bool(between)
        tokens.append(Token(leaf.place, content, breaks, is_apart))
        n_items += node is None or node.type != "attribute_item"
        if content:
            end = leaf.end
    is_rust = language.id == "rust"
    return Code(
        tuple(tokens),
        tuple(places),
        tuple(orders(language.id, parsed.source, comments)),
        tuple(rust_examples(comments)) if is_rust else (),
        sum(is_misplaced(comment.node) for comment in comments) if is_rust else 0,
        sum(1 for _ in errors(parsed.root)),
        reads_own,
        reads_any,
        tuple(docstrings),
    )


def _leaves(parsed: Parsed, places: dict[tuple[int, str], int]) -> Iterator[_Leaf]:
    """The leaves of a tree, and what is between them and is not blank; fills in ``places``."""
    is_python = parsed.language.id == "python"
    to_visit: list[tuple[Node, int] | _Leaf] = [(parsed.root, 0)]
    while to_visit:
        at = to_visit.pop()
        if isinstance(at, _Leaf):
            yield at
            continue
        node, around = at
        if (is_python and _is_docstring(node)) or is_comment(node):
            yield _Leaf(node, around, node.start_byte, node.end_byte, node.text or b"")
            continue
        place = places.setdefault((around, node.type), len(places) + 1)
        if not node.children or node.type == "attribute_item":
            yield _Leaf(node, place, node.start_byte, node.end_byte, _content(node))
            continue
        to_visit += reversed(list(_inside(parsed.source, node, place)))


def _inside(source: bytes, node: Node, place: int) -> Iterator[tuple[Node, int] | _Leaf]:
    """The children of a node, and what is between them."""
    keeps_blanks, end = _KEEPS_BLANKS.match(node.type), node.start_byte
    for child in (*node.children, None):
        start = child.start_byte if child else node.end_byte
        between = source[end:start]
        if between and (keeps_blanks or not between.isspace()):
            yield _Leaf(None, place, end, start, between if keeps_blanks else between.strip())
        if child:
            yield child, place
            end = child.end_byte


def _content(leaf: Node) -> bytes:
    """The text of a leaf; none for the end of a row, where a grammar has that."""
    text = leaf.text or b""
    if leaf.is_missing or leaf.type.isspace():
        return b""
    return text.strip() if leaf.type == "preproc_arg" else text


def _documented(docstring: Node) -> str:
    """The name of what a docstring documents, empty for the file."""
    around = docstring.parent.parent if docstring.parent else None
    return text_of(around.child_by_field_name("name")) if around else ""


def _is_own(name: Node) -> bool:
    """Whether ``__doc__`` is the module's: the bare name, outside of classes."""
    at = name.parent
    if name.type != "identifier" or name.text != b"__doc__" or at is None or at.type == "attribute":
        return False
    while at is not None and at.type != "class_definition":
        at = at.parent
    return at is None


def _is_docstring(node: Node) -> bool:
    """Whether a statement is a string that documents what is around it, as CPython sees it."""
    parent = node.parent if node.type == "expression_statement" else None
    if parent is None or node.named_child_count != 1:
        return False
    string = node.named_children[0]
    pieces = string.named_children if string.type == "concatenated_string" else [string]
    if any(piece.type != "string" or _prefix(piece) & set("bft") for piece in pieces):
        return False
    first = next((child for child in parent.named_children if not is_comment(child)), None)
    around = parent.parent.type if parent.parent else ""
    return first == node and (
        parent.type == "module"
        or (parent.type == "block" and around in {"function_definition", "class_definition"})
    )


def _prefix(string: Node) -> set[str]:
    return set(re.match(r"\w*", text_of(string))[0].lower())  # type: ignore[index]
