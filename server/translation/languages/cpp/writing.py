"""Writes definitions in C++."""

from collections.abc import Sequence
from typing import ClassVar

from codenook.server.translation.languages.c.names import LIBRARY, RESERVED
from codenook.server.translation.languages.c.writing import CLiterals
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter
from codenook.server.translation.writing.header import Header, spread
from codenook.server.translation.writing.literals import Literals, NoLiteral
from codenook.server.translation.writing.members import Role
from codenook.server.translation.writing.names import Case, Naming
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, Types, scalar
from codenook.server.translation.writing.writer import Writer

_MORE_RESERVED = """
alignas alignof and and_eq asm bitand bitor bool catch char8_t char16_t char32_t class co_await
co_return co_yield compl concept const_cast consteval constexpr constinit decltype delete
dynamic_cast explicit export false friend module import mutable namespace new noexcept not not_eq
nullptr operator or or_eq private protected public reinterpret_cast requires static_assert
static_cast template this thread_local throw true try typeid typename using virtual wchar_t xor
xor_eq
"""
_NAMING = Naming(
    Case.SNAKE,
    Case.SNAKE,
    Case.SCREAMING,
    reserved=RESERVED | frozenset(_MORE_RESERVED.split()),
    taken=LIBRARY,
)
_INTEGERS = {(32, True): "int", (64, True): "long long"}
_NAMES = {
    Kind.BOOL: ("bool", ""),
    Kind.CHAR: ("char", ""),
    Kind.TEXT: ("std::string", "string"),
    Kind.ANY: ("std::any", "any"),
    Kind.NOTHING: ("std::monostate", "variant"),
}
_CONTAINERS = {
    Kind.LIST: "vector",
    Kind.TUPLE: "tuple",
    Kind.MAP: "map",
    Kind.SET: "set",
    Kind.OPTION: "optional",
}


class CppTypes(Types):
    """C++'s types; what is more than a number is a parameter by reference."""

    language: ClassVar[str] = "cpp"
    naming: ClassVar[Naming] = _NAMING
    has_references: ClassVar[bool] = True
    top: ClassVar[str] = "std::any"
    char: ClassVar[str] = "one byte"

    def key(self, shape: Shape) -> Shape:
        """What has no order can't be a key."""
        if shape.kind in {Kind.ANY, Kind.CLASS}:
            raise self.unwritable("unknown types or classes as keys")
        for part in shape.parts:
            self.key(part)
        return shape

    def text(self, shape: Shape, place: Place, needs: Needs) -> str:
        """A type."""
        if shape.kind is Kind.NOTHING and place is Place.RESULT:
            return "void"
        name = self._name(shape, needs)
        if place is Place.CHANGED:
            return f"{name}&"
        is_small = scalar(shape) or (shape.kind is Kind.OPTION and scalar(shape.parts[0]))
        return f"const {name}&" if place is Place.PARAMETER and not is_small else name

    def _name(self, shape: Shape, needs: Needs) -> str:  # noqa: PLR0911 - one for each kind
        if found := _NAMES.get(shape.kind):
            name, header = found
            if header:
                needs.need(f"#include <{header}>")
            return name
        if shape.kind is Kind.INT:
            return self._integer_name(shape, needs)
        if shape.kind is Kind.FLOAT:
            return "float" if shape.bits == 32 else "double"  # noqa: PLR2004 - its width
        if shape.kind is Kind.BYTES:
            needs.need("#include <cstdint>", "#include <vector>")
            return "std::vector<std::uint8_t>"
        if shape.kind is Kind.CLASS:
            return shape.name
        parts = [self._name(part, needs) for part in shape.parts]
        name = _CONTAINERS[shape.kind]
        if shape.kind is Kind.TUPLE and len(parts) == 2:  # noqa: PLR2004 - a pair
            needs.need("#include <utility>")
            return f"std::pair<{', '.join(parts)}>"
        needs.need(f"#include <{name}>")
        return f"std::{name}<{', '.join(parts)}>"

    def _integer_name(self, shape: Shape, needs: Needs) -> str:
        if name := _INTEGERS.get((shape.bits, shape.is_signed)):
            return name
        needs.need("#include <cstdint>")
        return f"std::{'int' if shape.is_signed else 'uint'}{shape.bits}_t"


class CppLiterals(CLiterals):
    """Values as C++ writes them: scalars as C does."""

    null: ClassVar[str] = "std::nullopt"

    def nothing(self, shape: Shape) -> str:
        """A value of its type's own."""
        return self._made((), shape, Needs())

    def sequence(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:
        """A list or tuple."""
        return self._made(parts, shape, needs)

    def set(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:
        """A set."""
        return self._made(parts, shape, needs)

    def map(self, pairs: Sequence[tuple[str, str]], shape: Shape, needs: Needs) -> str:
        """A map."""
        return self._made([f"{{{key}, {value}}}" for key, value in pairs], shape, needs)

    def _made(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:
        """An object of the type: the grammar knows no default in braces alone."""
        if shape.kind is Kind.ANY and parts:
            raise NoLiteral("a list of any type")
        return f"{CppTypes().text(shape, Place.PART, needs)}{{{', '.join(parts)}}}"


class CppWriter(Writer):
    """Writes C++."""

    language: ClassVar[str] = "cpp"
    naming: ClassVar[Naming] = _NAMING
    types: ClassVar[Types] = CppTypes()
    literals: ClassVar[Literals] = CppLiterals()
    has_defaults: ClassVar[bool] = True

    def layout(self, header: Header, needs: Needs) -> tuple[str, str, str]:
        """A function, or a method as it stands in its class."""
        needs.need("#include <stdexcept>")
        signature = header.signature
        indent = self.step if header.is_member else ""
        is_constructor = header.role is Role.CONSTRUCTOR
        is_static = (
            signature.is_static and not is_constructor if header.is_member else not signature.is_public
        )
        result = "" if is_constructor else f"{header.result} "
        is_const = header.is_member and not (is_static or is_constructor or header.changes_object)
        head = spread(
            f"{'static ' if is_static else ''}{result}{signature.name}",
            [_parameter(each) for each in signature.parameters],
            f"{' const' if is_const else ''} {{",
            indent,
            ends="",
        )
        return "\n".join([*self.comment(header, indent), head]) + "\n", f"{indent}}}\n", indent + self.step

    def unwritten(self, name: str) -> str:
        """Throw an exception."""
        return f'throw std::logic_error("{name} was not translated");'


def _parameter(parameter: Parameter) -> str:
    default = f" = {parameter.default}" if parameter.default else ""
    return f"{parameter.written} {parameter.name}{default}"
