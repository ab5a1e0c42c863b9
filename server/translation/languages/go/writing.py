"""Writes definitions in Go."""

from collections.abc import Sequence
from typing import ClassVar

from attrs import evolve

from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Signature
from codenook.server.translation.writing.header import Header, spread
from codenook.server.translation.writing.literals import Literals, NoLiteral, quoted
from codenook.server.translation.writing.members import Role
from codenook.server.translation.writing.names import Case, Naming
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, Types
from codenook.server.translation.writing.writer import Writer

_RESERVED = """
break case chan const continue default defer else fallthrough for func go goto if import interface
map package range return select struct switch type var any append bool byte cap clear close
comparable complex complex64 complex128 copy delete error false float32 float64 imag int int8 int16
int32 int64 iota len make max min new nil panic print println real recover rune string true uint
uint8 uint16 uint32 uint64 uintptr init main bytes errors fmt math os sort strconv strings time
unicode
"""
_NAMING = Naming(
    Case.CAMEL, Case.CAMEL, Case.CAMEL, reserved=frozenset(_RESERVED.split()), public_case=Case.PASCAL
)
_NAMES = {
    Kind.BOOL: "bool",
    Kind.CHAR: "rune",
    Kind.TEXT: "string",
    Kind.BYTES: "[]byte",
    Kind.ANY: "any",
    Kind.NOTHING: "struct{}",
}
_WIDTH = 120
_NO_KEYS = {Kind.LIST, Kind.MAP, Kind.SET, Kind.BYTES, Kind.OPTION}


class GoTypes(Types):
    """Go's types."""

    language: ClassVar[str] = "go"
    naming: ClassVar[Naming] = _NAMING
    has_references: ClassVar[bool] = True
    top: ClassVar[str] = "any"

    def key(self, shape: Shape) -> Shape:
        """What has no comparison can't be a key."""
        if shape.kind in _NO_KEYS or any(part.kind in _NO_KEYS for part in shape.parts):
            raise self.unwritable("slices, maps or pointers as keys")
        return shape

    def text(self, shape: Shape, place: Place, needs: Needs) -> str:  # noqa: C901, PLR0911 - one for each kind
        """A type; an integer of any size in the source is an ``int``."""
        if place is Place.CHANGED:
            kind = self.text(shape, Place.PART, needs)
            return kind if kind.startswith(("*", "map[")) else f"*{kind}"
        if name := _NAMES.get(shape.kind):
            return "" if place is Place.RESULT and shape.kind is Kind.NOTHING else name
        parts = [self.text(part, Place.PART, needs) for part in shape.parts]
        match shape.kind:
            case Kind.INT if shape.bits == 64 and shape.is_signed:  # noqa: PLR2004 - the width of int
                return "int"
            case Kind.INT:
                return f"{'int' if shape.is_signed else 'uint'}{shape.bits}"
            case Kind.FLOAT:
                return f"float{shape.bits}"
            case Kind.LIST:
                return f"[]{parts[0]}"
            case Kind.SET:
                return f"map[{parts[0]}]struct{{}}"
            case Kind.MAP:
                return f"map[{parts[0]}]{parts[1]}"
            case Kind.TUPLE:
                return _tuple(parts)
        if shape.kind is Kind.CLASS:
            return f"*{shape.name}"
        return parts[0] if parts[0].startswith("*") else f"*{parts[0]}"


def _tuple(parts: Sequence[str]) -> str:
    """An array, of several types a struct."""
    if len(set(parts)) == 1:
        return f"[{len(parts)}]{parts[0]}"
    fields = "; ".join(f"F{number} {part}" for number, part in enumerate(parts))
    return f"struct{{ {fields} }}" if fields else "struct{}"


