"""What a definition has to say for itself: the values that documentation is compared with and made from."""

from enum import StrEnum

from attrs import frozen

RECEIVERS = frozenset({"self", "cls", "this"})
"""The names of what a method is called on, which nobody documents."""

RECEIVED = "*"
"""The mark of a parameter that takes any number of arguments."""


class Kind(StrEnum):
    """What is documented."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"


class Returns(StrEnum):
    """Whether a caller gets a value."""

    VALUE = "value"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@frozen
class Parameter:
    """A parameter; ``name`` is empty for one that has none (a pattern).

    ``default`` is its source text, empty for none; ``mark`` is ``*`` or ``**`` for the rest of the arguments.
    """

    name: str
    type: str = ""
    default: str = ""
    mark: str = ""


@frozen
class DocLine:
    """A line of documentation without the comment's marks; ``start`` is where the text begins (bytes).

    ``row_start`` and ``row_end`` are the whole row in the file, with its line end: equal where a row holds
    something else as well, so that it can't be taken out.
    """

    text: str
    start: int
    row_start: int
    row_end: int


@frozen
class Doc:
    """The documentation of a definition in a file, ``start`` to ``end`` (bytes) with its marks.

    ``opening`` is how it begins: ``'r\"\"\"'``, ``/**``, ``///``; ``indent`` the space before it.
    """

    opening: str
    start: int
    end: int
    indent: str
    lines: tuple[DocLine, ...]

    @property
    def texts(self) -> list[str]:
        """The lines' texts."""
        return [line.text for line in self.lines]


@frozen
class Room:
    """Where documentation goes that is not there yet: before the row at ``start`` (bytes).

    ``blank_after`` asks for an empty row between it and what follows.
    """

    start: int
    indent: str
    blank_after: bool = False


class When(StrEnum):
    """How an error depends on a piece of code: on a condition, or on another error that is caught."""

    IF = "if"
    UNLESS = "unless"
    CAUGHT = "caught"
    UNKNOWN = "unknown"


@frozen
class Condition:
    """When one raise statement for ``error`` is come to: ``code`` as it stands in the file."""

    error: str
    when: When
    code: str = ""


@frozen
class Subject:
    """A definition that can be documented.

    ``is_sure`` says that ``parameters`` are what a caller gives: decorators, overloads and the like may
    change them. ``raises`` is what the body raises itself and doesn't catch; ``raises_nothing`` says that
    nothing else can be. ``given`` are the expressions that it returns, ``given_kinds`` what they are for
    certain (``bool | None``), empty where that is not known; ``conditions`` are errors with when they are
    raised. ``row`` counts from 0; ``start`` and ``end`` (bytes) span decorators
    and body.
    """

    kind: Kind
    symbol: str
    row: int
    start: int
    end: int
    parameters: tuple[Parameter, ...] = ()
    type_parameters: tuple[str, ...] = ()
    is_sure: bool = True
    returns: Returns = Returns.UNKNOWN
    return_type: str = ""
    yields: bool = False
    raises: tuple[str, ...] = ()
    raises_nothing: bool = False
    given: tuple[str, ...] = ()
    given_kinds: str = ""
    conditions: tuple["Condition", ...] = ()
    doc: Doc | None = None
    room: Room | None = None

    @property
    def result_type(self) -> str:
        """The type of what is returned: the declared one, else what the body says of it."""
        return self.return_type or ("" if self.yields else self.given_kinds)
