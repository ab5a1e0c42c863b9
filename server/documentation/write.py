"""Parts into a file: a new comment or docstring, or one in the place of the old."""

from attrs import evolve

from codenook.context.parse import Parsed
from codenook.server.documentation.comments import begins_row, wrapped
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.style import Style
from codenook.server.documentation.subject import Doc, Room, Subject


class NoRoom(Exception):
    """Documentation can't be written here; the message is one line for a person."""


def documented(parsed: Parsed, subject: Subject, parts: Parts, style: Style) -> Edit:
    """The edit that gives ``subject`` the documentation ``parts``, in the place of what it has.

    Raises NoRoom. Whether the code is unchanged by it is for `verify.unchanged` to say, and whether it says
    what it should for `verify.documented`.
    """
    source = parsed.source
    at = subject.doc or subject.room
    if at is None or not begins_row(source, at.start):
        raise NoRoom(f"{subject.symbol or 'the file'} has no row of its own for documentation")
    indent = at.indent
    line_end = "\r\n" if b"\r\n" in source else "\n"
    opening = style.opening
    if opening[0] in "'\"":
        is_raw = _is_raw(parts, at)
        parts, opening = (parts, f"r{opening}") if is_raw else (_escaped(parts), opening)
    rows = style.dialect.render(parts, style.width_in(indent))
    comment = wrapped(_fitting(rows, style), opening, indent, line_end)
    if isinstance(at, Doc):
        return Edit.of_bytes(source, at.start, at.end, comment)
    blank = line_end if at.blank_after else ""
    return Edit.of_bytes(source, at.start, at.start, f"{indent}{comment}{line_end}{blank}")


def _is_raw(parts: Parts, at: Doc | Room) -> bool:
    """Whether a docstring is to be raw: as it was, where it keeps what was written with backslashes."""
    prose = parts.summary + parts.description + parts.rest
    if isinstance(at, Doc) and "\\" in prose:
        return "r" in at.opening.lower()
    return "\\" in prose or any("\\" in item.type + item.text for item in parts.items)


def _escaped(parts: Parts) -> Parts:
    """The parts for a docstring that isn't raw: what is not kept from it has no escapes."""

    def doubled(item: Item | None) -> Item | None:
        return item and evolve(
            item, type=item.type.replace("\\", "\\\\"), text=item.text.replace("\\", "\\\\")
        )

    return evolve(
        parts,
        parameters=tuple(item for each in parts.parameters if (item := doubled(each))),
        raises=tuple(item for each in parts.raises if (item := doubled(each))),
        returns=doubled(parts.returns),
        yields=doubled(parts.yields),
    )


def _fitting(rows: list[str], style: Style) -> list[str]:
    """The rows as the marks around them allow; raises NoRoom for what would end the comment."""
    while rows and not rows[-1].strip():
        rows.pop()
    if not rows:
        raise NoRoom("there is nothing to write")
    end = {"/**": "*/", "/*!": "*/", "/*": "*/"}.get(style.opening, style.opening)
    if not style.opening.startswith("//") and any(end in row for row in rows):
        raise NoRoom(f"the text contains {end}")
    if style.opening[0] in "'\"":
        if style.begins_below and len(rows) > 1:
            return ["", *rows]
        if len(rows) == 1 and rows[0].endswith(('"', "'", "\\")):
            return [*rows, ""]
    return rows
