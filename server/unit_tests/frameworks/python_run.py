"""How tests of Python are run in the sandbox, and how what they tell is read."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import cattrs
from attrs import evolve, frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox.command import Command, Ended, Outcome
from codenook.server.sandbox.programs import needs, search_path
from codenook.server.terminal import printable
from codenook.server.unit_tests.frameworks import inside
from codenook.server.unit_tests.frameworks.framework import (
    Coverage,
    NoProject,
    Project,
    Ran,
    Variant,
    Verdict,
)
from codenook.server.unit_tests.mutants.mutant import Mutant

ELSEWHERE = "ELSE-11:30"
"""A time zone half a day away, as POSIX writes one: the sandbox need not have a list of them."""

_ORDER_ELSEWHERE = 2
"""The order in which tests run in that zone: what depends on where it is run doesn't pass each time."""

INSIDE = Path(os.path.abspath(inside.__file__)).parent  # noqa: PTH100 - as it is found, links and all
_START = "import sys; sys.path[0] = {!r}; from codenook_inside.run import main; main()"
_MOST_HASH_SEEDS = 1 << 32
_MOST_CHARS = 300
_ENDED = {each.value: each for each in Ended}
_UNREADABLE = (
    *(ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError),
    cattrs.BaseValidationError,
)


@frozen
class Running:
    """How test files are run: by which ``runner``, and from where modules are imported (absolute folders)."""

    runner: str
    search: tuple[str, ...]
    arguments: tuple[str, ...] = ()

    def command(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        *,
        order: int,
        coverage_of: str,
        stop_at_first: bool,
    ) -> Command:
        """See `Framework.command`."""
        job = self._job(project, paths, order=order, coverage_of=coverage_of, stop_at_first=stop_at_first)
        return self._command(project, files, job)

    def _job(
        self, project: Project, paths: Sequence[str], *, order: int, coverage_of: str, stop_at_first: bool
    ) -> dict[str, Any]:
        """What is said on stdin to the code inside."""
        return {
            "word": secrets.token_hex(16),
            "runner": self.runner,
            "root": str(project.root),
            "paths": [_from_start(project, path) for path in paths],
            "search": list(self.search),
            "arguments": [*self.arguments, *(["-x"] if stop_at_first and self.runner == "pytest" else [])],
            "order": order,
            "about": sorted(project.about),
            "without": sorted(project.without),
            "lines_of": str(project.root / coverage_of) if coverage_of else "",
            "by_coverage": "coverage" in project.has,
            "stop_at_first": stop_at_first,
        }

    def command_for_many(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        variants: Sequence[Variant],
        *,
        of: str,
        within_s: float,
        stop_at_first: bool,
    ) -> Command:
        """See `RunsMany.command_for_many`."""
        job = self._job(project, paths, order=0, coverage_of="", stop_at_first=stop_at_first) | {
            "mutated": str(project.root / of),
            "source": (files[of] or b"").decode(),
            "variants": [(_edit(each.mutant), each.order) for each in variants],
            "within_s": within_s,
        }
        return self._command(project, files, job)

    def _command(
        self, project: Project, files: Mapping[str, bytes | None], job: Mapping[str, Any]
    ) -> Command:
        if project.program is None:
            raise NoProject(Reason.RUNNER_MISSING, "there is no Python to run the tests")
        readable = needs(project.program, workspace=project.root)
        outside = {path for path in (*readable, INSIDE) if not path.is_relative_to(project.root)}
        return Command(
            (str(project.program), "-c", _START.format(str(INSIDE))),
            project.root,
            tuple(path for path in sorted(outside) if path.exists()),
            files,
            {
                "PATH": search_path(readable),
                "NO_COLOR": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONHASHSEED": str(job["order"] % _MOST_HASH_SEEDS),
                "HYPOTHESIS_STORAGE_DIRECTORY": "/tmp/hypothesis",  # noqa: S108 - the sandbox's own
                **({"TZ": ELSEWHERE} if job["order"] == _ORDER_ELSEWHERE else {}),
            },
            json.dumps(job).encode(),
            project.start,
        )


def _edit(mutant: Mutant | None) -> tuple[int, int, str] | None:
    return (mutant.start, mutant.end, mutant.text) if mutant else None


