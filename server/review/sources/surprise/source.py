"""The model's own surprise at a change, as findings: places where it is almost sure of something else.

A place is looked at twice before it is told: with code of other files that helps with the change in the
prompt, and in the old text, where what was as surprising before is not the change's fault.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import ClassVar

from attrs import define, field, frozen

from codenook.context.git.hunks import Hunk
from codenook.context.manager import ContextManager
from codenook.context.parse import Parsed
from codenook.context.snippets import Context
from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import Counters, ModelInfo
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.review.finding import Finding, SourceName
from codenook.server.review.report import Account
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.sources import Unready
from codenook.server.review.sources.surprise import telling
from codenook.server.review.sources.surprise.look import Looker, Seen
from codenook.server.review.sources.surprise.members import Members, known_members
from codenook.server.review.sources.surprise.passages import Reader
from codenook.server.review.sources.surprise.weighing import Compared, Weights, weights
from codenook.server.tasks.budget import n_context
from codenook.server.tasks.jobs import knows, total

CONTEXT_SHARE = 0.3
"""At most this part of what the model reads may be code of other files, when a place is looked at again."""

LESS_SURE = 0.25
"""What was at most so much less sure in the old text (nats of odds) is not the change's fault."""


def unheard(_path: str, _n_lines: int) -> None:
    """Tell nobody."""


@frozen(eq=False)
class _File:
    """A changed file that the model can read, and how it is looked at."""

    file: ChangedFile
    new: Text
    parsed: Parsed
    model: ModelInfo
    looker: Looker


