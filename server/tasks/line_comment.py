"""A comment above selected lines: one sentence that a model writes, on a row of its own."""

import asyncio

from attrs import frozen

from codenook.context.parse import Language, Parsed, encode
from codenook.models.prompts.layouts import line_comment
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.subject import Kind, Subject
from codenook.server.reasons import Reason, describe
from codenook.server.tasks.blanks import Blank, Hole, Part
from codenook.server.tasks.filling import Words, written_words
from codenook.server.tasks.infill import Writer
from codenook.server.tasks.jobs import Outcome
from codenook.server.verify.apart import difference_apart
from codenook.server.verify.prose import About, Read

_BODIES = (
    "module program block statement_block source_file compilation_unit translation_unit compound_statement "
    "class_body declaration_list field_declaration_list statement_list interface_body enum_body"
)
_BLOCKS = frozenset(_BODIES.split())
"""The nodes that consist of statements."""


MOST_LINES, MOST_CHARACTERS = 200, 20_000
"""More is not commented with one sentence: a model would be shown the first of it only."""


class NoLine(Exception):
    """No comment can stand above these lines; the message is one line for a person."""

    def __init__(self, message: str, reason: Reason = Reason.NO_ROOM) -> None:
        super().__init__(message)
        self.reason = reason


@frozen
class Lines:
    """The lines from ``first`` to ``last`` of a text, which count from 1."""

    first: int
    last: int


def hole_above(parsed: Parsed, text: str, lines: Lines) -> Hole:
    """The place in ``text`` of the comment that is to be written; raises NoLine.

    Rows that continue a statement have none of their own: a comment would stand in the middle of it.
    """
    rows = text.split("\n")
    if not 1 <= lines.first <= lines.last <= len(rows):
        raise NoLine(f"there are no lines {lines.first} to {lines.last}")
    first = next((row for row in range(lines.first - 1, lines.last) if rows[row].strip()), None)
    if first is None:
        raise NoLine("there is no code on these lines")
    code = "\n".join(rows[first : lines.last])
    if lines.last - first > MOST_LINES or len(code) > MOST_CHARACTERS:
        raise NoLine(describe(Reason.TOO_MUCH_TO_SAY), Reason.TOO_MUCH_TO_SAY)
    start = sum(len(row) + 1 for row in rows[:first])
    indent = rows[first][: len(rows[first]) - len(rows[first].lstrip())]
    if not _begins_statement(parsed, len(encode(text[: start + len(indent)]))):
        raise NoLine(f"line {first + 1} begins no statement")
    opened = f"{indent}{line_comment(parsed.language.id)} "
    end = "\r\n" if rows[first].endswith("\r") else "\n"
    return Hole(text[:start] + opened, end + text[start:], f"{code}\n", opened)


async def comment_above(text: str, hole: Hole, writer: Writer) -> Outcome[Words]:
    """Words for the comment; raises EngineError."""
    subject = Subject(Kind.CLASS, "", 0, 0, 0)
    read = await asyncio.to_thread(Read.of, hole.definition, text)
    about = About(subject, read, is_summary=True, known_only=writer.makes_up_words)
    return await written_words(Blank(Part.LINE), hole, about, writer)


def proven(language: Language, text: str, hole: Hole, words: str) -> Edit | str:
    """The edit, or what speaks against it."""
    start = hole.before.rfind("\n") + 1
    end = "\r\n" if hole.after.startswith("\r\n") else "\n"
    edit = Edit(start, start, f"{hole.opened}{words}{end}")
    return difference_apart(language, text, edit.apply(text)) or edit


def _begins_statement(parsed: Parsed, at: int) -> bool:
    """Whether a statement begins at the byte ``at``, and not a part of an expression or a string."""
    cursor, begins = parsed.root.walk(), False
    node = parsed.root
    while cursor.goto_first_child_for_byte(at) is not None:
        is_statement, node = node.type in _BLOCKS, cursor.node or node
        begins = begins or (is_statement and node.start_byte == at)
    return begins and not node.has_error