@frozen
class _Told:
    """One line of a run; the values depend on its ``kind``."""

    kind: str
    test: str = ""
    verdict: Verdict = Verdict.PASSED
    message: str = ""
    lines: frozenset[int] = frozenset()
    ran: frozenset[int] = frozenset()
    tests: frozenset[str] = frozenset()


def read(outcome: Outcome) -> Ran:
    """What a run says: the lines that begin with its word, which the first of them has."""
    return _ran(_told(outcome.stdout), outcome)


def read_many(outcome: Outcome) -> list[Ran]:
    """What many runs in one say, of each that came to its end."""
    found: list[Ran] = []
    told: list[_Told] = []
    for each in _told(outcome.stdout):
        if each.kind == "variant":
            told = []
        elif each.kind == "variant_end":
            ended = _ENDED.get(each.message, Ended.BY_ITSELF)
            found.append(_ran(told, evolve(outcome, ended=ended, returncode=1, stderr=b"")))
        else:
            told.append(each)
    return found


def _ran(told: Sequence[_Told], outcome: Outcome) -> Ran:
    verdicts: dict[str, Verdict] = {}
    messages: dict[str, str] = {}
    for each in _of_kind(told, "verdict"):
        if verdicts.get(each.test) is not Verdict.FAILED:
            verdicts[each.test] = each.verdict
        if each.verdict is Verdict.FAILED:
            messages.setdefault(each.test, each.message)
    lines = _of_kind(told, "lines")
    coverage = Coverage(lines[-1].lines, lines[-1].ran) if lines else None
    problem = _problem(told, outcome, has_verdicts=bool(verdicts))
    left_out = frozenset[str]().union(*(each.tests for each in _of_kind(told, "left_out")))
    has_begun = bool(_of_kind(told, "begin"))
    return Ran(verdicts, messages, problem, outcome.ended, coverage, left_out=left_out, has_begun=has_begun)


def _told(stdout: bytes) -> list[_Told]:
    """The lines of the run itself, whose first word is that of the first line; nobody else knows it."""
    lines = stdout.split(b"\n")
    word = lines[0].partition(b" ")[0]
    found: list[_Told] = []
    for line in lines if word else []:
        first, _, said = line.partition(b" ")
        if first == word:
            with suppress(*_UNREADABLE):  # cut off at the limit, or written by the project
                found.append(cattrs.structure(json.loads(said), _Told))
    return found


def _problem(told: Sequence[_Told], outcome: Outcome, *, has_verdicts: bool) -> str:
    """Why verdicts are missing, in one line."""
    if not _of_kind(told, "end"):
        began = _of_kind(told, "begin")
        return _cut_short(outcome, f" in {began[-1].test}" if began else "")
    if failed := _of_kind(told, "not_collected"):
        return failed[0].message or "the tests can't be collected"
    has_verdicts = has_verdicts or bool(_of_kind(told, "left_out"))
    return "" if has_verdicts else _said(outcome.stderr) or "no test was collected"


def _of_kind(told: Sequence[_Told], kind: str) -> list[_Told]:
    return [each for each in told if each.kind == kind]


def _cut_short(outcome: Outcome, at: str) -> str:
    """Why a run has no end."""
    if outcome.ended is not Ended.BY_ITSELF:
        return f"the run was ended{at}: it took too much {outcome.ended.value.replace('_', ' ')}"
    last = outcome.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    said = "" if at else _said(outcome.stderr) or printable(last.strip()[:_MOST_CHARS])
    because = f": {said}" if said else ""
    return f"the run ended before its tests did{at}, with exit status {outcome.returncode}{because}"


def _said(stderr: bytes) -> str:
    """The line with the error in what a run printed when it could not even begin."""
    lines = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines()]
    found = next((line for line in lines if line.startswith(("E  ", "ERROR: "))), "")
    return printable(found.removeprefix("ERROR:").removeprefix("E ").strip()[:_MOST_CHARS])


def _from_start(project: Project, path: str) -> str:
    """A test file as it is named where the tests start: what is around may have any name."""
    return f"./{os.path.relpath(project.root / path, project.start)}"  # it may begin with a dash
