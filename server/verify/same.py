"""Whether two candidates are the same code, spelled differently."""

import ast
import re
from collections.abc import Hashable, Iterator

from tree_sitter import Node

from codenook.server.verify.excerpt import Excerpt, Inserted

_TOKEN = re.compile(r"\w+|[^\w\s]")
_QUOTE = re.compile(r"[\"']+")


def fingerprint(excerpt: Excerpt, candidate: str) -> Hashable:
    """A value that is equal for candidates at the cursor of ``excerpt`` that are the same code.

    It holds the leaves of the syntax tree that the candidate touches, each with the number of blocks around
    it: no comments, no layout, and strings by their value. Without a parser, the tokens of the candidate.
    """
    tree = excerpt.inserted(candidate)
    if tree is None:
        return tuple(_TOKEN.findall(candidate))
    return tuple(_leaves(tree))


def _leaves(tree: Inserted) -> Iterator[tuple[int, str]]:
    """The tokens that the candidate touches: how deep in blocks, and what they say."""
    to_visit = [(tree.parsed.root, 0)]
    while to_visit:
        node, depth = to_visit.pop()
        if "comment" in node.type or not tree.touches(*node.byte_range):
            continue
        value = _string_value(node)
        if value is not None:
            yield depth, value
        elif node.children:
            inside = depth + (node.type == "block")
            to_visit += [(child, inside) for child in reversed(node.children)]
        else:
            yield depth, _QUOTE.sub('"', _source(node)) if node.type.startswith("string") else _source(node)


def _string_value(node: Node) -> str | None:
    """The value of a string literal as the language's own literal for it; None for all else."""
    if node.type != "string":
        return None
    try:
        return repr(ast.literal_eval(_source(node)))
    except (SyntaxError, ValueError):
        return None


def _source(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
