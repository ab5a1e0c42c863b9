"""A model's new text for a changed line as a fix: it applies, changes something, and parses."""

import textwrap

from codenook.context.parse import encode
from codenook.server.review.finding import Edit, Fix, Span
from codenook.server.review.fixes import parses
from codenook.server.review.scope.change import ChangedFile

N_ROWS = 6
"""Rows that may stand in the place of a line."""

_LONGEST_TITLE = 80


def fix(file: ChangedFile, line: int, text: str) -> Fix | None:
    """The fix that puts ``text`` in the place of a line of the new text; None for one that can't be offered.

    The line's indentation stays, whatever the model made of it.
    """
    new, parsed = file.new, file.parsed
    rows = textwrap.dedent(text.rstrip()).strip("\n").split("\n")
    if new is None or parsed is None or not text.strip() or len(rows) > N_ROWS:
        return None
    if not all(row.replace("\t", " ").isprintable() for row in rows):
        return None
    written = new.line(line)
    indent = written[: len(written) - len(written.lstrip())]
    end = "\r\n" if new.text[new.offset(line, len(written) + 1) :].startswith("\r\n") else "\n"
    mended = end.join(f"{indent}{row.rstrip()}" if row.strip() else "" for row in rows)
    if mended.split() == written.split():
        return None
    start = new.offset(line, 1)
    edited = encode(new.text[:start] + mended + new.text[start + len(written) :])
    if not parses(parsed, edited):
        return None
    span = Span(line, 1, line, len(written) + 1)
    return Fix(_title(rows), (Edit(file.path, span, mended),))


def _title(rows: list[str]) -> str:
    first = rows[0].strip()
    if len(rows) > 1 or len(first) > _LONGEST_TITLE:
        first = f"{first[:_LONGEST_TITLE].rstrip()} ..."
    return f"Replace the line by `{first}`"
