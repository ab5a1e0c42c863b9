"""The language server's state: settings, open documents, counters, and the engines behind one window."""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define
from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

import codenook
from codenook.models.engine.client import LocalEngine
from codenook.models.engine.errors import EngineError
from codenook.models.hub.catalog import Role
from codenook.server import config
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.lsp.indexes import Indexes
from codenook.server.lsp.memories import MemoryKeeper
from codenook.server.lsp.progress import show_progress
from codenook.server.lsp.protocol import Protocol
from codenook.server.lsp.reviewed import Reviewed
from codenook.server.lsp.switches import switched_off
from codenook.server.lsp.type_along import Offer
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import Comment
from codenook.server.tasks.completion import Completion
from codenook.server.tasks.document import Document
from codenook.server.tasks.inspection import Inspection
from codenook.server.tasks.translation import Translation
from codenook.server.tasks.turns import Turns
from codenook.server.tasks.unit_tests import UnitTests
from codenook.server.tasks.workspaces import Workspaces

if TYPE_CHECKING:
    from codenook.server.lsp.documents import OpenDocument, PendingRequest

log = logging.getLogger(__name__)

N_OFFERS = 256
"""How many of the latest candidates can still be reported as accepted."""


@define
class Counters:
    """What became of the requests for inline completion since the server started."""

    requests: int = 0
    answered_by_model: int = 0
    answered_from_typing: int = 0
    empty: int = 0
    superseded: int = 0
    cancelled: int = 0
    accepted: int = 0
    places_looked_at: int = 0
    """Where the cursor rested, and context was chosen before a request."""


