"""Whether a document still parses with a candidate in it."""

import ast
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property

from tree_sitter import Node

from codenook.context.parse import Parsed, errors
from codenook.server.verify.trees import Inserted, document, has_errors, inserted


class Baseline:
    """A document before the insertion: what a candidate at ``offset`` (code points) is measured against.

    A document in the middle of an edit has errors of its own. Allowed are as many ERROR and MISSING nodes
    as there are in the document as it is, or with the cursor's line blanked out, whichever are fewer.
    Python is also read by CPython's own parser, which is stricter about blocks and indentation.
    """

    def __init__(self, language: str, text: str, offset: int) -> None:
        """Nothing is parsed before the first question."""
        self._language = language
        self._text = text
        self._offset = offset

    def prepare(self) -> None:
        """Parse the document without a candidate now."""
        _ = self._n_allowed

    def parses(self, candidate: str) -> bool | None:
        """Whether inserting ``candidate`` adds no syntax error; None for a language without a parser."""
        result = self._text[: self._offset] + candidate + self._text[self._offset :]
        if has_errors(self._language, result) and not self._n_allowed:
            return False
        with_candidate = inserted(self._language, self._text, self._offset, candidate)
        if with_candidate is None:
            return None
        if _n_errors(with_candidate.parsed) > self._n_allowed:
            return False
        return self._language != "python" or self._python_accepts(candidate, with_candidate)

    def longest_parsing(self, candidate: str) -> str | None:
        """The longest part of ``candidate``, whole lines from its start, that parses; None if none does.

        All of ``candidate`` for a language without a parser.
        """
        lines = candidate.split("\n")
        for n_lines in range(len(lines), 0, -1):
            part = "\n".join(lines[:n_lines])
            if part.strip() and self.parses(part) is not False:
                return part
        return None

    @cached_property
    def _n_allowed(self) -> int:
        texts = (self._text, _blanked(self._text, self._offset))
        if not all(has_errors(self._language, text) for text in texts):
            return 0
        return min(_n_errors(parsed) for text in texts if (parsed := document(self._language, text)))

    def _python_accepts(self, candidate: str, tree: Inserted) -> bool:
        """Whether CPython accepts the statements that the candidate touches, or would not without it either.

        Syntax newer or older than the running Python fails with and without the candidate.
        """
        first_row = self._text.count("\n", 0, self._offset)
        last_row = first_row + candidate.count("\n")
        statements, opening = _statements(tree.parsed.root, first_row, last_row)
        if all(node.type == "comment" for node in statements):
            return True
        above = max(0, first_row - min(node.start_point.row for node in statements))
        below = max(0, max(node.end_point.row for node in statements) - last_row)
        head = "\n".join(self._text[: self._offset].split("\n")[-above - 1 :])
        tail = "\n".join(self._text[self._offset :].split("\n")[: below + 1])
        return _is_python(opening + head + candidate + tail) or not any(
            _is_python(opening + without) for without in _without_candidate(head, tail)
        )


def _n_errors(parsed: Parsed) -> int:
    return sum(1 for _ in errors(parsed.root))


def _blanked(text: str, offset: int) -> str:
    """``text`` with the line at ``offset`` emptied."""
    above, newline, _ = text[:offset].rpartition("\n")
    _, next_newline, below = text[offset:].partition("\n")
    return above + newline + next_newline + below


def _statements(root: Node, first_row: int, last_row: int) -> tuple[Sequence[Node], str]:
    """The statements on these rows: at module level, or in the class body that holds them all.

    With them comes the line that makes a module of them.
    """
    statements, opening = _on_rows(root, first_row, last_row), ""
    while len(statements) == 1 and (body := _class_body(statements[0])):
        if not body.start_point.row <= first_row <= last_row <= body.end_point.row:
            break
        statements, opening = _on_rows(body, first_row, last_row), "class _:\n"
    return statements, opening


def _on_rows(parent: Node, first_row: int, last_row: int) -> list[Node]:
    return [
        node
        for node in parent.children
        if node.start_point.row <= last_row and node.end_point.row >= first_row
    ]


def _class_body(node: Node) -> Node | None:
    """The body of a class that begins on a line of its own."""
    definition = node.child_by_field_name("definition") or node
    body = definition.child_by_field_name("body")
    if definition.type != "class_definition" or body is None or body.prev_sibling is None:
        return None
    return body if body.start_point.row > body.prev_sibling.end_point.row else None


def _without_candidate(head: str, tail: str) -> Iterator[str]:
    """What may have stood in the candidate's place: nothing, a name, an empty line, a statement."""
    above, newline, line = head.rpartition("\n")
    _, next_newline, below = tail.partition("\n")
    indent = line[: len(line) - len(line.lstrip())]
    yield head + tail
    yield f"{head}_{tail}"
    yield above + newline + next_newline + below
    yield f"{above}{newline}{indent}pass{next_newline}{below}"


def _is_python(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
