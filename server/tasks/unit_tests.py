"""Unit tests: a definition in, a test file out whose new tests ran, passed each time, and notice a fault.

What is called with is found by rule and by a model, what comes of it is observed in the sandbox, and what
is kept is decided by runs alone. So a model that fails is told of, and the rules go on without it.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from codenook.context.parse import language_named
from codenook.models.engine.client import Engine
from codenook.server import reasons
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.sandbox.run import why_not
from codenook.server.tasks.clock import Clock
from codenook.server.tasks.document import MAX_CHARACTERS, Document, is_utf8
from codenook.server.tasks.failed import place_of
from codenook.server.tasks.jobs import Told, unheard
from codenook.server.tasks.place import workspace_of
from codenook.server.tasks.turns import NoTurn, Turns
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.unit_tests.aim import aim
from codenook.server.unit_tests.by_model import ByModel
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.making_tests import MakingTests
from codenook.server.unit_tests.parts import PARTS, Parts
from codenook.server.unit_tests.preview import preview
from codenook.server.unit_tests.proposing import Proposing
from codenook.server.unit_tests.result import UnitTestsResult
from codenook.server.unit_tests.runs import Runs

log = logging.getLogger(__name__)


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
        path, workspace = self.document.path, self.workspace
        return workspace if workspace and path.is_relative_to(workspace) else workspace_of(path)


class UnitTests:
    """The unit tests task of one server or command."""

    def __init__(
        self,
        engine: Engine | None,
        settings: Settings,
        workspaces: Workspaces,
        turns: Turns | None = None,
        parts: Parts = PARTS,
    ) -> None:
        """``turns`` are those of all who ask for the model; without an ``engine`` there is none."""
        self._engine = engine
        self._settings = settings
        self._workspaces = workspaces
        self._turns = turns or Turns()
        self._parts = parts
        self._jobs = Turns()
        """One makes tests at a time: it keeps the machine busy."""

    async def __call__(self, request: UnitTestsRequest, told: Told = unheard) -> UnitTestsResult:
        """Answer ``request``; only cancellation leaves this as an exception.

        It stops the model and the sandbox at once. ``told`` hears per cent (``total`` is 100), and in
        ``partial`` what is being done, in a few words.
        """
        started = time.perf_counter()
        try:
            async with self._jobs.taken():
                clock = Clock(request.time_s or self._settings.unit_tests_time_s, told)
                result = evolve(await self._answer(request, clock), seconds=clock.seconds)
        except NoTurn as error:
            result = _nothing(request, Reason.TOO_MANY_REQUESTS, str(error))
        except NoProject as error:
            result = _nothing(request, error.reason, str(error))
        except Exception as error:  # noqa: BLE001 - a hostile project may find what nobody thought of
            log.error("unit tests: %s in %s", type(error).__name__, place_of(error))  # noqa: TRY400 - no texts
            result = _nothing(request, Reason.FAILED_INSIDE)
        total = time.perf_counter() - started
        return evolve(result, seconds={**result.seconds, "total": total})

    async def _answer(self, request: UnitTestsRequest, clock: Clock) -> UnitTestsResult:
        document, parts = request.document, self._parts
        if len(document.text) > MAX_CHARACTERS:
            return _nothing(request, Reason.DOCUMENT_TOO_LARGE)
        if not document.path.is_absolute():
            return _nothing(
                request, Reason.NOT_TESTABLE, "the file is not saved yet: no test could import it"
            )
        if not is_utf8(document.text):
            return _nothing(request, Reason.NOT_TESTABLE, "the text is none that a file can hold as UTF-8")
        language = language_named(document.language)
        if language is None:
            return _nothing(request, Reason.LANGUAGE_NOT_READ)
        path = document.path_in(request.root)
        clock.tell(0, "looking how the project runs its tests")
        aimed = await asyncio.to_thread(aim, request.root, path, document.text, language, request.symbol)
        opened = _opened(request)
        project = await asyncio.to_thread(parts.project_of, aimed.target, opened, request.framework)
        kit = parts.kit_of(document.language)
        known = self._workspaces.of(request.root)
        model = None
        if self._engine is not None and request.with_model:
            model = ByModel(
                self._engine, self._settings, self._turns, known, kit, project, clock, parts.maker_for
            )
        if project.program is None:
            return await preview(aimed, project, known, model, clock)
        if why := await why_not(request.root):
            raise NoProject(Reason.NO_SANDBOX, why)
        runs = Runs(project, aimed.target, {name: text.encode() for name, text in opened.items()}, clock)
        proposing = Proposing(kit, project, known, clock)
        return await MakingTests(aimed, runs, proposing, model, parts, clock).result()


def _opened(request: UnitTestsRequest) -> dict[str, str]:
    """The texts that count instead of those on disk, by paths relative to the root."""
    opened = {**request.opened, request.document.path: request.document.text}
    return {
        path.relative_to(request.root).as_posix(): text
        for path, text in opened.items()
        if path.is_relative_to(request.root) and is_utf8(text)
    }


def _nothing(request: UnitTestsRequest, reason: Reason, message: str = "") -> UnitTestsResult:
    return UnitTestsResult(request.symbol, reason=reason, message=message or reasons.describe(reason))
