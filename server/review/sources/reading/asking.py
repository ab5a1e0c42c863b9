"""Asks a chat model about passages, checks what it says, and has it try to refute that."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Sequence

from attrs import define, field, frozen

from codenook.models.engine.client import Engine
from codenook.models.engine.messages import Candidate, Counters, GenerateRequest
from codenook.models.prompts.chat import Message
from codenook.models.prompts.json_answer import Schema
from codenook.server.review.sources.reading import questions, remarks
from codenook.server.review.sources.reading.materials import Material, n_answer
from codenook.server.review.sources.reading.refusals import Refusal
from codenook.server.review.sources.reading.remarks import Remark
from codenook.server.review.team import TeamRule
from codenook.server.tasks.instruct import Reply, instruct
from codenook.server.tasks.jobs import N_ATTEMPTS, Refused

SURE = 0.5
"""A remark is told when the model gives "right" at least this share of what it gives both verdicts."""

N_VERDICTS, MAX_TOKENS_OF_VERDICT = 8, 8
"""As many beginnings of "right" and "wrong" are followed as tokens may cut them into."""

_LEAST_LIKELY = 1e-6
"""A verdict that is so much less likely than the other is not looked at."""

_KINDS = {"findings": questions.MAX_TOKENS, "breaks": questions.MAX_TOKENS_OF_RULE}


@frozen
class Confirmed:
    """A remark that a model did not refute; ``share`` as in `SURE`."""

    remark: Remark
    share: float


@define(eq=False)
class Asker:
    """One model that is asked; what is not told is counted in ``refused``, by the reason."""

    engine: Engine
    slot: str
    counters: Counters = field(factory=Counters)
    refused: Counter[str] = field(factory=Counter)

    async def about_change(self, material: Material) -> list[Remark]:
        """What it finds wrong with a passage, checked. Raises EngineError."""
        passage = material.passage
        return await self._remarks(
            lambda complaints: questions.about_change(material.text, complaints),
            questions.schema_of_change([*passage.lines], has_fix=passage.file.parsed is not None),
            lambda answer: remarks.of_change(answer, passage, material.source),
        )

    async def about_rule(self, material: Material, rule: TeamRule) -> list[Remark]:
        """Where it finds a rule of the team broken, checked. Raises EngineError."""
        passage = material.passage
        labels = [label for label, line in passage.lines.items() if not line.is_removed]
        if not labels:
            return []
        return await self._remarks(
            lambda complaints: questions.about_rule(material.text, rule, complaints),
            questions.schema_of_rule(labels),
            lambda answer: remarks.of_rule(answer, passage, material.source, rule),
        )

    async def confirmed(self, material: Material, remark: Remark, rule: TeamRule | None) -> Confirmed | None:
        """The remark, unless the model refutes it when it is told it by somebody else. Raises EngineError."""
        words = remark.words if rule is None else f"{remark.words} The team's rule: {rule.rule.summary}"
        conversation = questions.about_remark(material.text, words)
        answer = None
        for attempt in range(N_ATTEMPTS):
            reply = await self._ask(
                conversation, questions.SCHEMA_OF_DOUBTS, questions.MAX_TOKENS_OF_WHY, attempt, "doubts"
            )
            if reply is not None and reply.value is not None:
                answer = reply.value
                break
        if answer is None:
            self.refused[Refusal.UNANSWERED] += 1
            return None
        if answer["verdict"] != "right":
            self.refused[Refusal.REFUTED] += 1
            return None
        share = await self.share(questions.verdict(conversation, answer))
        if share is None:
            self.refused[Refusal.UNANSWERED] += 1
            return None
        if share < SURE:
            self.refused[Refusal.UNSURE] += 1
            return None
        return Confirmed(remark, share)

    async def share(self, messages: Sequence[Message]) -> float | None:
        """How likely the model says "right" rather than "wrong"; None where it says neither.

        Raises EngineError.
        """
        generation = await self.engine.generate(
            GenerateRequest(
                slot=f"{self.slot} doubts",
                messages=tuple(messages),
                grammar=questions.GRAMMAR_OF_VERDICT,
                n=N_VERDICTS,
                max_tokens=MAX_TOKENS_OF_VERDICT,
                temperature=1.0,
                min_p=_LEAST_LIKELY,
                stop=None,
            )
        )
        self.counters += generation.counters
        right, wrong = (_likelihood(generation.candidates, verdict) for verdict in ("right", "wrong"))
        return right / (right + wrong) if right + wrong > 0 else None

    async def _remarks(
        self,
        conversation: Callable[[Sequence[str]], Sequence[Message]],
        schema: Schema,
        check: Callable[[dict[str, str]], Remark | Refused],
    ) -> list[Remark]:
        """Ask until an answer can be read and something in it passes, or it finds nothing."""
        (name,) = schema["properties"]
        complaints: dict[str, None] = {}
        for attempt in range(N_ATTEMPTS):
            reply = await self._ask(conversation(tuple(complaints)), schema, _KINDS[name], attempt, name)
            if reply is None or reply.value is None:
                self.refused[Refusal.UNREADABLE] += 1
                complaints[reply.problem if reply else "There was no answer."] = None
                continue
            passed = []
            for answer in reply.value[name]:
                checked = await asyncio.to_thread(check, answer)  # a fix is parsed
                if isinstance(checked, Refused):
                    self.refused[checked.code] += 1
                    complaints[checked.message] = None
                else:
                    passed.append(checked)
            if passed or not reply.value[name]:
                return passed
        return []

    async def _ask(
        self, messages: Sequence[Message], schema: Schema, max_tokens: int, attempt: int, what: str
    ) -> Reply | None:
        replies = await instruct(
            self.engine,
            slot=f"{self.slot} {what}",
            messages=messages,
            schema=schema,
            n=1,
            max_tokens=n_answer(await self.engine.ready(), max_tokens),
            attempt=attempt,
        )
        self.counters += replies.counters
        return next(iter(replies.replies), None)


def _likelihood(candidates: Sequence[Candidate], verdict: str) -> float:
    """The probability that the model gives a verdict, in the likeliest way to cut it into tokens."""
    told = (each for each in candidates if each.text == verdict)
    return max((math.exp(each.mean_logprob * each.n_tokens) for each in told), default=0.0)
