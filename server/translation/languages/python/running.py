"""Runs Python with the interpreter of the machine, which needs no packages for it."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from attrs import frozen

from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Command, Outcome
from codenook.server.sandbox.inside.script import APART, script
from codenook.server.sandbox.programs import needs, on_path, search_path
from codenook.server.translation.languages import interpreted
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.languages.made_from import made_from
from codenook.server.translation.languages.python.reading import PythonReading
from codenook.server.translation.languages.versions import version
from codenook.server.translation.outcome import Call

INSIDE = tuple(Path(__file__).parent / "inside" / f"{name}.py" for name in ("given", "told", "calls"))
_MISSING = Refusal(Stage.TOOLCHAIN, "there is no Python (python3) on PATH: install it")


@frozen
class PythonRunning:
    """See `Running`."""

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        python = _python()
        return version(python) if python else ""

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        python = _python()
        return await interpreted.refusal_of(text, partial(_started, python)) if python else _MISSING

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        python = _python()
        if python is None:
            return Ran(refusal=_MISSING)
        of_constructor = made_from(PythonReading(), "python", program, "__init__")
        return await interpreted.ran(program, of_constructor, calls, partial(_started, python))


def _python() -> Path | None:
    return on_path("python3") or on_path("python")


async def _started(python: Path, stdin: bytes) -> Outcome:
    readable = needs(python)
    environment = {"PATH": search_path(readable), "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory(prefix="codenook-") as folder:
        arguments = (str(python), "-s", "-B", "-c", script(APART, *INSIDE))
        command = Command(arguments, Path(folder), readable, {}, environment, stdin)
        return await sandbox.run(command, interpreted.LIMITS)
