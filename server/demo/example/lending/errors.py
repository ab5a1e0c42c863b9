"""What can go wrong; the text of each error is one line that can be shown as it is."""


class LendingError(Exception):
    """The base of all errors of this package."""


class UnknownBook(LendingError):
    """No book has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"there is no book with number {number}")
        self.number = number


class UnknownMember(LendingError):
    """Nobody is known by this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"nobody called {name!r} is a member")
        self.name = name


class NotAllowed(LendingError):
    """The rules of the library forbid this."""


class BadInput(LendingError):
    """A line of a file or of the command line cannot be understood."""

    def __init__(self, message: str, line_number: int | None = None) -> None:
        super().__init__(message if line_number is None else f"line {line_number}: {message}")
        self.line_number = line_number
