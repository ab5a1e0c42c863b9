"""What of the file system is shown with a program: the installation around it, or it alone."""

import os
from itertools import islice
from pathlib import Path

from codenook.server.sandbox.reading import is_file, is_folder, is_within

_NODE_PACKAGES = "node_modules"
_SECRET = "credentials"  # noqa: S105 - how such files' names begin
_PARTS = ("bin", "lib", "lib32", "lib64", "libexec", "share")
"""What is shown of an installation that has secrets beside them."""

_OF_THE_KERNEL = ("/proc", "/sys", "/dev")
_OF_RUNNING_PROGRAMS = "/run"


def plain(path: Path) -> Path | None:
    """A path as one that begins with one slash and has no ``..``; None where it can't be one."""
    if not path.is_absolute() or "\0" in str(path):
        return None
    at = Path("/")
    for part in path.parts[1:]:
        at = Path(os.path.realpath(at)).parent if part == ".." else at / part
    return at


def shown_with(program: Path, workspace: Path | None, *, is_own: bool) -> tuple[Path, ...]:
    """What is shown to run a program (a `plain` path): folders around it, it alone, or nothing.

    Of what isn't the user's own (``is_own``), as it lies in a workspace or is named there, a folder around
    it is shown when it is in the workspace or an installation of Python.
    """
    real = Path(os.path.realpath(program))
    if any(_is_special(each) or each.name.startswith(_SECRET) for each in (program, real)):
        return ()
    folder = _around(program)
    if folder is None or not _may_be_shown(folder, workspace, is_own=is_own):
        return () if real.is_relative_to(_OF_RUNNING_PROGRAMS) else (program,)
    if not _has_secrets(folder):
        return (folder,)
    return tuple(part for name in _PARTS if is_folder(part := folder / name))


def _around(program: Path) -> Path | None:
    """The folder around ``bin`` in which a program was installed, or all packages of Node."""
    if _NODE_PACKAGES in program.parts:
        return Path(*program.parts[: program.parts.index(_NODE_PACKAGES) + 1])
    return program.parent.parent if program.parent.name == "bin" else None


def _may_be_shown(folder: Path, workspace: Path | None, *, is_own: bool) -> bool:
    real, home = Path(os.path.realpath(folder)), Path(os.path.realpath(Path.home()))
    if home.is_relative_to(real) or _is_special(real) or real.is_relative_to(_OF_RUNNING_PROGRAMS):
        return False
    if real.parent == home and real.name.startswith(".") and not is_file(real / "pyvenv.cfg"):
        return False  # a folder of settings
    return is_own or (workspace is not None and is_within(real, workspace)) or _is_python(real)


def _is_special(path: Path) -> bool:
    """Whether a path is in what the sandbox has of its own, and what is outside tells of others."""
    return any(path.is_relative_to(each) for each in _OF_THE_KERNEL)


def _is_python(folder: Path) -> bool:
    """Whether a folder is a virtual environment, or an installation of Python."""
    libraries = (folder / name for name in ("lib", "lib64"))
    return is_file(folder / "pyvenv.cfg") or any(_has(each, "python3*") for each in libraries)


def _has_secrets(folder: Path) -> bool:
    return _has(folder, f"{_SECRET}*")


def _has(folder: Path, pattern: str) -> bool:
    try:
        return bool(list(islice(folder.glob(pattern), 1)))
    except (OSError, ValueError):
        return False
