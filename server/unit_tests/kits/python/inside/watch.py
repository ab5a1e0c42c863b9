"""What a call does besides giving a value: which lines run, and which files it leaves."""

import os
from typing import Any, Dict, Tuple

# ruff: noqa: UP006, UP035 - it runs in Python 3.8, too

_MOST_FILES = 400


class Tracer:
    """Notes the lines of one file that run, and from which to which they lead."""

    def __init__(self, file: str, first: int, last: int, lines: Dict[int, None]) -> None:
        self.file, self.first, self.last, self.lines = file, first, last, lines

    def __call__(self, frame: Any, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != self.file:
            return None
        previous = [0]

        def line(inner: Any, event: str, _argument: Any) -> Any:
            if event == "line" and self.first <= inner.f_lineno <= self.last:
                self.lines[previous[0] * 100_000 + inner.f_lineno] = None
                previous[0] = inner.f_lineno
            return line

        return line


def scratch_files() -> Tuple[str, ...]:
    """What is in the folder for temporary files."""
    found = []
    for folder, _, files in os.walk(os.environ.get("TMPDIR", "/tmp")):  # noqa: S108
        found += [os.path.join(folder, "")] + [os.path.join(folder, name) for name in files]  # noqa: PTH118
        if len(found) > _MOST_FILES:
            break
    return tuple(found)
