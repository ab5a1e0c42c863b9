"""Writes classes and constants in Java."""

from typing import ClassVar

from codenook.server.translation.languages.java.writing import JavaWriter
from codenook.server.translation.shapes import Kind
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, Field, rows
from codenook.server.translation.writing.errors import fault
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place
from codenook.server.translation.writing.writer import Writer

_CHANGING = {Kind.LIST: "ArrayList", Kind.SET: "HashSet", Kind.MAP: "HashMap"}
"""What can be changed, of what a literal makes only what can't."""


class JavaClasses(Classes):
    """A class of the file's package: one file may have several."""

    writer: ClassVar[Writer] = JavaWriter()

    def opened(self, header: ClassHeader, needs: Needs) -> str:  # noqa: ARG002 - the types have told theirs
        """The comment, the head, the fields."""
        base = f" extends {header.base}" if header.base else ""
        fields = [self._field(each) for each in header.fields]
        makers = [f"{self.writer.step}{row}".rstrip() for row in _constructors(header)]
        return rows(*header.doc, f"class {header.name}{base} {{", *fields, *makers)

    def _field(self, field: Field) -> str:
        access = "" if field.is_public else "private "
        default = f" = {field.default}" if field.default else ""
        return f"{self.writer.step}{access}{field.written} {field.name}{default};"

    def constant(self, constant: Constant, needs: Needs) -> str:
        """A field of the class in which functions stand."""
        place = Place.PART if constant.shape.kind is Kind.OPTION else Place.PARAMETER
        kind = self.writer.types.text(constant.shape, place, needs)
        access = "public" if constant.is_public else "private"
        final = " final" if constant.is_fixed else ""
        value = constant.value
        if not constant.is_fixed and (name := _CHANGING.get(constant.shape.kind)):
            needs.need(f"import java.util.{name};")
            value = f"new {name}<>({value})"
        return f"{self.writer.step}{access} static{final} {kind} {constant.name} = {value};\n"


def _constructors(header: ClassHeader) -> list[str]:
    """Those of an error, which doesn't get its base's."""
    if header.has_constructor or not (header.base.endswith("Exception") or fault(header.base, "java")):
        return []
    return ["", f"{header.name}(String message) {{", "    super(message);", "}"]
