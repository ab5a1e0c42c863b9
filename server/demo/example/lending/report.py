"""What the library tells people: lists, reminders and a summary of a year."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from lending.records import Book, Loan, Member, Shelf
from lending.rules import fine_cents


def money(cents: int) -> str:
    """Write an amount as ``3.40``."""
    return f"{cents // 100}.{cents % 100:02d}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay rows out in columns as wide as their widest cell."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def book_list(books: Iterable[Book]) -> str:
    """List books by author and year."""
    in_order = sorted(books, key=lambda book: (book.author, book.year))
    return table(
        ("No.", "Author", "Title", "Year"),
        ((str(book.number), book.author, book.title, str(book.year)) for book in in_order),
    )


def overdue_list(loans: Iterable[Loan], today: date) -> str:
    """List late books with their readers and what they owe by now."""
    return table(
        ("Book", "Reader", "Due", "Late", "Fine"),
        (
            (
                loan.book.title,
                loan.member.name,
                loan.due.isoformat(),
                f"{loan.days_late(today)} days",
                money(fine_cents(loan, today)),
            )
            for loan in loans
        ),
    )


def reminder(member: Member, loans: Sequence[Loan], today: date) -> str:
    """Write a friendly letter about the books that a member should bring back."""
    late = [loan for loan in loans if loan.is_overdue(today)]
    total = sum(fine_cents(loan, today) for loan in late)
    lines = [f"Dear {member.name},", "", "please bring back:"]
    lines += [f"  - {loan.book.title} (due {loan.due:%d.%m.%Y})" for loan in late]
    if total:
        lines += ["", f"By today this comes to {money(total)}."]
    return "\n".join(lines)


def busiest_readers(shelf: Shelf, year: int, count: int = 3) -> list[tuple[str, int]]:
    """Name who borrowed most in a year, with how often."""
    names = Counter(loan.member.name for loan in shelf.loans if loan.lent.year == year)
    return names.most_common(count)


def year_summary(shelf: Shelf, year: int) -> str:
    """Sum up a year: loans, books that were never lent, and the busiest readers."""
    loans = [loan for loan in shelf.loans if loan.lent.year == year]
    lent = {loan.book.number for loan in loans}
    idle = [book for number, book in shelf.books.items() if number not in lent]
    lines = [
        f"{year}: {len(loans)} loans of {len(lent)} books",
        f"never lent: {len(idle)}",
    ]
    lines += [f"{name}: {often} loans" for name, often in busiest_readers(shelf, year)]
    return "\n".join(lines)
