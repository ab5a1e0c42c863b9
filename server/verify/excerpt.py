"""The few statements around a cursor, which can be read without the rest of the document.

Candidates are checked there: a parser that meets an error reads on to the end of the text to recover, which
takes a fraction of a millisecond in a function and tens of them in a long file.
"""

from collections.abc import Collection
from functools import lru_cache

from attrs import define, field, frozen
from tree_sitter import Node

from codenook.context.parse import Parsed, encode, language_named, parse, parse_difference

_DEFINITIONS = {"python": ("function_definition", "class_definition")}
"""Where the excerpt may be inside of a definition; in other languages it has whole ones."""

_HEADER, _FOOTER = "class _:", "pass"
"""What stands for the header of a definition around the excerpt, and for a statement that follows in it."""

_latest: dict[str, Parsed] = {}
"""The last document without errors of each language: the next one most likely resembles it."""


@frozen(eq=False)
class Inserted:
    """A parsed excerpt; the candidate takes the bytes from ``start`` to ``end``."""

    parsed: Parsed
    start: int
    end: int

    def touches(self, start: int, end: int) -> bool:
        """Whether the bytes from ``start`` to ``end`` share one with the candidate."""
        return start < self.end and end > self.start


@define(eq=False)
class Excerpt:
    """Code around a cursor at ``offset`` (code points): the statements before, at and after its line.

    Of the definitions around them a header is left, and a statement where more follows. The whole document
    takes its place where it has syntax errors also without the cursor's line. ``others`` is the document
    without that line; None for a language without a parser.
    """

    language: str
    text: str
    offset: int
    others: Parsed | None
    _trees: dict[str, Inserted] = field(factory=dict, init=False)

    @classmethod
    def around(cls, language: str, text: str, offset: int) -> "Excerpt":
        """The excerpt around ``offset`` (code points) of the document ``text``."""
        others = _document(language, blanked(text, offset))
        if others is None or others.root.has_error:
            return cls(language, text, offset, others)
        row = text.count("\n", 0, offset)
        around = _Surroundings.of(others.root, row, _DEFINITIONS.get(language, ()))
        lines = text.split("\n")

        def stand_in(row: int, statement: str) -> str:
            line = lines[row]
            return line[: len(line) - len(line.lstrip())] + statement

        above = [stand_in(header, _HEADER) for header in around.headers] + lines[around.first_row : row]
        below = [stand_in(footer, _FOOTER) for footer in around.footers]
        head = "".join(f"{line}\n" for line in above)
        column = offset - text.rfind("\n", 0, offset) - 1
        tail = "\n".join([*lines[row : around.last_row + 1], *below])
        return cls(language, head + tail, len(head) + column, others)

    def with_candidate(self, candidate: str) -> str:
        """The text with ``candidate`` at the cursor."""
        return self.text[: self.offset] + candidate + self.text[self.offset :]

    def inserted(self, candidate: str) -> Inserted | None:
        """The tree of the text with ``candidate`` at the cursor; None without a parser."""
        if self.others is None:
            return None
        if candidate not in self._trees:
            start = len(encode(self.text[: self.offset]))
            parsed = parse(self.others.language, encode(self.with_candidate(candidate)))
            self._trees[candidate] = Inserted(parsed, start, start + len(encode(candidate)))
        return self._trees[candidate]


def blanked(text: str, offset: int) -> str:
    """``text`` with the line at ``offset`` emptied."""
    above, newline, _ = text[:offset].rpartition("\n")
    _, next_newline, below = text[offset:].partition("\n")
    return above + newline + next_newline + below


@lru_cache(maxsize=8)
def _document(language: str, text: str) -> Parsed | None:
    known = language_named(language)
    if known is None:
        return None
    parsed = parse_difference(known, encode(text), _latest.get(language))
    if not parsed.root.has_error:
        _latest[language] = parsed
    return parsed


@frozen
class _Surroundings:
    """Rows of a document: from the statement at or above the cursor's row to the next one below.

    The first is looked for in the innermost definition that has one. ``headers`` are those of the definitions
    around it, ``footers`` what follows in them, outside of the excerpt.
    """

    headers: list[int]
    first_row: int
    last_row: int
    footers: list[int]

    @classmethod
    def of(cls, root: Node, row: int, definitions: Collection[str]) -> "_Surroundings":
        headers: list[int] = []
        followers: list[list[Node]] = []
        first_row = last_row = row
        body: Node | None = root
        while body:
            before, after = _neighbours(body, row)
            if after:
                followers.insert(0, after)
                last_row = after[-1].end_point.row
            if not before:
                break
            if body.parent:
                headers.append(body.parent.start_point.row)
            first_row, last_row = before[0].start_point.row, max(last_row, before[-1].end_point.row)
            body = _body(before[-1], definitions)
        return cls(headers, first_row, last_row, [after[0].start_point.row for after in followers[1:]])


def _neighbours(body: Node, row: int) -> tuple[list[Node], list[Node]]:
    """The statements at or above ``row`` and below it: one each, with those that share a line with it."""
    statements = [node for node in body.named_children if "comment" not in node.type]
    n_before = sum(node.start_point.row <= row for node in statements)
    first = max(0, n_before - 1)
    while first > 0 and statements[first - 1].end_point.row >= statements[first].start_point.row:
        first -= 1
    last = n_before + 1
    while last < len(statements) and statements[last].start_point.row <= statements[last - 1].end_point.row:
        last += 1
    return statements[first:n_before], statements[n_before:last]


def _body(node: Node, definitions: Collection[str]) -> Node | None:
    """The body of one of ``definitions`` that begins on a line of its own; None for other statements."""
    definition = node.child_by_field_name("definition") or node
    body = definition.child_by_field_name("body")
    if definition.type not in definitions or body is None or body.prev_sibling is None:
        return None
    return body if body.start_point.row > body.prev_sibling.end_point.row else None
