"""Open documents as memory knows them: in parts, so that an edit costs those that it changed."""

import re
from collections.abc import Callable, Iterator
from zlib import crc32

import numpy as np
import numpy.typing as npt
from attrs import define, field

Read = tuple[npt.NDArray[np.intp], npt.NDArray[np.uint32]]
"""The tokens of a text and the lines on which they begin, from 1."""

_BLANK_LINE = re.compile(r"\n(?=[ \t]*\r?\n)")

_ONE_IN = 8
"""One in so many blank lines is between two parts: parts of about 60 lines, in most languages."""

_N_DECIDING = 32
"""Characters before a blank line that decide whether it is."""


@define(eq=False)
class Document:
    """An open document. One thread brings it up to date, others may ask for what it says."""

    _read: Callable[[str], Read]
    _parts: dict[str, Read] = field(factory=dict, init=False)
    _known: tuple[int, Read] = field(init=False)
    """How many lines it has, and what they say."""

    @_known.default
    def _nothing(self) -> tuple[int, Read]:
        return 0, self._read("")

    def update(self, text: str) -> int:
        """Take what the document says now; return how many tokens were read for that."""
        known, self._parts = self._parts, {}
        tokens, lines, n_lines, n_read = [], [], 0, 0
        for part in parts(text):
            if part not in known:
                known[part] = self._read(part)
                n_read += len(known[part][0])
            self._parts[part] = known[part]
            tokens.append(known[part][0])
            lines.append(known[part][1] + np.uint32(n_lines))
            n_lines += part.count("\n")
        self._known = n_lines + 1, (np.concatenate(tokens), np.concatenate(lines))
        return n_read

    def beyond(self, n_above: int, n_below: int) -> tuple[Read, Read]:
        """Return what stands on so many of the first lines, and of the last."""
        n_lines, (tokens, lines) = self._known
        above, below = lines.searchsorted([n_above + 1, n_lines - n_below + 1])
        return (tokens[:above], lines[:above]), (tokens[below:], lines[below:])


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
