"""One text of modules that run in the sandbox, which imports nothing of ours."""

import ast
from functools import cache
from pathlib import Path

APART = Path(__file__).parent / "apart.py"
"""What has each call in a process of its own."""

_WITHOUT_THE_START_FOLDER = "import sys\nsys.path[:] = [path for path in sys.path if path]\n"
"""The folder in which it starts is the workspace's, which may have a module ``json``."""


@cache
def script(*modules: Path) -> str:
    """The program for ``python -c``, of modules in the order in which they need one another."""
    texts = [_without_ours(path.read_text(encoding="utf-8")) for path in modules]
    return _WITHOUT_THE_START_FOLDER + "\n".join(texts) + "\nmain()\n"


def _without_ours(text: str) -> str:
    """A module without what it imports from others of them."""
    rows = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("codenook."):
            rows[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or 0) - node.lineno + 1)
    return "\n".join(rows)
