"""Outlines as rows of the index's tables, and back."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from attrs import frozen

from codenook.context.outline import Definition, Import, Kind, Outline

Row = tuple[Any, ...]

DEFINITION_COLUMNS = (
    "name, symbol, kind, start_line, end_line, signature, parent, doc, type, bases, is_public"
)

_KINDS = {kind.value: kind for kind in Kind}  # several times as fast as Kind(value)

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\dA-Za-z_]+")
_HEADER = re.compile(r"\.(h|hh|hpp|hxx)$")


@frozen
class Rows:
    """What one content adds to the tables, without the content's number in front of each row."""

    language: str
    package: str
    definitions: list[Row]
    searches: list[Row]
    imports: list[Row]
    occurrences: list[Row]


def rows_of(outline: Outline) -> Rows:
    """Lay out ``outline`` for the tables."""
    return Rows(
        outline.language,
        outline.package,
        [_definition_row(definition) for definition in outline.definitions],
        [(" ".join(words(d.name)), " ".join(words(d.doc))) for d in outline.definitions],
        [
            (place, i.module, i.name, i.binds, i.is_exported, tail_of(i.module))
            for place, i in enumerate(outline.imports)
        ],
        sorted((word_of(identifier), n) for identifier, n in outline.occurrences.items()),
    )


def definition_of(row: Sequence[Any]) -> Definition:
    """Read a row of DEFINITION_COLUMNS."""
    name, symbol, kind, start, end, signature, parent, doc, type_, bases, is_public = row
    return Definition(
        name,
        symbol,
        _KINDS[kind],
        start,
        end,
        signature,
        parent,
        doc,
        type_,
        tuple(bases.split("\n")) if bases else (),
        bool(is_public),
    )


def import_of(row: Sequence[Any]) -> Import:
    """Read a row of module, name, binds, is_exported."""
    module, name, binds, is_exported = row
    return Import(module, name, binds, bool(is_exported))


def words(text: str) -> list[str]:
    """The words of identifiers or prose in lower case: split at case, underscores, digits and signs."""
    return [word.lower() for word in _WORD.findall(text)]


def word_of(identifier: str) -> int:
    """The number that stands for ``identifier``: 64 bits, signed as SQLite wants them."""
    digest = blake2b(identifier.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def tail_of(module: str) -> str:
    """The last component of a module as imports spell it: ``c`` of ``a.b.c``, ``./a/c.js``, ``a::c``."""
    if "/" in module:
        return module.rpartition("/")[2].partition(".")[0]
    return re.split(r"[.:\\]", _HEADER.sub("", module))[-1]


def _definition_row(d: Definition) -> Row:
    bases = "\n".join(d.bases)
    return (
        d.name,
        d.symbol,
        d.kind.value,
        d.start_line,
        d.end_line,
        d.signature,
        d.parent,
        d.doc,
        d.type,
        bases,
        d.is_public,
    )
