"""What definitions say of themselves around their types: documentation, errors; and where they are."""

from collections.abc import Collection, Iterator

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.documentation.comments import block, line_comments
from codenook.server.documentation.languages.describer import Describer, comments_above


def functions(parsed: Parsed, kinds: Collection[str]) -> Iterator[Node]:
    """The nodes of these kinds in a file, outer ones first."""
    left = [parsed.root]
    while left:
        node = left.pop()
        if node.type in kinds:
            yield node
        left += reversed(node.named_children)


def is_at(node: Node, definition: Definition) -> bool:
    """Whether a node is in the rows of a definition, and ends it."""
    first, last = node.start_point.row + 1, node.end_point.row + 1
    return definition.start_line <= first and last == definition.end_line


def doc_of(parsed: Parsed, node: Node, describer: Describer) -> str:
    """The documentation above a definition, or else the comments there, without their marks."""
    doc = describer.doc(parsed, node)
    if doc is None:
        comments = comments_above(parsed.source, describer.outer(node))
        is_block = bool(comments) and text_of(comments[-1]).startswith("/*")
        lines = [comment for comment in comments if text_of(comment).startswith("//")]
        if is_block:
            doc = block(parsed, comments[-1])
        elif lines:
            doc = line_comments(parsed, lines)
    return "\n".join(doc.texts).strip() if doc else ""


def without(node: Node, *inner: Node | None) -> str:
    """The source of a node without that of some nodes in it, on one line."""
    source, start = node.text or b"", node.start_byte
    kept, at = b"", 0
    for each in sorted(filter(None, inner), key=lambda found: found.start_byte):
        kept += source[at : each.start_byte - start]
        at = each.end_byte - start
    return " ".join((kept + source[at:]).decode("utf-8", "replace").split())
