"""Which error of a language stands for which of another."""

from collections.abc import Mapping
from enum import StrEnum


class Fault(StrEnum):
    """What went wrong, in no language's terms."""

    VALUE = "value"
    TYPE = "type"
    RANGE = "range"
    MISSING = "missing"
    ARITHMETIC = "arithmetic"
    OVERFLOW = "overflow"
    STATE = "state"
    UNSUPPORTED = "unsupported"
    ASSERTION = "assertion"
    IO = "io"
    ANY = "any"


_NAMES: Mapping[str, Mapping[Fault, tuple[str, ...]]] = {
    "python": {
        Fault.VALUE: ("ValueError", "UnicodeError"),
        Fault.TYPE: ("TypeError",),
        Fault.RANGE: ("IndexError",),
        Fault.MISSING: ("KeyError", "LookupError", "StopIteration"),
        Fault.ARITHMETIC: ("ZeroDivisionError", "ArithmeticError", "FloatingPointError"),
        Fault.OVERFLOW: ("OverflowError",),
        Fault.STATE: ("RuntimeError",),
        Fault.UNSUPPORTED: ("NotImplementedError",),
        Fault.ASSERTION: ("AssertionError",),
        Fault.IO: ("OSError", "IOError", "FileNotFoundError"),
        Fault.ANY: ("Exception", "BaseException"),
    },
    "javascript": {
        Fault.TYPE: ("TypeError",),
        Fault.RANGE: ("RangeError",),
        Fault.ANY: ("Error",),
    },
    "java": {
        Fault.VALUE: ("IllegalArgumentException", "NumberFormatException"),
        Fault.TYPE: ("ClassCastException",),
        Fault.RANGE: (
            "IndexOutOfBoundsException",
            "ArrayIndexOutOfBoundsException",
            "StringIndexOutOfBoundsException",
        ),
        Fault.MISSING: ("NoSuchElementException",),
        Fault.ARITHMETIC: ("ArithmeticException",),
        Fault.STATE: ("IllegalStateException",),
        Fault.UNSUPPORTED: ("UnsupportedOperationException",),
        Fault.ASSERTION: ("AssertionError",),
        Fault.IO: ("IOException", "FileNotFoundException"),
        Fault.ANY: ("RuntimeException", "Exception", "Throwable"),
    },
    "cpp": {
        Fault.VALUE: ("std::invalid_argument", "std::domain_error"),
        Fault.RANGE: ("std::out_of_range", "std::length_error"),
        Fault.OVERFLOW: ("std::overflow_error", "std::range_error"),
        Fault.STATE: ("std::logic_error",),
        Fault.IO: ("std::ios_base::failure",),
        Fault.ANY: ("std::runtime_error", "std::exception"),
    },
}
"""The names of each language's own errors, the usual one first. Go, Rust and C have none."""

_FAMILIES = {"typescript": "javascript"}
_IN_PLACE = {Fault.MISSING: Fault.RANGE, Fault.OVERFLOW: Fault.ARITHMETIC, Fault.UNSUPPORTED: Fault.STATE}
"""What is said where a language has no name for a fault."""


def fault(name: str, language: str) -> Fault | None:
    """What an error of ``language`` says; None for a class of a program or a library."""
    bare = name.rpartition(".")[2].rpartition("::")[2]
    for each, names in _NAMES.get(_FAMILIES.get(language, language), {}).items():
        if bare in {known.rpartition("::")[2] for known in names}:
            return each
    return None


def named(what: Fault, language: str) -> str:
    """The usual error of ``language`` for a fault; empty where it has no errors."""
    names = _NAMES.get(_FAMILIES.get(language, language))
    if not names:
        return ""
    found = names.get(what) or names.get(_IN_PLACE.get(what, Fault.ANY)) or names[Fault.ANY]
    return found[0]
