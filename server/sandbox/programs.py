"""Programs on this machine, and the folders that one needs to see to run."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from codenook.server.sandbox.installations import plain, shown_with
from codenook.server.sandbox.reading import content_of, is_file, is_folder, is_within

_SHIMS = "shims"
_LONGEST_FIRST_LINE = 512
_LONGEST_SETTINGS = 16_384


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


def needs(*programs: Path, workspace: Path | None = None) -> tuple[Path, ...]:
    """Folders and files that ``programs`` (absolute) need to see, as far as their paths tell.

    That is where they are, where their links lead, the interpreter that their first line names, and what a
    virtual environment was made from; of each the installation around it, but never the home folder.

    What lies in ``workspace`` somebody else may have written: of what it names, no more than the program
    itself is seen, unless that is on ``PATH`` or Python. Without a workspace that holds for all programs.
    """
    found: dict[Path, None] = {}
    seen: set[tuple[Path, bool]] = set()
    left = [_Named(program, is_own=workspace is not None) for program in programs]
    while left:
        named = left.pop()
        program = plain(named.path)
        if program is None or not (is_file(program) and os.access(program, os.X_OK)):
            continue  # a link or a first line may name anything
        is_own = named.is_own and not (workspace and _leads_through(program, workspace))
        if (program, is_own) in seen:
            continue
        seen.add((program, is_own))
        found |= dict.fromkeys(shown_with(program, workspace, is_own=is_own))
        left += _leads_to(program, is_own=is_own)
    return _outermost(found)


def search_path(readable: Iterable[Path]) -> str:
    """``PATH`` for a command that sees what programs need, as `needs` tells."""
    folders = map(_programs_in, readable)
    return os.pathsep.join([*map(str, dict.fromkeys(folders)), "/usr/local/bin", "/usr/bin", "/bin"])


@frozen
class _Named:
    """A program; ``is_own`` says that the user has it there, and no workspace names it."""

    path: Path
    is_own: bool


def _leads_through(program: Path, workspace: Path) -> bool:
    """Whether a path leads into a folder, and be it to leave that by a link."""
    return any(is_within(folder, workspace) for folder in program.parents)


def _programs_in(path: Path) -> Path:
    if path.name == "bin" and is_folder(path):
        return path
    return path / "bin" if is_folder(path / "bin") else path.parent


def _leads_to(program: Path, *, is_own: bool) -> Iterable[_Named]:
    real = Path(os.path.realpath(program.parent)) / program.name
    if real != program:
        yield _Named(real, is_own)
    if program.is_symlink():
        yield _Named(real.parent / program.readlink(), is_own)
    elif interpreter := _interpreter(program, is_own=is_own):
        yield interpreter
    settings = content_of(program.parent.parent / "pyvenv.cfg", _LONGEST_SETTINGS) or b""
    for line in settings.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "home" and Path(value.strip()).is_absolute():
            yield _Named(Path(value.strip()) / "python3", is_own)


def _interpreter(program: Path, *, is_own: bool) -> _Named | None:
    """The program that the first line of a script names."""
    try:
        with program.open("rb") as stream:
            first = stream.readline(_LONGEST_FIRST_LINE)
    except OSError:
        return None
    words = os.fsdecode(first.removeprefix(b"#!")).split() if first.startswith(b"#!") else []
    if not words:
        return None
    if Path(words[0]).name != "env":
        return _Named(Path(words[0]), is_own)
    name = next((word for word in words[1:] if not word.startswith("-")), "")
    if os.sep in name:
        return _Named(Path(name), is_own)
    found = on_path(name) if name else None
    return _Named(found, is_own=True) if found else None


def _outermost(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The paths that are in no other one."""
    kept: list[Path] = []
    for path in sorted(paths):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return tuple(kept)
