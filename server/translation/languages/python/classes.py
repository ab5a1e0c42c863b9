"""Writes classes and constants in Python."""

from collections.abc import Sequence
from typing import ClassVar

from codenook.server.translation.languages.python.writing import PythonWriter
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, Field, rows
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.writer import Writer


class PythonClasses(Classes):
    """Fields are set by the constructor; a class without one is a data class."""

    writer: ClassVar[Writer] = PythonWriter()

    def opened(self, header: ClassHeader, needs: Needs) -> str:
        """The head, the docstring, and fields where no constructor sets them."""
        is_data = bool(header.fields) and not header.has_constructor
        if is_data:
            needs.need("from dataclasses import dataclass")
        base = f"({header.base})" if header.base else ""
        inside = [self.writer.step + row if row else "" for row in header.doc]
        if is_data:
            inside += [""] if inside else []
            inside += [f"{self.writer.step}{_field(each)}" for each in _in_order(header.fields)]
        if not (inside or header.has_methods):
            inside = [f"{self.writer.step}pass"]
        head = rows("@dataclass" if is_data else "", f"class {header.name}{base}:")
        return head + "".join(f"{row}\n" for row in inside)

    def closed(self, header: ClassHeader) -> str:  # noqa: ARG002 - nothing
        """Nothing."""
        return ""

    def constant(self, constant: Constant, needs: Needs) -> str:  # noqa: ARG002 - it needs no type
        """An assignment."""
        return f"{constant.name} = {constant.value}\n"


def _field(field: Field) -> str:
    return f"{field.name}: {field.written}" + (f" = {field.default}" if field.default else "")


def _in_order(fields: Sequence[Field]) -> list[Field]:
    """The fields, those with a default behind the others."""
    return sorted(fields, key=lambda each: bool(each.default))
