"""Writes structs and constants in Rust."""

from typing import ClassVar

from codenook.server.translation.languages.rust.writing import RustWriter
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, holds_unknown, rows
from codenook.server.translation.writing.literals import NoLiteral
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, scalar
from codenook.server.translation.writing.writer import Writer


class RustClasses(Classes):
    """A struct, with its methods in an ``impl`` block."""

    writer: ClassVar[Writer] = RustWriter()
    has_bases: ClassVar[bool] = False

    def opened(self, header: ClassHeader, needs: Needs) -> str:  # noqa: ARG002 - no imports
        """The struct, and the head of the block."""
        access = "pub " if header.is_public else ""
        fields = [
            f"{self.writer.step}{'pub ' if each.is_public else ''}{each.name}: {each.written},"
            for each in header.fields
        ]
        derived = "" if holds_unknown(header) else "#[derive(Debug, Clone, PartialEq)]"
        body = [f"{access}struct {header.name} {{", *fields, "}"]
        if not fields:
            body = [f"{access}struct {header.name};"]
        block = f"\nimpl {header.name} {{\n" if header.has_methods else ""
        return rows(*header.doc, derived, *body) + block

    def closed(self, header: ClassHeader) -> str:
        """The end of the block."""
        return "}\n" if header.has_methods else ""

    def constant(self, constant: Constant, needs: Needs) -> str:
        """``const``, of values that need no memory of their own."""
        kind = self._borrowed(constant.shape, needs)
        return f"{'pub ' if constant.is_public else ''}const {constant.name}: {kind} = {constant.value};\n"

    def _borrowed(self, shape: Shape, needs: Needs) -> str:
        parts = [self._borrowed(part, needs) for part in shape.parts]
        match shape.kind:
            case Kind.TEXT:
                return "&str"
            case Kind.LIST:
                return f"&[{parts[0]}]"
            case Kind.TUPLE:
                return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
            case Kind.OPTION:
                return f"Option<{parts[0]}>"
        if not scalar(shape):
            raise NoLiteral(f"a constant of {shape.kind}")
        return self.writer.types.text(shape, Place.PART, needs)
