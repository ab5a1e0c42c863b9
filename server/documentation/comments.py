"""The marks around documentation: taken off what stands in a file, and put around lines of text."""

import re
from collections.abc import Sequence

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.documentation.subject import Doc, DocLine

_MARK = b"\xef\xbb\xbf"
"""UTF-8's byte order mark."""

_STAR = re.compile(r"[ \t]*\*(?!/) ?")
_LINE_MARKS = re.compile(r"//[/!]?<? ?")
_BLOCK_OPENING = re.compile(r"/\*[*!]?<?[ \t]*")
_STRING = re.compile(r"(?s)([a-zA-Z]*)('''|\"\"\"|'|\")(.*)\2$")


@frozen
class _Row:
    """A row of a comment: its text, and where it begins in the file (bytes)."""

    text: str
    start: int


def indent_of(source: bytes, start: int) -> str:
    """The white space that a row of ``source`` begins with, when nothing else precedes ``start``; else ''."""
    before = source[source.rfind(b"\n", 0, start) + 1 : start]
    return "" if before.strip() else before.decode("utf-8", "replace")


def start_of_row(source: bytes, at: int) -> int:
    """Where the row of ``at`` begins; the first one does behind a byte order mark."""
    return source.rfind(b"\n", 0, at) + 1 or len(_MARK) * source.startswith(_MARK)


def begins_row(source: bytes, start: int) -> bool:
    """Whether nothing but white space precedes ``start`` in its row."""
    return not source[start_of_row(source, start) : start].strip()


def docstring(parsed: Parsed, string: Node) -> Doc | None:
    """The docstring that a string is; None for one in several pieces, in bytes, or with values in it."""
    match = _STRING.match(text_of(string))
    if string.type != "string" or match is None or not set(match[1].lower()) <= {"r", "u"}:
        return None
    opening = match[1] + match[2]
    rows = _rows(match[3], string.start_byte + len(opening))
    base = _base([row.text for row in rows[1:]])
    if rows[0].text.endswith(":"):  # a heading, and all below it is deeper
        base = min(base, len(indent_of(parsed.source, string.start_byte)))
    lines = [
        _line(parsed.source, row, 0 if number == 0 else min(base, len(row.text) - len(row.text.lstrip())))
        for number, row in enumerate(rows)
    ]
    return _doc(parsed.source, opening, string.start_byte, string.end_byte, lines)


def block(parsed: Parsed, comment: Node) -> Doc:
    """The documentation in a block comment."""
    text = text_of(comment)
    opening = _BLOCK_OPENING.match(text)
    head = opening.end() if opening else 2
    rows = _rows(text[head:].removesuffix("*/").rstrip("*").rstrip(" \t"), comment.start_byte + head)
    lines = []
    for number, row in enumerate(rows):
        star = _STAR.match(row.text)
        taken = star.end() if star else len(row.text) - len(row.text.lstrip())
        lines.append(_line(parsed.source, row, taken if number else 0))
    mark = text[:head].rstrip() if opening else "/**"
    return _doc(parsed.source, mark, comment.start_byte, comment.end_byte, lines)


def line_comments(parsed: Parsed, comments: Sequence[Node]) -> Doc:
    """The documentation in line comments that follow each other."""
    lines = []
    for comment in comments:
        text = text_of(comment).rstrip("\r\n")
        marks = _LINE_MARKS.match(text)
        lines.append(_line(parsed.source, _Row(text, comment.start_byte), marks.end() if marks else 0))
    first, last = comments[0], comments[-1]
    opening = _LINE_MARKS.match(text_of(first))
    end = last.start_byte + len(text_of(last).rstrip("\r\n").encode())
    return _doc(parsed.source, opening[0].rstrip() if opening else "//", first.start_byte, end, lines)


def wrapped(texts: Sequence[str], opening: str, indent: str, line_end: str) -> str:
    """The comment or docstring with these lines, without the indentation of its first."""
    if opening.startswith("//"):
        return (line_end + indent).join(f"{opening} {text}".rstrip() for text in texts)
    if opening.startswith("/*"):
        if len(texts) == 1:
            return f"{opening} {texts[0]} */"
        inside = [f" * {text}".rstrip() for text in texts]
        return (line_end + indent).join([opening, *inside, " */"])
    quotes = opening.lstrip("rRuU")
    inside = [text and indent + text for text in texts[1:]]
    if len(texts) == 1:
        return f"{opening}{texts[0]}{quotes}"
    return line_end.join([opening + texts[0], *inside, indent + quotes])


def _rows(text: str, start: int) -> list[_Row]:
    rows = []
    for row in text.split("\n"):
        rows.append(_Row(row.rstrip("\r"), start))
        start += len(row.encode()) + 1
    return rows


def _base(texts: Sequence[str]) -> int:
    """How far the rows are indented that are not blank."""
    return min((len(text) - len(text.lstrip()) for text in texts if text.strip()), default=0)


def _line(source: bytes, row: _Row, taken: int) -> DocLine:
    """The row without what is ``taken`` off its beginning."""
    text = row.text[taken:].rstrip()
    start = row.start + len(row.text[:taken].encode())
    row_start, row_end = source.rfind(b"\n", 0, start) + 1, source.find(b"\n", start) + 1
    end = start + len(text.encode())
    holds_more = row.start > row_start and not begins_row(source, row.start)
    if holds_more or not row_end or source[end:row_end].strip() or _opens(source[row_start:start]):
        return DocLine(text, start, row_start, row_start)
    return DocLine(text, start, row_start, row_end)


def _opens(before: bytes) -> bool:
    """Whether a block comment or a string begins before the text of a row."""
    return b"/*" in before or before.rstrip().endswith((b'"', b"'"))


def _doc(source: bytes, opening: str, start: int, end: int, lines: Sequence[DocLine]) -> Doc:
    return Doc(opening, start, end, indent_of(source, start), tuple(lines))
