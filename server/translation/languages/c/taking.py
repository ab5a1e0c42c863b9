"""What a function of C takes and gives: an array is a pointer with its length in the parameter behind it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen
from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.languages.cpp.calling import type_of
from codenook.server.translation.languages.cpp.reading import declared, parameter_nodes, result_text
from codenook.server.translation.languages.cpp.types import shape_of
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

_SCALARS = {Kind.BOOL, Kind.INT, Kind.FLOAT, Kind.CHAR}
_WORDS = "(?:n|num|len|length|size|count)"
_LENGTH = rf"(?:{{0}}_?{_WORDS}|{_WORDS}_?(?:of_?)?{{0}}|{_WORDS})"
_OUT = re.compile(r"(?:out|ret|return|result)\w*?_?(?:n|len|length|size|count)", re.IGNORECASE)
_POINTER = re.compile(r"(?P<to>.+?)\s*(?:\*\s*(?:const|restrict)?|\[\w*\])\s*")
_MOST_NAME_CHARS = 100


@frozen
class Taken:
    """A parameter: the type as it is ``written``, and ``length`` for one whose elements the next one counts.

    ``element`` is the type behind a pointer; ``is_out`` is the pointer that gets the length of the result.
    """

    name: str
    written: str
    shape: Shape
    element: str = ""
    has_length: bool = False
    is_out: bool = False

    @property
    def is_changeable(self) -> bool:
        """Whether the function may change what a caller has."""
        return bool(self.element) and "const" not in self.element.split()


@frozen
class Header:
    """What a function takes and gives.

    ``behind`` is the type behind a pointer that is the result, ``element`` as well where it is a list.
    """

    taken: tuple[Taken, ...]
    written: str
    result: Shape
    element: str = ""
    behind: str = ""


def header_of(node: Node, known: Mapping[str, str]) -> Header:
    """Read a function's parameters and result; ``known`` are the names that a file gives to types."""
    named = [
        (text_of(declared(child.child_by_field_name("declarator"))), type_of(child))
        for child in parameter_nodes(node)
    ]
    taken = tuple(_taken(named, known))
    written = result_text(node)
    behind = _element(written, known)
    element = behind if any(each.is_out for each in taken) else ""
    result = _listed(shape_of(element, known)) if element else shape_of(written, known)
    return Header(taken, written, result, element, behind)


def _taken(named: Sequence[tuple[str, str]], known: Mapping[str, str]) -> Iterator[Taken]:
    is_counted = False
    for number, (name, written) in enumerate(named):
        if is_counted:
            is_counted = False
            continue
        element, shape = _element(written, known), shape_of(written, known)
        following = named[number + 1] if number + 1 < len(named) else ("", "")
        is_last = number == len(named) - 1
        if element and _counts(following, name, known):
            is_counted = True
            yield Taken(name, written, _listed(shape_of(element, known)), element, has_length=True)
        elif element and is_last and _OUT.fullmatch(name) and shape_of(element, known).kind is Kind.INT:
            yield Taken(name, written, UNKNOWN, element, is_out=True)
        else:
            yield Taken(name, written, shape, element)


def _listed(element: Shape) -> Shape:
    is_byte = element == Shape(Kind.INT, bits=8, is_signed=False)
    return Shape(Kind.BYTES) if is_byte else Shape(Kind.LIST, (element,))


def _counts(parameter: tuple[str, str], name: str, known: Mapping[str, str]) -> bool:
    """Whether a parameter is the number of another one's elements."""
    called, written = parameter
    if len(name) > _MOST_NAME_CHARS or shape_of(written, known).kind is not Kind.INT:
        return False
    return bool(re.fullmatch(_LENGTH.format(re.escape(name)), called, re.IGNORECASE))


def _element(written: str, known: Mapping[str, str]) -> str:
    """What a pointer points to; empty where that isn't a number, a character's kin or a text.

    A pointer to characters is a text.
    """
    found = _POINTER.fullmatch(written)
    shape = shape_of(found["to"], known) if found else UNKNOWN
    is_text = shape_of(written, known).kind is Kind.TEXT
    return found["to"].strip() if found and not is_text and shape.kind in {*_SCALARS, Kind.TEXT} else ""
