"""What languages with a compiler have in common: a program is compiled and run in one sandbox."""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import evolve

from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Command, Limits
from codenook.server.sandbox.command import Outcome as Ended
from codenook.server.translation.languages.language import Ran, Refusal, Stage
from codenook.server.translation.outcome import Call, How, Outcome
from codenook.server.translation.values import decode, encode

COMPILE_ENDED = "compiled"
"""What a script tells on stdout once its program is compiled."""

MOST_CHARS = 300
"""Of a message."""

_LOADED = "ready"


def inside(package: ModuleType, *suffixes: str) -> dict[str, bytes]:
    """The files of a package that a sandbox is given, by their names."""
    return {
        each.name: each.read_bytes()
        for each in resources.files(package).iterdir()
        if each.name.endswith(suffixes)
    }


async def run_script(
    script: str,
    arguments: Sequence[str],
    files: Mapping[str, bytes],
    *,
    readable: tuple[Path, ...] = (),
    stdin: bytes = b"",
    limits: Limits,
) -> Ended:
    """Run a script of the shell in a folder that holds ``files``; raises NoSandbox, SandboxFailed."""
    with tempfile.TemporaryDirectory(prefix="codenook-") as folder:
        shell = ("/bin/sh", "-c", script, "sh", *arguments)
        command = Command(shell, Path(folder), readable, dict(files), stdin=stdin)
        return await sandbox.run(command, limits)


def told(calls: Sequence[Call]) -> bytes:
    """Calls as a program is told them: a line each, with what the object is made with and the arguments."""
    lines = (
        json.dumps([[encode(each) for each in values] for values in (call.made_with, call.arguments)])
        for call in calls
    )
    return "".join(f"{line}\n" for line in lines).encode()


def ran(lines: Sequence[str], n_calls: int, why: str) -> Ran:
    """What a program told of its calls, after it told that it was loaded.

    ``why`` is the reason of calls that nothing is told of.
    """
    if not lines or lines[0] != _LOADED:
        return Ran(refusal=Refusal(Stage.LOAD, _problem(lines[0]) if lines else why))
    outcomes = [outcome for line in lines[1 : n_calls + 1] if (outcome := _outcome(line))]
    missing = n_calls - len(outcomes)
    return Ran((*outcomes, *[Outcome(How.NOT_RUN, why=why)] * missing))


def _problem(line: str) -> str:
    try:
        return str(json.loads(line)["load"])[:MOST_CHARS]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "it failed before the first call"


def _outcome(line: str) -> Outcome | None:
    """An outcome as the program told it; None where it told none."""
    try:
        found: dict[str, Any] = json.loads(line)
        how = How(found["how"])
        outcome = Outcome(how, decode(found.get("value")), why=str(found.get("why", "")))
        if "after" in found:
            outcome = evolve(outcome, after=tuple(map(decode, found["after"])))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return evolve(
        outcome, error=str(found.get("error", "")), message=str(found.get("message", ""))[:MOST_CHARS]
    )


def one_line(parts: Iterable[str]) -> str:
    """A message of a compiler, as a person reads it."""
    return " ".join(" ".join(parts).split())[:MOST_CHARS]
