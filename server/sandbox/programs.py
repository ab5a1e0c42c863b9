"""Programs on this machine, and the folders that one needs to see to run."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

_SHIMS = "shims"
_NODE_PACKAGES = "node_modules"
_LONGEST_FIRST_LINE = 512


def is_file(path: Path) -> bool:
    """Whether there is a file, also at the end of a link; not where that can't be told.

    A link of somebody else's may lead to a name that is too long, or into a folder that is closed.
    """
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def on_path(name: str, *, outside: Path | None = None, with_shims: bool = False) -> Path | None:
    """Return the program ``name`` on ``PATH``, None without one.

    Entries that are relative do not count, nor, with ``outside``, what lies in that folder, also by way of a
    link; nor, without ``with_shims``, the folders in which version managers have scripts that look for the
    program elsewhere.
    """
    theirs = outside.resolve() if outside else None
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if not Path(entry).is_absolute() or (Path(entry).name == _SHIMS and not with_shims):
            continue
        found = shutil.which(name, path=entry)
        if found and not (
            theirs and any(Path(path).resolve().is_relative_to(theirs) for path in (entry, found))
        ):
            return Path(found)
    return None


def needs(*programs: Path) -> tuple[Path, ...]:
    """Folders and files that ``programs`` (absolute) need to see, as far as their paths tell.

    That is where they are, where their links lead, the interpreter that their first line names, and what a
    virtual environment was made from; of each the installation around it, but never the home folder.
    """
    found: dict[Path, None] = {}
    seen: set[Path] = set()
    left = list(programs)
    while left:
        program = left.pop()
        if program in seen or not (is_file(program) and os.access(program, os.X_OK)):
            continue  # a link or a first line may name anything
        seen.add(program)
        found[_installation(program)] = None
        left += _leads_to(program)
    return _outermost(found)


def search_path(readable: Iterable[Path]) -> str:
    """``PATH`` for a command that sees what programs need, as `needs` tells."""
    folders = [path / "bin" if (path / "bin").is_dir() else path.parent for path in readable]
    return os.pathsep.join([*map(str, dict.fromkeys(folders)), "/usr/local/bin", "/usr/bin", "/bin"])


def _leads_to(program: Path) -> Iterable[Path]:
    real = program.parent.resolve() / program.name
    if real != program:
        yield real
    if program.is_symlink():
        yield Path(os.path.normpath(real.parent / program.readlink()))
    elif interpreter := _interpreter(program):
        yield interpreter
    try:
        settings = (program.parent.parent / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in settings.splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "home" and Path(value.strip()).is_absolute():
            yield Path(value.strip()) / "python3"


def _interpreter(program: Path) -> Path | None:
    """The program that the first line of a script names."""
    try:
        with program.open("rb") as stream:
            first = stream.readline(_LONGEST_FIRST_LINE)
    except OSError:
        return None
    words = os.fsdecode(first.removeprefix(b"#!")).split() if first.startswith(b"#!") else []
    if not words:
        return None
    if Path(words[0]).name == "env":
        name = next((word for word in words[1:] if not word.startswith("-")), "")
        return on_path(name) if name else None
    return Path(words[0])


def _installation(program: Path) -> Path:
    """The folder around ``bin`` in which a program was installed, all packages of Node, or it alone."""
    if _NODE_PACKAGES in program.parts:
        return Path(*program.parts[: program.parts.index(_NODE_PACKAGES) + 1])
    prefix = program.parent.parent
    home = Path.home()
    is_settings = prefix.parent == home and prefix.name.startswith(".")
    is_shared = home.is_relative_to(prefix) or (is_settings and not is_file(prefix / "pyvenv.cfg"))
    return program if program.parent.name != "bin" or is_shared else prefix


def _outermost(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The paths that are in no other one."""
    kept: list[Path] = []
    for path in sorted(paths):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return tuple(kept)
