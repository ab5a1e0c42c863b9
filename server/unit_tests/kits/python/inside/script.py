"""One text of the modules that run in the sandbox, which imports nothing of ours."""

from functools import cache
from pathlib import Path

MODULES = ("written", "compound", "watch", "outcome", "clock", "draw", "serve")
"""In the order in which they need one another."""

_WITHOUT_THE_START_FOLDER = "import sys\nsys.path[:] = [path for path in sys.path if path]\n"
"""The folder in which it starts is the workspace's, which may have a module ``json``."""


@cache
def script() -> str:
    """The program for ``python -c``; it reads its job on stdin."""
    texts = [(Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8") for name in MODULES]
    lines = [line for text in texts for line in text.splitlines() if not line.startswith("from codenook.")]
    return _WITHOUT_THE_START_FOLDER + "\n".join(lines) + "\nmain()\n"
