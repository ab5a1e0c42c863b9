"""What comes of calls: the project's node makes them in the sandbox, twice, and tells."""

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from codenook.context.files.walk import read
from codenook.server.reasons import Reason
from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Command, Ended, Limits, NoSandbox, SandboxFailed
from codenook.server.sandbox.programs import needs, search_path
from codenook.server.unit_tests.case import Call, Observed
from codenook.server.unit_tests.frameworks.ecmascript.definitions import hidden_members
from codenook.server.unit_tests.frameworks.ecmascript.exports import Export, Reached, exports_of, reached
from codenook.server.unit_tests.frameworks.ecmascript.package import Modules, modules_of, packages
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.kits.ecmascript.outcomes import Outcomes, Said
from codenook.server.unit_tests.kits.ecmascript.typed import OF_ANY
from codenook.server.unit_tests.target import Target

HERE = Path(__file__).resolve().parent
_MIB = 1 << 20
LIMITS = Limits(wall_s=40, cpu_s=40, memory_bytes=2048 * _MIB, n_processes=128, output_bytes=8 * _MIB)
_CALL_MS = 1_000
_IMPORT_MS = 10_000
_MOST_LOST = 5
"""So many calls of one run may hang or end the process; then no more are made."""

_MANY_DAYS_MS = 413 * 24 * 3600 * 1000 + 7 * 3600 * 1000
_ELSEWHERE = "Asia/Kathmandu"


@frozen
class _World:
    """One of the two processes: its time, its place and its random numbers."""

    seed: int
    shift_ms: int = 0
    zone: str = "UTC"
    is_backwards: bool = False


_WORLDS = (_World(1), _World(2, _MANY_DAYS_MS, _ELSEWHERE, is_backwards=True))


async def observe(target: Target, project: Project, calls: Sequence[Call]) -> list[Observed]:
    """What came of each call; raises NoProject without a sandbox."""
    if project.program is None:
        raise NoProject(Reason.RUNNER_MISSING, "there is no Node.js (node) on PATH")
    asking = _Asking(target, project, project.program, reached(target))
    said = await asyncio.gather(*(asking.said(calls, world) for world in _WORLDS))
    outcomes = Outcomes(asking.reached)
    return [
        outcomes.observed(call, [each.of_call(index) for each in said]) for index, call in enumerate(calls)
    ]


@frozen
class _Asking:
    """A target, and the node that calls it."""

    target: Target
    project: Project
    node: Path
    reached: Reached

    async def said(self, calls: Sequence[Call], world: _World) -> Said:
        """What one process tells of all calls."""
        word = f"codenook-{secrets.token_hex(16)}:"
        command = self._command(json.dumps({"word": word, **self._asked(calls, world)}), world)
        try:
            outcome = await sandbox.run(command, LIMITS)
        except NoSandbox as error:
            raise NoProject(Reason.NO_SANDBOX, str(error)) from None
        except SandboxFailed as error:
            return Said(problem=str(error))
        if outcome.ended is not Ended.BY_ITSELF:
            return Said(problem=f"it took too much {outcome.ended.value.replace('_', ' ')}")
        _, is_told, content = outcome.stdout.decode("utf-8", "replace").rpartition(f"\n{word}")
        try:
            return Said.of(json.loads(content)) if is_told else Said(problem="node told nothing")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return Said(problem="node told what can't be read")

    def _asked(self, calls: Sequence[Call], world: _World) -> Mapping[str, Any]:
        target = self.target
        parsed = parsed_file(target.path, target.text)
        modules = modules_of(target.path, parsed, packages(target.root, target.path)[0])
        is_plain = modules is Modules.COMMONJS and target.path.endswith((".js", ".cjs"))
        said = [_asked_of(call, self.reached, index) for index, call in enumerate(calls)]
        return {
            "file": str(target.root / target.path),
            "isCommonJs": modules is Modules.COMMONJS,
            "bindings": _bindings(self.reached, exports_of(parsed)),
            "calls": said[::-1] if world.is_backwards else said,
            "seed": world.seed,
            "shiftMs": world.shift_ms,
            "callMs": _CALL_MS,
            "importMs": _IMPORT_MS,
            "mostLost": _MOST_LOST,
            "probes": OF_ANY,
            "hidden": sorted(hidden_members(parsed)),
            "flags": [] if is_plain else [f"--import={(HERE / 'load.mjs').as_uri()}"],
        }

    def _files(self) -> Mapping[str, bytes | None]:
        """The target's file, where it isn't on disk as it is here."""
        text = self.target.text.encode("utf-8", "replace")
        source = read(self.target.root, self.target.path)
        return {} if source == text else {self.target.path: text}

    def _command(self, asked: str, world: _World) -> Command:
        root = self.target.root
        readable = needs(self.node, workspace=root)
        return Command(
            (str(self.node), str(HERE / "observe.mjs")),
            root,
            (*(path for path in readable if not path.is_relative_to(root)), HERE),
            self._files(),
            {"PATH": search_path(readable), "NODE_ENV": "test", "TZ": world.zone, "NODE_NO_WARNINGS": "1"},
            asked.encode(),
            start=self.project.start,
        )


def _asked_of(call: Call, binding: Reached, index: int) -> Mapping[str, Any]:
    is_member = bool(binding.member)
    return {
        "id": index,
        "setup": [statement.rstrip(";") + ";" for statement in call.setup],
        "receiver": call.receiver if is_member and not binding.is_static else "",
        "arguments": call.arguments,
        "binding": binding.binding,
        "member": binding.member,
        "isNew": binding.is_class and not is_member,
        "isGetter": binding.is_getter,
        "expected": call.expected,
    }


def _bindings(binding: Reached, exports: Sequence[Export]) -> list[Mapping[str, str]]:
    """The target first, then all else that its file exports under a name of its own."""
    found = {binding.binding: binding.export}
    for export in exports:
        if export.name.isidentifier() and export.name != "default":
            found.setdefault(export.name, export)
    return [{"binding": name, "how": export.how.value, "name": export.name} for name, export in found.items()]
