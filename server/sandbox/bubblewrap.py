"""How bubblewrap is called, and whether it makes a sandbox on this machine.

The options are those of bubblewrap 0.7 (2022), the first that can limit the size of a tmpfs.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from codenook.server.sandbox.command import Limits, NoSandbox
from codenook.server.sandbox.folders import Mount, Mounted
from codenook.server.sandbox.programs import on_path

SCRATCH = "/tmp"  # noqa: S108 - a file system of its own
HOME = f"{SCRATCH}/home"

ENVIRONMENT = {
    "HOME": HOME,
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "TMPDIR": SCRATCH,
}
"""All that a command finds in its environment, besides what it is given."""

SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"),
    *("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime"),
)
"""What programs of the system need of it, as far as it is there."""

NAMESPACES = (
    *("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
    *("--hostname", "sandbox"),
)

PROBE = (
    *NAMESPACES,
    *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--size", "1048576", "--tmpfs", SCRATCH),
    *("--remount-ro", "/dev", "--remount-ro", "/proc", "true"),
)
"""Arguments with which bubblewrap does all that `options` asks for, and nothing else."""

MOST_ARGUMENTS = 9000
"""How many bubblewrap reads, on its command line and from what that names (``MAX_ARGS`` in its source)."""

_PROBE_TIMEOUT_S = 10.0
_INSTALL = "install bubblewrap (apt install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap)"


def found(outside: Path | None = None) -> Path:
    """Return where bubblewrap is, not in a folder that somebody else may have written.

    Raises NoSandbox when it isn't there, or makes no sandbox.
    """
    if sys.platform != "linux":
        raise NoSandbox(f"there is no sandbox on {sys.platform} yet: codenook knows bubblewrap on Linux")
    program = on_path("bwrap", outside=outside)
    if program is None:
        raise NoSandbox(f"there is no bubblewrap (bwrap) on PATH: {_INSTALL}")
    _try(program)
    return program


def options(mounts: Iterable[Mount], start: Path, limits: Limits) -> list[str]:
    """The arguments of bubblewrap for a command that starts in ``start`` and sees ``mounts``."""
    size = str(limits.scratch_bytes)
    own = [
        Mount(Mounted.PROC, Path("/proc")),
        Mount(Mounted.DEV, Path("/dev")),
        Mount(Mounted.TMPFS, Path("/dev/shm"), size=size),  # noqa: S108 - a file system of its own
        Mount(Mounted.TMPFS, Path(SCRATCH), size=size),
    ]
    system = [Mount(Mounted.IF_THERE, Path(path), path) for path in SYSTEM]
    ordered = sorted([*system, *own, *mounts], key=lambda mount: mount.depth)
    parts = [part for mount in ordered for part in mount.options]
    # As root, /proc/sys would be writable: bubblewrap covers it for others alone.
    closed = [Path("/dev"), Path("/proc"), *(mount.path for mount in ordered if mount.is_closed)]
    for path in [*sorted(closed, key=lambda path: -len(path.parts)), Path("/")]:
        parts += ["--remount-ro", str(path)]
    return [*NAMESPACES, *parts, "--dir", HOME, "--chdir", str(start)]


@cache  # of what raises nothing: a busy machine, or a setting of the kernel, may be another the next time
def _try(program: Path) -> None:
    """Have bubblewrap make a sandbox; raises NoSandbox, with why in one line, where it doesn't."""
    try:
        tried = subprocess.run(  # noqa: S603 - a program of the user's, by its absolute path
            [program, *PROBE],
            cwd="/",
            env={"PATH": ENVIRONMENT["PATH"]},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoSandbox(f"{program} does not run: {error}") from None
    if tried.returncode == 0:
        return
    said = os.fsdecode(tried.stderr).strip().partition("\n")[0] or f"exit status {tried.returncode}"
    advice = (
        "0.7 or later is needed"
        if "nknown option" in said
        else "user namespaces have to be allowed, which the kernel's settings or a container may forbid"
    )
    raise NoSandbox(f"{program} makes no sandbox here ({said}): {advice}")
