"""A change of a text, in code points."""

from attrs import frozen


@frozen
class Edit:
    """``text`` in the place of what stands from ``start`` to ``end`` (code points)."""

    start: int
    end: int
    text: str

    @classmethod
    def of_bytes(cls, source: bytes, start: int, end: int, text: str) -> "Edit":
        """The edit of the bytes ``start`` to ``end``, which lie between characters."""
        first = len(source[:start].decode("utf-8", "replace"))
        return cls(first, first + len(source[start:end].decode("utf-8", "replace")), text)

    def apply(self, text: str) -> str:
        """The text after the edit."""
        return text[: self.start] + self.text + text[self.end :]
