"""Types of one language for shapes; what is particular of each is in its own `writing`."""

from enum import StrEnum
from typing import ClassVar

from attrs import evolve

from codenook.server.translation.languages.language import Unwritable
from codenook.server.translation.rules import Rule
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.writing.names import Naming
from codenook.server.translation.writing.needs import Needs


class Place(StrEnum):
    """Where a type stands; some languages hand over what they don't keep."""

    PARAMETER = "parameter"
    CHANGED = "changed"
    """A parameter that the function changes for its caller."""
    RESULT = "result"
    PART = "part"
    """Of another type."""
    FIELD = "field"


_N_PARTS = {Kind.LIST: 1, Kind.SET: 1, Kind.OPTION: 1, Kind.MAP: 2}
_UNBOUNDED = "Integers of any size are {bits} bits wide here"
_WIDER = "Unsigned or wider integers are signed and {bits} bits wide here"


class Types:
    """The types of one language. Stateless."""

    language: ClassVar[str]
    naming: ClassVar[Naming]
    signed: ClassVar[tuple[int, ...]] = (8, 16, 32, 64)
    """The widths of integers, the widest last; 0 for any."""
    unsigned: ClassVar[tuple[int, ...]] = (8, 16, 32, 64)
    floats: ClassVar[tuple[int, ...]] = (32, 64)
    has_references: ClassVar[bool] = False
    """Whether a function can change what a variable of its caller is, not only what is in it."""
    top: ClassVar[str]
    """The name of the type of everything, for people."""
    char: ClassVar[str] = ""
    """What a character of it is, where that is less than one of Unicode's."""

    def text(self, shape: Shape, place: Place, needs: Needs) -> str:
        """How the type is written, which was `fitted`."""
        raise NotImplementedError

    def key(self, shape: Shape) -> Shape:
        """A shape as a key of a map or an element of a set; raises Unwritable where it can't be one."""
        return shape

    def fitted(  # noqa: PLR0911 - one for each kind
        self, shape: Shape, needs: Needs, classes: frozenset[str]
    ) -> Shape:
        """The type of this language that is nearest to ``shape``."""
        match shape.kind:
            case Kind.INT:
                return self._integer(shape, needs)
            case Kind.FLOAT:
                return evolve(shape, bits=shape.bits if shape.bits in self.floats else self.floats[-1])
            case Kind.CLASS if shape.name.rpartition(".")[2] in classes:
                name = shape.name.rpartition(".")[2]
                return evolve(shape, name=self.class_name(name), parts=())
            case Kind.CLASS:
                needs.note(Rule.UNKNOWN_TYPE, f"Classes that are not translated are `{self.top}` here")
                return UNKNOWN
            case Kind.ANY:
                needs.note(Rule.UNKNOWN_TYPE, f"What has no type in the source is `{self.top}` here")
                return UNKNOWN
            case Kind.CHAR if self.char:
                needs.note(Rule.CHARACTER, f"A character is {self.char} here")
                return shape
            case _:
                return self._container(shape, needs, classes)

    def class_name(self, name: str) -> str:
        """The name of a class of the program."""
        return self.naming.of_class(name, is_public=not name.startswith("_"))

    def _container(self, shape: Shape, needs: Needs, classes: frozenset[str]) -> Shape:
        count = _N_PARTS.get(shape.kind, len(shape.parts))
        parts = [self.fitted(part, needs, classes) for part in (*shape.parts, UNKNOWN, UNKNOWN)[:count]]
        if shape.kind is Kind.OPTION and parts[0].kind in {Kind.OPTION, Kind.ANY, Kind.NOTHING}:
            return parts[0]
        if shape.kind in {Kind.MAP, Kind.SET}:
            parts[0] = self.key(parts[0])
        return evolve(shape, parts=tuple(parts))

    def _integer(self, shape: Shape, needs: Needs) -> Shape:
        if self.signed == (0,):
            return Shape(Kind.INT)
        widths = self.signed if shape.is_signed else self.unsigned
        if not shape.bits:
            widest = 64 if 64 in self.signed else self.signed[-1]  # noqa: PLR2004 - the usual width
            needs.note(Rule.INTEGER_WIDTH, _UNBOUNDED.format(bits=self._said(widest)))
            return Shape(Kind.INT, bits=widest)
        if fitting := [bits for bits in widths if bits >= shape.bits]:
            return evolve(shape, bits=fitting[0])
        wider = [bits for bits in self.signed if bits > shape.bits]
        bits = wider[0] if wider else self.signed[-1]
        if not wider:
            needs.note(Rule.INTEGER_WIDTH, _WIDER.format(bits=self._said(bits)))
        return Shape(Kind.INT, bits=bits)

    def _said(self, bits: int) -> str:
        return str(bits)

    def unwritable(self, what: str) -> Unwritable:
        """Say that the language has no type for something."""
        return Unwritable(f"{self.language} has no {what}")


def scalar(shape: Shape) -> bool:
    """Whether values of it are handed over as they are in every language."""
    return shape.kind in {Kind.BOOL, Kind.INT, Kind.FLOAT, Kind.CHAR, Kind.NOTHING}
