"""One text of modules that run in the sandbox, which imports nothing of ours."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

APART = Path(__file__).parent / "apart.py"
"""What has each call in a process of its own."""

_WITHOUT_THE_START_FOLDER = "import sys\nsys.path[:] = [path for path in sys.path if path]\n"
"""The folder in which it starts is the workspace's, which may have a module ``json``."""


@cache
def script(*modules: Path) -> str:
    """The program for ``python -c``, of modules in the order in which they need one another."""
    texts = [path.read_text(encoding="utf-8") for path in modules]
    return _WITHOUT_THE_START_FOLDER + "\n".join(_without_ours(texts)) + "\nmain()\n"


def _without_ours(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in text.splitlines() if not line.startswith("from codenook.")]
