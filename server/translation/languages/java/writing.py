"""Writes definitions in Java."""

import re
from collections.abc import Collection, Sequence
from typing import ClassVar, Self

from attrs import evolve, field, frozen

from codenook.server.translation.rules import Rule
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter, Signature
from codenook.server.translation.writing.errors import Fault, fault
from codenook.server.translation.writing.header import Header, spread
from codenook.server.translation.writing.literals import Literals, quoted
from codenook.server.translation.writing.members import Role
from codenook.server.translation.writing.names import Case, Naming
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, Types
from codenook.server.translation.writing.writer import Writer

HOME = "Translated"
"""The class in which functions stand that are in none."""

_RESERVED = """
abstract assert boolean break byte case catch char class const continue default do double else enum
extends false final finally float for goto if implements import instanceof int interface long native
new null package private protected public return short static strictfp super switch synchronized
this throw throws transient true try var void volatile while _ record yield sealed permits getClass
notify notifyAll wait
"""
_NAMING = Naming(Case.CAMEL, Case.CAMEL, Case.SCREAMING, reserved=frozenset(_RESERVED.split()))
_PRIMITIVES = {Kind.BOOL: "boolean", Kind.CHAR: "char"}
_BOXED = {
    "boolean": "Boolean",
    "char": "Character",
    "byte": "Byte",
    "short": "Short",
    "int": "Integer",
    "long": "Long",
    "float": "Float",
    "double": "Double",
    "void": "Void",
}
_INTEGERS = {8: "byte", 16: "short", 32: "int", 64: "long"}
_CONTAINERS = {Kind.LIST: "List", Kind.SET: "Set", Kind.MAP: "Map"}


class JavaTypes(Types):
    """Java's types."""

    language: ClassVar[str] = "java"
    naming: ClassVar[Naming] = _NAMING
    unsigned: ClassVar[tuple[int, ...]] = ()
    top: ClassVar[str] = "Object"
    char: ClassVar[str] = "one unit of UTF-16"

    def text(self, shape: Shape, place: Place, needs: Needs) -> str:
        """A type; of parts the boxed one."""
        name = self._text(shape, place, needs)
        return _BOXED.get(name, name) if place is Place.PART else name

    def _text(  # noqa: C901, PLR0911 - one for each kind
        self, shape: Shape, place: Place, needs: Needs
    ) -> str:
        parts = [self.text(part, Place.PART, needs) for part in shape.parts]
        match shape.kind:
            case Kind.NOTHING:
                return "void" if place is Place.RESULT else "Void"
            case Kind.BOOL | Kind.CHAR:
                return _PRIMITIVES[shape.kind]
            case Kind.INT:
                return _INTEGERS[shape.bits]
            case Kind.FLOAT:
                return "float" if shape.bits == 32 else "double"  # noqa: PLR2004 - its width
            case Kind.TEXT:
                return "String"
            case Kind.BYTES:
                return "byte[]"
            case Kind.OPTION if place is Place.RESULT:
                needs.need("import java.util.Optional;")
                return f"Optional<{parts[0]}>"
            case Kind.OPTION:
                return parts[0]
            case Kind.TUPLE:
                return self._tuple(parts, needs)
            case Kind.LIST | Kind.SET | Kind.MAP:
                name = _CONTAINERS[shape.kind]
                needs.need(f"import java.util.{name};")
                return f"{name}<{', '.join(parts)}>"
        return shape.name or self.top

    def _tuple(self, parts: Sequence[str], needs: Needs) -> str:
        needs.need("import java.util.List;")
        needs.note(Rule.TUPLE, "A tuple is a List in Java")
        return f"List<{parts[0]}>" if len(set(parts)) == 1 else "List<Object>"


