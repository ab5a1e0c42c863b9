"""Writes definitions in Rust."""

from collections.abc import Sequence
from typing import ClassVar

from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Signature
from codenook.server.translation.writing.header import Header, spread
from codenook.server.translation.writing.literals import Literals, quoted
from codenook.server.translation.writing.members import Role
from codenook.server.translation.writing.names import Case, Naming
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, Types, scalar
from codenook.server.translation.writing.writer import Writer

_RESERVED = """
as async await break const continue crate dyn else enum extern false fn for if impl in let loop
match mod move mut pub ref return self Self static struct super trait true type unsafe use where
while abstract become box do final macro override priv try typeof unsized virtual yield gen main
"""
_NAMING = Naming(
    Case.SNAKE,
    Case.SNAKE,
    Case.SCREAMING,
    reserved=frozenset(_RESERVED.split()),
    escape="r#",
    unescapable=frozenset({"self", "Self", "super", "crate", "main"}),
)
_NAMES = {Kind.BOOL: "bool", Kind.CHAR: "char", Kind.NOTHING: "()"}
_NO_KEYS = {Kind.FLOAT, Kind.MAP, Kind.SET, Kind.ANY, Kind.CLASS}


class RustTypes(Types):
    """Rust's types: parameters are borrowed, all else is owned."""

    language: ClassVar[str] = "rust"
    naming: ClassVar[Naming] = _NAMING
    signed: ClassVar[tuple[int, ...]] = (8, 16, 32, 64, 128)
    unsigned: ClassVar[tuple[int, ...]] = (8, 16, 32, 64, 128)
    has_references: ClassVar[bool] = True
    top: ClassVar[str] = "dyn Any"

    def key(self, shape: Shape) -> Shape:
        """What has no hash can't be a key."""
        if shape.kind in _NO_KEYS:
            raise self.unwritable("floats, maps, sets or unknown types as keys")
        for part in shape.parts:
            self.key(part)
        return shape

    def text(self, shape: Shape, place: Place, needs: Needs) -> str:
        """A type."""
        if shape.kind is Kind.NOTHING and place is Place.RESULT:
            return ""
        if place is Place.CHANGED and not scalar(shape):
            return f"&mut {self.text(shape, Place.PART, needs)}"
        if place is Place.PARAMETER and not scalar(shape):
            return self._borrowed(shape, needs)
        return self._owned(shape, needs)

    def _borrowed(self, shape: Shape, needs: Needs) -> str:  # noqa: PLR0911 - one for each kind
        match shape.kind:
            case Kind.TEXT:
                return "&str"
            case Kind.ANY:
                needs.need("use std::any::Any;")
                return "&dyn Any"
            case Kind.BYTES:
                return "&[u8]"
            case Kind.LIST:
                return f"&[{self._owned(shape.parts[0], needs)}]"
            case Kind.OPTION:
                return f"Option<{self.text(shape.parts[0], Place.PARAMETER, needs)}>"
            case Kind.TUPLE if all(map(scalar, shape.parts)):
                return self._owned(shape, needs)
        return f"&{self._owned(shape, needs)}"

    def _owned(self, shape: Shape, needs: Needs) -> str:  # noqa: C901, PLR0911 - one for each kind
        if name := _NAMES.get(shape.kind):
            return name
        parts = [self._owned(part, needs) for part in shape.parts]
        match shape.kind:
            case Kind.INT:
                return f"{'i' if shape.is_signed else 'u'}{shape.bits}"
            case Kind.FLOAT:
                return f"f{shape.bits}"
            case Kind.TEXT:
                return "String"
            case Kind.ANY:
                needs.need("use std::any::Any;")
                return "Box<dyn Any>"
            case Kind.BYTES:
                return "Vec<u8>"
            case Kind.LIST:
                return f"Vec<{parts[0]}>"
            case Kind.SET:
                needs.need("use std::collections::HashSet;")
                return f"HashSet<{parts[0]}>"
            case Kind.MAP:
                needs.need("use std::collections::HashMap;")
                return f"HashMap<{', '.join(parts)}>"
            case Kind.TUPLE:
                return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
            case Kind.OPTION:
                return f"Option<{parts[0]}>"
        return shape.name


class RustLiterals(Literals):
    """Values as Rust writes them in constants."""

    null: ClassVar[str] = "None"

    def some(self, text: str) -> str:
        """``Some``."""
        return f"Some({text})"

    def text(self, value: str, shape: Shape) -> str:
        """A text, or a character in single quotes."""
        return quoted(value, "'" if shape.kind is Kind.CHAR else '"')

    def sequence(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:
        """A slice or tuple."""
        if shape.kind is Kind.TUPLE:
            return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
        return f"&{super().sequence(parts, shape, needs)}"


class RustWriter(Writer):
    """Writes Rust."""

    language: ClassVar[str] = "rust"
    naming: ClassVar[Naming] = _NAMING
    types: ClassVar[Types] = RustTypes()
    literals: ClassVar[Literals] = RustLiterals()
    has_async: ClassVar[bool] = True
    errors: ClassVar[str] = "the Err of a Result"

    def layout(self, header: Header, needs: Needs) -> tuple[str, str, str]:  # noqa: ARG002
        """A function, or a method as it stands in an ``impl`` block."""
        signature = header.signature
        indent = self.step if header.is_member else ""
        is_static = signature.is_static or header.role is Role.CONSTRUCTOR
        receiver = (
            ["&mut self" if header.changes_object else "&self"] if header.is_member and not is_static else []
        )
        words = f"{'pub ' if signature.is_public else ''}{'async ' if signature.is_async else ''}fn"
        written = [*receiver, *(f"{each.name}: {each.written}" for each in signature.parameters)]
        result = f" -> {header.result}" if header.result else ""
        head = spread(f"{words} {signature.name}", written, f"{result} {{", indent)
        return "\n".join([*self.comment(header, indent), head]) + "\n", f"{indent}}}\n", indent + self.step

    def result(self, signature: Signature, needs: Needs) -> str:
        """The type of the result, in a ``Result`` where the function may fail."""
        kind = super().result(signature, needs)
        return f"Result<{kind or '()'}, String>" if signature.raises else kind

    def made(self, signature: Signature) -> str:
        """The object."""
        return "Result<Self, String>" if signature.raises else "Self"

    def constructor(self, owner: str) -> str:  # noqa: ARG002
        """``new``."""
        return "new"

    def unwritten(self, name: str) -> str:
        """Panic."""
        return f'unimplemented!("{name} was not translated")'
