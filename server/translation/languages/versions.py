"""What programs say of their versions."""

import subprocess
from functools import cache
from pathlib import Path

_TIMEOUT_S = 20.0


@cache
def version(program: Path, *arguments: str) -> str:
    """The first line that a program of the user's says of its version; empty where it doesn't run.

    ``arguments`` ask for it; ``--version`` where there are none.
    """
    try:
        said = subprocess.run(  # noqa: S603 - by its absolute path
            [program, *(arguments or ("--version",))],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.decode("utf-8", "replace").partition("\n")[0].strip() if said.returncode == 0 else ""
