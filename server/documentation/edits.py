"""A change of a text, in code points."""

from typing import Any

from attrs import frozen

from codenook.server.documentation.places import code_points


@frozen
class Edit:
    """``text`` in the place of what stands from ``start`` to ``end`` (code points)."""

    start: int
    end: int
    text: str

    @classmethod
    def of_bytes(cls, source: bytes, start: int, end: int, text: str) -> "Edit":
        """The edit of the bytes ``start`` to ``end``, which lie between characters."""
        return cls(code_points(source, start), code_points(source, end), text)

    def apply(self, text: str) -> str:
        """The text after the edit."""
        return text[: self.start] + self.text + text[self.end :]

    def to_json(self, text: str) -> dict[str, Any]:
        """The edit of ``text`` with places as the command line has them: lines and columns from 1."""
        (line, column), (end_line, end_column) = (_place(text, at) for at in (self.start, self.end))
        span = {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
        return {**span, "text": self.text}


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
