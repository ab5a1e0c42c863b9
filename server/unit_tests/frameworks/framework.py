"""What a framework must provide, and what came of running its tests."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from attrs import field, frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox.command import Command, Ended, Outcome
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.target import Target


class NoProject(Exception):
    """Tests of this target can't be made or run here; the message says in one line why and what helps."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@frozen
class Fixture:
    """A fixture that tests of a file can ask for, and the dotted name of what it gives (empty: unknown)."""

    name: str
    type: str = ""


@frozen
class TestFile:
    """Where tests of a target belong; ``path`` is relative to the root, ``text`` None when it is new."""

    __test__ = False

    path: str
    text: str | None = None
    fixtures: tuple[Fixture, ...] = ()


@frozen
class Project:
    """How tests of one target are run.

    ``others`` are the paths of other test files that name the target. ``program`` is the absolute path of the
    interpreter or tool that runs the tests, None when there is none on this machine: what is made is then a
    preview. ``start`` is the folder in which the tests run. ``has`` names what the project's environment
    offers besides (``coverage``, ``hypothesis``).

    Of the tests that are there, those are run that name one of ``about`` (none: all) and are not among
    ``without`` (names as a run calls them). Frameworks that can't leave any out run all.
    """

    root: Path
    framework: "Framework"
    file: TestFile
    start: Path
    program: Path | None = None
    others: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


@frozen
class Rendered:
    """A test file with tests in it; ``names`` are what a run calls them, in the order given."""

    text: str
    names: tuple[str, ...]


class Verdict(StrEnum):
    """What a run says of a test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@frozen
class Coverage:
    """Lines of the target's file (from 1) that can be run, and those of them that were."""

    lines: frozenset[int]
    ran: frozenset[int]


@frozen
class Ran:
    """What came of a run: a verdict for each test by its name, and the first line of what failed.

    ``problem`` says in one line why there are no verdicts: nothing was collected, or it was ended.
    ``is_built`` is False when a compiler refuses the code under test: a fault in it is none then.
    ``is_run`` is False when it says nothing of the tests: the sandbox failed, or our own time ended it.
    ``has_begun`` says that a test began, as far as that is told: what ends the run then is in one of them.
    ``left_out`` are tests that weren't run as they name nothing of `Project.about`.
    """

    verdicts: Mapping[str, Verdict] = field(factory=dict)
    messages: Mapping[str, str] = field(factory=dict)
    problem: str = ""
    ended: Ended = Ended.BY_ITSELF
    coverage: Coverage | None = None
    wall_s: float = 0.0
    is_built: bool = True
    is_run: bool = True
    has_begun: bool = False
    left_out: frozenset[str] = frozenset()


class Framework(Protocol):
    """How tests of one framework are written, run and read."""

    @property
    def name(self) -> str:
        """``pytest``, ``unittest``, ``node``, ``vitest``, ``jest``, ``cargo``, ``go``, ``junit``."""

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:
        """The file's whole text with the tests added: what is there keeps every byte, imports are merged.

        Names of tests are made unique, in the style of the file.
        """

    def command(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        *,
        order: int = 0,
        coverage_of: str = "",
        stop_at_first: bool = False,
    ) -> Command:
        """How the test files ``paths`` are run with ``files`` as they aren't on disk.

        An ``order`` other than 0 shuffles the tests, the same way each time. ``coverage_of`` is a file of the
        project. ``stop_at_first`` ends the run at the first test that fails.
        """

    def read(self, project: Project, outcome: Outcome) -> Ran:
        """What a run of such a command says."""


@frozen
class Variant:
    """One of many runs: with a mutant of the target, or in an order, or as everything is."""

    mutant: Mutant | None = None
    order: int = 0


@runtime_checkable
class RunsMany(Protocol):
    """What a framework may offer besides: many runs in one, for which its tools are loaded once."""

    def command_for_many(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        variants: Sequence[Variant],
        *,
        of: str,
        within_s: float,
        stop_at_first: bool = False,
    ) -> Command:
        """How the test files ``paths`` are run once for each variant; mutants are of the file ``of``.

        ``files`` has that file, too. No more runs are begun after ``within_s``.
        """

    def read_many(self, project: Project, outcome: Outcome) -> Sequence[Ran]:
        """What came of them, in their order, as far as it went."""


@runtime_checkable
class StartedOutside(Protocol):
    """What a framework may offer besides: to run tests as a person starts it, with nothing of ours."""

    def ways(self, project: Project) -> Sequence[tuple[Framework, str]]:
        """The ways to start it, the plainest first, each with what a person is told where it won't do."""
