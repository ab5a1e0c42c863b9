"""Translation: code in, the same in another language out, with what was proved of each function.

The types, names and documentation come from the syntax tree by rule; a model writes the bodies, and each is
run against its original. What does something else is never shown; what could not be run is shown as a
preview.
"""

import asyncio
import logging
import time
from pathlib import Path

from attrs import evolve, frozen

from codenook.context.parse import Language, language_named
from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError
from codenook.server import reasons
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.sandbox.command import NoSandbox, SandboxFailed
from codenook.server.sandbox.run import why_not
from codenook.server.tasks.clock import Clock
from codenook.server.tasks.document import MAX_CHARACTERS, Document, is_utf8
from codenook.server.tasks.failed import place_of
from codenook.server.tasks.jobs import Told, unheard
from codenook.server.tasks.place import workspace_of
from codenook.server.tasks.translation_offers import not_known
from codenook.server.tasks.turns import NoTurn, Turns
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.translation.draft import Draft
from codenook.server.translation.languages.titles import base_of
from codenook.server.translation.languages.writings import WRITERS
from codenook.server.translation.originals import Originals
from codenook.server.translation.parts import PARTS, Parts
from codenook.server.translation.pieces import NotAimed, Pieces, pieces
from codenook.server.translation.result import TranslationResult
from codenook.server.translation.translating import Sides, Translating, file_name, summed_up

log = logging.getLogger(__name__)


@frozen
class TranslationRequest:
    """What is asked: ``symbol`` (``Class.method``, empty for all of the file) of a document in ``target``.

    ``time_s`` is how long it may take, None what the settings say. With ``any_language`` a model is asked
    that says it doesn't know one of the two.
    """

    document: Document
    target: str
    symbol: str = ""
    workspace: Path | None = None
    time_s: int | None = None
    any_language: bool = False

    @property
    def root(self) -> Path:
        """The folder that `TranslationResult.path` is relative to."""
        path, workspace = self.document.path, self.workspace
        return workspace if workspace and path.is_relative_to(workspace) else workspace_of(path)

    @property
    def file_name(self) -> str:
        """What a file of the translation is called; raises ValueError for a language that nobody knows."""
        target, writing = language_named(self.target), WRITERS.get(self.target)
        if target is None or writing is None:
            raise ValueError(self.target)
        return file_name(self.document.path.name, target, writing)

    @property
    def source(self) -> str:
        """The language that is translated from."""
        return base_of(self.document.language)


