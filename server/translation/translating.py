"""From a file to its translation: function by function, each proved before the next one reads it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from attrs import define, evolve, field

from codenook.context.parse import Language
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import Counters
from codenook.models.prompts.layouts import line_comment
from codenook.server import reasons
from codenook.server.reasons import Reason
from codenook.server.tasks.clock import Clock
from codenook.server.translation.draft import Draft
from codenook.server.translation.filling import Filling
from codenook.server.translation.languages.language import Running
from codenook.server.translation.making.maker import Maker
from codenook.server.translation.originals import Originals
from codenook.server.translation.outcome import Origin
from codenook.server.translation.pieces import Piece
from codenook.server.translation.result import PREVIEWED, Level, Translated, TranslationResult
from codenook.server.translation.trying import Known, Trying
from codenook.server.translation.writing.writer import Writer

_FIRST, _LAST = 4, 96
"""Per cent at which the first function is begun, and the last one done."""


@define(eq=False)
class Sides:
    """What runs the two languages; None where nothing does, or may: ``why_not`` says why."""

    original: Running | None
    translation: Running | None
    why_not: str = ""
    reason: Reason = Reason.NOT_PROVED
    """That of a preview, then."""


@define(eq=False)
class Translating:
    """One translation's way through all parts."""

    draft: Draft
    language: Language
    """That of the translation."""
    maker: Maker
    sides: Sides
    originals: Originals
    clock: Clock
    counters: Counters = field(factory=Counters, init=False)
    failure: EngineError | None = field(default=None, init=False)
    _done: dict[str, Translated] = field(factory=dict, init=False)
    _missing: dict[str, str] = field(factory=dict, init=False)
    """Functions that can't be right, with what is missing for it."""

    async def functions(self) -> tuple[Translated, ...]:
        """What became of each function, in the order of the file; raises NoSandbox, SandboxFailed."""
        pieces = self.draft.pieces.in_order()
        for number, piece in enumerate(pieces):
            per_cent = _FIRST + (_LAST - _FIRST) * number // len(pieces)
            which = f"{number + 1} of {len(pieces)}"
            self._note(piece, await self._function(piece, per_cent, which))
        for owner, (constructor, _) in self.draft.constructors().items():
            self._done[constructor.symbol] = self._by_methods(self._done[constructor.symbol], owner)
        return tuple(self._done[piece.symbol] for piece in self.draft.pieces.functions)

    def _by_methods(self, constructor: Translated, owner: str) -> Translated:
        """A constructor, proved by what the methods of its objects give, where some do."""
        methods = [
            self._done[piece.symbol]
            for piece in self.draft.pieces.functions
            if piece.definition.parent == owner and not piece.signature.is_static
        ]
        proved = [each for each in methods if each.level is Level.AGREES]
        if constructor.level is not Level.COMPILES or not proved:
            return constructor
        agreed = sum((Counter(each.agreed) for each in proved), Counter[Origin]())
        return evolve(constructor, level=Level.AGREES, agreed=agreed, why="")

    async def _function(self, piece: Piece, per_cent: int, which: str) -> Translated:
        symbol = piece.symbol
        about = Translated(symbol, notes=self.draft.notes_of(symbol))
        if symbol in self.draft.unwritable:
            return evolve(about, reason=Reason.NOT_TRANSLATABLE, why=self.draft.unwritable[symbol])
        if self.failure is not None:
            return evolve(about, reason=reasons.of_error(self.failure), why=str(self.failure))
        if not self.clock.left_s:
            return evolve(about, reason=Reason.OUT_OF_TIME, why="the time was up")
        hole = self.draft.hole(piece)
        about = evolve(about, name=hole.name)
        signature = self.draft.called(symbol)

        async def learn() -> Known:
            if lacking := self._lacking(piece):
                return Known(piece.signature, why=lacking)
            with self.clock.part("inputs", per_cent, f"{which}, {symbol}: looking what the original does"):
                return await self.originals.known(piece, signature)

        trying = Trying(
            self.language,
            self.sides.translation,
            self.sides.why_not,
            learn,
            signature,
            self.draft.stub(symbol),
            lambda body: self.draft.with_body(symbol, body),
        )
        filling = Filling(hole, self.maker, trying, self.clock, about, per_cent, which)
        try:
            body, told = await filling.filled()
        except EngineError as error:
            if reasons.of_error(error) is not Reason.PROMPT_TOO_LONG:  # which another function may not meet
                self.failure = error
            return evolve(about, reason=reasons.of_error(error), why=str(error))
        finally:
            self.counters += filling.counters
        if body is not None:
            self.draft.bodies[symbol] = body
        return told

    def _lacking(self, piece: Piece) -> str:
        """Why a function can't be compared by what it reads: that has no body, or has it only later."""
        for symbol in piece.reads:
            if symbol in self._missing:
                return f"it reads {self._missing[symbol]}, which was not translated"
            if symbol not in self._done and symbol in self.draft.skeletons:
                return f"it and {symbol} read each other"
        return ""

    def _note(self, piece: Piece, told: Translated) -> None:
        """Remember what became of a function, and which one is missing for it."""
        self._done[piece.symbol] = told
        lost = piece.symbol if told.level is Level.NOTHING else ""
        missing = lost or next((self._missing[each] for each in piece.reads if each in self._missing), "")
        if missing:
            self._missing[piece.symbol] = missing


def file_name(path: str, target: Language, writing: Writer) -> str:
    """What a file of the translation is called."""
    return f"{writing.stem(PurePath(path).stem)}{target.extensions[0]}"


def summed_up(result: TranslationResult, sides: Sides, text: str) -> TranslationResult:
    """The result with its text as far as that may be shown, and the reason where not all is proved."""
    functions = result.functions
    lost = [each for each in functions if each.level is Level.NOTHING]
    if len(lost) == len(functions):
        reason = _most(lost)
        why = f"{lost[0].symbol}: {lost[0].why}" if len(lost) > 1 else lost[0].why
        return evolve(result, reason=reason, message=f"{reasons.describe(reason)} {why}".strip())
    if lost:
        names = ", ".join(each.symbol for each in lost)
        message = (
            f"{len(functions) - len(lost)} of {len(functions)} functions were translated, without {names}"
        )
        return _preview(result, text, Reason.PARTLY_TRANSLATED, message)
    open_ = [each for each in functions if each.level in PREVIEWED]
    if open_:
        message = (
            f"{len(open_)} of {len(functions)} functions were not proved: {open_[0].symbol}: {open_[0].why}"
        )
        return _preview(result, text, sides.reason, message)
    return evolve(result, text=text)


def _preview(result: TranslationResult, text: str, reason: Reason, message: str) -> TranslationResult:
    """The result with its text, which says itself that it is a preview, and of what it is not proved."""
    of = result.path if result.path.isprintable() else result.name
    unproved = [each.symbol for each in result.functions if each.level is not Level.AGREES]
    mark = line_comment(result.target)
    label = f"{mark} A preview: translated from {of} by codenook. Not proved: {', '.join(unproved)}."
    return evolve(result, text=f"{label}\n\n{text}", reason=reason, message=message)


def _most(lost: Sequence[Translated]) -> Reason:
    """The reason that most functions have; of equals the first."""
    return Counter(each.reason or Reason.NOT_VERIFIED for each in lost).most_common(1)[0][0]
