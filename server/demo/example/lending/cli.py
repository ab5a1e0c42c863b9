"""The command line: ``python -m lending SHELF COMMAND ...``."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lending import report, storage
from lending.errors import LendingError
from lending.ledger import Ledger
from lending.parsing import parse_books, parse_date, parse_members


def build_parser() -> argparse.ArgumentParser:
    """Describe the commands and their arguments."""
    parser = argparse.ArgumentParser(prog="lending", description="A ledger for a small lending library.")
    parser.add_argument("shelf", type=Path, help="the JSON file that keeps everything")
    commands = parser.add_subparsers(dest="command", required=True)

    for name in ("import-books", "import-members"):
        command = commands.add_parser(name, help="add what a CSV file lists")
        command.add_argument("file", type=Path)

    lend = commands.add_parser("lend", help="hand a book to a member")
    lend.add_argument("number", type=int)
    lend.add_argument("member")
    lend.add_argument("day", type=parse_date, nargs="?", default=None)

    for name in ("renew", "return"):
        command = commands.add_parser(name, help=f"{name} a book")
        command.add_argument("number", type=int)
        command.add_argument("day", type=parse_date, nargs="?", default=None)

    overdue = commands.add_parser("overdue", help="list the books that are late")
    overdue.add_argument("--on", dest="day", type=parse_date, default=None)

    available = commands.add_parser("available", help="list the books on the shelf")
    available.add_argument("--subject")

    summary = commands.add_parser("summary", help="sum up a year")
    summary.add_argument("year", type=int)
    return parser


def run(arguments: argparse.Namespace, ledger: Ledger) -> str:
    """Do what one command asks for and return what it has to say."""
    today = getattr(arguments, "day", None) or date.today()  # noqa: DTZ011 - the library's own calendar day
    match arguments.command:
        case "import-books":
            with arguments.file.open(encoding="utf-8", newline="") as lines:
                for book in parse_books(lines):
                    ledger.shelf.add_book(book)
            return f"{len(ledger.shelf.books)} books"
        case "import-members":
            with arguments.file.open(encoding="utf-8", newline="") as lines:
                for member in parse_members(lines):
                    ledger.shelf.add_member(member)
            return f"{len(ledger.shelf.members)} members"
        case "lend":
            loan = ledger.lend(arguments.number, arguments.member, today)
            return f"{loan.book.title} is due on {loan.due}"
        case "renew":
            loan = ledger.renew(arguments.number, today)
            return f"{loan.book.title} is now due on {loan.due}"
        case "return":
            return f"to pay: {report.money(ledger.give_back(arguments.number, today))}"
        case "overdue":
            return report.overdue_list(ledger.overdue(today), today)
        case "available":
            return report.book_list(ledger.available(arguments.subject))
        case _:
            return report.year_summary(ledger.shelf, arguments.year)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a problem is one line on stderr and exit code 1."""
    arguments = build_parser().parse_args(argv)
    try:
        shelf = storage.load(arguments.shelf)
        print(run(arguments, Ledger(shelf)))
        storage.save(shelf, arguments.shelf)
    except (LendingError, OSError) as error:
        print(f"lending: {error}", file=sys.stderr)
        return 1
    return 0
