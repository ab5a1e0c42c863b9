"""What is to be tested."""

import io
from itertools import islice
from pathlib import Path

from attrs import frozen

from codenook.context.outline import Definition


@frozen
class Target:
    """A function, method or class of a workspace.

    ``path`` is relative to ``root`` (posix), ``text`` the whole file as it is (in an editor: as it is open),
    ``language`` the id that editors use. ``definition`` has lines from 1. ``source`` is what is between them.
    """

    root: Path
    path: str
    text: str
    language: str
    definition: Definition

    @property
    def symbol(self) -> str:
        """The qualified name in the file: ``Class.method``."""
        return self.definition.symbol

    @property
    def lines(self) -> range:
        """The lines of the definition, from 1."""
        return range(self.definition.start_line, self.definition.end_line + 1)

    @property
    def source(self) -> str:
        """The text of the definition, in whole lines."""
        lines = io.StringIO(self.text, newline="\n")  # definitions know of no other ends of lines
        return "".join(islice(lines, self.definition.start_line - 1, self.definition.end_line))
