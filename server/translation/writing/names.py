"""Names from one language's style to another's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from attrs import frozen

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\WA-Z_]+|[^\W_]")
"""A run of capitals that no small letter follows, or a word with at most one at its beginning."""


class Case(StrEnum):
    """How the words of a name are put together."""

    SNAKE = "snake_case"
    CAMEL = "camelCase"
    PASCAL = "PascalCase"
    SCREAMING = "SCREAMING_CASE"


@frozen
class Naming:
    """The names of a language: how functions, variables and constants are written, and what is reserved.

    A reserved name gets ``escape`` behind it, or before it where that ends with ``#``. ``taken`` are names of
    its library that a function at file level would collide with. ``private`` is what names of one class or
    file begin with.
    """

    function: Case
    variable: Case
    constant: Case
    reserved: frozenset[str]
    escape: str = "_"
    unescapable: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    private: str = ""
    public_case: Case | None = None
    """What functions and constants that others may use are written in, where that makes them public."""

    def of_function(self, name: str, *, is_public: bool, is_method: bool = False) -> str:
        """The name of a function or method."""
        case = self.public_case if is_public and self.public_case else self.function
        written = self._begun(cased(name, case), is_public=is_public)
        is_taken = not is_method and written in self.taken
        return f"{written}_" if is_taken else self.safe(written)

    def of_variable(self, name: str) -> str:
        """The name of a parameter or local variable."""
        return self.safe(cased(name, self.variable))

    def of_constant(self, name: str, *, is_public: bool) -> str:
        """The name of a constant at file level."""
        case = self.public_case if is_public and self.public_case else self.constant
        return self.safe(self._begun(cased(name, case), is_public=is_public))

    def of_field(self, name: str, *, is_public: bool) -> str:
        """The name of a field."""
        case = self.public_case if is_public and self.public_case else self.variable
        return self.safe(self._begun(cased(name, case), is_public=is_public))

    def of_class(self, name: str, *, is_public: bool) -> str:
        """The name of a class."""
        case = Case.CAMEL if self.public_case and not is_public else Case.PASCAL
        return self.safe(self._begun(cased(name, case), is_public=is_public))

    def safe(self, name: str) -> str:
        """The name, escaped where the language has another use for it."""
        if name not in self.reserved:
            return name
        is_raw = self.escape.endswith("#") and name not in self.unescapable
        return f"{self.escape}{name}" if is_raw else f"{name}_"

    def _begun(self, name: str, *, is_public: bool) -> str:
        return name if is_public else f"{self.private}{name}"


def words(name: str) -> list[str]:
    """The words of a name, as they are written: ``HTTPServer2`` is ``HTTP`` and ``Server2``."""
    return _WORD.findall(name)


def cased(name: str, case: Case) -> str:
    """A name in another style; ``unused`` for one without letters."""
    found = [word.lower() for word in words(name)] or ["unused"]
    match case:
        case Case.SNAKE:
            written = "_".join(found)
        case Case.SCREAMING:
            written = "_".join(found).upper()
        case Case.CAMEL:
            written = found[0] + "".join(map(_capital, found[1:]))
        case Case.PASCAL:
            written = "".join(map(_capital, found))
    return f"_{written}" if written[0].isdigit() else written


def is_constant(name: str) -> bool:
    """Whether a name is written as constants are."""
    bare = name.strip("_")
    return len(bare) > 1 and bare == bare.upper() and any(map(str.isalpha, bare))


def distinct(names: Sequence[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """The names, with a number behind each that is there already."""
    return tuple(_distinct(names, set(taken)))


def _distinct(names: Sequence[str], taken: set[str]) -> Iterator[str]:
    for name in names:
        free, number = name, 2
        while free in taken:
            free, number = f"{name}{number}", number + 1
        taken.add(free)
        yield free


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
