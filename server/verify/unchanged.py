"""The proof that an edit touched documentation only: the code is the same, token for token."""

import ast
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Language, encode, errors, parse
from codenook.server.verify.directives import is_bound_to_row, is_directive

_INVISIBLE = re.compile("\r(?!\n)|[\0\v\f\x1a\x1c-\x1e\x85\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_DOCTEST = re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: .*)?$", re.MULTILINE)
_ITEM = re.compile(r".*_(?:item|definition|declaration)|enum_variant|associated_type")
_RUST_DOC = re.compile(r"(?s)///(?!/)|/\*\*(?![*/])")
_CODE_INDENT = 4


@frozen
class _Token:
    """A leaf of the syntax tree: where it stands in the tree, its text, and whether it begins a row."""

    path: str
    text: bytes
    begins_row: bool


@frozen
class _Order:
    """A comment that is obeyed: behind how many tokens, on whose row, and what it stands next to."""

    text: str
    n_tokens: int
    is_trailing: bool
    is_right_above: bool
    row: int | None


@frozen
class _Code:
    """All of a text that isn't documentation."""

    tokens: tuple[_Token, ...]
    orders: tuple[_Order, ...]
    examples: tuple[str, ...]
    n_misplaced: int
    n_errors: int
    reads_doc: bool
    docstrings: tuple[str, ...]


def difference(language: Language, before: str, after: str) -> str | None:
    """What differs besides comments and docstrings, as one line for a person; None when nothing does.

    Beside the tokens compared are comments that tools obey, examples that are run as tests, and characters
    that end a row for one reader and not for another. Python is compared by CPython's parser as well.
    """
    old, new = _code(language, before), _code(language, after)
    if new.n_errors > old.n_errors:
        return "the code does not parse any more"
    if [token.text for token in old.tokens] != [token.text for token in new.tokens]:
        return _first_difference(old, new)
    if old.tokens != new.tokens:
        return "the code is laid out or nested differently"
    if old.orders != new.orders:
        return "a comment that tools obey was added, lost or moved"
    if old.examples != new.examples:
        return "an example that is run as a test was added, lost or changed"
    if _INVISIBLE.findall(before) != _INVISIBLE.findall(after):
        return "invisible characters were added or lost"
    if new.n_misplaced > old.n_misplaced:
        return "documentation stands where the compiler refuses it"
    if old.reads_doc and old.docstrings != new.docstrings:
        return "the file reads its own documentation (__doc__)"
    return _difference_to_python(before, after) if language.id == "python" else None


def _first_difference(old: _Code, new: _Code) -> str:
    for left, right in zip(old.tokens, new.tokens, strict=False):
        if left.text != right.text:
            return f"the code is not the same: {_shown(left)} became {_shown(right)}"
    return "code was added or lost at the end"


def _shown(token: _Token) -> str:
    return repr(token.text.decode("utf-8", "replace")[:40])


@lru_cache(maxsize=4)
def _code(language: Language, text: str) -> _Code:
    parsed = parse(language, encode(text))
    tokens: list[_Token] = []
    comments: list[tuple[Node, int]] = []
    docstrings: list[str] = []
    reads_doc, end = False, 0
    for node, path in _leaves(language.id, parsed.root):
        if path == "docstring":
            docstrings.append(_text(node))
            continue
        if _is_comment(node) and not _is_code(language.id, node):
            comments.append((node, len(tokens)))
            continue
        content = (node.text or b"").strip() if not node.is_missing else b""
        reads_doc = reads_doc or content == b"__doc__"
        breaks = bool(content) and b"\n" in parsed.source[end : node.start_byte]
        tokens.append(_Token(path, content, breaks))
        if content:
            end = node.end_byte
    return _Code(
        tuple(tokens),
        tuple(_orders(language.id, parsed.source, comments)),
        tuple(_examples(language.id, docstrings, comments)),
        sum(_is_misplaced(node) for node, _ in comments) if language.id == "rust" else 0,
        sum(1 for _ in errors(parsed.root)),
        reads_doc,
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


def _orders(language: str, source: bytes, comments: list[tuple[Node, int]]) -> Iterator[_Order]:
    for node, n_tokens in comments:
        text, row = _text(node), node.start_point.row
        if not is_directive(language, text, row):
            continue
        row_start = source.rfind(b"\n", 0, node.start_byte) + 1
        row_end = source.find(b"\n", node.end_byte - text.endswith("\n"))
        below = source[row_end + 1 : source.find(b"\n", row_end + 1)] if row_end >= 0 else b""
        is_trailing = bool(source[row_start : node.start_byte].strip())
        yield _Order(
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
            if not _RUST_DOC.match(_text(node)):
                continue
            for row in _text(node).rstrip("\n").split("\n"):
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
        return following is not None and following.type == "import_declaration" and b'"C"' in (following.text or b"")
    return False


def _is_misplaced(comment: Node) -> bool:
    """Whether rustc refuses a documentation comment where it stands."""
    text, following, before = _text(comment), comment.next_named_sibling, comment.prev_named_sibling
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
        parent.type == "module" or (parent.type == "block" and around in {"function_definition", "class_definition"})
    )


def _prefix(string: Node) -> set[str]:
    return set(re.match(r"\w*", _text(string))[0].lower())  # type: ignore[index]


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _difference_to_python(before: str, after: str) -> str | None:
    """The same question to CPython, where it reads the text at all."""
    old, new = _python(before), _python(after)
    if old is None:
        return None
    if new is None or new[1] > old[1]:
        return "Python can't read it any more, or warns of it"
    return None if old[0] == new[0] else "the code is not the same for Python"


def _python(text: str) -> tuple[str, int] | None:
    """The text's tree without docstrings, and how many warnings Python has of it."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            tree = ast.parse(text, type_comments=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:]
    return ast.dump(tree), len(warned)
