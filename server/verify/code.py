"""All of a text that isn't documentation: its tokens, and the comments and examples that count as code."""

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Language, encode, errors, parse
from codenook.context.reading import text_of
from codenook.server.verify.directives import is_bound_to_row, is_directive

_DOCTEST = re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: .*)?$", re.MULTILINE)
_ITEM = re.compile(r".*_(?:item|definition|declaration)|enum_variant|associated_type")
_RUST_DOC = re.compile(r"(?s)///(?!/)|/\*\*(?![*/])")
_CODE_INDENT = 4
_PYTHON_NAMES = ("function_definition/identifier", "class_definition/identifier")


@frozen
class Token:
    """A leaf of the syntax tree: where it stands in the tree, its text, and whether it begins a row."""

    path: str
    text: bytes
    begins_row: bool


@frozen
class Order:
    """A comment that is obeyed: behind how many tokens, on whose row, and what it stands next to."""

    text: str
    n_tokens: int
    is_trailing: bool
    is_right_above: bool
    row: int | None


@frozen
class Code:
    """All of a text that isn't documentation."""

    tokens: tuple[Token, ...]
    orders: tuple[Order, ...]
    examples: tuple[str, ...]
    n_misplaced: int
    n_errors: int
    readers: frozenset[str]
    """Whose ``__doc__`` is read; ``*`` for anyone's."""
    defined: frozenset[str]
    """The names of Python's functions and classes."""
    docstrings: tuple[tuple[str, str], ...]
    """Each with the name of what it documents, empty for the file."""


@lru_cache(maxsize=4)
def code_of(language: Language, text: str) -> Code:
    """All of ``text`` but the documentation."""
    parsed = parse(language, encode(text))
    tokens: list[Token] = []
    comments: list[tuple[Node, int]] = []
    docstrings: list[tuple[str, str]] = []
    readers: set[str] = set()
    defined: set[str] = set()
    end = 0
    for node, path in _leaves(language.id, parsed.root):
        if path == "docstring":
            docstrings.append((_documented(node), text_of(node)))
            continue
        if _is_comment(node) and not _is_code(language.id, node):
            comments.append((node, len(tokens)))
            continue
        content = (node.text or b"").strip() if not node.is_missing else b""
        if content == b"__doc__":
            readers.add(_reader(node))
        if path.endswith(_PYTHON_NAMES):
            defined.add(text_of(node))
        breaks = bool(content) and (not end or b"\n" in parsed.source[end : node.start_byte])
        tokens.append(Token(path, content, breaks))
        if content:
            end = node.end_byte
    return Code(
        tuple(tokens),
        tuple(_orders(language.id, parsed.source, comments)),
        tuple(_examples(language.id, [text for _, text in docstrings], comments)),
        sum(_is_misplaced(node) for node, _ in comments) if language.id == "rust" else 0,
        sum(1 for _ in errors(parsed.root)),
        frozenset(readers),
        frozenset(defined),
        tuple(docstrings),
    )


def _leaves(language: str, root: Node) -> Iterator[tuple[Node, str]]:
    """The leaves of a tree with the types of the nodes that begin or go on around each."""
    to_visit: list[tuple[Node, str]] = [(root, "")]
    while to_visit:
        node, path = to_visit.pop()
        if language == "python" and _is_docstring(node):
            yield node, "docstring"
        elif _is_comment(node) or not node.children:
            yield node, f"{path}{node.type}"
        else:
            inside = f"{path}{node.type}/"
            to_visit += [(child, inside) for child in reversed(node.children)]


def _documented(docstring: Node) -> str:
    """The name of what a docstring documents, empty for the file."""
    around = docstring.parent.parent if docstring.parent else None
    return text_of(around.child_by_field_name("name")) if around else ""


def _reader(name: Node) -> str:
    """Whose ``__doc__`` is read: that of a class or a function, the file's own (empty), anyone's (``*``)."""
    parent = name.parent
    if parent is None or parent.type != "attribute":
        return ""
    owner = parent.child_by_field_name("object")
    return text_of(owner) if owner is not None and owner.type == "identifier" and owner != name else "*"


