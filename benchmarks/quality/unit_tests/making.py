"""Tests made for functions of real packages, and run once more by their own runner, without a sandbox."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from attrs import define, field, frozen
from tested_packages import Drawn, environment

from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.tasks.document import Document
from codenook.server.tasks.unit_tests import UnitTests, UnitTestsRequest
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.unit_tests.result import UnitTestsResult

OUTSIDE_S = 120
"""How long the runner may take outside of the sandbox, in seconds."""


@frozen
class Asked:
    """One function and what came of it; ``passed_outside`` is None where no test was kept."""

    function: Drawn
    result: UnitTestsResult
    seconds: float
    passed_outside: bool | None


@define
class Made:
    """What came of all functions."""

    asked: list[Asked] = field(factory=list)

    @property
    def with_tests(self) -> list[Asked]:
        """Those that got a test."""
        return [each for each in self.asked if each.result.kept]

    @property
    def with_faults_left(self) -> list[Asked]:
        """Those in which the project's own tests leave a fault, so that there was a test to be found."""
        return [
            each
            for each in self.asked
            if each.result.kept or not all(fate.by_existing for fate in each.result.mutants)
        ]

    @property
    def reasons(self) -> Counter[str]:
        """Why the others got none."""
        return Counter(each.result.reason or "" for each in self.asked if not each.result.kept)

    @property
    def thrown(self) -> Counter[str]:
        """Why tests were thrown away."""
        return Counter(thrown.why for each in self.asked for thrown in each.result.thrown)

    @property
    def origins(self) -> Counter[str]:
        """Where the inputs of the kept tests are from."""
        return Counter(kept.origin for each in self.asked for kept in each.result.kept)

    @property
    def killed(self) -> float:
        """The median of the mutants that kept tests kill, of functions that got one."""
        return median(len({n for kept in each.result.kept for n in kept.kills}) for each in self.with_tests)

    @property
    def killed_share(self) -> float:
        """The median of the share of mutants killed, by kept and existing tests, of functions with tests."""
        return median(
            sum(bool(fate.by or fate.by_existing) for fate in each.result.mutants)
            / max(1, len(each.result.mutants))
            for each in self.with_tests
        )

    @property
    def seconds(self) -> float:
        """The median of the time for a function."""
        return median(each.seconds for each in self.asked)


async def make(
    settings: Settings, functions: Sequence[Drawn], told: Callable[[Asked], None], *, with_model: bool
) -> Made:
    """Make tests for each function, and run what was kept outside of the sandbox; files stay as they were."""
    made, engines, workspaces = Made(), Engines(settings), Workspaces()
    job = UnitTests(engines.of(Role.CHAT), settings, workspaces)
    try:
        for function in functions:
            workspaces.of(function.root).build()
            path = function.root / function.path
            document = Document(path.as_uri(), path, path.read_text("utf-8"), _language(path))
            request = UnitTestsRequest(
                document, function.definition.symbol, function.root, with_model=with_model
            )
            started = time.perf_counter()
            result = await job(request)
            seconds = time.perf_counter() - started
            made.asked.append(Asked(function, result, seconds, _passes_outside(function.root, result)))
            told(made.asked[-1])
    finally:
        await engines.close()
        workspaces.close_all()
    return made


def _language(path: Path) -> str:
    return "python" if path.suffix == ".py" else "javascript"


def _passes_outside(root: Path, result: UnitTestsResult) -> bool | None:
    """Whether the test file passes where a person would run it."""
    if not result.kept or result.text is None:
        return None
    path = root / result.path
    before = path.read_bytes() if path.exists() else None
    made_folders = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(result.text.encode("utf-8"))
        ran = subprocess.run(
            _runner(root, result), cwd=root, capture_output=True, timeout=OUTSIDE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    else:
        return ran.returncode == 0
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        for folder in made_folders:
            folder.rmdir()


def _runner(root: Path, result: UnitTestsResult) -> list[str]:
    if result.framework in {"pytest", "unittest"}:  # pytest runs both
        return [str(environment(root)), "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", result.path]
    return ["node", "--test", result.path]
