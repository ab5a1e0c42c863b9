"""The compilers of GNU: how they are found, called, and what they say is wrong."""

import re
from pathlib import Path

from codenook.server.sandbox.command import Ended, Limits
from codenook.server.sandbox.command import Outcome as Finished
from codenook.server.sandbox.programs import needs, on_path
from codenook.server.translation.languages.compiled import one_line, run_script
from codenook.server.translation.languages.language import Refusal, Stage
from codenook.server.translation.languages.versions import version

COMPILING = Limits(wall_s=60.0, cpu_s=50)
"""What one program may take to be compiled."""

_CHECK = 'export LC_ALL=C; compiler=$1; shift; exec "$compiler" "$@"'
_ERROR = re.compile(
    r"^(?P<file>[^:\n]+):(?:(?P<line>\d+):)?(?:\d+:)? (?:fatal )?error: (?P<text>.+)$", re.MULTILINE
)
_UNDEFINED = re.compile(r"undefined reference to .+")


def compiler(*names: str, outside: Path | None = None) -> Path | None:
    """The first of these programs that is on PATH."""
    return next((found for name in names if (found := on_path(name, outside=outside))), None)


def described(program: Path | None) -> str:
    """A compiler with its version (``g++ 12.2.0``); empty without one."""
    if program is None:
        return ""
    said = version(program, "-dumpfullversion", "-dumpversion")
    return f"{program.name} {said}" if said else ""


def readable(program: Path) -> tuple[Path, ...]:
    """What a compiler needs to see."""
    return needs(program, workspace=Path("/nonexistent"))


async def checked(program: Path, options: tuple[str, ...], name: str, text: str) -> Refusal | None:
    """Why a file doesn't compile; None if it does. Raises NoSandbox, SandboxFailed."""
    finished = await run_script(
        _CHECK,
        (str(program), *options, "-fsyntax-only", name),
        {name: text.encode("utf-8", "replace")},
        readable=readable(program),
        limits=COMPILING,
    )
    return None if finished.returncode == 0 else refused(finished, name)


def refused(finished: Finished, name: str) -> Refusal:
    """What a compiler that failed says: its first error in the file, or else its first."""
    if finished.ended is not Ended.BY_ITSELF:
        took = finished.ended.value.replace("_", " ")
        return Refusal(Stage.COMPILE, f"the compiler was ended: it took too much {took}")
    said = finished.stderr.decode("utf-8", "replace")
    errors = list(_ERROR.finditer(said))
    for error in errors:
        if error["file"] == name:
            return Refusal(Stage.COMPILE, one_line([error["text"]]), int(error["line"] or 0))
    undefined = _UNDEFINED.search(said)
    if errors and not undefined:
        return Refusal(Stage.COMPILE, one_line([errors[0]["text"]]))
    lines = [line for line in said.splitlines() if line.strip()]
    return Refusal(Stage.COMPILE, one_line([undefined[0] if undefined else (lines or ["no message"])[0]]))
