"""Other programs: where they are, and which version."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.sandbox.programs import on_path

TIMEOUT_S = 10.0
"""How long a program may take to say its version."""


def find_program(*names: str, outside: Path | None = None) -> Path | None:
    """Return the first of ``names`` on PATH, of which only absolute folders count, and none in ``outside``.

    What is to be run is looked for outside of the opened project: its own environment may be on PATH. A
    folder around the home folder, such as the root, is no project.
    """
    if outside and Path.home().resolve().is_relative_to(outside.resolve()):
        outside = None
    found = (on_path(name, outside=outside, with_shims=True) for name in names)
    return next(filter(None, found), None)


def run_program(program: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str] | None:
    """Run a program that was found, away from any project; None when it can't be run or doesn't end."""
    try:
        return subprocess.run(  # noqa: S603 - a program of the user's, by its absolute path
            [program, *arguments],
            cwd=program.anchor,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None


def version_of(program: Path) -> tuple[int, ...]:
    """Return what ``--version`` says; nothing when it says no number."""
    ran = run_program(program, ["--version"])
    said = re.search(r"\d+(\.\d+)+", ran.stdout) if ran and ran.returncode == 0 else None
    return tuple(map(int, said[0].split("."))) if said else ()


def shown(version: tuple[int, ...]) -> str:
    """Write a version as people do."""
    return ".".join(map(str, version)) or "of unknown version"


def git(workspace: Path) -> list[Finding]:
    """Look for git, which reviewing a diff will need, outside of the workspace."""
    program = find_program("git", outside=workspace)
    if program is None:
        return [note(Check.GIT, "git is not on PATH", "install git for reviews; completion does not need it")]
    version = version_of(program)
    if not version:
        return [note(Check.GIT, f"{program} does not run", "install git again, or mend PATH")]
    return [ok(Check.GIT, f"git {shown(version)}, {program}", path=str(program), version=shown(version))]
