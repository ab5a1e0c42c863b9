"""Node's own runner (https://nodejs.org/api/test.html)."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from codenook.server.sandbox.command import Command, Outcome
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks.ecmascript.checks import with_assert
from codenook.server.unit_tests.frameworks.ecmascript.exports import How
from codenook.server.unit_tests.frameworks.ecmascript.imports import Need
from codenook.server.unit_tests.frameworks.ecmascript.package import Modules
from codenook.server.unit_tests.frameworks.ecmascript.rendering import Dialect
from codenook.server.unit_tests.frameworks.ecmascript.setup import REPORTER, Setup
from codenook.server.unit_tests.frameworks.framework import Project, Ran, Rendered, TestFile
from codenook.server.unit_tests.target import Target


def _dialect(modules: Modules) -> Dialect:
    how = How.DEFAULT if modules is Modules.ESM else How.WHOLE
    return Dialect("node:test", with_assert, (Need("node:assert/strict", how, "default", "assert"),))


@frozen
class NodeRunner:
    """Tests with ``node:test`` and ``node:assert``."""

    setup: Setup
    name: str = "node"

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:
        """See `Framework.render`."""
        return self.setup.render(file, target, tests, _dialect(self.setup.modules))

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
        """See `Framework.command`: each file in a process of its own, as ``node --test`` has it."""
        asked = {
            "tool": "node",
            "arguments": list(self.setup.flags),
            "reporter": REPORTER.as_uri(),
            "stopAtFirst": stop_at_first,
        }
        return self.setup.command(project, paths, files, asked, order=order, coverage_of=coverage_of)

    def read(self, project: Project, outcome: Outcome) -> Ran:  # noqa: ARG002 - the outcome says it all
        """See `Framework.read`."""
        return self.setup.read(outcome)
