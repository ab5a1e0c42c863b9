"""Types of plain data, in no language's terms."""

from enum import StrEnum

from attrs import frozen


class Kind(StrEnum):
    """What a value is."""

    NOTHING = "nothing"
    """What a procedure gives: ``None``, ``void``, ``()``."""
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    CHAR = "char"
    TEXT = "text"
    BYTES = "bytes"
    LIST = "list"
    TUPLE = "tuple"
    MAP = "map"
    SET = "set"
    OPTION = "option"
    """Its one part, or nothing."""
    CLASS = "class"
    """A type of the program, by its `Shape.name`."""
    ANY = "any"
    """Unknown, or several things: a language without types, ``Object``, a union."""


@frozen
class Shape:
    """A type.

    ``parts`` are those of its elements: one of a list, set or option, two of a map (key, value), any number
    of a tuple. ``bits`` are the width of an INT (0: as wide as it needs to be) or FLOAT (32, 64). ``name`` is
    that of a CLASS.
    """

    kind: Kind
    parts: tuple["Shape", ...] = ()
    bits: int = 0
    is_signed: bool = True
    name: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether values of it can be made up, and compared between languages."""
        return self.kind not in {Kind.CLASS, Kind.ANY} and all(part.is_plain for part in self.parts)


UNKNOWN = Shape(Kind.ANY)