class JavaLiterals(Literals):
    """Values as Java writes them."""

    def integer(self, value: int, shape: Shape) -> str:
        """An integer, with a mark where it is long."""
        return f"{value}L" if shape.bits == 64 else str(value)  # noqa: PLR2004 - the width of long

    def float(self, value: float, shape: Shape) -> str:
        """A number, with a mark where it is a float."""
        return f"{value!r}f" if shape.bits == 32 else repr(value)  # noqa: PLR2004 - its width

    def text(self, value: str, shape: Shape) -> str:
        """A text, or a character in single quotes."""
        return quoted(value, "'" if shape.kind is Kind.CHAR else '"')

    def sequence(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A list."""
        needs.need("import java.util.List;")
        return f"List.of({', '.join(parts)})"

    def set(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A set."""
        return f"Set.of({', '.join(parts)})"

    def map(self, pairs: Sequence[tuple[str, str]], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A map."""
        needs.need("import java.util.Map;")
        entries = ", ".join(f"Map.entry({key}, {value})" for key, value in pairs)
        return f"Map.ofEntries({entries})"


@frozen
class JavaWriter(Writer):
    """Writes Java; functions stand in the class ``home``."""

    home: str = field(default=HOME)
    is_main: bool = True
    """Whether a file may be named for it."""
    language: ClassVar[str] = "java"
    naming: ClassVar[Naming] = _NAMING
    types: ClassVar[Types] = JavaTypes()
    literals: ClassVar[Literals] = JavaLiterals()
    has_defaults: ClassVar[bool] = True
    has_rest: ClassVar[bool] = True

    def layout(self, header: Header, needs: Needs) -> tuple[str, str, str]:
        """A method, behind overloads that stand for defaults."""
        signature, indent = header.signature, self.step
        rows = [row for count in _left_out(signature) for row in self._overload(header, count, needs)]
        head = self._head(header, signature.parameters, needs)
        rows += [*self.comment(header, indent), head]
        return "\n".join(rows) + "\n", f"{indent}}}\n", indent + self.step

    def _head(self, header: Header, parameters: Sequence[Parameter], needs: Needs) -> str:
        signature = header.signature
        access = "public" if signature.is_public else "private"
        is_static = not header.is_member or signature.is_static
        is_constructor = header.role is Role.CONSTRUCTOR
        static = " static" if is_static and not is_constructor else ""
        result = "" if is_constructor else f" {header.result}"
        override = f"{self.step}@Override\n" if header.role in _OVERRIDING else ""
        thrown = [name for name in signature.raises if _is_checked(name)]
        throws = f" throws {', '.join(thrown)}" if thrown else ""
        for name in thrown:
            if fault(name, "java") is Fault.IO:
                needs.need(f"import java.io.{name};")
        written = [f"{each.written}{'...' * each.is_rest} {each.name}" for each in parameters]
        return override + spread(
            f"{access}{static}{result} {signature.name}", written, f"{throws} {{", self.step, ends=""
        )

    def _overload(self, header: Header, count: int, needs: Needs) -> list[str]:
        """The method without its last ``count`` parameters, which calls the whole one."""
        signature = header.signature
        kept = signature.parameters[: len(signature.parameters) - count]
        given = [each.name for each in kept]
        given += [each.default for each in signature.parameters[len(kept) :]]
        inner = self.step * 2
        call = f"{'this' if header.role is Role.CONSTRUCTOR else signature.name}({', '.join(given)});"
        is_given = header.result not in {"", "void"}
        return [
            self._head(header, kept, needs),
            f"{inner}{'return ' if is_given else ''}{call}",
            f"{self.step}}}",
            "",
        ]

    def placed(self, signature: Signature) -> Signature:
        """A function is a static method of `home`."""
        return signature if signature.owner else evolve(signature, owner=self.home, is_static=True)

    def of_file(self, stem: str, classes: Collection[str] = ()) -> Self:
        """Functions stand in the class that a file is named for, or beside it where that has them not."""
        name = self.stem(stem)
        if name in {self.types.class_name(each) for each in classes}:
            return evolve(self, home=f"{name}Functions", is_main=False)
        return evolve(self, home=name)

    def stem(self, stem: str) -> str:
        """A file is called as its class."""
        words = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_")
        return self.types.class_name(words) if words[:1].isalpha() else HOME

    def unwritten(self, name: str) -> str:
        """Throw an exception."""
        return f'throw new UnsupportedOperationException("{name} was not translated");'

    def file(self, imports: Sequence[str], definitions: Sequence[str]) -> str:
        """Imports, and one class around all functions; classes stand for themselves."""
        classes = [each for each in definitions if not each.startswith(self.step)]
        functions = [each for each in definitions if each.startswith(self.step)]
        if functions:
            body = "\n\n".join(each.strip("\n") for each in functions)
            access = "public " if self.is_main else ""
            hidden = f"{self.step}private {self.home}() {{\n{self.step}}}"
            classes.append(f"{access}final class {self.home} {{\n\n{hidden}\n\n{body}\n}}")
        return super().file(imports, classes)


_OVERRIDING = frozenset({Role.TEXT, Role.EQUALS, Role.HASH})


def _left_out(signature: Signature) -> range:
    """How many parameters with a default may be left out, the most first."""
    count = 0
    for parameter in reversed(signature.parameters):
        if not parameter.default:
            break
        count += 1
    return range(count, 0, -1)


def _is_checked(name: str) -> bool:
    """Whether an exception must be declared: those that Java doesn't know may be."""
    what = fault(name, "java")
    return what is None or what is Fault.IO or name in {"Exception", "Throwable"}
