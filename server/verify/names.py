"""Names that a candidate reads and that nothing around it defines."""

import builtins
import re
from collections.abc import Collection

from tree_sitter import Node

from codenook.context.parse import Parsed, encode
from codenook.server.verify.excerpt import Excerpt

_ALWAYS_DEFINED = {*dir(builtins), "__file__", "__path__", "__class__", "__module__", "__qualname__", "_"}
_STAR_IMPORT = re.compile(rb"import\s*\*")
_NO_WORD_GOES_ON = rb"(?![\w\x80-\xff])"


def unresolved(excerpt: Excerpt, candidate: str, known: Collection[str]) -> tuple[str, ...]:
    """The names that ``candidate`` reads at the cursor of ``excerpt`` and nobody defines, in order.

    Defined are names that the candidate binds, that stand elsewhere in the document (not as an attribute
    or keyword), builtins, and those that are ``known``. Empty for languages other
    than Python, and for documents with a star import.
    """
    tree = excerpt.inserted(candidate) if excerpt.language == "python" else None
    if tree is None or excerpt.others is None or _STAR_IMPORT.search(excerpt.others.source):
        return ()
    within = (tree.start, tree.end)
    names = tree.parsed.captures("references", within).get("name", ())
    roles = tree.parsed.captures("bindings", within)
    own = sorted((node for node in names if tree.touches(*node.byte_range)), key=lambda node: node.start_byte)
    bound = {_name(node) for node in roles.get("bound", ()) if tree.touches(*node.byte_range)}
    not_read = {node.id for role in roles.values() for node in role}
    read = dict.fromkeys(_name(node) for node in own if node.id not in not_read)
    start = min((node.start_byte for node in own), default=tree.start)
    end = max((node.end_byte for node in own), default=tree.end)
    outside = [
        (tree.parsed, 0, start),
        (tree.parsed, end, len(tree.parsed.source)),
        (excerpt.others, 0, len(excerpt.others.source)),
    ]
    return tuple(
        name
        for name in read
        if name not in bound
        and name not in _ALWAYS_DEFINED
        and name not in known
        and not any(_stands(parsed, name, start, end) for parsed, start, end in outside)
    )


def _stands(parsed: Parsed, name: str, start: int, end: int) -> bool:
    """Whether ``name`` is bound or read between these bytes."""
    word = re.compile(re.escape(encode(name)) + _NO_WORD_GOES_ON)
    for match in word.finditer(parsed.source, start, end):
        node = parsed.root.descendant_for_byte_range(*match.span())
        if node and node.type == "identifier" and node.byte_range == match.span():
            labels = parsed.captures("bindings", match.span()).get("label", ())
            if node not in labels:
                return True
    return False


def _name(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
