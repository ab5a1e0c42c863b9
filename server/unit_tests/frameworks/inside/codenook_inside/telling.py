"""What a run of tests tells: lines of JSON on its stdout, behind a word that tests don't know."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

MOST_CHARS = 500
"""How much of a message is told."""


class Telling:
    """Tells what is found; what tests print goes to stderr from then on."""

    def __init__(self, word: str) -> None:
        """Take stdout away from everything else, before anything of the project's runs."""
        self._word = word
        self._stdout = os.dup(1)
        self._process = os.getpid()
        os.dup2(2, 1)
        self.tell("start")

    def tell(self, kind: str, **values: Any) -> None:
        """Write one line; a process that a test forked tells nothing."""
        if os.getpid() != self._process:
            return
        line = f"{self._word} {json.dumps({'kind': kind, **values})}\n"
        content = line.encode("ascii")
        while content:
            content = content[os.write(self._stdout, content) :]

    def take_over(self, *, aloud: bool) -> None:
        """Tell, or don't, what this process finds, which was forked from the one that told so far.

        What else it prints goes nowhere.
        """
        self.speak(aloud=aloud)
        nothing = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nothing, stream)
        os.close(nothing)

    def speak(self, *, aloud: bool) -> None:
        """Tell, or don't, what this process finds."""
        self._process = os.getpid() if aloud else 0

    def end(self, code: int) -> None:
        """Tell that all was run, and end: threads that tests left behind are not waited for."""
        self.tell("end", code=code)
        sys.stderr.flush()
        os._exit(0)


def first_line(said: object) -> str:
    """The first line of what an error says, which may fail to say anything."""
    try:
        lines = [line.strip() for line in str(said).splitlines()]
    except BaseException as error:  # noqa: BLE001 - a test's own error may raise anything
        lines = [type(error).__name__]
    said_first = next(filter(None, lines), "")[:MOST_CHARS]
    return "".join(char if char.isprintable() else "?" for char in said_first)


def relative(path: object, root: str) -> str:
    """A path seen from the workspace, with slashes."""
    absolute = os.path.abspath(str(path))  # noqa: PTH100 - links stay as they are
    try:
        return Path(absolute).relative_to(root).as_posix()
    except ValueError:
        return absolute
