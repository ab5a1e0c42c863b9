"""What is run in the sandbox, within which limits, and how that ended."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from attrs import field, frozen

_MIB = 1 << 20


@frozen
class Command:
    """A command in a folder, which it can read and not write.

    ``arguments`` begin with the program, an absolute path. Besides the system's own programs it sees
    ``readable`` (absolute paths) and ``folder``, in which ``files`` (paths relative to it) say what is given
    here, or aren't there (None), whatever is on disk. It can write to ``/tmp`` alone, which is its own and
    goes with it. ``environment`` is added to a short one (`bubblewrap.ENVIRONMENT`). It starts in ``folder``,
    or in ``start``, which is in it.
    """

    arguments: tuple[str, ...]
    folder: Path
    readable: tuple[Path, ...] = ()
    files: Mapping[str, bytes | None] = field(factory=dict)
    environment: Mapping[str, str] = field(factory=dict)
    stdin: bytes = b""
    start: Path | None = None


@frozen
class Limits:
    """What a command may take.

    ``memory_bytes`` holds for each process (what it may write to) and for all together (what they do
    write to), ``cpu_s`` for each and for all together, too. ``n_processes`` counts threads. ``file_bytes``
    is the size of one file, ``scratch_bytes`` of all in ``/tmp``, ``output_bytes`` of stdout and stderr each.
    """

    wall_s: float = 60.0
    cpu_s: int = 60
    memory_bytes: int = 2048 * _MIB
    n_processes: int = 128
    file_bytes: int = 64 * _MIB
    scratch_bytes: int = 256 * _MIB
    output_bytes: int = 16 * _MIB


class Ended(StrEnum):
    """How a command ended: by itself, or killed for what it took too much of."""

    BY_ITSELF = "by_itself"
    WALL_TIME = "wall_time"
    CPU_TIME = "cpu_time"
    MEMORY = "memory"
    PROCESSES = "processes"
    OUTPUT = "output"


@frozen
class Outcome:
    """What came of a command.

    ``returncode`` is 128 and the signal's number when a signal ended it, as in a shell, and None when it was
    killed here, which ``ended`` explains. What it wrote is cut at the limit.
    """

    ended: Ended
    returncode: int | None
    stdout: bytes
    stderr: bytes


class NoSandbox(Exception):
    """There is no sandbox on this machine; the message says what is missing and how to get it."""


class SandboxFailed(Exception):
    """The sandbox couldn't be set up for this command, or there is no such program; the message has why."""
