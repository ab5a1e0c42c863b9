"""Writes definitions in Python."""

import builtins
import keyword
from collections.abc import Sequence
from typing import ClassVar

from attrs import evolve

from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter
from codenook.server.translation.writing.header import Header, spread
from codenook.server.translation.writing.literals import Literals
from codenook.server.translation.writing.members import Role
from codenook.server.translation.writing.names import Case, Naming
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, Types
from codenook.server.translation.writing.writer import Writer

_BUILT_IN = {name for name in dir(builtins) if name.islower() and not name.startswith("_")}
_NAMING = Naming(
    Case.SNAKE,
    Case.SNAKE,
    Case.SCREAMING,
    reserved=frozenset({*keyword.kwlist, *_BUILT_IN, "self", "cls"}),
    private="_",
)
_NAMES = {
    Kind.NOTHING: "None",
    Kind.BOOL: "bool",
    Kind.INT: "int",
    Kind.FLOAT: "float",
    Kind.CHAR: "str",
    Kind.TEXT: "str",
    Kind.BYTES: "bytes",
}
_IN_KEYS = {Kind.SET: "frozenset"}


class PythonTypes(Types):
    """Annotations as Python 3.10 and later read them."""

    language: ClassVar[str] = "python"
    naming: ClassVar[Naming] = _NAMING
    signed: ClassVar[tuple[int, ...]] = (0,)
    floats: ClassVar[tuple[int, ...]] = (64,)
    top: ClassVar[str] = "Any"

    def key(self, shape: Shape) -> Shape:
        """Lists can't be keys: tuples of any length are."""
        if shape.kind is Kind.MAP:
            raise self.unwritable("dictionaries as keys")
        return evolve(shape, parts=tuple(map(self.key, shape.parts)))

    def text(self, shape: Shape, place: Place, needs: Needs) -> str:  # noqa: ARG002 - the same in all
        """An annotation."""
        return self._text(shape, needs, in_key=False)

    def _text(  # noqa: PLR0911 - one for each kind
        self, shape: Shape, needs: Needs, *, in_key: bool
    ) -> str:
        if name := _NAMES.get(shape.kind):
            return name
        match shape.kind:
            case Kind.CLASS:  # which may be defined below
                needs.need("from __future__ import annotations")
                return shape.name
            case Kind.ANY:
                needs.need("from typing import Any")
                return "Any"
            case Kind.MAP:
                key, value = shape.parts
                return (
                    f"dict[{self._text(key, needs, in_key=True)}, {self._text(value, needs, in_key=in_key)}]"
                )
            case Kind.OPTION:
                return f"{self._text(shape.parts[0], needs, in_key=in_key)} | None"
        parts = [self._text(part, needs, in_key=in_key or shape.kind is Kind.SET) for part in shape.parts]
        match shape.kind:
            case Kind.SET:
                return f"{'frozenset' if in_key else 'set'}[{parts[0]}]"
            case Kind.LIST:
                return f"tuple[{parts[0]}, ...]" if in_key else f"list[{parts[0]}]"
            case _:
                return f"tuple[{', '.join(parts) or '()'}]"


class PythonLiterals(Literals):
    """Values as Python writes them."""

    null: ClassVar[str] = "None"
    truth: ClassVar[tuple[str, str]] = ("False", "True")

    def sequence(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:
        """A list or tuple."""
        if shape.kind is Kind.TUPLE:
            return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
        return super().sequence(parts, shape, needs)

    def set(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A set."""
        return "{" + ", ".join(parts) + "}" if parts else "set()"

    def map(self, pairs: Sequence[tuple[str, str]], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A dictionary."""
        return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


class PythonWriter(Writer):
    """Writes Python."""

    language: ClassVar[str] = "python"
    naming: ClassVar[Naming] = _NAMING
    types: ClassVar[Types] = PythonTypes()
    literals: ClassVar[Literals] = PythonLiterals()
    has_defaults: ClassVar[bool] = True
    has_rest: ClassVar[bool] = True
    has_named: ClassVar[bool] = True
    has_async: ClassVar[bool] = True

    def layout(self, header: Header, needs: Needs) -> tuple[str, str, str]:  # noqa: ARG002
        """The header with its docstring; nothing stands behind the body."""
        signature = header.signature
        indent = self.step if header.is_member else ""
        is_static = header.is_member and signature.is_static and header.role is not Role.CONSTRUCTOR
        receiver = ["self"] if header.is_member and not is_static else []
        word = "async def" if signature.is_async else "def"
        result = header.result or "None"
        head = spread(
            f"{word} {signature.name}",
            [*receiver, *_parameters(signature.parameters)],
            f" -> {result}:",
            indent,
            ends="" if any(each.is_rest and each.is_named for each in signature.parameters) else ",",
        )
        rows = [f"{indent}@staticmethod"] if is_static else []
        rows += [head, *self.comment(header, indent + self.step)]
        return "\n".join(rows) + "\n", "", indent + self.step

    def constructor(self, owner: str) -> str:  # noqa: ARG002
        """``__init__``."""
        return "__init__"

    def unwritten(self, name: str) -> str:
        """Raise an error."""
        return f'raise NotImplementedError("{name} was not translated")'

    def file(self, imports: Sequence[str], definitions: Sequence[str]) -> str:
        """Imports, and definitions with two blank rows before each."""
        head = "\n".join(dict.fromkeys(imports))
        return "\n\n\n".join(each.strip("\n") for each in (head, *definitions) if each.strip("\n")) + "\n"


def _parameters(parameters: Sequence[Parameter]) -> list[str]:
    found, is_marked = list[str](), False
    for each in parameters:
        if each.is_rest:
            marks = "**" if each.is_named else "*"
            is_marked = True
            found.append(f"{marks}{each.name}: {each.written}")
            continue
        if each.is_named and not is_marked:
            found.append("*")
            is_marked = True
        found.append(f"{each.name}: {each.written}" + (f" = {each.default}" if each.default else ""))
    return found
