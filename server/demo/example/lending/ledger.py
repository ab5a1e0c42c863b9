"""What may happen to a book: it is lent, renewed and given back."""

from collections import Counter
from datetime import date

from lending.errors import NotAllowed, UnknownBook, UnknownMember
from lending.records import Book, Loan, Member, Shelf
from lending.rules import allowance, due_date, fine_cents, may_renew


class Ledger:
    """The library's desk: every change to the shelf goes through here."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def book(self, number: int) -> Book:
        """Find a book, or raise `UnknownBook`."""
        try:
            return self.shelf.books[number]
        except KeyError:
            raise UnknownBook(number) from None

    def member(self, name: str) -> Member:
        """Find a member by first name, or raise `UnknownMember`."""
        try:
            return self.shelf.members[name.casefold()]
        except KeyError:
            raise UnknownMember(name) from None

    def loan_of(self, number: int) -> Loan | None:
        """Find the open loan of a book; None when it stands on the shelf."""
        for loan in self.shelf.loans:
            if loan.is_open and loan.book.number == number:
                return loan
        return None

    def loans_by(self, name: str) -> list[Loan]:
        """List the books that a member has at home."""
        member = self.member(name)
        return [loan for loan in self.shelf.open_loans() if loan.member == member]

    def lend(self, number: int, name: str, today: date) -> Loan:
        """Hand a book to a member and note when it is due."""
        book = self.book(number)
        member = self.member(name)
        if self.loan_of(number) is not None:
            raise NotAllowed(f"{book.title!r} is already lent")
        if len(self.loans_by(name)) >= allowance(member).max_books:
            raise NotAllowed(f"{member.name} has no free place left")
        loan = Loan(book=book, member=member, lent=today, due=due_date(member, today))
        self.shelf.loans.append(loan)
        return loan

    def renew(self, number: int, today: date) -> Loan:
        """Start the loan period anew from ``today``."""
        loan = self._open_loan(number)
        if not may_renew(loan, today):
            raise NotAllowed(f"{loan.book.title!r} cannot be renewed again")
        loan.due = due_date(loan.member, today)
        loan.renewals += 1
        return loan

    def give_back(self, number: int, today: date) -> int:
        """Take a book back and say what its reader owes, in cents."""
        loan = self._open_loan(number)
        loan.returned = today
        return fine_cents(loan, today)

    def overdue(self, today: date) -> list[Loan]:
        """List the open loans that are late, the longest overdue first."""
        late = [loan for loan in self.shelf.open_loans() if loan.is_overdue(today)]
        return sorted(late, key=lambda loan: loan.due)

    def available(self, subject: str | None = None) -> list[Book]:
        """List the books on the shelf, all or those about one subject."""
        lent = {loan.book.number for loan in self.shelf.open_loans()}
        return [
            book
            for book in self.shelf.books.values()
            if book.number not in lent and (subject is None or book.is_about(subject))
        ]

    def favourites(self, count: int = 3) -> list[tuple[Book, int]]:
        """List the books that were lent most often, with how often."""
        times = Counter(loan.book.number for loan in self.shelf.loans)
        return [(self.book(number), often) for number, often in times.most_common(count)]

    def _open_loan(self, number: int) -> Loan:
        loan = self.loan_of(number)
        if loan is None:
            raise NotAllowed(f"{self.book(number).title!r} is not lent")
        return loan
