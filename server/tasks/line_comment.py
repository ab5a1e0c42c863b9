"""A comment above selected lines: one sentence that a model writes, on a row of its own."""

from attrs import frozen

from codenook.context.parse import Language, encode, errors, parse
from codenook.models.prompts.layouts import line_comment
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.subject import Kind, Subject
from codenook.server.tasks.blanks import Blank, Hole, Part
from codenook.server.tasks.filling import Words, written_words
from codenook.server.tasks.infill import Writer
from codenook.server.tasks.jobs import Outcome
from codenook.server.verify.prose import About, lines_of, stems
from codenook.server.verify.unchanged import difference

_BODIES = (
    "module program block statement_block source_file compilation_unit translation_unit compound_statement "
    "class_body declaration_list field_declaration_list statement_list interface_body enum_body"
)
_BLOCKS = frozenset(_BODIES.split())
"""The nodes that consist of statements."""


class NoLine(Exception):
    """No comment can stand above these lines; the message is one line for a person."""


@frozen
class Lines:
    """The lines from ``first`` to ``last`` of a text, which count from 1."""

    first: int
    last: int


def hole_above(language: Language, text: str, lines: Lines) -> Hole:
    """The text around the comment that is to be written; raises NoLine.

    Rows that continue a statement have none of their own: a comment would stand in the middle of it.
    """
    rows = text.split("\n")
    if not 1 <= lines.first <= lines.last <= len(rows):
        raise NoLine(f"there are no lines {lines.first} to {lines.last}")
    first = next((row for row in range(lines.first - 1, lines.last) if rows[row].strip()), None)
    if first is None:
        raise NoLine("there is no code on these lines")
    start = sum(len(row) + 1 for row in rows[:first])
    if not _begins_statement(language, text, start + len(rows[first]) - len(rows[first].lstrip())):
        raise NoLine(f"line {first + 1} begins no statement")
    indent = rows[first][: len(rows[first]) - len(rows[first].lstrip())]
    opened = f"{indent}{line_comment(language.id)} "
    code = "\n".join(rows[first : lines.last])
    end = "\r\n" if rows[first].endswith("\r") else "\n"
    return Hole(text[:start] + opened, end + text[start:], f"{code}\n", opened)


async def comment_above(text: str, hole: Hole, writer: Writer) -> Outcome[Words]:
    """Words for the comment; raises EngineError."""
    subject = Subject(Kind.CLASS, "", 0, 0, 0)
    about = About(
        subject,
        hole.definition,
        stems([hole.definition]),
        lines_of(text),
        is_summary=True,
        known_only=writer.makes_up_words,
    )
    return await written_words(Blank(Part.LINE), hole, about, writer)


def proven(language: Language, text: str, hole: Hole, words: str) -> Edit | str:
    """The edit, or what speaks against it."""
    start = hole.before.rfind("\n") + 1
    end = "\r\n" if hole.after.startswith("\r\n") else "\n"
    edit = Edit(start, start, f"{hole.opened}{words}{end}")
    return difference(language, text, edit.apply(text)) or edit


def _begins_statement(language: Language, text: str, offset: int) -> bool:
    """Whether a statement begins at ``offset`` (code points), and not a part of an expression or a string."""
    parsed = parse(language, encode(text))
    at = len(encode(text[:offset]))
    node = parsed.root.descendant_for_byte_range(at, at + 1)
    if node is None or any(True for _ in errors(node)):
        return False
    while node.parent is not None and node.parent.start_byte == at and node.parent.type not in _BLOCKS:
        node = node.parent
    around = node.parent
    return around is not None and around.type in _BLOCKS
