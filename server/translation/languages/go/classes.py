"""Writes structs and constants in Go."""

from typing import ClassVar

from codenook.server.translation.languages.go.writing import GoWriter
from codenook.server.translation.shapes import Kind
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, rows
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import scalar
from codenook.server.translation.writing.writer import Writer


class GoClasses(Classes):
    """A struct, with its methods behind it."""

    writer: ClassVar[Writer] = GoWriter()
    has_bases: ClassVar[bool] = False

    def opened(self, header: ClassHeader, needs: Needs) -> str:  # noqa: ARG002 - no imports
        """The whole struct."""
        width = max((len(each.name) for each in header.fields), default=0)
        fields = [f"\t{each.name:{width}} {each.written}" for each in header.fields]
        return rows(*header.doc, f"type {header.name} struct {{", *fields, "}")

    def closed(self, header: ClassHeader) -> str:  # noqa: ARG002 - nothing
        """Nothing."""
        return ""

    def constant(self, constant: Constant, needs: Needs) -> str:
        """``const`` for what can be one."""
        is_const = constant.is_fixed and (scalar(constant.shape) or constant.shape.kind is Kind.TEXT)
        kind = f" {self.type_of(constant, needs)}" if is_const else ""
        return f"{'const' if is_const else 'var'} {constant.name}{kind} = {constant.value}\n"
