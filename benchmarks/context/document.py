"""A document that is typed in."""

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

N_KEYS = 20
"""Keys typed of one line: variety tells more than long lines."""


@frozen
class Document:
    """A text, relative to the workspace where it stands, and the lines of it that are typed (code points)."""

    path: str
    language: str
    lines: tuple[tuple[int, int], ...]
    text: str = ""

    def keys(self, text: str, line: tuple[int, int]) -> Iterator[tuple[str, int]]:
        """Yield the text and the cursor's offset without the line, then after each key of it."""
        start, end = line
        for cursor in range(start, min(end, start + N_KEYS) + 1):
            yield text[:cursor] + text[end:], cursor

    def read(self, workspace: Path) -> str:
        """Return the text as it is when all lines are in it."""
        return self.text or (workspace / self.path).read_bytes().decode("utf-8")