class GoLiterals(Literals):
    """Values as Go writes them."""

    null: ClassVar[str] = "nil"

    def some(self, text: str) -> str:
        """A pointer has no literal."""
        raise NoLiteral(text)

    def text(self, value: str, shape: Shape) -> str:
        """A text, or a rune in single quotes."""
        return quoted(value, "'" if shape.kind is Kind.CHAR else '"')

    def sequence(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:
        """A slice, array or struct."""
        return f"{GoWriter.types.text(shape, Place.PART, needs)}{{{', '.join(parts)}}}"

    def set(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:
        """A map to nothing."""
        inside = ", ".join(f"{each}: {{}}" for each in parts)
        return f"{GoWriter.types.text(shape, Place.PART, needs)}{{{inside}}}"

    def map(self, pairs: Sequence[tuple[str, str]], shape: Shape, needs: Needs) -> str:
        """A map."""
        inside = ", ".join(f"{key}: {value}" for key, value in pairs)
        return f"{GoWriter.types.text(shape, Place.PART, needs)}{{{inside}}}"


class GoWriter(Writer):
    """Writes Go."""

    language: ClassVar[str] = "go"
    naming: ClassVar[Naming] = _NAMING
    types: ClassVar[Types] = GoTypes()
    literals: ClassVar[Literals] = GoLiterals()
    step: ClassVar[str] = "\t"
    has_rest: ClassVar[bool] = True
    errors: ClassVar[str] = "a second result"

    def layout(self, header: Header, needs: Needs) -> tuple[str, str, str]:  # noqa: ARG002
        """A function, or a method with its receiver; one that needs no object has the class in its name."""
        signature = header.signature
        name, receiver = signature.name, ""
        if header.is_member and signature.is_static and header.role is not Role.CONSTRUCTOR:
            name = _of_class(signature)
        elif header.is_member and header.role is not Role.CONSTRUCTOR:
            receiver = f"({_receiver(signature)} *{signature.owner}) "
        written = [f"{each.name} {'...' * each.is_rest}{each.written}" for each in signature.parameters]
        result = f" {header.result}" if header.result else ""
        head = spread(f"func {receiver}{name}", written, f"{result} {{", "", width=_WIDTH).replace(
            "\n    ", "\n\t"
        )
        return "\n".join([*self.comment(header, ""), head]) + "\n", "}\n", self.step

    def result(self, signature: Signature, needs: Needs) -> str:
        """Several results for a tuple, and an error behind them where the function may fail."""
        result = signature.result
        parts = [self.types.text(each, Place.PART, needs) for each in result.parts]
        if result.kind is not Kind.TUPLE or not parts:
            parts = [kind] if (kind := self.types.text(result, Place.RESULT, needs)) else []
        if signature.raises:
            parts.append("error")
        return parts[0] if len(parts) == 1 else f"({', '.join(parts)})" if parts else ""

    def placed(self, signature: Signature) -> Signature:
        """A method that needs no object is a function."""
        if not signature.owner or not signature.is_static:
            return signature
        return evolve(signature, name=_of_class(signature), owner="", is_static=False)

    def made(self, signature: Signature) -> str:
        """A pointer to the object."""
        return f"(*{signature.owner}, error)" if signature.raises else f"*{signature.owner}"

    def constructor(self, owner: str) -> str:
        """``NewCart``, or ``newCart``."""
        return f"{'New' if owner[:1].isupper() else 'new'}{owner[:1].upper()}{owner[1:]}"

    def unwritten(self, name: str) -> str:
        """Panic."""
        return f'panic("{name} was not translated")'

    def file(self, imports: Sequence[str], definitions: Sequence[str]) -> str:
        """A file of a package."""
        head = "\n".join(dict.fromkeys(imports))
        return super().file([f"package translated\n\n{head}".strip()], definitions)


def _of_class(signature: Signature) -> str:
    """The name of a method that needs no object, behind that of its class."""
    owner, name = signature.owner, signature.name
    owner = owner if signature.is_public else owner[:1].lower() + owner[1:]
    return f"{owner}{name[:1].upper()}{name[1:]}"


def _receiver(signature: Signature) -> str:
    """A letter that no parameter has."""
    letter = signature.owner[:1].lower()
    return letter if letter not in {each.name for each in signature.parameters} else "receiver"
