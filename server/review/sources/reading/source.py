"""A chat model's reading of a change: each hunk is read, and each rule of the team asked about it.

Nothing that it says is told as it comes: a remark is on a changed line, quotes it, is one sentence of the
model's own, and was not refuted when the model was asked, in a new conversation, to prove it wrong.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar

from attrs import define, evolve, field

from codenook.context.manager import ContextManager
from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError, PromptTooLong
from codenook.models.engine.messages import Counters, ModelInfo
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.review.finding import Evidence, Finding, SourceName
from codenook.server.review.kept import Kept, named
from codenook.server.review.report import Account, RuleLeftOut
from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources import Unready
from codenook.server.review.sources.reading import questions
from codenook.server.review.sources.reading.asking import Asker, Confirmed
from codenook.server.review.sources.reading.examples import example
from codenook.server.review.sources.reading.materials import Material, Materials
from codenook.server.review.sources.reading.passages import Passage, passages
from codenook.server.review.sources.reading.refusals import Refusal
from codenook.server.review.sources.reading.remarks import Remark, is_told
from codenook.server.review.team import TeamRule
from codenook.server.tasks.jobs import Strategy, knows, strategy_of

MOST_SURE = 0.9
"""The highest confidence: how often such findings are right was not measured."""

_WHY_NOT = {
    Reason.RULE_FAILS_ITS_EXAMPLES: "the model misses its bad example, or faults its good one",
    Reason.PROMPT_TOO_LONG: "its examples do not fit the model",
}

_BROKEN = b"broken"
"""What is kept of an example that breaks its rule; of others nothing is in the file."""


@define(eq=False)
class Reading:
    """Asks a chat model about ``change``.

    ``manager`` gives code of other files: who uses what changed, and its tests; None for none. What asking
    cost is in ``counters``.
    """

    name: ClassVar = SourceName.READING

    change: Change
    engine: Engine
    settings: Settings
    manager: ContextManager | None = None
    kept: Kept = field(factory=Kept)
    not_looked_at: Counter[str] = field(factory=Counter, init=False)
    _asker: Asker = field(init=False)
    _materials: Materials = field(init=False)
    _tried: dict[str, Reason | None] = field(factory=dict, init=False)
    """Rules that were asked about their own examples, and why they aren't asked about the change."""

    @_asker.default
    def _new_asker(self) -> Asker:
        return Asker(self.engine, f"{self.change.root}\nreview")

    @_materials.default
    def _new_materials(self) -> Materials:
        return Materials(self.change, self.engine, self.settings, self.manager)

    @property
    def counters(self) -> Counters:
        """What asking cost."""
        return self._asker.counters

    async def unready(self) -> Unready | None:
        """Not with a model that can't be instructed; `about` tells of an engine that failed."""
        if not self.change.files:
            return None
        try:
            model = await self.engine.ready()
            if strategy_of(model) is not Strategy.CHAT:
                return Unready(Reason.MODEL_WITHOUT_CHAT_TEMPLATE.value, self._without_chat(model))
            await self._try_rules(model)
        except EngineError:
            pass
        return None

    async def about(self, file: ChangedFile) -> AsyncIterator[Finding]:
        """Yield what the model says of a file and what survives. Raises EngineError."""
        model = await self.engine.ready()
        if file.new is None or strategy_of(model) is not Strategy.CHAT:
            return
        await self._try_rules(model)
        asked: list[TeamRule | None] = [rule for rule in self._rules(file) if self._tried[rule.id] is None]
        if (reason := _not_read(file, model)) is None:
            asked.insert(0, None)
        else:
            self.not_looked_at[reason.value] += len(file.changed)
        for passage in passages(file) if asked else ():
            async for finding in self._in_passage(passage, model, asked):
                yield finding

    def account(self) -> Account:
        """What the model said that isn't told, and rules that it wasn't asked about."""
        tried = ((rule, self._tried.get(rule.id)) for rule in self.settings.review_rules)
        left_out = tuple(
            RuleLeftOut(rule.rule.id, reason.value, _WHY_NOT[reason]) for rule, reason in tried if reason
        )
        return Account(dict(self._asker.refused), dict(self.not_looked_at), left_out)

    async def _in_passage(
        self, passage: Passage, model: ModelInfo, asked: Sequence[TeamRule | None]
    ) -> AsyncIterator[Finding]:
        """What is said of a passage: what is wrong with it (None among ``asked``), and about rules."""
        try:
            material = await self._materials.of(passage, model, [rule for rule in asked if rule])
            if material is None:
                halves = passage.halves()
                for half in halves:
                    async for finding in self._in_passage(half, model, asked):
                        yield finding
                if not halves:
                    self.not_looked_at[Reason.PROMPT_TOO_LONG.value] += 1
                return
            for rule in asked:
                async for confirmed in self._asked(self._asker, material, rule):
                    yield _finding(passage.file, confirmed, model)
        except PromptTooLong:
            self.not_looked_at[Reason.PROMPT_TOO_LONG.value] += len(passage.lines)

    async def _asked(
        self, asker: Asker, material: Material, rule: TeamRule | None
    ) -> AsyncIterator[Confirmed]:
        """What is said of a passage, or about a rule in it, and survives."""
        told: list[Remark] = []
        ask = asker.about_change(material) if rule is None else asker.about_rule(material, rule)
        for remark in await ask:
            if is_told(remark, told):
                asker.refused[Refusal.DUPLICATE] += 1
                continue
            if remark.fix_was_refused:
                asker.refused[Refusal.FIX] += 1
            if (confirmed := await asker.confirmed(material, remark, rule)) is not None:
                told.append(remark)
                yield confirmed

    async def _try_rules(self, model: ModelInfo) -> None:
        """Find out which rules the model understands, by their own examples."""
        for rule in self.settings.review_rules:
            if rule.id not in self._tried and any(map(rule.concerns, self.change.files)):
                self._tried[rule.id] = await self._why_not(rule, model)

    async def _why_not(self, rule: TeamRule, model: ModelInfo) -> Reason | None:
        """Why a rule isn't asked about the change; None when it passes its examples."""
        try:
            if rule.bad and not await self._breaks(rule, rule.bad, model):
                return Reason.RULE_FAILS_ITS_EXAMPLES
            if rule.good and await self._breaks(rule, rule.good, model):
                return Reason.RULE_FAILS_ITS_EXAMPLES
        except PromptTooLong:
            return Reason.PROMPT_TOO_LONG
        return None

    async def _breaks(self, rule: TeamRule, text: str, model: ModelInfo) -> bool:
        """Whether the model finds that an example breaks a rule, asked as it is about a change.

        Raises EngineError.
        """
        file = example(rule, text)
        name = named(("example", _of_model(model), repr(rule), questions.TOLD, file.path, text), ".example")
        known = await asyncio.to_thread(self.kept.read, name)
        is_broken = known == _BROKEN
        if known is None:
            asker = evolve(self._asker, counters=Counters(), refused=Counter())
            for passage in passages(file):
                material = await self._materials.of(passage, model, [rule])
                if material is None:
                    raise PromptTooLong("an example of a rule is too long for the model")
                async for _ in self._asked(asker, material, rule):
                    is_broken = True
            self._asker.counters += asker.counters
            await asyncio.to_thread(self.kept.write, name, _BROKEN if is_broken else b"")
        return is_broken

    def _rules(self, file: ChangedFile) -> list[TeamRule]:
        return [rule for rule in self.settings.review_rules if rule.concerns(file)]

    def _without_chat(self, model: ModelInfo) -> str:
        n = len(self.settings.review_rules)
        rules = "" if not n else f", nor about {'the rule' if n == 1 else f'the {n} rules'} of the team"
        return (
            f"{model.name} is a base model, which can't be asked what is wrong with a change{rules}; "
            "set `chat_model` to a model for chat: codenook models list"
        )


def _not_read(file: ChangedFile, model: ModelInfo) -> Reason | None:
    """Why a model isn't asked what is wrong with a file, rules of the team apart."""
    if file.language is None:
        return Reason.LANGUAGE_NOT_READ
    return None if knows(model, file.language.id) else Reason.LANGUAGE_NOT_IN_MODEL


def _finding(file: ChangedFile, confirmed: Confirmed, model: ModelInfo) -> Finding:
    remark, share = confirmed.remark, confirmed.share
    said = (
        f"{model.name} says so, and kept to it when it was asked to prove that wrong: "
        f"{share:.0%} for right rather than wrong"
    )
    facts: dict[str, str | float | bool] = {"model": model.name, "right_rather_than_wrong": share}
    return Finding(
        rule=remark.rule,
        path=file.path,
        span=remark.span,
        quote=remark.quote,
        message=remark.message,
        subject=remark.quote,
        confidence=min(share, MOST_SURE),
        evidence=(Evidence(SourceName.READING, said, facts),),
        removed=remark.span if remark.line.is_removed else None,
        fix=remark.fix,
        severity=remark.severity,
    )


def _of_model(model: ModelInfo) -> str:
    return f"{model.path}\0{model.size_bytes}\0{model.written_ns}\0{model.name}"
