"""Open documents as memory knows them: part by part, so that an edit costs the parts that it changed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from zlib import crc32

import numpy as np
import numpy.typing as npt
from attrs import define, field

from codenook.models.memory import Memory, Segment

Read = tuple[npt.NDArray[np.intp], npt.NDArray[np.uint32]]
"""The tokens of a text and the lines on which they begin, from 1."""

_BLANK_LINE = re.compile(r"\n(?=[ \t]*\r?\n)")

_ONE_IN = 8
"""One in so many blank lines is between two parts: parts of about 60 lines, in most languages."""

_N_DECIDING = 32
"""Characters before a blank line that decide whether it is."""


@define(eq=False)
class Document:
    """An open document. One thread brings it up to date, others may ask what is ``beyond``."""

    path: str
    _memory: Memory
    """Its files are the parts, by what they say: of equal ones, by their number too."""
    _read: Callable[[str], Read]
    _first_lines: dict[str, int] = field(factory=dict, init=False)
    """How many lines stand before each part."""
    _known: tuple[int, tuple[Segment, ...]] = field(default=(0, ()), init=False)
    """How many lines it has, and where they are indexed."""

    def update(self, text: str) -> int:
        """Take what the document says now; return how many tokens were read for that."""
        known, seen, n_lines, n_read = self._first_lines, Counter[str](), 0, 0
        self._first_lines = {}
        for part in parts(text):
            name = f"{seen[part]} {part}"
            seen[part] += 1
            self._first_lines[name] = n_lines
            n_lines += part.count("\n")
            if name not in known:
                tokens, lines = self._read(part)
                self._memory.update(name, tokens, lines)
                n_read += len(tokens)
        for name in known.keys() - self._first_lines.keys():
            self._memory.forget(name)
        self._memory.settle()
        segments = (segment.as_parts(self.path, self._first_lines) for segment in self._memory.segments)
        self._known = n_lines + 1, tuple(segments)
        return n_read

    @property
    def n_tokens(self) -> int:
        """How many tokens are indexed."""
        return self._memory.n_tokens

    def beyond(self, n_above: int, n_below: int) -> list[Segment]:
        """Return what stands on so many of the first lines, and of the last."""
        n_lines, segments = self._known
        return [segment.beyond(n_above + 1, n_lines - n_below) for segment in segments]


def parts(text: str) -> Iterator[str]:
    """Cut a text at some of its blank lines: which ones depends on what stands right before.

    So an edit moves no cut elsewhere. What stands behind a blank line is hardly told by what is before it.
    """
    start = 0
    for blank in _BLANK_LINE.finditer(text):
        end = blank.end()
        deciding = text[max(0, end - _N_DECIDING) : end]
        if crc32(deciding.encode("utf-8", "replace")) % _ONE_IN == 0:
            yield text[start:end]
            start = end
    yield text[start:]
