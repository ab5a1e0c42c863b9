"""A function as it is to be laid out, and how its header is put into rows."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from codenook.server.translation.signature import Signature
from codenook.server.translation.writing.documentation import Renamed
from codenook.server.translation.writing.members import Role


@frozen
class Header:
    """A function as it is to be laid out: its ``signature`` in the target's terms, and what it is for.

    ``doc`` are the words of its documentation, ``source`` the language that they are from, ``renamed`` what
    is called otherwise now. ``changes_object`` says that a method changes its object.
    """

    signature: Signature
    role: Role
    doc: str
    source: str
    renamed: Renamed
    changes_object: bool
    result: str
    """The type of the result as it is written, and of errors where it says so; empty for none."""

    @property
    def is_member(self) -> bool:
        """Whether it stands in a class."""
        return bool(self.signature.owner)


def spread(
    head: str, items: Sequence[str], tail: str, indent: str, *, width: int = 100, ends: str = ","
) -> str:
    """``head(items)tail`` in one row where that fits, else each item in a row of its own."""
    row = f"{indent}{head}({', '.join(items)}){tail}"
    if len(row) <= width or not items:
        return row
    inside = indent + "    "
    rows: Iterator[str] = (f"{inside}{item}" for item in items)
    return f"{indent}{head}(\n" + ",\n".join(rows) + f"{ends}\n{indent}){tail}"
