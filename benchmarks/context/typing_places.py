"""Where is typed: files of real packages, with lines that are typed again."""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from attrs import evolve
from document import Document
from holes import Hole
from packages import Package
from stability import typed_lines

from codenook.context.code import outline_of
from codenook.context.line import PLACEHOLDER
from codenook.context.outline import Definition
from codenook.context.parse import language_named, parse

N_DOCUMENTS_PER_PACKAGE = 6
N_LINES_PER_DOCUMENT = 4
MAX_LINES = 60
"""Longer definitions are not repeated: a file of 100 lines has to hold one."""


def documents(package: Package, root: Path, holes: Sequence[Hole], *, broken: bool = False) -> list[Document]:
    """Return files of the package at ``root``, a folder of the workspace, with lines of its holes.

    The file parses without each of the lines; with ``broken`` it does not, as without one that opens a block.
    """
    lines: dict[str, list[tuple[int, int]]] = {}
    for hole in holes:
        for typed in typed_lines(hole, root):
            start = len(typed.before)
            lines.setdefault(hole.path, []).append((start, start + len(typed.line)))
    found = (
        Document(f"{root.name}/{path}", package.language, tuple(sorted(of_file)))
        for path, of_file in lines.items()
    )
    kept = (
        evolve(each, lines=tuple(islice(_lines(each, root.parent, broken=broken), N_LINES_PER_DOCUMENT)))
        for each in found
    )
    return list(islice((each for each in kept if each.lines), N_DOCUMENTS_PER_PACKAGE))


def _lines(document: Document, workspace: Path, *, broken: bool) -> Iterator[tuple[int, int]]:
    language, text = language_named(document.language), document.read(workspace)
    for start, end in document.lines:
        without = text[:start] + PLACEHOLDER + language.reader.statement_end + text[end:]
        if parse(language, without.encode()).root.has_error is broken:
            yield start, end


def repeated(document: Document, text: str, n_lines: int) -> Document | None:
    """Return a document of at least ``n_lines`` lines of the definitions at the top of ``text``.

    They are repeated, each under names of their own, around the one with the document's first line; None
    when that line is in no short one, or what comes of it does not parse.
    """
    outline = outline_of(document.path, text.encode())
    definitions = outline.definitions if outline else ()
    rows, (start, end) = text.split("\n"), document.lines[0]
    row = text.count("\n", 0, start) + 1
    found = [each for each in definitions if not each.parent and 1 < _n_lines(each) <= MAX_LINES]
    own = next((each for each in found if each.start_line < row <= each.end_line), None)
    if own is None:
        return None
    head = "\n".join(rows[: min(each.start_line for each in definitions) - 1])
    copies: list[str] = []
    n_left = n_lines - head.count("\n") - _n_lines(own)
    for number, each in enumerate(cycle(found)):
        if n_left <= 0:
            break
        code = "\n".join(rows[each.start_line - 1 : each.end_line])
        copies.append(re.sub(rf"\b{re.escape(each.name)}\b", f"{each.name}_{number}", code))
        n_left -= _n_lines(each) + 1
    half = len(copies) // 2
    above = "\n\n".join([head, *copies[:half], ""])
    moved = len(above) - len("\n".join([*rows[: own.start_line - 1], ""]))
    function = "\n".join(rows[own.start_line - 1 : own.end_line])
    whole = above + "\n\n".join([function, *copies[half:], ""])
    if parse(language_named(document.language), whole.encode()).root.has_error:
        return None
    return evolve(document, text=whole, lines=((start + moved, end + moved),))


def _n_lines(definition: Definition) -> int:
    return definition.end_line - definition.start_line + 1
