"""Reading books and members from CSV files, and dates from the command line."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from lending.errors import BadInput
from lending.records import Book, Member, Membership

BOOK_COLUMNS = ("number", "title", "author", "year")
MEMBER_COLUMNS = ("name", "email", "joined")


def parse_books(lines: Iterable[str]) -> Iterator[Book]:
    """Read books: a line of column names, then one book a line; subjects are separated by ``;``."""
    for line_number, row in _rows(lines, BOOK_COLUMNS):
        yield Book(
            number=parse_number(row["number"], line_number),
            title=row["title"].strip(),
            author=row["author"].strip(),
            year=parse_number(row["year"], line_number),
            subjects=parse_subjects(row.get("subjects") or ""),
        )


def parse_members(lines: Iterable[str]) -> Iterator[Member]:
    """Read members: a line of column names, then one member a line."""
    for line_number, row in _rows(lines, MEMBER_COLUMNS):
        yield Member(
            name=row["name"].strip(),
            email=row["email"].strip(),
            joined=parse_date(row["joined"], line_number),
            membership=parse_membership(row.get("membership") or "adult", line_number),
        )


def parse_date(text: str, line_number: int | None = None) -> date:
    """Read a date written as ``2025-03-01``."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{text!r} is not a date like 2025-03-01", line_number) from None


def parse_number(text: str, line_number: int | None = None) -> int:
    """Read a whole number above zero."""
    try:
        number = int(text)
    except ValueError:
        raise BadInput(f"{text!r} is not a number", line_number) from None
    if number <= 0:
        raise BadInput(f"{number} is not above zero", line_number)
    return number


def parse_membership(text: str, line_number: int | None = None) -> Membership:
    """Read a kind of membership by its name."""
    try:
        return Membership(text.strip().casefold())
    except ValueError:
        known = ", ".join(kind.value for kind in Membership)
        raise BadInput(f"{text!r} is none of {known}", line_number) from None


def parse_subjects(text: str) -> tuple[str, ...]:
    """Split ``"history; trains"`` into its subjects."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _rows(lines: Iterable[str], columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(lines)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(f"the column {missing[0]!r} is missing", 1)
    for row in reader:
        if None in row or None in row.values():
            raise BadInput("the line does not have as many values as there are columns", reader.line_num)
        yield reader.line_num, row