def _orders(language: str, source: bytes, comments: list[tuple[Node, int]]) -> Iterator[Order]:
    for node, n_tokens in comments:
        text, row = text_of(node), node.start_point.row
        if not is_directive(language, text, row):
            continue
        row_start = source.rfind(b"\n", 0, node.start_byte) + 1
        row_end = source.find(b"\n", node.end_byte - text.endswith("\n"))
        below = source[row_end + 1 : source.find(b"\n", row_end + 1)] if row_end >= 0 else b""
        is_trailing = bool(source[row_start : node.start_byte].strip())
        yield Order(
            text.strip(),
            n_tokens,
            is_trailing=is_trailing,
            is_right_above=not is_trailing and bool(below.strip()) and not _begins_doc(below.strip()),
            row=row if is_bound_to_row(language, text, row) else None,
        )


def _begins_doc(row: bytes) -> bool:
    return row.startswith((b"/**", b"///", b'"""', b"'''"))


def _examples(language: str, docstrings: list[str], comments: list[tuple[Node, int]]) -> Iterator[str]:
    """What is run as a test: Python's doctests, the code in Rust's documentation."""
    for docstring in docstrings:
        for match in _DOCTEST.finditer(docstring):
            yield match[0].strip()
    if language == "rust":
        is_code, was_blank = False, True
        for node, _ in comments:
            if not _RUST_DOC.match(text_of(node)):
                continue
            for row in text_of(node).rstrip("\n").split("\n"):
                bare = re.sub(r"^\s*(?:///|/\*\*|\*(?!/)) ?", "", row)
                is_fence = bare.lstrip().startswith(("```", "~~~"))
                is_indented = was_blank and len(bare) - len(bare.lstrip()) >= _CODE_INDENT
                if is_code or is_fence or is_indented:
                    yield bare.strip()
                is_code, was_blank = is_code != is_fence, not bare.strip() or is_indented


def _is_comment(node: Node) -> bool:
    return "comment" in node.type


def _is_code(language: str, comment: Node) -> bool:
    """Whether a comment is part of the program: what a Rust macro is given, what cgo compiles."""
    if language == "rust":
        parent = comment.parent
        while parent is not None and parent.type not in {"token_tree", "macro_rule"}:
            parent = parent.parent
        return parent is not None
    if language == "go":
        following = comment.next_sibling
        while following is not None and (_is_comment(following) or not following.is_named):
            following = following.next_sibling
        return (
            following is not None
            and following.type == "import_declaration"
            and b'"C"' in (following.text or b"")
        )
    return False


def _is_misplaced(comment: Node) -> bool:
    """Whether rustc refuses a documentation comment where it stands."""
    text, following, before = text_of(comment), comment.next_named_sibling, comment.prev_named_sibling
    if text.startswith(("//!", "/*!")):
        while before is not None and (_is_comment(before) or before.type == "inner_attribute_item"):
            before = before.prev_named_sibling
        return before is not None
    if not _RUST_DOC.match(text):
        return False
    while following is not None and (_is_comment(following) or following.type == "attribute_item"):
        following = following.next_named_sibling
    return following is None or not _ITEM.fullmatch(following.type)


def _is_docstring(node: Node) -> bool:
    """Whether a statement is a string that documents what is around it, as CPython sees it."""
    parent = node.parent
    if node.type != "expression_statement" or parent is None or node.named_child_count != 1:
        return False
    string = node.named_children[0]
    pieces = string.named_children if string.type == "concatenated_string" else [string]
    if any(piece.type != "string" or _prefix(piece) & set("bft") for piece in pieces):
        return False
    first = next((child for child in parent.named_children if not _is_comment(child)), None)
    around = parent.parent.type if parent.parent else ""
    return first == node and (
        parent.type == "module"
        or (parent.type == "block" and around in {"function_definition", "class_definition"})
    )


def _prefix(string: Node) -> set[str]:
    return set(re.match(r"\w*", text_of(string))[0].lower())  # type: ignore[index]
