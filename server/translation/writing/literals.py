"""Plain values as source text of a language."""

from collections.abc import Sequence
from typing import ClassVar

from codenook.server.translation.inputs.literals.literal import NotPlain
from codenook.server.translation.inputs.literals.read import value_in
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.values import Elements, Pairs, Value
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Types


class NoLiteral(Exception):
    """A value can't be written so that it is sure to be the same."""


class Literals:
    """Writes the values of one language."""

    null: ClassVar[str] = "null"
    truth: ClassVar[tuple[str, str]] = ("false", "true")
    types: ClassVar[Types]

    def written(  # noqa: C901, PLR0911 - one for each kind
        self, value: Value, shape: Shape, needs: Needs
    ) -> str:
        """A value as an expression of the type that is written for ``shape``; raises NoLiteral."""
        if shape.kind is Kind.OPTION:
            return self.null if value is None else self.some(self.written(value, shape.parts[0], needs))
        match value:
            case None:
                return self.nothing(shape)
            case bool() if shape.kind in {Kind.BOOL, Kind.ANY}:
                return self.truth[value]
            case int() if shape.kind is Kind.INT or (shape.kind is Kind.ANY and not isinstance(value, bool)):
                return self.integer(value, shape)
            case int() if shape.kind is Kind.FLOAT:
                return self.float(float(value), shape)
            case float() if shape.kind in {Kind.FLOAT, Kind.ANY} and value - value == 0:
                return self.float(value, shape)
            case str() if shape.kind in {Kind.TEXT, Kind.ANY} or (
                shape.kind is Kind.CHAR and len(value) == 1
            ):
                return self.text(value, shape)
            case tuple() if shape.kind in {Kind.LIST, Kind.TUPLE, Kind.ANY}:
                parts = shape.parts if shape.kind is Kind.TUPLE else (shape.parts or (UNKNOWN,)) * len(value)
                return self.sequence(self._each(value, parts, needs), shape, needs)
            case Elements(items=items) if shape.kind is Kind.SET:
                return self.set(self._each(items, shape.parts * len(items), needs), shape, needs)
            case Pairs(items=items) if shape.kind is Kind.MAP:
                keys = self._each([key for key, _ in items], shape.parts[:1] * len(items), needs)
                values = self._each([each for _, each in items], shape.parts[1:] * len(items), needs)
                return self.map(list(zip(keys, values, strict=True)), shape, needs)
        raise NoLiteral(repr(value)[:80])

    def _each(self, values: Sequence[Value], shapes: Sequence[Shape], needs: Needs) -> list[str]:
        if len(values) != len(shapes):
            raise NoLiteral(repr(values)[:80])
        return [self.written(value, shape, needs) for value, shape in zip(values, shapes, strict=True)]

    # What a language says in its own way

    def some(self, text: str) -> str:
        """A value that may be nothing and isn't."""
        return text

    def nothing(self, shape: Shape) -> str:  # noqa: ARG002 - by the type, in some languages
        """Nothing, of a type that isn't said to have it."""
        return self.null

    def integer(self, value: int, shape: Shape) -> str:  # noqa: ARG002
        """An integer."""
        return str(value)

    def float(self, value: float, shape: Shape) -> str:  # noqa: ARG002
        """A finite number."""
        return repr(value)

    def text(self, value: str, shape: Shape) -> str:  # noqa: ARG002
        """A text or a character."""
        return quoted(value)

    def sequence(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A list or tuple."""
        return f"[{', '.join(parts)}]"

    def set(self, parts: Sequence[str], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A set."""
        raise NoLiteral("a set")

    def map(self, pairs: Sequence[tuple[str, str]], shape: Shape, needs: Needs) -> str:  # noqa: ARG002
        """A map."""
        raise NoLiteral("a map")


def value(text: str, language: str) -> Value:
    """What ``text`` stands for in ``language``; raises NoLiteral."""
    try:
        return value_in(text, language)
    except NotPlain as error:
        raise NoLiteral(str(error)) from None


def quoted(text: str, mark: str = '"') -> str:
    """A text in quotes, as all eight languages read it; NoLiteral for what they write in different ways."""
    if not all(each.isprintable() or each in "\n\t\r" for each in text) or not text.isascii():
        raise NoLiteral(text[:80])
    escaped = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return mark + escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + mark
