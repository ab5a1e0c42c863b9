"""Vitest (https://vitest.dev/) and jest (https://jestjs.io/): alike in their words and their reports."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from codenook.server.sandbox.command import Command, Outcome
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks.ecmascript.checks import with_expect
from codenook.server.unit_tests.frameworks.ecmascript.rendering import Dialect
from codenook.server.unit_tests.frameworks.ecmascript.setup import LOCALHOST, Setup
from codenook.server.unit_tests.frameworks.framework import Project, Ran, Rendered, TestFile
from codenook.server.unit_tests.target import Target

_REPORT = "/tmp/codenook-reports/report.json"  # noqa: S108 - in the sandbox
_COVERAGE = "/tmp/codenook-coverage"  # noqa: S108 - in the sandbox


@frozen
class Vitest:
    """Tests with vitest; ``program`` is the project's own copy."""

    setup: Setup
    program: Path
    version: tuple[int, ...] = ()
    name: str = "vitest"

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:
        """See `Framework.render`."""
        return self.setup.render(file, target, tests, Dialect("vitest", with_expect, words=("expect",)))

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
        """See `Framework.command`."""
        arguments = [
            *(
                f"--import={LOCALHOST.as_uri()}",
                str(self.program),
                "run",
                "--reporter=json",
                f"--outputFile={_REPORT}",
            ),
            *("--watch=false", "--passWithNoTests"),
        ]
        if stop_at_first:
            arguments.append("--bail=1")
        if coverage_of:
            arguments += [
                *(
                    "--coverage.enabled",
                    "--coverage.reporter=json",
                    f"--coverage.reportsDirectory={_COVERAGE}",
                ),
                *(
                    "--coverage.clean=false",
                    "--coverage.reportOnFailure",
                    f"--coverage.include={_within(project, coverage_of)}",
                ),
            ]
        asked = {"tool": "vitest", "arguments": arguments}
        return self.setup.command(project, paths, files, asked, order=order, coverage_of=coverage_of)

    def read(self, project: Project, outcome: Outcome) -> Ran:  # noqa: ARG002 - the outcome says it all
        """See `Framework.read`."""
        return self.setup.read(outcome)


@frozen
class Jest:
    """Tests with jest; ``program`` is the project's own copy."""

    setup: Setup
    program: Path
    name: str = "jest"

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:
        """See `Framework.render`."""
        return self.setup.render(
            file, target, tests, Dialect("@jest/globals", with_expect, words=("expect",))
        )

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
        """See `Framework.command`."""
        arguments = [
            *(*self.setup.flags, str(self.program), "--json", f"--outputFile={_REPORT}", "--runInBand"),
            *(
                "--ci",
                "--watchman=false",
                "--cacheDirectory=/tmp/codenook-jest",
                "--silent",
                "--runTestsByPath",
            ),
        ]
        if stop_at_first:
            arguments.append("--bail=1")
        if coverage_of:
            arguments += [
                *("--coverage", "--coverageReporters=json", f"--coverageDirectory={_COVERAGE}"),
                f"--collectCoverageFrom={_within(project, coverage_of)}",
            ]
        asked = {"tool": "jest", "arguments": arguments}
        return self.setup.command(project, paths, files, asked, order=order, coverage_of=coverage_of)

    def read(self, project: Project, outcome: Outcome) -> Ran:  # noqa: ARG002 - the outcome says it all
        """See `Framework.read`."""
        return self.setup.read(outcome)


def _within(project: Project, path: str) -> str:
    """A file as the folder in which the tests run names it."""
    absolute = project.root / path
    return (
        str(absolute.relative_to(project.start)) if absolute.is_relative_to(project.start) else str(absolute)
    )
