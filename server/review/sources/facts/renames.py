"""Whether what is gone has only another name now: the rest of its text is the same."""

import re

from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.review.scope.change import ChangedFile
from codenook.server.review.sources.facts.python_tree import definitions


def new_name(file: ChangedFile, definition: Node) -> str | None:
    """The name that the change gave a function or class of a file; None where that isn't certain.

    Certain is that exactly one new definition differs from the old one by its name alone.
    """
    if file.parsed is None or file.parsed_before is None:
        return None
    name = text_of(definition.child_by_field_name("name"))
    before, after = definitions(file.parsed_before), definitions(file.parsed)
    found = [
        symbol
        for symbol, nodes in after.items()
        if symbol not in before
        and "." not in symbol
        and len(nodes) == 1
        and nodes[0].type == definition.type
        and differ_by(name, symbol, definition, nodes[0])
    ]
    return found[0] if len(found) == 1 else None


def differ_by(old_name: str, new_name: str, old: Node, new: Node) -> bool:
    """Whether one name was written for another throughout, and nothing else differs.

    The new name must not have been there before: it could mean something else.
    """
    was, is_now = text_of(old), text_of(new)
    mentions_new = re.search(rf"\b{re.escape(new_name)}\b", was)
    return not mentions_new and re.sub(rf"\b{re.escape(old_name)}\b", new_name, was) == is_now
