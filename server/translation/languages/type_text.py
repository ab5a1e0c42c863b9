"""Types as languages with angle brackets write them: ``const std::vector<int>&``, ``Map<String, int[]>``."""

import re
from collections.abc import Iterator

from attrs import frozen

_PIECE = re.compile(r"[\w:.$@]+|\[[^\]]*\]|\S")
_LONGEST = 2000
_DEEPEST = 20


@frozen
class TypeText:
    """A type's words, the arguments in its angle brackets, and what stands behind (``*``, ``&``, ``[``)."""

    words: tuple[str, ...] = ()
    arguments: tuple["TypeText", ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The words, as they are written."""
        return " ".join(self.words)


def type_text(text: str) -> TypeText:
    """Read a type; empty for what is none, or too long."""
    pieces = _PIECE.findall(text) if len(text) <= _LONGEST else []
    return _read(iter(pieces), 0)[0]


def _read(pieces: Iterator[str], depth: int) -> tuple[TypeText, str]:
    """One type, and what stands behind it."""
    words: list[str] = []
    arguments: list[TypeText] = []
    marks: list[str] = []
    for piece in pieces:
        if piece == "<" and depth < _DEEPEST:
            end = ","
            while end == ",":
                argument, end = _read(pieces, depth + 1)
                arguments.append(argument)
        elif piece in {">", ","}:
            return TypeText(tuple(words), tuple(arguments), tuple(marks)), piece
        elif piece in {"*", "&"} or piece.startswith("["):
            marks.append(piece[0])
        else:
            words.append(piece)
    return TypeText(tuple(words), tuple(arguments), tuple(marks)), ""
