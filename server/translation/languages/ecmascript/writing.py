"""Writes definitions in JavaScript and TypeScript."""

from collections.abc import Sequence
from typing import ClassVar

from codenook.server.translation.rules import Rule
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter, Signature
from codenook.server.translation.writing.header import Header, spread
from codenook.server.translation.writing.literals import Literals
from codenook.server.translation.writing.members import Role
from codenook.server.translation.writing.names import Case, Naming
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, Types
from codenook.server.translation.writing.writer import Writer

_RESERVED = """
abstract any arguments as async await bigint boolean break case catch class const constructor
continue debugger declare default delete do else enum eval export extends false finally for function
get if implements import in instanceof interface is let module namespace never new null number
object of package private protected public return set static string super switch symbol this throw
true try type typeof undefined unique unknown var void while with yield NaN Infinity
"""
_NAMING = Naming(Case.CAMEL, Case.CAMEL, Case.SCREAMING, reserved=frozenset(_RESERVED.split()))
_NAMES = {
    Kind.BOOL: "boolean",
    Kind.INT: "number",
    Kind.FLOAT: "number",
    Kind.CHAR: "string",
    Kind.TEXT: "string",
    Kind.BYTES: "Uint8Array",
    Kind.ANY: "any",
}
_WITHOUT_IDENTITY = {Kind.BOOL, Kind.INT, Kind.FLOAT, Kind.CHAR, Kind.TEXT, Kind.CLASS, Kind.ANY}


class EcmaScriptTypes(Types):
    """TypeScript's types, which JSDoc has as well."""

    language: ClassVar[str] = "JavaScript"
    naming: ClassVar[Naming] = _NAMING
    signed: ClassVar[tuple[int, ...]] = (8, 16, 32, 54)
    """A number has 53 bits and a sign."""
    unsigned: ClassVar[tuple[int, ...]] = (8, 16, 32)
    floats: ClassVar[tuple[int, ...]] = (64,)
    top: ClassVar[str] = "any"

    def text(self, shape: Shape, place: Place, needs: Needs) -> str:  # noqa: PLR0911 - one for each kind
        """A type."""
        if shape.kind is Kind.NOTHING:
            return "void" if place is Place.RESULT else "null"
        if name := _NAMES.get(shape.kind):
            return name
        parts = [self.text(part, Place.PART, needs) for part in shape.parts]
        match shape.kind:
            case Kind.LIST:
                return f"({parts[0]})[]" if " | " in parts[0] else f"{parts[0]}[]"
            case Kind.TUPLE:
                return f"[{', '.join(parts)}]"
            case Kind.SET:
                self._note_identity(shape, needs)
                return f"Set<{parts[0]}>"
            case Kind.MAP:
                self._note_identity(shape, needs)
                return f"Map<{', '.join(parts)}>"
            case Kind.OPTION:
                return f"{parts[0]} | null"
        return shape.name

    def _note_identity(self, shape: Shape, needs: Needs) -> None:
        if shape.parts[0].kind not in _WITHOUT_IDENTITY:
            needs.note(Rule.KEY_IDENTITY, "Lists and the like are one key here only if they are one object")

    def _said(self, bits: int) -> str:
        return "53" if bits == self.signed[-1] else str(bits)


class EcmaScriptLiterals(Literals):
    """Values as both languages write them."""

    def set(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A set."""
        return f"new Set([{', '.join(parts)}])" if parts else "new Set()"

    def map(self, pairs: Sequence[tuple[str, str]], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A map."""
        inside = ", ".join(f"[{key}, {value}]" for key, value in pairs)
        return f"new Map([{inside}])" if inside else "new Map()"


class EcmaScriptWriter(Writer):
    """Writes JavaScript, with types in the documentation."""

    language: ClassVar[str] = "javascript"
    naming: ClassVar[Naming] = _NAMING
    types: ClassVar[Types] = EcmaScriptTypes()
    literals: ClassVar[Literals] = EcmaScriptLiterals()
    has_defaults: ClassVar[bool] = True
    has_inner_defaults: ClassVar[bool] = True
    has_rest: ClassVar[bool] = True
    has_async: ClassVar[bool] = True
    hides: ClassVar[str] = "#"
    """What the name of a private method begins with."""

    def layout(self, header: Header, needs: Needs) -> tuple[str, str, str]:  # noqa: ARG002
        """A function, exported if it is public, or a method."""
        signature = header.signature
        indent = self.step if header.is_member else ""
        head = spread(
            self._words(header) + self._called(header),
            [self.parameter(each) for each in signature.parameters],
            f"{self.gives(header)} {{",
            indent,
            ends="" if any(each.is_rest for each in signature.parameters) else ",",
        )
        rows = [*self.comment(header, indent), head]
        return "\n".join(rows) + "\n", f"{indent}}}\n", indent + self.step

    def _words(self, header: Header) -> str:
        signature = header.signature
        word = "async " if signature.is_async else ""
        if not header.is_member:
            return f"{'export ' if signature.is_public else ''}{word}function "
        static = "static " if signature.is_static and header.role is not Role.CONSTRUCTOR else ""
        return f"{self.access(header)}{static}{word}"

    def _called(self, header: Header) -> str:
        is_hidden = header.is_member and not header.signature.is_public
        return f"{self.hides}{header.signature.name}" if is_hidden else header.signature.name

    def access(self, header: Header) -> str:  # noqa: ARG002 - a private name says it
        """What stands before a method that is private."""
        return ""

    def parameter(self, parameter: Parameter) -> str:
        """A parameter in the header."""
        rest = "..." if parameter.is_rest else ""
        return f"{rest}{parameter.name}" + (f" = {parameter.default}" if parameter.default else "")

    def gives(self, header: Header) -> str:  # noqa: ARG002 - no types
        """What stands behind the parameters."""
        return ""

    def result(self, signature: Signature, needs: Needs) -> str:
        """The type of the result, promised by an asynchronous function."""
        kind = super().result(signature, needs)
        return f"Promise<{kind}>" if signature.is_async else kind

    def written(self, parameter: Parameter, place: Place, needs: Needs) -> str:
        """The type of a parameter, of further arguments that of their list."""
        shape = Shape(Kind.LIST, (parameter.shape,)) if parameter.is_rest else parameter.shape
        return self.types.text(shape, place, needs)

    def constructor(self, owner: str) -> str:  # noqa: ARG002
        """``constructor``."""
        return "constructor"

    def unwritten(self, name: str) -> str:
        """Throw an error."""
        return f'throw new Error("{name} was not translated");'


class TypeScriptWriter(EcmaScriptWriter):
    """Writes TypeScript."""

    language: ClassVar[str] = "typescript"
    hides: ClassVar[str] = ""

    def access(self, header: Header) -> str:
        """``private``."""
        return "" if header.signature.is_public else "private "

    def parameter(self, parameter: Parameter) -> str:
        """A parameter with its type."""
        rest = "..." if parameter.is_rest else ""
        default = f" = {parameter.default}" if parameter.default else ""
        return f"{rest}{parameter.name}: {parameter.written}{default}"

    def gives(self, header: Header) -> str:
        """The type of the result."""
        return f": {header.result}" if header.result else ""
