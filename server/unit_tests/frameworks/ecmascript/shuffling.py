"""Tests in another order: the text of a test file with the tests of each group exchanged.

That works with every version of every runner, and in the same process.
"""

import random
from collections.abc import Mapping, Sequence

from attrs import frozen
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
    instead: dict[int, Node] = {}
    for group in groups.values():
        taken = chance.sample(group, len(group))
        instead |= dict(zip([slot.id for slot in group], taken, strict=True))
    starts = [statement.start_byte for group in groups.values() for statement in group]
    try:
        return _Exchange(source, instead, starts).text(parsed.root, 0, len(source))
    except RecursionError:  # groups in groups in groups
        return source


@frozen
class _Exchange:
    """Puts statements of ``source`` in the place of others, by the numbers of their nodes."""

    source: bytes
    instead: Mapping[int, Node]
    starts: Sequence[int]

    def text(self, node: Node, start: int, end: int) -> bytes:
        """What is from ``start`` to ``end``, which is ``node`` and what is around it."""
        if not any(start <= each < end for each in self.starts):
            return self.source[start:end]
        pieces, at = [], start
        for child in node.children:
            taken = self.instead.get(child.id, child)
            pieces += [
                self.source[at : child.start_byte],
                self.text(taken, taken.start_byte, taken.end_byte),
            ]
            at = child.end_byte
        return b"".join([*pieces, self.source[at:end]])
