"""A framework in which each line of a test file is a test that says what comes of it.

``name fails``, ``name skips``, ``name flaky`` (fails in any order but the file's), ``name breaks`` (nothing
is collected), ``name kills 1 2`` (fails with these faults), ``name hangs 3`` (with this fault the run is
ended at it), ``name ends`` (the run is always ended at it),
``name alone`` (two of these break each other), ``name slow``, ``name exits 3`` (with
this fault nothing is told after it began). The target is a row of digits; fault n is at n.
"""

from pathlib import Path

from attrs import define, evolve, field

from codenook.context.outline import Definition, Kind
from codenook.server.sandbox.command import Ended
from codenook.server.unit_tests.case import Origin, Test
from codenook.server.unit_tests.frameworks.framework import (
    Coverage,
    Project,
    Ran,
    Rendered,
    TestFile,
    Verdict,
)
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.runs import Runs
from codenook.server.unit_tests.target import Target

ROOT = Path("/project")
DIGITS = "0123456789"
TARGET = Target(
    ROOT, "digits.x", "\n".join(DIGITS), "x", Definition("digits", "digits", Kind.FUNCTION, 1, 10, "digits")
)
MUTANTS = [Mutant("digit", n + 1, 2 * n, 2 * n + 1, "!") for n in range(len(DIGITS))]


def scripted(name, script, **values):
    return Test(name, Origin.TYPES, body=script, **values)


class ScriptedFramework:
    name = "scripted"

    def render(self, file, target, tests):
        for test in tests:
            if test.body == "unwritable":
                raise ValueError(f"{test.name} has no form")
        lines = [f"{test.name} {test.body}{' # ' + test.doubt if test.doubt else ''}" for test in tests]
        return Rendered(
            "\n".join([*([file.text] if file.text else []), *lines]), tuple(t.name for t in tests)
        )


@define(eq=False)
class ScriptedRuns(Runs):
    """Runs without processes; ``others`` are other test files, ``log`` has what was run.

    With the faults ``without_sandbox`` nothing is run, and a compiler refuses those of ``unbuilt``.
    """

    others: dict = field(factory=dict)
    log: list = field(factory=list)
    without_sandbox: set = field(factory=set)
    unbuilt: set = field(factory=set)
    leaves_out: bool = True

    async def __call__(
        self, paths, *, text=None, source=None, order=0, with_coverage=False, stop_at_first=False, limits=None
    ):
        self.n += 1
        source = self.target.text if source is None else source
        faults = {n for n, line in enumerate(source.split("\n")) if line == "!"}
        texts = [
            (text if text is not None else self.project.file.text or "")
            if path == self.project.file.path
            else self.others[path]
            for path in paths
        ]
        self.log.append((tuple(paths), tuple(faults), order))
        if faults & (self.without_sandbox | self.unbuilt):
            return Ran(problem="no", is_run=faults <= self.unbuilt, is_built=not faults & self.unbuilt)
        without = self.project.without if self.leaves_out else ()
        lines = [line for line in "\n".join(texts).split("\n") if line.partition(" ")[0] not in without]
        ran = _ran(lines, faults, order)
        if with_coverage:
            lines = frozenset(range(1, 11))
            seen = {int(n) + 1 for each in texts for n in each.split() if n.isdigit()}
            ran = evolve(ran, coverage=Coverage(lines, frozenset(seen)))
        return ran


def _ran(lines, faults, order):
    tests = [line.partition(" #")[0].split() for line in lines if line.strip()]
    if any(words[1:2] == ["breaks"] for words in tests):
        return Ran(problem="it can't be imported", wall_s=0.1)
    if sum(words[1:2] == ["alone"] for words in tests) > 1:
        return Ran(problem="import file mismatch", wall_s=0.1)
    verdicts, messages = {}, {}
    wall_s = 0.1 + 6 * sum(words[1:2] == ["slow"] for words in tests)
    for name, script, *numbers in tests if not order else reversed(tests):
        own = faults.intersection(map(int, numbers))
        if script == "ends" or (script == "hangs" and own):
            return Ran(verdicts, messages, f"ended in {name}", Ended.CPU_TIME, wall_s=0.1)
        if script == "exits" and own:
            return Ran(verdicts, messages, f"it ended in {name}", wall_s=0.1, has_begun=True)
        fails = script == "fails" or (script == "kills" and own) or (script == "flaky" and order)
        verdicts[name] = Verdict.FAILED if fails else Verdict.SKIPPED if script == "skips" else Verdict.PASSED
        if fails:
            messages[name] = f"{name} {script}"
    return Ran(verdicts, messages, "" if verdicts else "no test was collected", wall_s=wall_s)


def runs_of(text=None, **others):
    """Runs of a project whose test file is ``text``, with other test files."""
    project = Project(ROOT, ScriptedFramework(), TestFile("tests.x", text), ROOT, ROOT, tuple(others))
    return ScriptedRuns(project, TARGET, others=others)
