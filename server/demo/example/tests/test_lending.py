from datetime import date
from pathlib import Path

import pytest

from lending import report, storage
from lending.cli import main
from lending.errors import BadInput, NotAllowed, UnknownBook, UnknownMember
from lending.ledger import Ledger
from lending.parsing import parse_books, parse_members
from lending.records import Membership, Shelf

BOOKS = """\
number,title,author,year,subjects
1,The Time Machine,H. G. Wells,1895,time; future
2,Emma,Jane Austen,1815,
3,Walden,Henry David Thoreau,1854,nature
"""
MEMBERS = """\
name,email,joined,membership
Ada Byron,ada@example.org,2024-01-05,adult
Tim Small,tim@example.org,2024-02-10,child
"""
MONDAY = date(2025, 3, 3)


@pytest.fixture
def ledger() -> Ledger:
    shelf = Shelf()
    for book in parse_books(BOOKS.splitlines()):
        shelf.add_book(book)
    for member in parse_members(MEMBERS.splitlines()):
        shelf.add_member(member)
    return Ledger(shelf)


def test_columns_become_values(ledger: Ledger) -> None:
    assert ledger.book(1).subjects == ("time", "future")
    assert ledger.book(1).label == "WEL 1895 #1"
    assert ledger.member("TIM").membership is Membership.CHILD


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("number,title,year\n", "line 1: the column 'author' is missing"),
        ("number,title,author,year\nx,A,B,1900\n", "line 2: 'x' is not a number"),
        ("number,title,author,year\n1,A\n", "line 2: the line does not have as many values"),
    ],
)
def test_bad_lines_are_named(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        list(parse_books(text.splitlines()))


def test_a_book_is_lent_once(ledger: Ledger) -> None:
    loan = ledger.lend(1, "ada", MONDAY)
    assert loan.due == date(2025, 3, 31)
    assert [book.number for book in ledger.available()] == [2, 3]
    with pytest.raises(NotAllowed, match="already lent"):
        ledger.lend(1, "tim", MONDAY)


def test_a_due_date_is_never_a_sunday(ledger: Ledger) -> None:
    assert ledger.lend(1, "ada", date(2025, 3, 2)).due == date(2025, 3, 31)


def test_unknown_names_and_numbers(ledger: Ledger) -> None:
    with pytest.raises(UnknownBook, match="number 9"):
        ledger.lend(9, "ada", MONDAY)
    with pytest.raises(UnknownMember, match="'eve'"):
        ledger.lend(1, "eve", MONDAY)


def test_renewals_run_out(ledger: Ledger) -> None:
    ledger.lend(1, "ada", MONDAY)
    ledger.renew(1, MONDAY)
    assert ledger.renew(1, date(2025, 3, 10)).due == date(2025, 4, 7)
    with pytest.raises(NotAllowed, match="cannot be renewed"):
        ledger.renew(1, date(2025, 3, 11))


@pytest.mark.parametrize(("day", "cents"), [(2, 0), (3, 60), (90, 500)])
def test_fines_start_after_some_days_and_end(ledger: Ledger, day: int, cents: int) -> None:
    loan = ledger.lend(1, "ada", MONDAY)
    assert ledger.give_back(1, date.fromordinal(loan.due.toordinal() + day)) == cents


def test_children_pay_nothing(ledger: Ledger) -> None:
    ledger.lend(2, "tim", MONDAY)
    assert ledger.give_back(2, date(2025, 12, 1)) == 0


def test_a_reminder_names_late_books_only(ledger: Ledger) -> None:
    ledger.lend(1, "ada", MONDAY)
    ledger.lend(2, "ada", date(2025, 4, 1))
    letter = report.reminder(ledger.member("ada"), ledger.loans_by("ada"), date(2025, 4, 5))
    assert "The Time Machine (due 31.03.2025)" in letter
    assert "Emma" not in letter
    assert letter.endswith("By today this comes to 1.00.")


def test_a_shelf_survives_its_file(ledger: Ledger, tmp_path: Path) -> None:
    ledger.lend(1, "ada", MONDAY)
    ledger.give_back(1, MONDAY)
    path = tmp_path / "shelf.json"
    storage.save(ledger.shelf, path)
    assert storage.load(path) == ledger.shelf
    assert list(tmp_path.iterdir()) == [path]


def test_the_command_line_from_import_to_overdue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "books.csv").write_text(BOOKS, encoding="utf-8")
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8")
    shelf = str(tmp_path / "shelf.json")
    assert main([shelf, "import-books", str(tmp_path / "books.csv")]) == 0
    assert main([shelf, "import-members", str(tmp_path / "members.csv")]) == 0
    assert main([shelf, "lend", "1", "ada", "2025-03-03"]) == 0
    assert main([shelf, "overdue", "--on", "2025-04-10"]) == 0
    assert "The Time Machine  Ada Byron  2025-03-31  10 days  2.00" in capsys.readouterr().out
    assert main([shelf, "lend", "1", "tim", "2025-03-04"]) == 1
    assert capsys.readouterr().err == "lending: 'The Time Machine' is already lent\n"
