"""What came of making tests: those that were kept, with the evidence, and what became of the others."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import asdict, field, frozen

from codenook.models.engine.messages import Counters
from codenook.server.reasons import Reason
from codenook.server.tasks.jobs import Strategy
from codenook.server.unit_tests.case import Origin


class ThrownFor(StrEnum):
    """Why a test was thrown away."""

    NOT_WRITTEN_DOWN = "not_written_down"
    """What came of the call can't be written as a value, or isn't the same twice."""
    NOT_COLLECTED = "not_collected"
    FAILED = "failed"
    FLAKY = "flaky"
    """It passed in some of the runs only."""
    KILLS_NOTHING = "kills_nothing"
    """It notices no fault that the project's own tests don't."""
    NOT_TRIED = "not_tried"
    """There was no time to put faults in and see whether it notices one."""
    ADDS_NOTHING = "adds_nothing"
    """The tests that were kept notice every fault that it does."""


@frozen
class Thrown:
    """A test that isn't shown: ``what`` is its name, or the call."""

    what: str
    why: ThrownFor
    message: str = ""


@frozen
class KeptTest:
    """A test of the file: what a run calls it, where its input is from, and which mutants it kills.

    ``kills`` are numbers of `UnitTestsResult.mutants`, from 0. See `case.Test` for the rest.
    """

    name: str
    origin: Origin
    kills: tuple[int, ...]
    evidence: str = ""
    is_reasoned: bool = False
    doubt: str = ""


@frozen
class Fate:
    """What became of a mutant: killed by these tests (``by``), by the project's own, by both or by none.

    ``diff`` shows the fault (unified, one hunk).
    """

    kind: str
    line: int
    diff: str
    by: tuple[str, ...] = ()
    by_existing: bool = False


@frozen
class Covered:
    """How many of the target's lines run, of those that can."""

    ran: int
    lines: int


@frozen
class UnitTestsResult:
    """A test file as it would be, with the evidence; ``reason`` is None exactly when there is one that ran.

    ``path`` is the test file's, relative to the workspace, ``before`` its text so far (None: it is new),
    ``text`` with the tests. A preview, which nothing ran, has a text and the reason `NOT_RUN`. ``seconds``
    says how long each part took; ``n_runs`` how often tests were run.
    """

    symbol: str
    path: str = ""
    before: str | None = None
    text: str | None = None
    framework: str = ""
    strategy: Strategy | None = None
    kept: tuple[KeptTest, ...] = ()
    thrown: tuple[Thrown, ...] = ()
    mutants: tuple[Fate, ...] = ()
    n_untried: int = 0
    coverage_before: Covered | None = None
    coverage: Covered | None = None
    n_runs: int = 0
    seconds: Mapping[str, float] = field(factory=dict)
    counters: Counters = field(factory=Counters)
    model: str = ""
    notes: tuple[str, ...] = ()
    reason: Reason | None = None
    message: str = ""

    @property
    def n_killed(self) -> int:
        """How many of the mutants the tests notice, those of the project included."""
        return sum(bool(fate.by) or fate.by_existing for fate in self.mutants)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that docs/unit-tests.md describes."""
        return {
            "symbol": self.symbol,
            "path": self.path,
            "is_new": self.before is None,
            "text": self.text,
            "framework": self.framework,
            "strategy": self.strategy,
            "tests": [{**asdict(test), "kills": list(test.kills)} for test in self.kept],
            "thrown": [asdict(thrown) for thrown in self.thrown],
            "mutants": [{**asdict(fate), "by": list(fate.by)} for fate in self.mutants],
            "killed": self.n_killed,
            "untried": self.n_untried,
            "coverage": {
                "before": asdict(self.coverage_before) if self.coverage_before else None,
                "after": asdict(self.coverage) if self.coverage else None,
            },
            "runs": self.n_runs,
            "seconds": {part: round(seconds, 2) for part, seconds in self.seconds.items()},
            "tokens": asdict(self.counters),
            "model": self.model,
            "notes": list(self.notes),
            "reason": self.reason,
            "message": self.message,
        }
