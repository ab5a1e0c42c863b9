"""HumanEvalPack: tests made on the right solution, run on the wrong one, beside those of others."""

import gzip
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import define, evolve, frozen
from tested_packages import environment

from codenook.context.parse import language_named, parse
from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Command
from codenook.server.sandbox.programs import needs
from codenook.server.tasks.document import Document
from codenook.server.tasks.unit_tests import UnitTests, UnitTestsRequest
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.unit_tests.case import Origin
from codenook.server.unit_tests.frameworks.framework import Project, Verdict
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.run import run_tests
from codenook.server.unit_tests.target import Target

DATA = "humanevalpack_python.jsonl.gz"
_BY_PROPERTY = {Origin.TYPES, Origin.PROPERTIES}
GHOSTWRITER = ("hypothesis[cli]",)
"""What `hypothesis write` needs; it has a script and no ``__main__``."""
_WRITE = "from hypothesis.extra.cli import main; main()"


@define
class Caught:
    """Counts of problems: asked, with tests, whose tests pass on the right solution, and notice the wrong."""

    asked: int = 0
    with_tests: int = 0
    right: int = 0
    caught: int = 0

    def add(self, *, passes_right: bool, passes_wrong: bool) -> None:
        """Count tests of one problem."""
        self.with_tests += 1
        self.right += passes_right
        self.caught += passes_right and not passes_wrong


@define
class Compared:
    """What each way of making tests comes to."""

    ours: Caught
    by_property: Caught
    ghostwriter: Caught


def problems(data: Path) -> Iterator[dict[str, Any]]:
    """The problems, from ``data``; raises FileNotFoundError."""
    with gzip.open(data / DATA, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


async def compare(
    settings: Settings, compared: Compared, told: Callable[[int], None], *, data: Path, root: Path, n: int
) -> None:
    """Make tests for the right solutions of ``n`` problems in ``root``, a folder with an environment.

    ``compared`` counts what came of them; ``told`` hears the number of each that is done.
    """
    engines, workspaces = Engines(settings), Workspaces()
    job = UnitTests(engines.of(Role.CHAT), settings, workspaces)
    try:
        for number, problem in enumerate(list(problems(data))[:n], 1):
            module = root / f"{problem['task_id'].replace('/', '_').lower()}.py"
            right, wrong = (
                problem["prompt"] + problem[key] for key in ("canonical_solution", "buggy_solution")
            )
            module.write_text(right, "utf-8")
            try:
                document = Document(module.as_uri(), module, right, "python")
                request = UnitTestsRequest(document, problem["entry_point"], root)
                result = await job(request)
                compared.ours.asked += 1
                target = _target(root, module, right, problem["entry_point"])
                judge = _Judge(PARTS.project_of(target, {}, ""), module.name, wrong)
                if result.text is not None and result.reason is None:
                    await judge.judge(compared.ours, result.path, result.text)
                await _by_property(compared.by_property, target, workspaces, judge)
                await _ghostwriter(compared.ghostwriter, problem["entry_point"], judge)
            finally:
                module.unlink()
            told(number)
    finally:
        await engines.close()
        workspaces.close_all()


def _target(root: Path, module: Path, text: str, name: str) -> Target:
    language = language_named("python")
    assert language is not None  # noqa: S101
    definitions = language.reader.outline(parse(language, text.encode())).definitions
    definition = next(each for each in definitions if each.symbol == name)
    return Target(root, module.name, text, "python", definition)


@frozen
class _Judge:
    """Runs tests on the right solution, as it is on disk, and on the wrong one."""

    project: Project
    module: str
    wrong: str

    async def judge(self, caught: Caught, path: str, tests: str) -> None:
        file = {path: tests.encode()}
        caught.add(
            passes_right=await _passes(self.project, path, file),
            passes_wrong=await _passes(self.project, path, {**file, self.module: self.wrong.encode()}),
        )


async def _passes(project: Project, path: str, files: Mapping[str, bytes]) -> bool:
    ran = await run_tests(project, [path], files)
    return bool(ran.verdicts) and set(ran.verdicts.values()) == {Verdict.PASSED}


async def _by_property(caught: Caught, target: Target, workspaces: Workspaces, judge: _Judge) -> None:
    """Every test of the inputs made by type, without a choice by mutants."""
    caught.asked += 1
    project = judge.project
    kit = PARTS.kit_of(target.language)
    assert kit is not None  # noqa: S101 - of Python
    calls = await kit.calls(target, project, workspaces.of(target.root))
    calls = [call for call in calls if call.origin in _BY_PROPERTY]
    tests = kit.tests(target, await kit.observed(target, project, calls))
    if tests:
        rendered = project.framework.render(evolve(project.file, text=None), target, tests)
        await judge.judge(caught, project.file.path, rendered.text)


async def _ghostwriter(caught: Caught, name: str, judge: _Judge) -> None:
    """The test that ``hypothesis write`` makes."""
    caught.asked += 1
    project = judge.project
    python = environment(project.root)
    arguments = (str(python), "-c", _WRITE, "write", f"{Path(judge.module).stem}.{name}")
    written = await sandbox.run(
        Command(arguments, project.root, needs(python), environment={"PYTHONPATH": str(project.root)})
    )
    text = written.stdout.decode("utf-8", "replace")
    if written.returncode == 0 and "def test_" in text and "st.nothing()" not in text:
        await judge.judge(caught, project.file.path, text)


def prepared(folder: Path) -> Path:
    """An empty folder for the problems; what an earlier run left there goes, its environment stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name != ".venv":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder.resolve()
