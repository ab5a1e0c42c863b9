"""Comment: a definition in, an edit out that documents it and provably changes no code.

What is documented comes from the syntax tree, in the file's own style; a model writes the words, sentence by
sentence. Each is checked, and then the text as it would stand in the file. What people have written
stays, unless it is to be replaced.
"""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, field, frozen

from codenook.context.parse import Language, encode, language_named, parse
from codenook.context.snippets import Context
from codenook.context.tasks import Task
from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import Counters, ModelInfo
from codenook.server import reasons
from codenook.server.config import Settings
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.languages import DESCRIBERS, subjects
from codenook.server.documentation.style import read, style_of
from codenook.server.documentation.write import NoRoom
from codenook.server.reasons import Reason
from codenook.server.tasks.blanks import Draft, Hole, begun
from codenook.server.tasks.budget import n_context
from codenook.server.tasks.chat_writer import ChatWriter
from codenook.server.tasks.document import MAX_CHARACTERS, Document
from codenook.server.tasks.filling import Words, fill, not_to_fill
from codenook.server.tasks.infill import InfillWriter, Writer
from codenook.server.tasks.jobs import Strategy, Told, knows, strategy_of, unheard
from codenook.server.tasks.line_comment import Lines, NoLine, comment_above, hole_above, proven
from codenook.server.tasks.neighbours import neighbours
from codenook.server.tasks.turns import NoTurn, Turns
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.verify.apart import difference_apart
from codenook.server.verify.documented import problems
from codenook.server.verify.kept import lost_rows


@frozen
class CommentRequest:
    """What is asked: to document ``symbol`` (``Class.method``, empty for the file) of a document.

    With ``replace`` what is documented already is written anew. With ``lines``, a comment above these is
    asked for instead.
    """

    document: Document
    symbol: str
    workspace: Path | None = None
    replace: bool = False
    lines: Lines | None = None


@frozen
class CommentResult:
    """An edit that passed every check, with the evidence of how it came about.

    ``reason`` is None exactly when there is an edit. ``wordless`` are the parameters of which only the name
    is documented; ``refused`` counts the model's sentences that failed a check, by what was wrong.
    """

    symbol: str
    edit: Edit | None = None
    style: str = ""
    strategy: Strategy | None = None
    words: tuple[Words, ...] = ()
    wordless: tuple[str, ...] = ()
    refused: Mapping[str, int] = field(factory=dict)
    context: Context = field(factory=Context)
    counters: Counters = field(factory=Counters)
    total_ms: float = 0.0
    model: str = ""
    reason: Reason | None = None
    message: str = ""

    def to_json(self, document: Document) -> dict[str, Any]:
        """Return the documented JSON of a result for ``document``, as it was before the edit."""
        return {
            "path": str(document.path),
            "symbol": self.symbol,
            "edit": self.edit.to_json(document.text) if self.edit else None,
            "style": self.style,
            "strategy": self.strategy,
            "words": [asdict(words) for words in self.words],
            "wordless": list(self.wordless),
            "refused": dict(sorted(self.refused.items())),
            "tokens": asdict(self.counters),
            "total_ms": round(self.total_ms, 2),
            "model": self.model,
            "reason": self.reason,
            "message": self.message,
        }


class Comment:
    """The comment task of one server or command."""

    def __init__(
        self, engine: Engine, settings: Settings, workspaces: Workspaces, turns: Turns | None = None
    ) -> None:
        """``turns`` are those of all who ask for the model."""
        self._engine = engine
        self._settings = settings
        self._workspaces = workspaces
        self._turns = turns or Turns()

    async def __call__(self, request: CommentRequest, told: Told = unheard) -> CommentResult:
        """Answer ``request``; only cancellation leaves this as an exception, and it stops the model."""
        started = time.perf_counter()
        try:
            async with self._turns.taken():
                result = await self._answer(request, told)
        except NoTurn as error:
            result = _nothing(request, Reason.TOO_MANY_REQUESTS, str(error))
        except EngineError as error:
            result = _nothing(request, reasons.of_error(error), str(error))
        return evolve(result, total_ms=1e3 * (time.perf_counter() - started))

    def leave(self, workspace: Path | None, path: Path, *, is_changed: bool) -> None:
        """Let go of a document that nothing more is asked about; its file, if changed, counts from now on."""
        known = self._workspaces.of(workspace)
        known.forget(path)
        if is_changed:
            known.refresh([path])

    async def _answer(self, request: CommentRequest, told: Told) -> CommentResult:
        document = request.document
        language = language_named(document.language)
        if len(document.text) > MAX_CHARACTERS:
            return _nothing(request, Reason.DOCUMENT_TOO_LARGE)
        if language is None or language.id not in DESCRIBERS:
            return _nothing(request, Reason.LANGUAGE_NOT_READ)
        model = await self._engine.ready()
        if not knows(model, document.language):
            message = f"{model.name} was trained on {', '.join(model.languages)} only"
            return _nothing(request, Reason.LANGUAGE_NOT_IN_MODEL, message, model)
        if request.lines is not None:
            return await self._comment(request, model, language, request.lines)
        draft = await asyncio.to_thread(_draft, request, language)
        if isinstance(draft, Reason):
            return _nothing(request, draft, model=model)
        return await self._document(request, model, draft, told)

    async def _document(
        self, request: CommentRequest, model: ModelInfo, draft: Draft, told: Told
    ) -> CommentResult:
        context = await self._gather(request, model)
        writer = self._writer(request, model, context)
        found = CommentResult(
            request.symbol,
            style=draft.style.dialect.name,
            strategy=writer.strategy,
            context=context,
            model=model.name,
        )
        try:
            return await _filled(draft, writer, found, told)
        except NoRoom as error:
            return evolve(found, reason=Reason.NO_ROOM, message=str(error))

    async def _comment(
        self, request: CommentRequest, model: ModelInfo, language: Language, lines: Lines
    ) -> CommentResult:
        text = request.document.text
        writer = self._writer(request, model, Context())
        found = CommentResult(
            f"{lines.first}-{lines.last}", style="line", strategy=writer.strategy, model=model.name
        )
        try:
            hole = await asyncio.to_thread(_hole_above, language, text, lines)
        except NoLine as error:
            return evolve(found, reason=error.reason, message=str(error))
        outcome = await comment_above(text, hole, writer)
        found = evolve(found, refused=outcome.refused, counters=outcome.counters)
        if outcome.value is None:
            return _unverified(found, "no words for these lines passed the checks")
        edit = await asyncio.to_thread(proven, language, text, hole, outcome.value.text)
        if isinstance(edit, str):
            return _unverified(found, edit)
        return evolve(found, edit=edit, words=(outcome.value,))

    async def _gather(self, request: CommentRequest, model: ModelInfo) -> Context:
        document = request.document
        if not request.symbol:
            return Context()
        return await self._workspaces.of(request.workspace).for_definition(
            path=document.path,
            text=document.text,
            language=document.language,
            symbol=request.symbol,
            task=Task.COMMENT,
            budget=n_context(self._settings, model),
            count_tokens=self._engine.count_tokens,
        )

    def _writer(self, request: CommentRequest, model: ModelInfo, context: Context) -> Writer:
        """The strategy for the model."""
        kind = ChatWriter if strategy_of(model) is Strategy.CHAT else InfillWriter
        return kind(
            self._engine,
            self._settings,
            model,
            context,
            request.document.path_in(request.workspace),
            request.document.language,
            slot=f"{request.workspace}\n{request.document.uri}\ncomment",
        )


