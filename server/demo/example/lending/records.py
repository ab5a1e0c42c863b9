"""The values that everything else passes around: books, members and loans."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class Membership(Enum):
    """What a member may do: how many books at once, and for how long."""

    CHILD = "child"
    ADULT = "adult"
    STAFF = "staff"


@dataclass(frozen=True)
class Book:
    """One physical copy on the shelf."""

    number: int
    title: str
    author: str
    year: int
    subjects: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The line that is printed on the spine."""
        surname = self.author.split()[-1]
        return f"{surname[:3].upper()} {self.year} #{self.number}"

    def is_about(self, subject: str) -> bool:
        """Whether the book carries this subject, in whatever case."""
        return subject.casefold() in (known.casefold() for known in self.subjects)


@dataclass(frozen=True)
class Member:
    """Somebody who may borrow books."""

    name: str
    email: str
    joined: date
    membership: Membership = Membership.ADULT

    @property
    def key(self) -> str:
        """The short name that members are looked up by."""
        return self.name.split()[0].casefold()


@dataclass
class Loan:
    """One book in the hands of one member."""

    book: Book
    member: Member
    lent: date
    due: date
    returned: date | None = None
    renewals: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the book is still out."""
        return self.returned is None

    def days_late(self, today: date) -> int:
        """How many days past its due date the book came back, or is out on ``today``."""
        end = self.returned or today
        return max(0, (end - self.due).days)

    def is_overdue(self, today: date) -> bool:
        """Whether the book should have been back before ``today``."""
        return self.is_open and self.days_late(today) > 0


@dataclass
class Shelf:
    """Everything the library knows: its books, its members and all loans, old and open."""

    books: dict[int, Book] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    loans: list[Loan] = field(default_factory=list)

    def add_book(self, book: Book) -> None:
        """Put a book on the shelf; a number that is taken is replaced."""
        self.books[book.number] = book

    def add_member(self, member: Member) -> None:
        """Let somebody in."""
        self.members[member.key] = member

    def open_loans(self) -> list[Loan]:
        """All loans whose book is still out, the oldest first."""
        return sorted((loan for loan in self.loans if loan.is_open), key=lambda loan: loan.lent)
