"""One text of the modules that run in the sandbox."""

from pathlib import Path

from codenook.server.sandbox.inside import script as ours

_MODULES = ("written", "compound", "watch", "errors", "outcome", "clock", "draw", "serve")
"""In the order in which they need one another."""


def script() -> str:
    """The program for ``python -c``; it reads its job on stdin."""
    return ours.script(ours.APART, *(Path(__file__).parent / f"{name}.py" for name in _MODULES))
