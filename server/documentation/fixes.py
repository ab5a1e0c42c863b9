"""Edits of documentation as it stands: an item renamed, added, taken out, a default put right."""

import difflib
from collections.abc import Sequence

from attrs import frozen

from codenook.context.parse import Parsed
from codenook.server.documentation.dialects.dialect import PARAMETERS
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.inserting import inserted
from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.placing import Added, Told
from codenook.server.documentation.subject import Doc, Parameter
from codenook.server.documentation.write import NoRoom

_WIDTH = 88
"""Of rows without words, which are short."""

_LEAST_LIKENESS = 0.6


@frozen
class Meant:
    """The parameter that a wrong name may mean; ``is_sure`` says that nothing speaks against it."""

    name: str
    is_sure: bool


def meant(
    parts: Parts, item: Item, parameters: Sequence[Parameter], missing: Sequence[Parameter]
) -> Meant | None:
    """What an item with a wrong name means: a parameter much like it, or the only one not documented."""
    wrong = next(name for name in item.names if name not in {each.name for each in parameters})
    near = difflib.get_close_matches(wrong, [each.name for each in missing], n=1, cutoff=_LEAST_LIKENESS)
    if near:
        return Meant(near[0], is_sure=True)
    if len(missing) != 1:
        return None
    (only,) = missing
    told = [name for each in parts.parameters for name in each.names]
    stands_there = told.index(wrong) == list(parameters).index(only)
    return Meant(only.name, is_sure=stands_there and (not item.type or item.type == only.type))


def rename(at: Told, parsed: Parsed, doc: Doc, item: Item, new_name: str) -> Edit | None:
    """Another name for the one of an item's that the definition doesn't have, in the row of its type, too."""
    name, places = next(name for name in item.names if name not in at.order), []
    for row in (item, *(row for row in at.parts.type_rows if row.names == (name,))):
        text = doc.lines[row.first].text
        column = text.find(name, max(row.column, 0))
        if column < 0:
            return None
        places.append(doc.lines[row.first].start + len(text[:column].encode()))
    renamed, end = "", min(places)
    for place in sorted(places):
        renamed += parsed.source[end:place].decode("utf-8", "replace") + new_name
        end = place + len(name.encode())
    return Edit.of_bytes(parsed.source, min(places), end, renamed)


def remove_names(parsed: Parsed, doc: Doc, item: Item, names: Sequence[str]) -> Edit | None:
    """Some of an item's names less."""
    text = doc.lines[item.first].text
    written = text[item.column : text.find(item.names[-1], item.column) + len(item.names[-1])]
    if item.column < 0 or [part.strip("* ") for part in written.split(",")] != list(item.names):
        return None
    others = ", ".join(part.strip() for part in written.split(",") if part.strip("* ") not in names)
    start = doc.lines[item.first].start + len(text[: item.column].encode())
    return Edit.of_bytes(parsed.source, start, start + len(written.encode()), others)


def remove(at: Told, parsed: Parsed, doc: Doc, item: Item, gone: Sequence[Item] = ()) -> Edit | None:
    """An item's rows less, with all that belongs to it; None where that can't be done.

    Where all items below a heading are ``gone``, the first of them goes with the others and the heading.
    """
    parts, (first, end) = at.parts, at.dialect.extent(item, at.texts)
    last = end - 1
    heading = max((rows for rows in parts.headings if rows[1] < first), default=None)
    following = min((rows[0] for rows in parts.headings if rows[0] > first), default=len(doc.lines))
    below = [other for other in parts.items if heading and heading[1] < other.first < following]
    if heading and parts.is_whole and all(any(each is other for each in (item, *gone)) for other in below):
        if item.first != min(other.first for other in below):
            return None
        first, last = heading[0], max(other.last for other in below)
        while first > 0 and not doc.lines[first - 1].text:
            first -= 1
    rows = doc.lines[first : last + 1]
    if not rows or any(row.row_start == row.row_end for row in rows):
        return None
    return Edit.of_bytes(parsed.source, rows[0].row_start, rows[-1].row_end, "")


def add(at: Told, parsed: Parsed, doc: Doc, new: Parameter) -> Edit | None:
    """One more item for a parameter, with what the code says of it and no words."""
    item = Item((new.name,), " ".join(new.type.split()), mark=new.mark)
    try:
        return inserted(parsed, doc, at.insertions([Added(PARAMETERS, item)], _WIDTH))
    except NoRoom:
        return None


def replace_default(parsed: Parsed, doc: Doc, item: Item, default: str) -> Edit:
    """Another default, in the marks of the old one."""
    line = doc.lines[item.default_row]
    marks = item.default[: len(item.default) - len(item.default.lstrip("`"))]
    start = line.start + len(line.text[: item.default_at].encode())
    return Edit.of_bytes(parsed.source, start, start + len(item.default.encode()), f"{marks}{default}{marks}")
