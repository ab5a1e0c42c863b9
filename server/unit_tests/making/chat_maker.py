"""The strategy for a chat model: it is asked for calls with what they give, and for whole tests.

Calls are run like any other, and what the model expects of them is compared with what came of them. Whole
tests are looked at before they run. What was wrong with an answer goes back into the same conversation.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, evolve, field

from codenook.models.engine.messages import Counters
from codenook.models.prompts.chat import Message
from codenook.server.tasks.budget import n_prompt
from codenook.server.tasks.instruct import instruct
from codenook.server.tasks.jobs import N_ATTEMPTS, Refused, Strategy
from codenook.server.tasks.window import last_lines, whole_lines
from codenook.server.unit_tests.case import Call, Check, Kind, Origin, Test
from codenook.server.unit_tests.making import questions
from codenook.server.unit_tests.making.bodies.rules import refusal_of_call
from codenook.server.unit_tests.making.doubt import doubted
from codenook.server.unit_tests.making.maker import Made
from codenook.server.unit_tests.making.material import MARK, Material, key
from codenook.server.unit_tests.making.questions import Topic
from codenook.server.unit_tests.making.refusals import Refusal
from codenook.server.unit_tests.making.whole_tests import WholeTests

_MANNER_SHARE = 0.3
"""At most this part of the prompt shows how tests look."""

N_EXAMPLES = 3
"""Tests that are shown for their manner, at most."""

_N_LAYOUT_TOKENS, _N_PER_MESSAGE = 256, 8
"""Room for questions and for what the template puts around messages."""

_VALUE = "codenook_comes_of_it"


@define
class _Conversation:
    """What was said about a topic: messages, the answer to the last one, and what was wrong with it."""

    topic: Topic
    messages: tuple[Message, ...] = ()
    answer: object = None
    complaints: tuple[str, ...] = ()


@define(eq=False)
class ChatMaker:
    """Asks a chat model; what it proposed before isn't proposed again."""

    material: Material
    strategy: Strategy = field(default=Strategy.CHAT, init=False)
    _whole: WholeTests = field(init=False)
    _inputs: _Conversation = field(factory=lambda: _Conversation(questions.INPUTS), init=False)
    _tests: _Conversation = field(factory=lambda: _Conversation(questions.TESTS), init=False)
    _seen: set[tuple[object, ...]] = field(factory=set, init=False)
    _expected: dict[str, str] = field(factory=dict, init=False)
    """What the model said that comes of a call, by its evidence; empty where several have the same."""

    def __attrs_post_init__(self) -> None:
        """Know the calls and tests that are there already."""
        material = self.material
        self._whole = WholeTests(
            material.target,
            material.project.file,
            material.project.framework.name,
            self._manner(),
            material.model.name,
        )
        self._seen.update(key(call) for call in self.material.calls)

    async def made(self, attempt: int, complaints: Sequence[str]) -> Made:
        """Calls and whole tests that pass what can be checked before they run. Raises EngineError.

        ``complaints`` go into the conversation about whole tests: a call can't fail.
        """
        refused: Counter[Refusal] = Counter()
        counters = Counters()
        calls: list[Call] = []
        tests: list[Test] = []
        for conversation, told in ((self._inputs, ()), (self._tests, complaints)):
            for again in range(N_ATTEMPTS):
                answer, cost = await self._ask(conversation, attempt + again, told if not again else ())
                counters += cost
                found = await asyncio.to_thread(self._read, conversation, answer, refused)
                calls += (each for each in found if isinstance(each, Call))
                tests += (each for each in found if isinstance(each, Test))
                if found:
                    break
        return Made(tuple(calls), tuple(tests), tuple(refused.elements()), counters)

    async def doubted(self, tests: Sequence[Test]) -> Sequence[Test]:
        """The tests, with a doubt where the model said, or expects, that something else comes of the call.

        Raises EngineError.
        """
        said = [evolve(test, doubt=self._denied(test)) for test in tests]
        silent = iter(await doubted(self.material, [test for test in said if not test.doubt]))
        return [test if test.doubt else next(silent) for test in said]

    def _denied(self, test: Test) -> str:
        """What the model said that comes of the call of a test, where that isn't what came of it."""
        expected = self._expected.get(test.evidence, "")
        is_right = test.is_reasoned or any(check.expected == expected for check in test.checks)
        return f"the model expected {expected}" if expected and not is_right and not test.body else ""

    async def _ask(
        self, about: _Conversation, attempt: int, complaints: Sequence[str]
    ) -> tuple[Mapping[str, Any] | None, Counters]:
        """One more answer; None for one that can't be read, which is then complained of."""
        material, topic = self.material, about.topic
        most = min(topic.max_tokens, material.model.n_ctx // 3)
        about.messages = await self._messages(about, (*complaints, *about.complaints), most)
        replies = await instruct(
            material.engine,
            slot=f"{material.slot} {topic.name}",
            messages=about.messages,
            schema=topic.schema,
            n=1,
            max_tokens=most,
            attempt=attempt,
        )
        reply = next(iter(replies.replies), None)
        about.answer = reply.value if reply else None
        about.complaints = (reply.problem,) if reply and reply.value is None else ()
        return about.answer, replies.counters

    async def _messages(
        self, about: _Conversation, complaints: Sequence[str], n_answer: int
    ) -> tuple[Message, ...]:
        """What is said next: the conversation goes on while it fits, and then begins anew."""
        opened = questions.asked(await self._shown(n_answer), about.topic)
        if not about.messages:
            return opened
        going_on = questions.asked_again(about.messages, about.answer, complaints, about.topic)
        n_tokens = sum(await self.material.engine.count_tokens([each.text for each in going_on]))
        if n_tokens + _N_PER_MESSAGE * len(going_on) + n_answer < self.material.model.n_ctx:
            return going_on
        return questions.asked_again(opened, None, complaints, about.topic)

    async def _shown(self, n_answer: int) -> str:
        """What the model is shown of the code and its tests, as much as there is room for."""
        material = self.material
        count = material.engine.count_tokens
        n_fixed = sum(await count([questions.TOLD])) + _N_LAYOUT_TOKENS
        room = min(n_prompt(material.settings, material.model), material.model.n_ctx - 2 * n_answer - n_fixed)
        manner = await last_lines(self._manner(), max(int(_MANNER_SHARE * room), 0), count)
        room -= material.context.tokens + sum(await count([manner]))
        code = await whole_lines(material.target.source, max(room, 0), count)
        others = "".join(f"{block}\n" for block in material.context.blocks)
        return questions.shown(
            f"{others}{material.target.path}",
            material.target.symbol,
            material.target.language,
            material.project.framework.name,
            code=code,
            manner=manner,
        )

    def _manner(self) -> str:
        """How tests of this file look: those that are there, or one that says nothing."""
        material = self.material
        called = material.target.definition.name
        plain = Test("it", Origin.MODEL, checks=(Check(Kind.EQUAL, f"{called}()", "0"),))
        shown = material.examples[:N_EXAMPLES] or [plain]
        return material.rendered(shown)

    def _read(
        self, about: _Conversation, answer: Mapping[str, Any] | None, refused: Counter[Refusal]
    ) -> list[Call | Test]:
        """What of an answer can be tried; what was wrong with the rest is kept for the next question."""
        if answer is None:
            refused[Refusal.UNREADABLE] += 1
            return []
        read = self._call if about.topic is questions.INPUTS else self._whole.read
        found: list[Call | Test] = []
        for item in answer[about.topic.name]:
            one = read(item)
            if isinstance(one, Refused):
                refused[Refusal(one.code)] += 1
                about.complaints += (one.message,)
            else:
                found.append(one)
        return found

    def _call(self, item: Mapping[str, str]) -> Call | Refused:
        """The call of an item, as the kit reads it in the framework's own form."""
        statement = self._statement(item["call"], item["expected"] if not item["raises"] else "")
        call = self.material.kit.read_call(self.material.target, statement)
        if call is None:
            what = self.material.target.symbol
            return Refused(Refusal.NOT_A_CALL, f"`{item['call'][:80]}` is no call of {what} in plain values.")
        call = evolve(
            call,
            origin=Origin.MODEL,
            evidence=f"{self.material.model.name}: {questions.plain(item['why'])}".removesuffix(": "),
            expected=call.expected or (item["expected"] if not item["raises"] else ""),
        )
        if (refused := refusal_of_call(call, self.material.target)) is not None:
            return refused
        if key(call) in self._seen:
            return Refused(Refusal.KNOWN, f"`{item['call'][:80]}` is there already.")
        self._seen.add(key(call))
        expected = questions.plain(item["raises"] or item["expected"])
        self._expected[call.evidence] = "" if call.evidence in self._expected else expected
        return call

    def _statement(self, call: str, expected: str) -> str:
        """A check of the call in the framework's form; the call alone where nothing is expected of it."""
        if not expected:
            return call
        check = Check(Kind.EQUAL, MARK, _VALUE)
        text = self.material.rendered([Test("it", Origin.MODEL, checks=(check,))])
        line = next((line.strip() for line in text.splitlines() if MARK in line and _VALUE in line), "")
        return line.replace(MARK, call).replace(_VALUE, expected) or call
