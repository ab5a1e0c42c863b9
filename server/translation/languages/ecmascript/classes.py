"""Writes classes and constants in JavaScript and TypeScript."""

from typing import ClassVar

from codenook.server.translation.languages.ecmascript.writing import EcmaScriptWriter, TypeScriptWriter
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, Field, rows
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.writer import Writer


class EcmaScriptClasses(Classes):
    """Fields without types."""

    writer: ClassVar[Writer] = EcmaScriptWriter()

    def opened(self, header: ClassHeader, needs: Needs) -> str:  # noqa: ARG002 - no imports
        """The comment, the head, the fields."""
        export = "export " if header.is_public else ""
        base = f" extends {header.base}" if header.base else ""
        fields = [f"{self.writer.step}{self.field(each)};" for each in header.fields]
        return rows(*header.doc, f"{export}class {header.name}{base} {{", *fields)

    def field(self, field: Field) -> str:
        """A field; a private one begins with ``#``."""
        default = f" = {field.default}" if field.default else ""
        return f"{'' if field.is_public else '#'}{field.name}{default}"

    def constant(self, constant: Constant, needs: Needs) -> str:  # noqa: ARG002 - it needs no type
        """``const``, or ``let``."""
        export = "export " if constant.is_public else ""
        return f"{export}{'const' if constant.is_fixed else 'let'} {constant.name} = {constant.value};\n"


class TypeScriptClasses(EcmaScriptClasses):
    """Fields with types, which the constructor may leave out."""

    writer: ClassVar[Writer] = TypeScriptWriter()

    def field(self, field: Field) -> str:
        """A field with its type."""
        access = "" if field.is_public else "private "
        if field.default:
            return f"{access}{field.name}: {field.written} = {field.default}"
        return f"{access}{field.name}!: {field.written}"
