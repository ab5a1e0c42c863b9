"""Keeping a shelf in one JSON file that is never half written."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from lending.errors import BadInput
from lending.records import Book, Loan, Member, Membership, Shelf

FORMAT = 1


def load(path: Path) -> Shelf:
    """Read a shelf; a file that is not there yet is an empty one."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Shelf()
    except json.JSONDecodeError as error:
        raise BadInput(f"{path} is damaged: {error.msg}", error.lineno) from error
    if data.get("format") != FORMAT:
        raise BadInput(f"{path} was not written by this version")
    return shelf_from_json(data)


def save(shelf: Shelf, path: Path) -> None:
    """Write a shelf beside the old file, then put it in its place."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(shelf_to_json(shelf), indent=2), encoding="utf-8")
    fresh.replace(path)


def shelf_to_json(shelf: Shelf) -> dict[str, Any]:
    """Turn a shelf into what JSON can say."""
    return {
        "format": FORMAT,
        "books": [book_to_json(book) for book in shelf.books.values()],
        "members": [member_to_json(member) for member in shelf.members.values()],
        "loans": [loan_to_json(loan) for loan in shelf.loans],
    }


def shelf_from_json(data: dict[str, Any]) -> Shelf:
    """Build a shelf from what `shelf_to_json` wrote."""
    shelf = Shelf()
    for book in data["books"]:
        shelf.add_book(book_from_json(book))
    for member in data["members"]:
        shelf.add_member(member_from_json(member))
    for loan in data["loans"]:
        shelf.loans.append(loan_from_json(loan, shelf))
    return shelf


def book_to_json(book: Book) -> dict[str, Any]:
    """Turn a book into what JSON can say."""
    return {
        "number": book.number,
        "title": book.title,
        "author": book.author,
        "year": book.year,
        "subjects": list(book.subjects),
    }


def book_from_json(data: dict[str, Any]) -> Book:
    """Build a book from what `book_to_json` wrote."""
    return Book(**{**data, "subjects": tuple(data["subjects"])})


def member_to_json(member: Member) -> dict[str, Any]:
    """Turn a member into what JSON can say."""
    return {
        "name": member.name,
        "email": member.email,
        "joined": member.joined.isoformat(),
        "membership": member.membership.value,
    }


def member_from_json(data: dict[str, Any]) -> Member:
    """Build a member from what `member_to_json` wrote."""
    return Member(
        name=data["name"],
        email=data["email"],
        joined=date.fromisoformat(data["joined"]),
        membership=Membership(data["membership"]),
    )


def loan_to_json(loan: Loan) -> dict[str, Any]:
    """Turn a loan into what JSON can say; book and member by their keys."""
    return {
        "book": loan.book.number,
        "member": loan.member.key,
        "lent": loan.lent.isoformat(),
        "due": loan.due.isoformat(),
        "returned": loan.returned.isoformat() if loan.returned else None,
        "renewals": loan.renewals,
    }


def loan_from_json(data: dict[str, Any], shelf: Shelf) -> Loan:
    """Build a loan from what `loan_to_json` wrote."""
    returned = data["returned"]
    return Loan(
        book=shelf.books[data["book"]],
        member=shelf.members[data["member"]],
        lent=date.fromisoformat(data["lent"]),
        due=date.fromisoformat(data["due"]),
        returned=date.fromisoformat(returned) if returned else None,
        renewals=data["renewals"],
    )
