"""Running what a model wrote: in bubblewrap, without network, files or time to do harm."""

import secrets
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

WALL_S = 15.0
CPU_S = 8
MEMORY_BYTES = 1 << 30
FILE_BYTES = 1 << 20

SYSTEM = ("/usr", "/bin", "/lib", "/lib64")
"""What a Python needs to start, as far as it is there; read-only, as the Python itself."""

LIMITS = f"""\
import resource
resource.setrlimit(resource.RLIMIT_CPU, ({CPU_S}, {CPU_S}))
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_BYTES}, {MEMORY_BYTES}))
resource.setrlimit(resource.RLIMIT_FSIZE, ({FILE_BYTES}, {FILE_BYTES}))
"""


@cache
def why_not() -> str:
    """Say in one line why nothing can be run here; empty where it can."""
    program = shutil.which("bwrap")
    if program is None:
        return "bubblewrap (bwrap) is not on PATH"
    tried = subprocess.run(_command(program), input="", capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        said = tried.stderr.strip().partition("\n")[0] or f"exit status {tried.returncode}"
        return f"{program} makes no sandbox here: {said}"
    return ""


def passes(program: str) -> bool:
    """Whether a Python program runs to its end, within seconds; only where `why_not` is empty."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise FileNotFoundError("bwrap")
    end = secrets.token_hex(8)
    text = f"{LIMITS}\n{program}\nprint({end!r})\n"
    with TemporaryFile() as said:  # a file, because its size is limited
        try:
            ran = subprocess.run(
                _command(bwrap),
                input=text.encode("utf-8", "surrogatepass"),
                stdout=said,
                stderr=subprocess.DEVNULL,
                timeout=WALL_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        said.seek(0)
        return ran.returncode == 0 and said.read().rstrip().endswith(end.encode())


def _command(bwrap: str) -> list[str]:
    python = Path(sys.base_prefix)
    shown = dict.fromkeys([*SYSTEM, str(python)])
    return [
        bwrap,
        *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"),
        *(part for path in shown for part in ("--ro-bind-try", path, path)),
        *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/tmp"),  # noqa: S108 - its own
        *(str(Path(sys.executable).resolve()), "-I", "-S", "-"),
    ]
