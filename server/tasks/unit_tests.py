"""Unit tests: a definition in, a test file out whose new tests ran, passed each time, and notice a fault.

What is called with is found by rule and by a model, what comes of it is observed in the sandbox, and what
is kept is decided by runs alone. So a model that fails is told of, and the rules go on without it.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from codenook.models.engine.client import Engine
from codenook.server import reasons
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.tasks.document import MAX_CHARACTERS, Document
from codenook.server.tasks.jobs import Told, unheard
from codenook.server.tasks.place import workspace_of
from codenook.server.tasks.turns import NoTurn, Turns
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.unit_tests.result import UnitTestsResult


@frozen
class UnitTestsRequest:
    """What is asked: tests of ``symbol`` (``Class.method``; a class means its methods) of a document.

    ``opened`` are the texts of other files as they are open in an editor, by absolute path: they count
    instead of what is on disk. ``framework`` names one (`Framework.name`), empty stands for the project's.
    Without ``with_model`` no model is asked. ``time_s`` is how long it may take, None what the settings say.
    """

    document: Document
    symbol: str
    workspace: Path | None = None
    opened: Mapping[Path, str] = field(factory=dict)
    framework: str = ""
    with_model: bool = True
    time_s: int | None = None

    @property
    def root(self) -> Path:
        """The folder that `UnitTestsResult.path` is relative to."""
        return self.workspace or workspace_of(self.document.path)


class UnitTests:
    """The unit tests task of one server or command."""

    def __init__(
        self, engine: Engine | None, settings: Settings, workspaces: Workspaces, turns: Turns | None = None
    ) -> None:
        """``turns`` are those of all who ask for the model; without an ``engine`` there is none."""
        self._engine = engine
        self._settings = settings
        self._workspaces = workspaces
        self._turns = turns or Turns()

    async def __call__(self, request: UnitTestsRequest, told: Told = unheard) -> UnitTestsResult:
        """Answer ``request``; only cancellation leaves this as an exception.

        It stops the model and the sandbox at once. ``told`` hears per cent (``total`` is 100), and in
        ``partial`` what is being done, in a few words.
        """
        started = time.perf_counter()
        try:
            async with self._turns.taken():
                result = await self._answer(request, told)
        except NoTurn as error:
            result = _nothing(request, Reason.TOO_MANY_REQUESTS, str(error))
        total = time.perf_counter() - started
        return evolve(result, seconds={**result.seconds, "total": total})

    async def _answer(self, request: UnitTestsRequest, _told: Told) -> UnitTestsResult:
        if len(request.document.text) > MAX_CHARACTERS:
            return _nothing(request, Reason.DOCUMENT_TOO_LARGE)
        return _nothing(request, Reason.RUNNER_MISSING)


def _nothing(request: UnitTestsRequest, reason: Reason, message: str = "") -> UnitTestsResult:
    return UnitTestsResult(request.symbol, reason=reason, message=message or reasons.describe(reason))
