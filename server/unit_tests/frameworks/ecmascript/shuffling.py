"""Tests in another order: the text of a test file with the tests of each group exchanged.

That works with every version of every runner, and in the same process.
"""

import random

from tree_sitter import Node

from codenook.server.unit_tests.frameworks.ecmascript.style import test_calls
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file


def shuffled(path: str, source: bytes, order: int) -> bytes:
    """A test file with its tests in the given order, the same each time."""
    parsed = parsed_file(path, source.decode("utf-8", "replace"))
    if parsed.source != source or parsed.root.has_error:
        return source
    groups: dict[int, list[Node]] = {}
    for _, call in test_calls(parsed.root):
        statement = call.parent
        if statement and statement.type == "expression_statement" and statement.parent:
            groups.setdefault(statement.parent.id, []).append(statement)
    chance = random.Random(order)  # noqa: S311 - any order will do
    return _exchanged(source, parsed.root, groups, chance)


def _exchanged(source: bytes, node: Node, groups: dict[int, list[Node]], chance: random.Random) -> bytes:
    """The text of a node, with the statements of each group in it exchanged."""
    slots = groups.get(node.id, [])
    taken = slots[:]
    chance.shuffle(taken)
    instead = dict(zip([slot.id for slot in slots], taken, strict=True))
    pieces, at = [], node.start_byte if node.parent else 0
    for child in node.children:
        pieces.append(source[at : child.start_byte])
        pieces.append(_exchanged(source, instead.get(child.id, child), groups, chance))
        at = child.end_byte
    pieces.append(source[at : node.end_byte if node.parent else len(source)])
    return b"".join(pieces)
