"""Texts from a project as parts of Markdown that nothing in them can leave.

Whatever a report quotes (names, code, what a program says) goes through here, so that nothing of it is read
as Markdown: an editor would fetch the image that it names.
"""

import re

from codenook.server.terminal import printable


def code(text: str) -> str:
    """A text in one line, as a code span that nothing in it can end."""
    line = printable(text) or " "
    fence = "`" * (_longest_run(line) + 1)
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def block(text: str, language: str = "") -> str:
    """Lines as a code block that nothing in them can end."""
    lines = [printable(line.replace("\t", "    ")) for line in text.rstrip("\n").split("\n")]
    fence = "`" * max(3, *(_longest_run(line) + 1 for line in lines))
    return "\n".join([f"{fence}{language}", *lines, fence])


def _longest_run(line: str) -> int:
    return max(map(len, re.findall("`+", line)), default=0)
