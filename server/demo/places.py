"""Where the demonstration puts the cursor: moments from writing the example package."""

import shutil
from pathlib import Path

from attrs import frozen

EXAMPLE = Path(__file__).with_name("example")


@frozen
class Place:
    """A file as it was while someone wrote it: the cursor stands behind ``after``, followed by ``typed``.

    ``not_yet`` is what the finished file goes on with, and what is taken out.
    """

    title: str
    file: str
    after: str
    not_yet: str = ""
    typed: str = ""


@frozen
class OpenFile:
    """What an editor has in a window: a file's path and text, and the cursor as an offset into it."""

    path: Path
    text: str
    cursor: int


PLACES = (
    Place(
        title="The arguments of a call",
        file="lending/ledger.py",
        after="        loan = Loan(",
        not_yet="book=book, member=member, lent=today, due=due_date(member, today)",
    ),
    Place(
        title="A function from its docstring",
        file="lending/rules.py",
        after='''    """Work out what a late return costs; children and the first days are free."""\n    ''',
        not_yet="""\
if loan.member.membership is Membership.CHILD:
        return 0
    days = loan.days_late(today)
    if days <= GRACE_DAYS:
        return 0
    return min(days * CENTS_PER_DAY, MAX_FINE_CENTS)""",
    ),
    Place(
        title="A line from a comment",
        file="lending/report.py",
        after="    late = [loan for loan in loans if loan.is_overdue(today)]\n",
        not_yet="    total = sum(fine_cents(loan, today) for loan in late)",
        typed="    # add up the fines of all late loans\n    total = ",
    ),
    Place(
        title="A new method",
        file="lending/ledger.py",
        after="    def _open_loan(self, number: int) -> Loan:",
        not_yet="""
        loan = self.loan_of(number)
        if loan is None:
            raise NotAllowed(f"{self.book(number).title!r} is not lent")
        return loan
""",
        typed='\n        """Find the loan of a book that is out, or raise `NotAllowed`."""\n        ',
    ),
    Place(
        title="The rest of a line",
        file="lending/storage.py",
        after='        lent=date.fromisoformat(data["lent"]),\n        due=',
        not_yet='date.fromisoformat(data["due"]),',
    ),
)

NOT_SEEN_YET = Place(
    title="Cancelling",
    file="lending/cli.py",
    after="    arguments = ",
    not_yet="build_parser().parse_args(argv)",
)
"""The engine has this prompt to read first, so there is time to cancel."""


def copy_example(folder: Path) -> Path:
    """Copy the example project into ``folder`` and return its root."""
    root = folder / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return root


def go_to(place: Place, root: Path) -> OpenFile:
    """Open the file of ``place`` as it was then; the file itself stays as it is."""
    path = root / place.file
    before, found, rest = path.read_text(encoding="utf-8").partition(place.after + place.not_yet)
    if not found:
        raise ValueError(f"{place.file} has no such place: {place.after!r}")
    written = before + place.after + place.typed
    return OpenFile(path, written + rest, len(written))
