"""Small questions to the syntax trees of JavaScript and TypeScript."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from tree_sitter import Node

from codenook.context.parse import Parsed, encode, language_named, language_of, parse

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)

DECLARATIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "class_declaration",
        "abstract_class_declaration",
    }
)


def words(*lines: str) -> frozenset[str]:
    """The words of some lines."""
    return frozenset(word for line in lines for word in line.split())


def parsed_file(path: str, text: str) -> Parsed:
    """The tree of a file, by its extension; of one that has another, as JavaScript."""
    language = language_of(PurePosixPath(path)) or language_named("javascript")
    if language is None:  # pragma: no cover - it is part of codenook
        raise LookupError("javascript")
    return parse(language, encode(text))


def text(node: Node | None) -> str:
    """The source text of a node; empty for none."""
    return (node.text or b"").decode("utf-8", "replace") if node else ""


def string(node: Node | None) -> str | None:
    """What a plain string literal holds, None for all else and for one with escapes."""
    if node is None or node.type not in {"string", "template_string"}:
        return None
    written = text(node)
    return None if "\\" in written or "${" in written else written[1:-1]


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    left = [node]
    while left:
        node = left.pop()
        yield node
        left += reversed(node.children)


def statements(parsed: Parsed) -> list[Node]:
    """The statements at file level."""
    return [node for node in parsed.root.named_children if node.type != "comment"]


def unwrapped(node: Node | None) -> Node | None:
    """An expression without the parentheses and the types around it."""
    while node and node.type in {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
    }:
        node = node.named_children[0] if node.named_child_count else None
    return node
