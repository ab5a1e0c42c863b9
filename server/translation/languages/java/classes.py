"""Writes classes and constants in Java."""

from typing import ClassVar

from codenook.server.translation.languages.java.writing import JavaWriter
from codenook.server.translation.shapes import Kind
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, Field, rows
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place
from codenook.server.translation.writing.writer import Writer


class JavaClasses(Classes):
    """A class of the file's package: one file may have several."""

    writer: ClassVar[Writer] = JavaWriter()

    def opened(self, header: ClassHeader, needs: Needs) -> str:  # noqa: ARG002 - the types have told theirs
        """The comment, the head, the fields."""
        base = f" extends {header.base}" if header.base else ""
        fields = [self._field(each) for each in header.fields]
        return rows(*header.doc, f"class {header.name}{base} {{", *fields)

    def _field(self, field: Field) -> str:
        return f"{self.writer.step}{'' if field.is_public else 'private '}{field.written} {field.name};"

    def constant(self, constant: Constant, needs: Needs) -> str:
        """A field of the class in which functions stand."""
        place = Place.PART if constant.shape.kind is Kind.OPTION else Place.PARAMETER
        kind = self.writer.types.text(constant.shape, place, needs)
        access = "public" if constant.is_public else "private"
        final = " final" if constant.is_fixed else ""
        return f"{self.writer.step}{access} static{final} {kind} {constant.name} = {constant.value};\n"
