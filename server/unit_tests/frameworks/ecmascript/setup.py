"""What running tests of one target needs to know, the same for all frameworks."""

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.server.sandbox.command import Command, Ended, Outcome
from codenook.server.sandbox.programs import needs, search_path
from codenook.server.sandbox.reading import content_of
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks.ecmascript.exports import reached
from codenook.server.unit_tests.frameworks.ecmascript.imports import specifier
from codenook.server.unit_tests.frameworks.ecmascript.lines import places
from codenook.server.unit_tests.frameworks.ecmascript.package import Modules
from codenook.server.unit_tests.frameworks.ecmascript.rendering import Dialect, Page
from codenook.server.unit_tests.frameworks.ecmascript.shuffling import shuffled
from codenook.server.unit_tests.frameworks.ecmascript.style import Style
from codenook.server.unit_tests.frameworks.framework import (
    Coverage,
    Project,
    Ran,
    Rendered,
    TestFile,
    Verdict,
)
from codenook.server.unit_tests.target import Target

HERE = Path(__file__).resolve().parent
_RUN = HERE / "run.mjs"
REPORTER = HERE / "report.mjs"
LOCALHOST = HERE / "localhost.mjs"

_MOST_MESSAGE = 500
_NOT_TEXT = "the run told what can't be read"


@frozen
class Setup:
    """A project's tests: how they are written, and what runs them.

    ``word`` stands before what our own program tells of a run; nothing that the tests print has it.
    ``flags`` are options of node.
    """

    root: Path
    node: Path
    style: Style
    modules: Modules
    flags: tuple[str, ...] = ()
    word: str = field(factory=lambda: f"codenook-{secrets.token_hex(16)}:")

    def render(self, file: TestFile, target: Target, tests: Sequence[Test], dialect: Dialect) -> Rendered:
        """See `Framework.render`."""
        page = Page(file.path, file.text, self.style, self.modules, dialect)
        module = specifier(file.path, target.path, self.style, self.modules)
        return page.render(reached(target), module, target.path, target.symbol, tests)

    def command(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        asked: Mapping[str, Any],
        *,
        order: int,
        coverage_of: str,
    ) -> Command:
        """The command that runs `run.mjs` with what is ``asked``."""
        files = dict(files)
        for path in paths if order else ():
            if (source := _content(self.root, path, files)) is not None:
                files[path] = shuffled(path, source, order)
        coverage = None
        if coverage_of:
            source = _content(self.root, coverage_of, files) or b""
            of_file = places(coverage_of, source.decode("utf-8", "replace"))
            coverage = {"path": str(self.root / coverage_of), "places": of_file}
        said = {"word": self.word, "files": [str(self.root / path) for path in paths], "coverage": coverage}
        readable = needs(self.node, workspace=self.root)
        return Command(
            (str(self.node), str(_RUN)),
            self.root,
            (*(path for path in readable if not path.is_relative_to(self.root)), HERE),
            files,
            {"PATH": search_path(readable), "NO_COLOR": "1", "CI": "1", "NODE_ENV": "test"},
            json.dumps({**said, **asked}).encode(),
            start=project.start,
        )

    def read(self, outcome: Outcome) -> Ran:
        """See `Framework.read`."""
        if outcome.ended is not Ended.BY_ITSELF:
            what = outcome.ended.value.replace("_", " ")
            return Ran(problem=f"the run was ended: it took too much {what}", ended=outcome.ended)
        _, is_told, said = outcome.stdout.decode("utf-8", "replace").rpartition(f"\n{self.word}")
        if not is_told:
            return Ran(problem=_first_line(outcome.stderr) or f"the run ended with {outcome.returncode}")
        try:
            return _ran(json.loads(said))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return Ran(problem=_NOT_TEXT)


def _ran(said: dict[str, Any]) -> Ran:
    verdicts: dict[str, Verdict] = {}
    messages: dict[str, str] = {}
    for name, verdict, message in said["tests"]:
        if verdicts.get(name) is not Verdict.FAILED:  # two of one name: both have to pass
            verdicts[name] = Verdict(verdict)
        if message and name not in messages:
            messages[name] = _printable(message)
    problem = _printable(said.get("problem") or "")
    problem = problem or ("" if verdicts else "no test was found")
    coverage = None
    if (lines := said.get("lines")) is not None:
        coverage = Coverage(
            frozenset(map(int, lines)), frozenset(map(int, said["ran"])) & frozenset(map(int, lines))
        )
    return Ran(verdicts, messages, problem, coverage=coverage)


def _content(root: Path, path: str, files: Mapping[str, bytes | None]) -> bytes | None:
    if path in files:
        return files[path]
    return content_of(root / path, MAX_FILE_BYTES, root)


def _first_line(content: bytes) -> str:
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines() if line.strip()]
    told = next((line for line in lines if "Error" in line and ": " in line), lines[0] if lines else "")
    return _printable(told)


def _printable(message: str) -> str:
    """One line that commands no terminal."""
    first = next(iter(str(message).splitlines()), "")
    return "".join(c for c in first if c.isprintable())[:_MOST_MESSAGE]