def _hole_above(language: Language, text: str, lines: Lines) -> Hole:
    return hole_above(parse(language, encode(text)), text, lines)


def _draft(request: CommentRequest, language: Language) -> Draft | Reason:
    parsed = parse(language, encode(request.document.text))
    found = subjects(parsed)
    meant = [subject for subject in found if subject.symbol == request.symbol]
    subject = next((each for each in meant if each.doc is None and each.room), meant[0] if meant else None)
    if subject is None:
        return Reason.NO_DEFINITION
    if subject.doc is None and subject.room is None:
        return Reason.NO_ROOM
    docs = [each.doc for each in found if each.doc is not None]
    path, workspace = request.document.path, request.workspace
    others = [] if docs else neighbours(language, path, workspace)
    style = style_of(language.id, found, others)
    known = docs or [each.doc for file in others for each in file if each.doc is not None]
    types = any(item.type for doc in known for item in read(language.id, doc)[1].parameters)
    draft = begun(parsed, subject, style, replace=request.replace, types=types)
    return not_to_fill(draft) or draft


async def _filled(draft: Draft, writer: Writer, found: CommentResult, told: Told) -> CommentResult:
    """The result with what the model wrote; raises NoRoom."""
    filled = await fill(draft, writer, told)
    found = evolve(
        found,
        words=filled.words,
        wordless=filled.wordless,
        refused=filled.refused,
        counters=filled.counters,
    )
    if filled.lacking:
        return _unverified(found, f"no words for {filled.lacking} passed the checks")
    return await asyncio.to_thread(_proven, filled.draft, found)


def _proven(draft: Draft, found: CommentResult) -> CommentResult:
    """The result with the edit, if that passes the proof."""
    edit = draft.edit
    after = edit.apply(draft.text)
    wrong = difference_apart(draft.parsed.language, draft.text, after) or _misses(draft, after)
    return _unverified(found, wrong) if wrong else evolve(found, edit=edit)


def _misses(draft: Draft, after: str) -> str:
    """What the documentation of this very definition says wrong or leaves out, read from the file."""
    language = draft.parsed.language
    symbol, source = draft.subject.symbol, encode(after)
    starts = {draft.subject.start, draft.subject.start + len(source) - len(draft.parsed.source)}
    found = subjects(parse(language, source))  # others may have the same name
    subject = next((each for each in found if each.symbol == symbol and each.start in starts), None)
    if subject is None or subject.doc is None:
        return f"{symbol} has no documentation"
    if draft.kept is not None and draft.subject.doc is not None:
        lost = lost_rows(draft.text, draft.subject.doc, after, subject.doc)
        if lost:
            return f"{lost!r} of the documentation would be lost"
    dialect, parts = read(language.id, subject.doc)
    return next(problems(subject, parts, dialect, draft.kept), "")


def _unverified(found: CommentResult, message: str) -> CommentResult:
    """The result without what was written: what isn't verified isn't shown."""
    return evolve(found, words=(), wordless=(), reason=Reason.NOT_VERIFIED, message=message)


def _nothing(
    request: CommentRequest, reason: Reason, message: str = "", model: ModelInfo | None = None
) -> CommentResult:
    return CommentResult(
        request.symbol,
        model=model.name if model else "",
        reason=reason,
        message=message or reasons.describe(reason),
    )
