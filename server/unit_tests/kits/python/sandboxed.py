"""Has calls made in the sandbox, and goes on behind those that end more than their own process."""

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Command, Ended, Limits, NoSandbox, SandboxFailed
from codenook.server.sandbox.programs import needs, search_path
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.frameworks.python_run import ELSEWHERE
from codenook.server.unit_tests.kits.python.answers import Answer, Written, answers_in
from codenook.server.unit_tests.kits.python.inside.script import script
from codenook.server.unit_tests.kits.python.invoke import Bound
from codenook.server.unit_tests.kits.python.module import modules_of
from codenook.server.unit_tests.target import Target

_MIB = 1 << 20
LIMITS = Limits(wall_s=45, cpu_s=40, memory_bytes=1536 * _MIB, n_processes=64, output_bytes=8 * _MIB)
"""What a process with many calls may take."""

_CALL_S = 2.0
_CALL_BYTES = 768 * _MIB
_N_DRAWN = 40
_N_STARTS = 4
"""How often it is started again behind a call that ended all of it."""


@frozen
class Asked:
    """A call as the sandbox is asked to make it, with names for its receiver and its arguments."""

    expression: str
    bound: Bound
    setup: Sequence[str] = ()
    imports: Sequence[str] = ()
    expected: str = ""

    def as_json(self, target: Target) -> Mapping[str, Any]:
        """What is sent."""
        return {
            "expression": self.expression,
            "bound": list(map(list, self.bound.values)),
            "setup": list(self.setup),
            "imports": list(self.imports),
            "expected": self.expected,
            "first": target.definition.start_line,
            "last": target.definition.end_line,
        }


@frozen
class World:
    """What differs between runs: what the project's code must not depend on.

    ``shares``: the calls are made in one process as long as that lives, so that one sees what another did to
    a module; else each has its own. ``traces``: which lines ran is said, too. ``zone`` is the time zone, as
    POSIX writes one; empty stands for the sandbox's own.
    """

    seed: int
    clock_s: float = 0.0
    zone: str = ""
    shares: bool = False
    traces: bool = False


TRIAL = World(1, shares=True, traces=True)
APART = World(1)
TOGETHER = World(2, clock_s=400 * 86400 + 3723, zone=ELSEWHERE, shares=True)


async def answers(target: Target, project: Project, asked: Sequence[Asked], world: World) -> list[Answer]:
    """What came of each; raises NoProject without a sandbox or an interpreter."""
    if project.program is None:
        raise NoProject(Reason.RUNNER_MISSING, "there is no Python for this project on this machine")
    found: list[Answer] = []
    for _ in range(_N_STARTS):
        left = asked[len(found) :]
        if not left:
            break
        found += await _started(target, project, left, world, project.program)
    rest = "too many calls before it ended all of it"
    return found + [Answer(problem=rest)] * (len(asked) - len(found))


async def drawn(
    target: Target, project: Project, symbol: str, kinds: Mapping[str, Sequence[str]]
) -> list[dict[str, Written]]:
    """Arguments for ``symbol`` by name, which the project's hypothesis draws; none where it can't."""
    if project.program is None or "hypothesis" not in project.has:
        return []
    job = {
        **_job(target, project, (), APART),
        "draw": symbol,
        "kinds": [[name, list(guessed)] for name, guessed in kinds.items()],
        "n_drawn": _N_DRAWN,
    }
    answers_of_it = await _said(target, project, project.program, job, APART)
    return [row for answer in answers_of_it[0] for row in answer.drawn]


async def _started(
    target: Target, project: Project, asked: Sequence[Asked], world: World, program: Path
) -> list[Answer]:
    """The answers up to the first call that ended all, with one that says so."""
    said, ended = await _said(target, project, program, _job(target, project, asked, world), world)
    found: list[Answer] = []
    for answer in said:
        if answer.call < 0:  # of all: the module can't be imported
            return [answer] * len(asked)
        if answer.call == len(found) < len(asked):
            found.append(answer)
    if len(found) < len(asked):
        why = "ended" if ended is Ended.BY_ITSELF else f"took too much {ended.value}"
        found.append(Answer(problem=f"it {why.replace('_', ' ')} with all of its processes"))
    return found


async def _said(
    target: Target, project: Project, program: Path, job: Mapping[str, Any], world: World
) -> tuple[list[Answer], Ended]:
    """All that is said of a job, and how it ended."""
    secret = secrets.token_hex(16)
    command = _command(target, project, program, f"{secret}\n{json.dumps(job)}", world)
    try:
        outcome = await sandbox.run(command, LIMITS)
    except NoSandbox as error:
        raise NoProject(Reason.NO_SANDBOX, str(error)) from None
    except SandboxFailed as error:
        return [Answer(problem=str(error))], Ended.BY_ITSELF
    return list(answers_in(outcome.stdout, secret)), outcome.ended


def _job(target: Target, project: Project, asked: Sequence[Asked], world: World) -> Mapping[str, Any]:
    modules = modules_of(target, project)
    return {
        "path": modules.search,
        "imports": [modules.import_of(target)],
        "root": str(target.root),
        "file": str(target.root / target.path),
        "calls": [each.as_json(target) for each in asked],
        "seed": world.seed,
        "clock_s": world.clock_s,
        "call_s": _CALL_S,
        "call_bytes": _CALL_BYTES,
        "trace": world.traces,
        "shares": world.shares,
    }


def _command(target: Target, project: Project, program: Path, stdin: str, world: World) -> Command:
    readable = needs(program)
    return Command(
        (str(program), "-s", "-B", "-c", script()),
        target.root,
        tuple(path for path in readable if not path.is_relative_to(target.root)),
        _open_text(target),
        {"PATH": search_path(readable), "PYTHONHASHSEED": str(world.seed)}
        | ({"TZ": world.zone} if world.zone else {}),
        stdin=stdin.encode(),
        start=project.start,
    )


def _open_text(target: Target) -> dict[str, bytes | None]:
    """The file as it is open, where that isn't how it is on disk."""
    text = target.text.encode("utf-8", "surrogatepass")
    try:
        is_saved = (target.root / target.path).read_bytes() == text
    except OSError:
        is_saved = False
    return {} if is_saved else {target.path: text}
