"""What a class is besides its methods, and constants of a file, as they are to be written."""

from collections.abc import Sequence
from typing import ClassVar

from attrs import frozen

from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place
from codenook.server.translation.writing.writer import Writer


@frozen
class Field:
    """A field in the target's terms; ``written`` is its type, and ``default`` what it is at first."""

    name: str
    shape: Shape
    written: str
    is_public: bool = True
    default: str = ""


@frozen
class ClassHeader:
    """A class in the target's terms; ``doc`` are the rows of its comment, which are not indented.

    ``base`` is what it derives from, empty for nothing. ``has_constructor`` says that a method of it makes
    its objects, ``has_methods`` that it has any.
    """

    name: str
    fields: tuple[Field, ...] = ()
    base: str = ""
    doc: tuple[str, ...] = ()
    is_public: bool = True
    has_constructor: bool = False
    has_methods: bool = False


@frozen
class Constant:
    """A constant, or a variable of the file that is one no more than it is written as one."""

    name: str
    shape: Shape
    value: str
    is_public: bool = True
    is_fixed: bool = True


class Classes:
    """Writes classes and constants of one language. Stateless."""

    writer: ClassVar[Writer]
    has_bases: ClassVar[bool] = True

    def opened(self, header: ClassHeader, needs: Needs) -> str:
        """The class up to its first method, with a line break at its end."""
        raise NotImplementedError

    def closed(self, header: ClassHeader) -> str:  # noqa: ARG002 - the same for most
        """What stands behind its last method."""
        return "}\n"

    def label(self, *, is_public: bool) -> str:  # noqa: ARG002 - most say it of each method
        """What stands before methods that are public, or private."""
        return ""

    def constant(self, constant: Constant, needs: Needs) -> str:
        """A constant at file level."""
        raise NotImplementedError

    def whole(self, header: ClassHeader, methods: Sequence[tuple[bool, str]], needs: Needs) -> str:
        """The class with methods, of each whether it is public."""
        text = self.opened(header, needs)
        known = next((label for label in self._labels() if f"\n{label}" in text), "")
        for is_public, method in methods:
            label = self.label(is_public=is_public)
            text += "" if text.endswith(("{\n", ":\n")) else "\n"
            text += (label if label != known else "") + method.strip("\n") + "\n"
            known = label
        return text + self.closed(header)

    def _labels(self) -> list[str]:
        return [label for is_public in (True, False) if (label := self.label(is_public=is_public))]

    def type_of(self, constant: Constant, needs: Needs) -> str:
        """The type of a constant."""
        return self.writer.types.text(constant.shape, Place.PART, needs)


def rows(*parts: str) -> str:
    """The rows that say something, each with a line break."""
    return "".join(f"{part}\n" for part in parts if part)


def holds_unknown(header: ClassHeader) -> bool:
    """Whether a field may hold anything."""
    return any(_has(each.shape, Kind.ANY) for each in header.fields)


def _has(shape: Shape, kind: Kind) -> bool:
    return shape.kind is kind or any(_has(part, kind) for part in shape.parts)
