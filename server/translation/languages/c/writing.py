"""Writes definitions in C, which has no maps, sets, tuples or lists of lists."""

from collections.abc import Sequence
from typing import ClassVar

from codenook.server.translation.languages.c.names import LIBRARY, RESERVED
from codenook.server.translation.rules import Rule
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Signature
from codenook.server.translation.writing.header import Header, spread
from codenook.server.translation.writing.literals import Literals, quoted
from codenook.server.translation.writing.members import Role
from codenook.server.translation.writing.names import Case, Naming, cased, distinct
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, Types, scalar
from codenook.server.translation.writing.writer import Writer

_NAMING = Naming(Case.SNAKE, Case.SNAKE, Case.SCREAMING, reserved=RESERVED, taken=LIBRARY)
_LISTS = {Kind.LIST, Kind.BYTES}
_INTEGERS = {(32, True): "int", (64, True): "long long"}
_WORDS = {Kind.MAP: "maps", Kind.SET: "sets", Kind.TUPLE: "tuples", Kind.NOTHING: "values of nothing"}
_SUFFIX = "_length"


class CTypes(Types):
    """C's types; a list is a pointer to its first element, and what is long comes as another parameter."""

    language: ClassVar[str] = "c"
    naming: ClassVar[Naming] = _NAMING
    has_references: ClassVar[bool] = True
    top: ClassVar[str] = "void *"
    char: ClassVar[str] = "one byte"

    def text(self, shape: Shape, place: Place, needs: Needs) -> str:  # noqa: PLR0911 - one for each kind
        """A type; raises Unwritable for what C hasn't got."""
        if shape.kind is Kind.NOTHING and place is Place.RESULT:
            return "void"
        if shape.kind in _WORDS:
            raise self.unwritable(_WORDS[shape.kind])
        kept = "" if place in {Place.RESULT, Place.PART, Place.FIELD, Place.CHANGED} else "const "
        match shape.kind:
            case Kind.TEXT:
                return f"{kept}char *"
            case Kind.ANY:
                return f"{kept}void *"
            case Kind.CLASS:
                return f"{kept}{shape.name} *"
            case Kind.OPTION if not scalar(shape.parts[0]):
                return self.text(shape.parts[0], place, needs)
            case Kind.LIST | Kind.BYTES | Kind.OPTION:
                return self._pointer(shape, place, needs)
        name = self._scalar(shape, needs)
        return f"{name} *" if place is Place.CHANGED else name

    def _pointer(self, shape: Shape, place: Place, needs: Needs) -> str:
        part = shape.parts[0] if shape.parts else Shape(Kind.INT, bits=8, is_signed=False)
        if part.kind in {*_LISTS, Kind.OPTION}:
            raise self.unwritable("lists of lists or of optional values")
        if shape.kind is Kind.LIST and part.kind in {Kind.CHAR, Kind.ANY}:
            raise self.unwritable("lists of characters or of unknown things")
        kept = "const " if place is Place.PARAMETER else ""
        if scalar(part):
            return f"{kept}{self._scalar(part, needs)} *"
        inner = self.text(part, place, needs)
        return f"{inner}{'const ' if kept else ''}*"

    def _scalar(self, shape: Shape, needs: Needs) -> str:
        match shape.kind:
            case Kind.BOOL:
                needs.need("#include <stdbool.h>")
                return "bool"
            case Kind.FLOAT:
                return "float" if shape.bits == 32 else "double"  # noqa: PLR2004 - its width
            case Kind.CHAR:
                return "char"
            case Kind.NOTHING:
                raise self.unwritable(_WORDS[Kind.NOTHING])
        if name := _INTEGERS.get((shape.bits, shape.is_signed)):
            return name
        needs.need("#include <stdint.h>")
        return f"{'' if shape.is_signed else 'u'}int{shape.bits}_t"


class CLiterals(Literals):
    """Values as C writes them."""

    null: ClassVar[str] = "NULL"

    def integer(self, value: int, shape: Shape) -> str:
        """An integer; what is too long for one of the usual size gets a mark."""
        return f"{value}LL" if shape.bits == 64 and abs(value) >= 1 << 31 else str(value)  # noqa: PLR2004

    def float(self, value: float, shape: Shape) -> str:
        """A number, with a mark where it is a float."""
        return f"{value!r}f" if shape.bits == 32 else repr(value)  # noqa: PLR2004 - its width

    def text(self, value: str, shape: Shape) -> str:
        """A text, or a character in single quotes."""
        return quoted(value, "'" if shape.kind is Kind.CHAR else '"')

    def sequence(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """The elements of an array."""
        return f"{{{', '.join(parts)}}}"


class CWriter(Writer):
    """Writes C; methods are functions that get their object first."""

    language: ClassVar[str] = "c"
    naming: ClassVar[Naming] = _NAMING
    types: ClassVar[Types] = CTypes()
    literals: ClassVar[Literals] = CLiterals()
    errors: ClassVar[str] = "an end of the program (abort)"

    def layout(self, header: Header, needs: Needs) -> tuple[str, str, str]:
        """A function."""
        needs.need("#include <stdlib.h>")
        signature = header.signature
        static = "" if signature.is_public else "static "
        written = self._taken(header)
        if signature.result.kind in _LISTS:
            needs.need("#include <stddef.h>")
            written.append(f"size_t *{distinct(['result_length'], _names(signature))[0]}")
        if any(each.shape.kind in _LISTS for each in signature.parameters):
            needs.need("#include <stddef.h>")
        result = self._result(header)
        name = self._full_name(header)
        head = spread(f"{static}{result}{name}", written or ["void"], " {", "", ends="")
        if signature.result.kind in {*_LISTS, Kind.TEXT}:
            needs.note(Rule.OWNERSHIP, "In C the caller frees what it gets", "the result")
        return "\n".join([*self.comment(header, ""), head]) + "\n", "}\n", self.step

    def _full_name(self, header: Header) -> str:
        """The name, behind that of the class."""
        owner = cased(header.signature.owner, Case.SNAKE)
        return f"{owner}_{header.signature.name}" if header.is_member else header.signature.name

    def _result(self, header: Header) -> str:
        if header.role is Role.CONSTRUCTOR:
            return f"{header.signature.owner} *"
        return header.result if header.result.endswith("*") else f"{header.result} "

    def _taken(self, header: Header) -> list[str]:
        signature, found = header.signature, list[str]()
        if header.is_member and not signature.is_static and header.role is not Role.CONSTRUCTOR:
            found.append(f"{'' if header.changes_object else 'const '}{signature.owner} *self")
        taken = set(_names(signature))
        for each in signature.parameters:
            found.append(_declared(each.written, each.name))
            if _held(each.shape).kind in _LISTS:
                (length,) = distinct([each.name + _SUFFIX], taken)
                taken.add(length)
                found.append(f"size_t {length}")
        return found

    def constructor(self, owner: str) -> str:  # noqa: ARG002
        """``new``, behind the name of the class."""
        return "new"

    def unwritten(self, name: str) -> str:
        """End the program."""
        return f"abort(); /* {name} was not translated */"


def _names(signature: Signature) -> list[str]:
    return [each.name for each in signature.parameters]


def _held(shape: Shape) -> Shape:
    return shape.parts[0] if shape.kind is Kind.OPTION else shape


def _declared(written: str, name: str) -> str:
    return f"{written}{name}" if written.endswith("*") else f"{written} {name}"