class CodenookServer(LanguageServer):
    """One window's server. All of it runs on one event loop; nothing here blocks."""

    protocol: Protocol

    def __init__(self, overrides: Mapping[str, object]) -> None:
        super().__init__("codenook", codenook.__version__, protocol_cls=Protocol)
        self.settings = Settings()
        self.client_settings: Mapping[str, object] = {}
        self.machine_settings: Mapping[str, object] = {}
        self.configured = asyncio.Event()
        self.settling: asyncio.Task[None] | None = None
        self.documents: dict[str, OpenDocument] = {}
        self.counters = Counters()
        self.last_reason: Reason | None = None
        self.request_s = 0.0
        """How long requests to the model took lately, in seconds."""
        self.has_shut_down = False
        self._overrides = overrides
        self._offer_ids = itertools.count(1)
        self._offered: deque[str] = deque(maxlen=N_OFFERS)
        self._told: set[str] = set()
        self.reviewed = Reviewed()
        self.reviewing: PendingRequest[Any] | None = None
        self.to_tell: dict[Path, None] = {}
        self.changed: set[Path] = set()
        self.telling: asyncio.Task[None] | None = None
        self.shown: dict[Path, str] = {}
        """Files of which the editor shows diagnostics, and the URI by which it was told."""
        self.workspaces = Workspaces()
        self.indexes = Indexes(self, self.workspaces, self._built)
        self._engines: Engines | None = None
        self._memories: MemoryKeeper | None = None
        self._completion: Completion | None = None
        self._unit_tests: UnitTests | None = None
        self._turns = Turns()
        self._starting: dict[LocalEngine, asyncio.Task[object]] = {}

    @property
    def encoding(self) -> str:
        """The negotiated position encoding.

        pygls takes the editor's favourite. That is the cheapest choice too: here one position is
        converted for each message, there it may be every edit.
        """
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    @property
    def shows_inline(self) -> bool:
        """Whether the editor announced inline completion; one that did not gets a menu."""
        text_document = self.client_capabilities.text_document
        return text_document is not None and text_document.inline_completion is not None

    @property
    def engines(self) -> Engines:
        """The engines for the current settings."""
        if self._engines is None:
            self._engines = Engines(self.settings)
        return self._engines

    @property
    def engine(self) -> LocalEngine:
        """The engine that completes; nothing is started by looking at it."""
        return self.engines.of(Role.FIM)

    @property
    def completion(self) -> Completion:
        """The completion task for the current settings."""
        if self._completion is None:
            self._completion = Completion(self.engine, self.settings, self.workspaces)
        return self._completion

    @property
    def comment(self) -> Comment:
        """The comment task for the current settings."""
        return Comment(self.engines.of(Role.CHAT), self.settings, self.workspaces, self._turns)

    @property
    def unit_tests(self) -> UnitTests:
        """The unit tests task for the current settings: one, as it makes those of one target at a time."""
        if self._unit_tests is None:
            engine = self.engines.of(Role.CHAT)
            self._unit_tests = UnitTests(engine, self.settings, self.workspaces, self._turns)
        return self._unit_tests

    @property
    def translation(self) -> Translation:
        """The translation task for the current settings."""
        return Translation(self.engines.of(Role.CHAT), self.settings, self.workspaces, self._turns)

    @property
    def memories(self) -> MemoryKeeper:
        """What hands the workspace to the engine, for the current settings."""
        if self._memories is None:
            self._memories = MemoryKeeper(self)
        return self._memories

    @property
    def inspection(self) -> Inspection:
        """What tells the context of a task, with the current settings."""
        return Inspection(self.engine, self.settings, self.workspaces)

    async def configure(self) -> None:
        """Read all settings again; messages about wrong ones go to the user."""
        settings, problems = config.load(
            overrides=self._overrides,
            client=self.client_settings,
            machine=self.machine_settings,
            workspace=self.main_folder,
        )
        for problem in problems:
            self.tell(problem)
        if settings != self.settings:
            self.settings = settings  # before any await: the request that follows must find them
            logging.getLogger("codenook").setLevel(settings.log_level.upper())
            await self.let_go()
            for opened in self.documents.values():
                self.warm_up(opened)
        self.follow_folders()

    def _built(self, folder: Path) -> None:
        self.memories.soon(folder)

    def follow_folders(self) -> None:
        """Keep indexes of the folders that are open now, if the settings want any."""
        self.indexes.follow(self.folders if self.settings.index else [])

    async def engine_ready(self, role: Role = Role.FIM) -> None:
        """Start the engine of a role if need be, once for all who wait; raises EngineError."""
        engine = self.engines.of(role)
        if engine.is_ready:
            return
        if engine not in self._starting or self._starting[engine].done():
            model = self.settings.model_path_of(role).name

            def describe(seconds: float) -> types.WorkDoneProgressReport:
                return types.WorkDoneProgressReport(message=f"{model}, {seconds:g} s" if seconds else model)

            self._starting[engine] = asyncio.create_task(
                show_progress(self, "codenook: starting the engine", describe, engine.ready())
            )
        await asyncio.shield(self._starting[engine])

    def warm_up(self, opened: "OpenDocument") -> None:
        """Begin to start the engine and read the document: the first request in it finds both done."""
        opened.end_warming()
        opened.warming = asyncio.create_task(self._warm_up(opened.snapshot))

    async def _warm_up(self, document: Document) -> None:
        try:
            await self.configured.wait()
            if self.switched_off(document, automatic=True) is None:
                await self.engine_ready()
                await self.completion.warm(document, self.folder_of(document.path))
                self.memories.soon(self.folder_of(document.path))
        except EngineError as error:
            self.tell(str(error))

    async def let_go(self) -> None:
        """Leave the engines to others: end what waits for them and close the connections."""
        completion, self._completion = self._completion, None
        memories, self._memories = self._memories, None
        engines, self._engines = self._engines, None
        self._unit_tests = None
        if self.reviewing is not None:
            self.reviewing.end(Reason.SETTINGS_CHANGED)
        starting = [task for task in self._starting.values() if not task.done()]
        self._starting = {}
        for opened in self.documents.values():
            opened.end_work(Reason.SETTINGS_CHANGED)
            opened.shown = None
        if memories is not None:
            memories.close()
        if completion is not None:
            completion.close()
        for task in starting:
            task.cancel()
        if starting:
            await asyncio.wait(starting)
        if engines is not None:
            await engines.close()

    @property
    def main_folder(self) -> Path | None:
        """The folder that project settings are read from: the first that the editor named."""
        folders = [folder.uri for folder in self.workspace.folders.values()] or [self.workspace.root_uri]
        path = to_fs_path(folders[0]) if folders[0] else None
        return Path(path) if path else None

    @property
    def folders(self) -> list[Path]:
        """The workspace folders that are open."""
        paths = [to_fs_path(folder.uri) for folder in self.workspace.folders.values()]
        return [Path(path) for path in paths if path]

    def folder_of(self, path: Path) -> Path | None:
        """Return the innermost workspace folder that ``path`` is in."""
        around = [folder for folder in self.folders if path.is_relative_to(folder)]
        return max(around, key=lambda folder: len(folder.parts), default=None)

    def switched_off(self, document: Document, *, automatic: bool) -> Reason | None:
        """Return why a request in ``document`` is not to be answered, if so."""
        return switched_off(self.settings, document, self.folder_of(document.path), automatic=automatic)

    def offer(self, text: str) -> Offer:
        """Give a candidate the id by which its acceptance will be reported."""
        offer = Offer(id=str(next(self._offer_ids)), text=text)
        self._offered.append(offer.id)
        return offer

    def was_offered(self, offer_id: str) -> bool:
        """Whether ``offer_id`` is one of the latest."""
        return offer_id in self._offered

    def note_request(self, seconds: float) -> None:
        """Remember how long the model took, for the debounce: the last requests count most."""
        self.request_s = (self.request_s + seconds) / 2 if self.request_s else seconds

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:
        """Log what kind of error it was; pygls would show it to the user, with whatever text it carries."""
        log.error("%s: %s", source.__name__, type(error).__name__)

    def tell(self, message: str) -> None:
        """Show the user a warning, the same one only once."""
        if message not in self._told:
            self._told.add(message)
            self.window_show_message(
                types.ShowMessageParams(types.MessageType.Warning, f"codenook: {message}")
            )