@define(eq=False)
class Surprise:
    """Asks a base model about ``change``.

    ``manager`` gives code of other files for the second look, None for none. ``looked`` is told a path and
    how many more of its changed lines were dealt with. What it cost is in ``counters``; ``not_looked_at``
    counts changed lines by the reason for which nothing was asked of them, and ``refuted`` places of which
    the second look left nothing: ``with_context``, ``as_before``, ``no_fix_that_parses``.
    """

    name: ClassVar = SourceName.SURPRISE

    change: Change
    engine: Engine
    settings: Settings
    manager: ContextManager | None = None
    weights: Weights = field(factory=weights)
    looked: Callable[[str, int], None] = unheard
    counters: Counters = field(factory=Counters, init=False)
    not_looked_at: Counter[Reason] = field(factory=Counter, init=False)
    refuted: Counter[str] = field(factory=Counter, init=False)

    async def unready(self) -> Unready | None:
        """Not for languages the model wasn't trained on; `about` tells of an engine that failed."""
        try:
            model = await self.engine.ready()
        except EngineError:
            return None
        languages = {file.language.id for file in self.change.files if file.language}
        if languages and not any(knows(model, language) for language in languages):
            for file in self.change.files:
                self._leave_out(file, Reason.LANGUAGE_NOT_IN_MODEL)
            message = f"{model.name} was trained on {', '.join(model.languages)} alone"
            return Unready(Reason.LANGUAGE_NOT_IN_MODEL.value, message)
        return None

    async def about(self, file: ChangedFile) -> AsyncIterator[Finding]:
        """Yield what surprises in a file, one finding for each line at most. Raises EngineError."""
        model = await self.engine.ready()
        if file.new is None or not file.changed:
            return
        if file.parsed is None or file.language is None:
            self._leave_out(file, Reason.LANGUAGE_NOT_READ)
        elif not knows(model, file.language.id):
            self._leave_out(file, Reason.LANGUAGE_NOT_IN_MODEL)
        else:
            n_tokens = min(self.settings.n_prompt_tokens, model.n_ctx)
            count, root = self.engine.count_tokens, self.change.root
            reader = Reader(model, count, file.path, file.language.id, root, n_tokens)
            looker = Looker(self.engine, reader)
            async for found in self._in_file(_File(file, file.new, file.parsed, model, looker)):
                yield found

    def account(self) -> Account:
        """What was not asked about, and what a second look left nothing of."""
        by_reason = {reason.value: n for reason, n in self.not_looked_at.items()}
        return Account(dict(self.refuted), by_reason)

    async def _in_file(self, of: _File) -> AsyncIterator[Finding]:
        rest = len(of.file.changed)
        members = await self._members(of)
        async for seen in of.looker.look(of.new, of.parsed, of.file.changed, members=members):
            self._count(seen)
            for one, chance in self._surprising(seen):
                if (found := await self._again(of, one, chance, members)) is not None:
                    yield found
            rest -= len(seen.lines)
            self.looked(of.file.path, len(seen.lines))
        self.looked(of.file.path, rest)

    def _surprising(self, seen: Seen) -> list[tuple[Compared, float]]:
        """The likeliest alternative of each line that is surprising enough."""
        by_line = self.weights.by_line(seen.compared)
        return [(one, chance) for one, chance in by_line.values() if chance >= self.weights.threshold]

    async def _again(self, of: _File, one: Compared, chance: float, members: Members) -> Finding | None:
        """What is told of a place, unless a second look refutes it."""
        if not await asyncio.to_thread(telling.parses, of.parsed, one.instead):
            self.refuted["no_fix_that_parses"] += 1
            return None
        if await self._was_as_surprising(of, one):
            self.refuted["as_before"] += 1
            return None
        context = await self._context(of, one.instead.line)
        if context.snippets:
            again, its_chance = await self._with_context(of, one, context, members)
            if its_chance < self.weights.threshold:
                self.refuted["with_context"] += 1
                return None
            one, chance = again, min(chance, its_chance)
        return telling.finding(of.file, one, chance, of.model.name)

    async def _was_as_surprising(self, of: _File, one: Compared) -> bool:
        """Whether the lines that the change removed there were as surprising in the same way."""
        hunk = next((hunk for hunk in of.file.hunks if one.instead.line in hunk.added), None)
        old, parsed = of.file.old, of.file.parsed_before
        if hunk is None or old is None or parsed is None:
            return False

        def of_it(text: Text, compared: Compared) -> tuple[str, str, bytes]:
            instead = compared.instead
            return instead.kind, instead.text, text.source[instead.start : instead.end]

        async for seen in of.looker.look(old, parsed, hunk.removed):
            self._count(seen)
            same = (other for other in seen.compared if of_it(old, other) == of_it(of.new, one))
            if any(self.weights.score(other) >= self.weights.score(one) - LESS_SURE for other in same):
                return True
        return False

    async def _with_context(
        self, of: _File, one: Compared, context: Context, members: Members
    ) -> tuple[Compared, float]:
        """The place as it is seen with code of other files, and its line's chance; none if it isn't seen."""
        async for seen in of.looker.look(of.new, of.parsed, [one.instead.line], context, members):
            self._count(seen)
            again = next((other for other in seen.compared if other.instead == one.instead), None)
            if again is not None:
                _, chance = self.weights.by_line(seen.compared)[one.instead.line]
                return again, chance
        return one, 0.0

    async def _members(self, of: _File) -> Members:
        """The members that are known of what the changed lines read."""
        if self.manager is None:
            return {}
        path, lines = of.file.path, frozenset(of.file.changed)
        return await self.manager.ask(lambda code: known_members(code, path, of.parsed, lines)) or {}

    async def _context(self, of: _File, line: int) -> Context:
        """Code of other files that helps with a line."""
        if self.manager is None:
            return Context()
        path = self.change.root / of.file.path
        return await self.manager.for_changes(
            hunks=[Hunk(path, line, line)],
            texts={path: of.new.text},
            budget=min(n_context(self.settings, of.model), int(CONTEXT_SHARE * of.model.n_ctx)),
            count_tokens=self.engine.count_tokens,
        )

    def _count(self, seen: Seen) -> None:
        self.counters = total(self.counters, seen.counters)
        if seen.too_long:
            self.not_looked_at[Reason.PROMPT_TOO_LONG] += len(seen.too_long)

    def _leave_out(self, file: ChangedFile, reason: Reason) -> None:
        self.not_looked_at[reason] += len(file.changed)
        self.looked(file.path, len(file.changed))
