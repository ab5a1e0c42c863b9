"""Whether a body may be shown: it parses, compiles, and does what the original does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from attrs import define, evolve, field, frozen

from codenook.context.parse import Language
from codenook.server.translation.checking import Checked, Difference, Verdict, judge
from codenook.server.translation.comparing import shown
from codenook.server.translation.languages.language import Program, Refusal, Running, Stage
from codenook.server.translation.making.bodies import MAX_CHARACTERS, is_plain, stays_inside
from codenook.server.translation.making.maker import Body, Complaint, Hole
from codenook.server.translation.outcome import Call, How, Outcome
from codenook.server.translation.result import Level, Row, Translated
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Signature

N_ROWS = 8
"""Differences that are told, at most."""

N_TOLD = 3
"""Differences that a model is told, at most."""

_MAX_SHOWN = 200


class Failed(StrEnum):
    """What speaks against a body."""

    PARSING = "parsing"
    COMPILING = "compiling"
    COMPARING = "comparing"


@frozen
class Tried:
    """How far a body came: `level` is what it passed, ``failed`` what it failed at, if anything.

    ``why`` says in a line why it came no further.
    """

    body: Body
    level: Level
    failed: Failed | None = None
    why: str = ""
    complaint: Complaint = field(default=Complaint(Body(""), ()))
    checked: Checked | None = None
    rows: tuple[Row, ...] = ()
    has_floats: bool = False
    """Whether the function takes or gives any."""

    @property
    def rank(self) -> tuple[int, int]:
        """More for one that came further."""
        n_agreed = sum(self.checked.agreed.values()) if self.checked else 0
        return [*Level].index(self.level), n_agreed

    def told(self, about: Translated) -> Translated:
        """What is known of a function with this body."""
        about = evolve(about, level=self.level, why=self.why, differences=self.rows)
        if self.checked is None:
            return about
        return evolve(
            about,
            asked=self.checked.asked,
            agreed=self.checked.agreed,
            not_compared=self.checked.not_compared,
            tolerance=self.checked.tolerance if self.has_floats else 0.0,
        )


@frozen
class Known:
    """What is known of the original of a function before any body is tried.

    ``calls`` are what both sides are asked, with the ``outcomes`` of the original. Where nothing can be
    compared there are none, and ``why`` says so in a line.
    """

    signature: Signature
    calls: tuple[Call, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    why: str = ""


@define(eq=False)
class Trying:
    """Tries bodies of one function.

    ``learn`` finds out what its original does, which is not asked before a body parses; ``signature`` is that
    of the translation. ``running`` is None where nothing may be run, as ``why_not`` says. ``whole`` makes the
    file with a body in it.
    """

    language: Language
    running: Running | None
    why_not: str
    learn: Callable[[], Awaitable[Known]]
    signature: Signature
    stub: str
    whole: Callable[[Body], str]
    _known: Known | None = field(default=None, init=False)

    async def __call__(self, hole: Hole, body: Body) -> Tried:
        """Try one body; raises NoSandbox, SandboxFailed."""
        if problem := await asyncio.to_thread(self._unfit, hole, body):
            return Tried(body, Level.NOTHING, Failed.PARSING, problem, Complaint(body, (problem,)))
        if self.running is None:
            return Tried(body, Level.PARSES, why=self.why_not)
        if self._known is None:
            self._known = await self.learn()
        known, text = self._known, self.whole(body)
        if not known.calls:
            refusal = await self.running.refusal(text)
            if refusal is not None:
                return self._refused(body, text, refusal)
            return Tried(body, Level.COMPILES, why=known.why)
        ran = await self.running.run(Program(text, self.signature), known.calls)
        if ran.refusal is not None:
            return self._refused(body, text, ran.refusal)
        signatures = (known.signature, self.signature)
        checked = judge(signatures, known.calls, (known.outcomes, ran.outcomes))
        return self._judged(body, checked)

    def _unfit(self, hole: Hole, body: Body) -> str:
        """What is wrong with a body by its text alone; empty for nothing."""
        if body.is_cut and len(body.text) > MAX_CHARACTERS:
            return "The body is too long."
        if not is_plain(body.text):
            return "The body has characters that nobody sees."
        stub = f"{hole.indent}{self.stub}\n"
        if not stays_inside(hole.before, body.text, hole.after, self.language, stub):
            return "The body does not parse, or does not stay between the rows that were shown."
        return ""

    def _refused(self, body: Body, text: str, refusal: Refusal) -> Tried:
        if refusal.stage is Stage.TOOLCHAIN:
            return Tried(body, Level.PARSES, why=refusal.message)
        rows = text.split("\n")
        row = rows[refusal.line - 1].strip() if 0 < refusal.line <= len(rows) else ""
        where = f" In the row: {row}" if row else ""
        lead = "The compiler says" if refusal.stage is Stage.COMPILE else "It fails before it is called"
        why = f"line {refusal.line}: {refusal.message}" if refusal.line else refusal.message
        complaint = Complaint(body, (f"{lead}: {refusal.message}.{where}",))
        return Tried(body, Level.PARSES, Failed.COMPILING, why, complaint)

    def _judged(self, body: Body, checked: Checked) -> Tried:
        rows = tuple(self._row(each) for each in _told_first(checked.differences)[:N_ROWS])
        if checked.verdict is Verdict.AGREES:
            return Tried(body, Level.AGREES, checked=checked, rows=rows, has_floats=self._has_floats())
        if checked.verdict is Verdict.NOT_CHECKED:
            return Tried(body, Level.COMPILES, why=checked.why, checked=checked, rows=rows)
        counting = [row for row in rows if not row.excuse][:N_TOLD]
        told = tuple(
            f"{row.input} is {row.translation}; the original gives {row.original}." for row in counting
        )
        examples = tuple(f"{row.input} is {row.original}" for row in counting)
        complaint = Complaint(body, told, examples)
        return Tried(body, Level.COMPILES, Failed.COMPARING, checked.why, complaint, checked, rows)

    def _has_floats(self) -> bool:
        shapes = [each.shape for each in self.signature.parameters]
        return any(map(_holds_floats, [*shapes, self.signature.result]))

    def _row(self, difference: Difference) -> Row:
        return Row(
            called(self.signature, difference.call),
            outcome(difference.original),
            outcome(difference.translation),
            difference.call.origin,
            difference.call.evidence,
            difference.excuse,
        )


def called(signature: Signature, call: Call) -> str:
    """A call for a person, in the notation of JSON."""
    arguments = ", ".join(map(shown, call.arguments))
    made = f"{signature.owner}({', '.join(map(shown, call.made_with))})." if _needs_object(signature) else ""
    return _bounded(f"{made}{signature.name}({arguments})")


def outcome(came: Outcome) -> str:
    """What came of a call, for a person."""
    match came.how:
        case How.RETURNED if came.value is None and came.after is not None:
            return _bounded(f"({', '.join(map(shown, came.after))})")
        case How.RETURNED:
            return _bounded(shown(came.value))
        case How.RAISED:
            return _bounded(f"{came.error or 'an error'}: {came.message}" if came.message else came.error)
        case How.CRASHED:
            return _bounded(f"a crash: {came.message}" if came.message else "a crash")
        case How.TIMED_OUT:
            return "no end"
    return came.why or "not run"


def _holds_floats(shape: Shape) -> bool:
    return shape.kind in {Kind.FLOAT, Kind.ANY} or any(map(_holds_floats, shape.parts))


def _needs_object(signature: Signature) -> bool:
    return bool(signature.owner) and not signature.is_static


def _bounded(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MAX_SHOWN else f"{line[: _MAX_SHOWN - 1]}…"


def _told_first(differences: Sequence[Difference]) -> list[Difference]:
    """Those that count first, of each the shorter calls."""
    return sorted(differences, key=lambda each: (bool(each.excuse), len(str(each.call.arguments))))
