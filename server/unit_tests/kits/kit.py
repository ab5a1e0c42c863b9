"""What a language must provide, besides its frameworks, so that tests can be made without a model."""

from collections.abc import Sequence
from typing import Protocol

from codenook.context.manager import ContextManager
from codenook.server.unit_tests.case import Call, Observed, Test
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.target import Target


class Kit(Protocol):
    """Inputs by rule, what the target does with them, and tests that say so."""

    async def calls(self, target: Target, project: Project, known: ContextManager) -> Sequence[Call]:
        """Calls of the target by its types, its doctests and its call sites, the most telling first."""

    def read_call(self, target: Target, written: str) -> Call | None:
        """The call of the target that a model wrote, if it is one and stands for itself.

        ``written`` is a test's statements (``assert slugify("a b") == "a-b"``), perhaps cut off.
        """

    async def observed(self, target: Target, project: Project, calls: Sequence[Call]) -> Sequence[Observed]:
        """What came of each call, in the sandbox; raises NoProject without one."""

    def tests(self, target: Target, observed: Sequence[Observed]) -> Sequence[Test]:
        """One test for each that has checks, with different names."""
