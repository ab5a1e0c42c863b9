"""go test: Go's own runner, without a network."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox import golang
from codenook.server.sandbox.command import Command, Ended, Outcome
from codenook.server.sandbox.programs import needs
from codenook.server.sandbox.reading import is_folder
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks import go_render
from codenook.server.unit_tests.frameworks.framework import (
    NoProject,
    Project,
    Ran,
    Rendered,
    TestFile,
    Verdict,
)
from codenook.server.unit_tests.frameworks.texts import text_at
from codenook.server.unit_tests.target import Target

_TESTS = re.compile(r"^func (Test\w*)\(", re.MULTILINE)
_VERDICTS = {"pass": Verdict.PASSED, "fail": Verdict.FAILED, "skip": Verdict.SKIPPED}
_FRAME = re.compile(r"^(?:===|---) ")
_PLACE = re.compile(r"^\S+\.go:\d+: ")
_MOST_CHARS = 300


@frozen
class GoTest:
    """A Go module in ``folder`` (relative to the project's root); ``package`` is the target's."""

    folder: str
    package: str
    name: str = "go"

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:  # noqa: ARG002
        """See `Framework.render`."""
        return go_render.render(file, self.package, tests)

    def command(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        *,
        order: int = 0,
        coverage_of: str = "",  # noqa: ARG002 - not asked for
        stop_at_first: bool = False,
    ) -> Command:
        """See `Framework.command`: of the packages with these files, the tests that these have."""
        if project.program is None:
            raise NoProject(Reason.RUNNER_MISSING, "there is no go on PATH: https://go.dev/dl has it")
        names = [name for path in paths for name in _TESTS.findall(_text(project, path, files))]
        folders = [PurePosixPath(path).relative_to(self.folder).parent.as_posix() for path in paths]
        asked = ("test", "-json", "-count=1", "-vet=off", f"-run=^({'|'.join(dict.fromkeys(names))})$")
        order_of = (f"-shuffle={order}",) if order else ()
        first = ("-failfast",) if stop_at_first else ()
        places = (f"./{each}" for each in dict.fromkeys(folders))
        cache, modules = golang.build_cache(), golang.modules()
        own = needs(project.program, workspace=project.root)
        readable = (*own, *(each for each in (cache, modules) if is_folder(each)))
        go = (str(project.program), *asked, *order_of, *first, *places)
        return Command(
            ("/bin/sh", "-c", golang.START, "sh", golang.CACHE, str(cache), *go),
            project.root,
            readable,
            files,
            golang.environment(),
            start=project.root / self.folder,
        )

    def read(self, project: Project, outcome: Outcome) -> Ran:  # noqa: ARG002 - the outcome says it all
        """See `Framework.read`."""
        verdicts: dict[str, Verdict] = {}
        output: dict[str, list[str]] = {}
        for event in _events(outcome.stdout):
            test, action = str(event.get("Test", "")), str(event.get("Action", ""))
            if action in {"output", "build-output"}:
                output.setdefault(test, []).append(str(event.get("Output", "")).strip())
            elif test and action in _VERDICTS:
                verdicts[test] = _VERDICTS[action]
        messages = {
            test: _said(output.get(test, ())) for test, each in verdicts.items() if each is Verdict.FAILED
        }
        built = [*output.get("", ()), *outcome.stderr.decode("utf-8", "replace").splitlines()]
        refused = [line.strip() for line in built if re.match(r"\s*\S+\.go:\d+:\d+: ", line)]
        is_built = not any("_test.go:" not in line for line in refused)
        problem = "" if verdicts else _problem(outcome, refused or [line for line in built if line.strip()])
        return Ran(verdicts, messages, problem, outcome.ended, is_built=is_built)


def _text(project: Project, path: str, files: Mapping[str, bytes | None]) -> str:
    source = files.get(path)
    return (
        source.decode("utf-8", "replace")
        if source is not None
        else text_at(project.root / path, project.root)
    )


def _events(stdout: bytes) -> Iterator[dict[str, object]]:
    for line in stdout.split(b"\n"):
        if line.startswith(b"{"):
            try:
                event = json.loads(line)
            except (ValueError, RecursionError):  # cut off at the limit, or printed by a test
                continue
            yield event


def _said(lines: Sequence[str]) -> str:
    told = [_PLACE.sub("", line) for line in lines if line and not _FRAME.match(line)]
    return "; ".join(told)[:_MOST_CHARS]


def _problem(outcome: Outcome, lines: Sequence[str]) -> str:
    if outcome.ended is not Ended.BY_ITSELF:
        return f"the run was ended: it took too much {outcome.ended.value.replace('_', ' ')}"
    return lines[0].strip()[:_MOST_CHARS] if lines else "no test was collected"
