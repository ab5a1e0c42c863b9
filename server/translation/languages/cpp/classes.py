"""Writes classes and constants in C++."""

from typing import ClassVar

from codenook.server.translation.languages.cpp.writing import CppWriter
from codenook.server.translation.shapes import Kind
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, Field, rows
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import scalar
from codenook.server.translation.writing.writer import Writer


class CppClasses(Classes):
    """A class, with its private fields at the end."""

    writer: ClassVar[Writer] = CppWriter()

    def opened(self, header: ClassHeader, needs: Needs) -> str:  # noqa: ARG002 - the types have told theirs
        """The comment, the head, the public fields."""
        base = f" : public {header.base}" if header.base else ""
        fields = [self._field(each) for each in header.fields if each.is_public]
        if header.base and not header.has_constructor:
            own = header.base.rpartition("::")[2]
            fields = [f"{self.writer.step}using {header.base}::{own};", *fields]
        return rows(*header.doc, f"class {header.name}{base} {{", "public:" if fields else "", *fields)

    def closed(self, header: ClassHeader) -> str:
        """The private fields."""
        fields = [self._field(each) for each in header.fields if not each.is_public]
        gap = "\n" if fields and (header.has_methods or len(fields) < len(header.fields)) else ""
        return gap + rows("private:" if fields else "", *fields, "};")

    def _field(self, field: Field) -> str:
        default = f" = {field.default}" if field.default else ""
        return f"{self.writer.step}{field.written} {field.name}{default};"

    def label(self, *, is_public: bool) -> str:
        """``public:``, ``private:``."""
        return "public:\n" if is_public else "private:\n"

    def constant(self, constant: Constant, needs: Needs) -> str:
        """``constexpr`` for numbers."""
        kind = self.type_of(constant, needs)
        is_number = scalar(constant.shape) and constant.shape.kind is not Kind.NOTHING
        word = ("constexpr " if is_number else "const ") if constant.is_fixed else ""
        return f"{'' if constant.is_public else 'static '}{word}{kind} {constant.name} = {constant.value};\n"