class Translation:
    """The translation task of one server or command."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        workspaces: Workspaces,
        turns: Turns | None = None,
        parts: Parts = PARTS,
    ) -> None:
        """``turns`` are those of all who ask for the model."""
        self._engine = engine
        self._settings = settings
        self._workspaces = workspaces
        self._turns = turns or Turns()
        self._parts = parts

    async def __call__(self, request: TranslationRequest, told: Told = unheard) -> TranslationResult:
        """Answer ``request``; only cancellation leaves this as an exception.

        It stops the model and the sandbox at once. ``told`` hears per cent (``total`` is 100), and in
        ``partial`` what is being done, in a few words.
        """
        started = time.perf_counter()
        nothing = self._nothing(request)
        try:
            async with self._turns.taken():
                clock = Clock(request.time_s or self._settings.translation_time_s, told)
                result = evolve(await self._answer(request, nothing, clock), seconds=clock.seconds)
        except NoTurn as error:
            result = evolve(nothing, reason=Reason.TOO_MANY_REQUESTS, message=str(error))
        except NotAimed as error:
            result = evolve(nothing, reason=error.reason, message=str(error))
        except NoSandbox as error:
            result = evolve(nothing, reason=Reason.NO_SANDBOX, message=str(error))
        except EngineError as error:
            result = evolve(nothing, reason=reasons.of_error(error), message=str(error))
        except Exception as error:  # noqa: BLE001 - hostile code may find what nobody thought of
            log.error("translation: %s in %s", type(error).__name__, place_of(error))  # noqa: TRY400 - no texts
            reason = Reason.FAILED_INSIDE
            message = str(error) if isinstance(error, SandboxFailed) else reasons.describe(reason)
            result = evolve(nothing, reason=reason, message=message)
        total = time.perf_counter() - started
        return evolve(result, seconds={**result.seconds, "total": total})

    async def _answer(
        self, request: TranslationRequest, nothing: TranslationResult, clock: Clock
    ) -> TranslationResult:
        document = request.document
        language, target = self._languages(request)
        model = await self._engine.ready()
        if not request.any_language and (why := not_known(model, request.source, request.target)):
            raise NotAimed(Reason.LANGUAGE_NOT_IN_MODEL, why)
        clock.tell(0, "reading what is to be translated")
        found = await asyncio.to_thread(self._pieces, document.text, language, request.symbol)
        writing = self._parts.writings[target.id].of_file(document.path.stem, found.classes)
        draft = Draft(
            document.text, language, self._parts.readings[request.source], found, target.id, writing
        )
        sides, toolchains = await self._sides(request)
        known = self._workspaces.of(request.root)
        path = document.path_in(request.root)
        name = file_name(path, target, writing)
        maker = await self._parts.maker_for(
            document,
            request.symbol or found.functions[0].symbol,
            path,
            target,
            name,
            known=known,
            engine=self._engine,
            settings=self._settings,
            slot=f"{request.root}\n{path}\ntranslation",
        )
        originals = Originals(
            document.text,
            path,
            request.source,
            sides.original,
            sides.why_not,
            known,
            draft.constructors(),
        )
        translating = Translating(draft, target, maker, sides, originals, clock)
        functions = await translating.functions()
        result = evolve(
            nothing,
            name=name,
            functions=functions,
            notes=draft.notes,
            toolchains=toolchains,
            strategy=maker.strategy,
            model=model.name,
            counters=translating.counters,
        )
        return summed_up(result, sides, draft.whole())

    def _languages(self, request: TranslationRequest) -> tuple[Language, Language]:
        """The languages of both sides; raises NotAimed."""
        document = request.document
        if len(document.text) > MAX_CHARACTERS:
            reason = Reason.DOCUMENT_TOO_LARGE
            raise NotAimed(reason, reasons.describe(reason))
        if not is_utf8(document.text):
            raise NotAimed(Reason.NOT_TRANSLATABLE, "the text is none that a file can hold as UTF-8")
        language, target = language_named(document.language), language_named(request.target)
        if language is None or request.source not in self._parts.readings:
            raise NotAimed(Reason.NOT_TRANSLATABLE, f"nothing is translated from {document.language}")
        if target is None or target.id not in self._parts.writings:
            raise NotAimed(Reason.NOT_TRANSLATABLE, f"nothing is translated to {request.target}")
        if request.source == target.id:
            raise NotAimed(Reason.NOT_TRANSLATABLE, f"it is in {target.id} already")
        return language, target

    def _pieces(self, text: str, language: Language, symbol: str) -> Pieces:
        return pieces(text, language, self._parts.readings[base_of(language.id)], symbol)

    async def _sides(self, request: TranslationRequest) -> tuple[Sides, dict[str, str]]:
        """What runs both languages here, and what that is called."""
        runs = [self._parts.runnings.get(each) for each in (request.source, request.target)]
        names = [await asyncio.to_thread(each.toolchain) if each else "" for each in runs]
        toolchains = {request.source: names[0], request.target: names[1]}
        if why := await why_not(request.root):
            return Sides(None, None, why, Reason.NO_SANDBOX), toolchains
        missing = [language for language, name in toolchains.items() if not name]
        if not missing:
            return Sides(runs[0], runs[1]), toolchains
        original, translation = (run if name else None for run, name in zip(runs, names, strict=True))
        why = f"nothing here runs {' and '.join(missing)}"
        return Sides(original, translation, why, Reason.TOOLCHAIN_MISSING), toolchains

    def _nothing(self, request: TranslationRequest) -> TranslationResult:
        path = request.document.path_in(request.root)
        return TranslationResult(request.symbol, path, request.source, request.target)
