"""How long, how many and how much: the rules of the library, in one place."""

from dataclasses import dataclass
from datetime import date, timedelta

from lending.records import Loan, Member, Membership


@dataclass(frozen=True)
class Allowance:
    """What one kind of membership grants."""

    max_books: int
    loan_days: int
    max_renewals: int


ALLOWANCES = {
    Membership.CHILD: Allowance(max_books=5, loan_days=21, max_renewals=2),
    Membership.ADULT: Allowance(max_books=8, loan_days=28, max_renewals=2),
    Membership.STAFF: Allowance(max_books=20, loan_days=90, max_renewals=5),
}

CENTS_PER_DAY = 20
MAX_FINE_CENTS = 500
GRACE_DAYS = 2


def allowance(member: Member) -> Allowance:
    """Look up what ``member`` may do."""
    return ALLOWANCES[member.membership]


def due_date(member: Member, start: date) -> date:
    """Say when a book lent or renewed on ``start`` is due; the library is closed on Sundays."""
    due = start + timedelta(days=allowance(member).loan_days)
    return next_open_day(due)


def next_open_day(day: date) -> date:
    """Move a Sunday to the Monday after it."""
    sunday = 6
    return day + timedelta(days=1) if day.weekday() == sunday else day


def fine_cents(loan: Loan, today: date) -> int:
    """Work out what a late return costs; children and the first days are free."""
    if loan.member.membership is Membership.CHILD:
        return 0
    days = loan.days_late(today)
    if days <= GRACE_DAYS:
        return 0
    return min(days * CENTS_PER_DAY, MAX_FINE_CENTS)


def may_renew(loan: Loan, today: date) -> bool:
    """Whether ``loan`` can be extended: it is out, not late, and was not extended too often."""
    limit = allowance(loan.member).max_renewals
    return loan.is_open and not loan.is_overdue(today) and loan.renewals < limit
