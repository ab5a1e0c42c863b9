"""What the statements of a test do, in a form that is the same for every language."""

from collections.abc import Mapping

from attrs import field, frozen


@frozen
class Body:
    """A test's statements, and what they do; names are dotted as far as they are written so.

    ``read`` are names that are read, ``called`` those of them that are called, ``made`` those that are bound,
    and ``stored`` members that something is assigned to. ``imported`` are names with what they stand for
    (``{"sleep": "time.sleep"}``). Each of ``checks`` has the names that one check reads. ``parameters`` are
    those of a function around the statements, which a model may write, too. ``is_endless`` says that there is
    a loop without a condition.
    """

    text: str
    read: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    imported: Mapping[str, str] = field(factory=dict)
    checks: tuple[frozenset[str], ...] = ()
    parameters: tuple[str, ...] = ()
    is_endless: bool = False

    def meant(self, name: str) -> str:
        """A name as it is outside of the file: with what its first part was imported as."""
        first, dot, rest = name.partition(".")
        return f"{self.imported.get(first, first)}{dot}{rest}"


class NoBody(Exception):
    """A text isn't made of statements of the language; the message says in one line why."""


def parts(name: str) -> list[str]:
    """The parts of a dotted name."""
    return name.split(".")


def last(name: str) -> str:
    """The last part of a dotted name."""
    return name.rpartition(".")[2]


def first(name: str) -> str:
    """The first part of a dotted name."""
    return name.partition(".")[0]
