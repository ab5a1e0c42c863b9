"""Writes structs and constants in C."""

from typing import ClassVar

from codenook.server.translation.languages.c.writing import CWriter
from codenook.server.translation.shapes import Kind
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, Field, rows
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place
from codenook.server.translation.writing.writer import Writer


class CClasses(Classes):
    """A struct, with its methods behind it as functions; of a list the length is a field as well."""

    writer: ClassVar[Writer] = CWriter()
    has_bases: ClassVar[bool] = False

    def opened(self, header: ClassHeader, needs: Needs) -> str:
        """The whole struct."""
        fields = [row for each in header.fields for row in self._field(each, needs)]
        name = header.name
        return rows(*header.doc, f"typedef struct {name} {{", *fields, f"}} {name};")

    def _field(self, field: Field, needs: Needs) -> list[str]:
        gap = "" if field.written.endswith("*") else " "
        found = [f"{self.writer.step}{field.written}{gap}{field.name};"]
        if field.shape.kind in {Kind.LIST, Kind.BYTES}:
            needs.need("#include <stddef.h>")
            found.append(f"{self.writer.step}size_t {field.name}_length;")
        return found

    def closed(self, header: ClassHeader) -> str:  # noqa: ARG002 - nothing
        """Nothing."""
        return ""

    def constant(self, constant: Constant, needs: Needs) -> str:
        """A constant of the file; a list is an array."""
        fixed = "const " if constant.is_fixed else ""
        if constant.shape.kind is Kind.LIST:
            kind = self.writer.types.text(constant.shape.parts[0], Place.PART, needs)
            gap = "" if kind.endswith("*") else " "
            return f"static {fixed}{kind}{gap}{constant.name}[] = {constant.value};\n"
        kind = self.type_of(constant, needs)
        if kind.endswith("*"):
            return f"static const {kind}{fixed}{constant.name} = {constant.value};\n"
        return f"static {fixed}{kind} {constant.name} = {constant.value};\n"
