"""More of a definition than its signature: all of its text, or the parts that read something."""

from collections import deque
from collections.abc import Collection, Sequence
from itertools import pairwise
from textwrap import dedent

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import Parsed

_N_AROUND = 6
"""Lines of the largest piece of the tree that is shown around a use: a loop, a call over several lines."""

_LEAST_LEFT_OUT = 2
"""A mark takes a line itself, so shorter gaps are shown."""

_CLOSERS = ")]};,"


def whole(source: bytes, definition: Definition) -> str:
    """The lines of ``definition``, decorators and body, without the indentation that all have."""
    return _text(_lines(source), definition.start_line - 1, definition.end_line - 1)


def excerpt(parsed: Parsed, definition: Definition, starts: Collection[int]) -> str:
    """Like `whole`, but of the body only what is around the bytes at ``starts``; marks stand for the rest."""
    first, last = definition.start_line - 1, definition.end_line - 1
    lines = _lines(parsed.source)
    kept = {*range(first, _header_end(parsed, definition) + 1)}
    for start in starts:
        node = parsed.root.descendant_for_byte_range(start, start)
        if node is not None:
            kept |= {*_rows(_piece_around(node))}
    if not lines[last].strip().strip(_CLOSERS):
        kept.add(last)
    return _joined(parsed, lines, [row for row in range(first, last + 1) if row in kept], last)


def _joined(parsed: Parsed, lines: Sequence[str], kept: Sequence[int], last: int) -> str:
    """The rows ``kept``, of which the first begins the definition, and a mark for each gap up to ``last``."""
    shown: list[str] = []
    for row, next_row in pairwise([*kept, last + 1]):
        shown.append(lines[row])
        gap = lines[row + 1 : next_row]
        if len(gap) >= _LEAST_LEFT_OUT:
            code = next(filter(str.strip, gap), "")
            gap = [f"{code[: len(code) - len(code.lstrip())]}{parsed.language.reader.left_out}"]
        shown += gap
    return _text(shown, 0, len(shown) - 1)


def _lines(source: bytes) -> list[str]:
    return source.decode("utf-8", errors="replace").split("\n")


def _text(lines: list[str], first: int, last: int) -> str:
    return dedent("\n".join(line.rstrip() for line in lines[first : last + 1])).strip("\n")


def _header_end(parsed: Parsed, definition: Definition) -> int:
    """The last row before the body, or the one that it begins on behind other text."""
    start, end = parsed.span(definition.start_line, definition.end_line)
    nodes = deque([parsed.root.descendant_for_byte_range(start, max(start, end - 2))])
    while nodes:  # the outer first: a decorator or a default value may have a lambda, with a body of its own
        node = nodes.popleft()
        if node is None or node.end_byte <= start:
            continue
        if node.start_byte >= start and (body := node.child_by_field_name("body")):
            row, column = body.start_point
            before = parsed.source[body.start_byte - column : body.start_byte]
            return row if before.strip() else row - 1
        nodes.extend(node.named_children)
    return definition.start_line - 1


def _piece_around(node: Node) -> Node:
    while node.parent is not None and len(_rows(node.parent)) <= _N_AROUND:
        node = node.parent
    return node


def _rows(node: Node) -> range:
    """The rows of a node; a line end that it takes in begins no row of its."""
    (first, _), (last, column) = node.start_point, node.end_point
    return range(first, last + (column > 0 or first == last))
