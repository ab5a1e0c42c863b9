"""The strategy for a base model: it goes on in a test file whose head is built from facts.

It reads code of other files, the target and the test file so far, and then the beginning of one more test,
up to where the arguments are to stand. What it writes there is read as a call and run like any other; how it
goes on after the call is worth something only of larger models.
"""

from collections import Counter
from collections.abc import Sequence

from attrs import define, evolve, field

from codenook.models.engine.messages import (
    MAX_CANDIDATES,
    Candidate,
    Counters,
    Finish,
    GenerateRequest,
    StopRule,
)
from codenook.server.documentation.subject import Subject
from codenook.server.tasks.infill import N_SURE_PARAMETERS
from codenook.server.tasks.jobs import Strategy
from codenook.server.unit_tests.case import Call, Origin, Test
from codenook.server.unit_tests.making.arguments import end_of_first, fit, split
from codenook.server.unit_tests.making.beginnings import Beginning, beginnings
from codenook.server.unit_tests.making.bodies.rules import refusal_of_call
from codenook.server.unit_tests.making.doubt import doubted
from codenook.server.unit_tests.making.maker import Made
from codenook.server.unit_tests.making.material import MARK, Material, key
from codenook.server.unit_tests.making.refusals import Refusal

N_BEGINNINGS, N_BEGINNINGS_OF_LARGE = 8, 4
"""Tests that are begun in one attempt: of a small model that costs some milliseconds each."""

N_WRITTEN, N_WRITTEN_OF_LARGE = MAX_CANDIDATES, 4
"""Continuations of each beginning, decoded together."""

MAX_TOKENS, MAX_TOKENS_OF_VALUE = 40, 20
"""How long a call, and a value in it, may get, in tokens of the model."""

N_EXAMPLES = 4
"""Tests that are shown for their manner, at most."""

TEMPERATURES = (0.8, 1.1)
"""How freely the model chooses, for each attempt."""

_OPENERS = ("(", "[", "{", ",")
"""A line that ends so is not the end of a call."""


@define(eq=False)
class InfillMaker:
    """Asks a base model; what it proposed before isn't proposed again."""

    material: Material
    strategy: Strategy = field(default=Strategy.INFILL, init=False)
    _subject: Subject | None = field(init=False)
    _seen: set[tuple[object, ...]] = field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        """Know the calls that are there already."""
        self._subject = self.material.subject()
        self._seen.update(map(key, self.material.calls))

    @property
    def is_large(self) -> bool:
        """Whether the values that the model expects mean something, and asking it is dear."""
        return self.material.model.n_params >= N_SURE_PARAMETERS

    async def made(self, attempt: int, complaints: Sequence[str]) -> Made:  # noqa: ARG002 - not told
        """Calls that the model proposes; a further attempt is bolder. Raises EngineError."""
        material = self.material
        begun = beginnings(material.target, self._subject, material.calls)
        calls: list[Call] = []
        refused: Counter[Refusal] = Counter()
        counters = Counters()
        for beginning in begun[: N_BEGINNINGS_OF_LARGE if self.is_large else N_BEGINNINGS]:
            written, cost = await self._written(beginning, attempt)
            counters += cost
            for each in written:
                call = self._read(beginning, each)
                if isinstance(call, Refusal):
                    refused[call] += 1
                else:
                    self._seen.add(key(call))
                    calls.append(call)
        return Made(tuple(calls), refused=tuple(refused.elements()), counters=counters)

    async def doubted(self, tests: Sequence[Test]) -> Sequence[Test]:
        """The tests, with a doubt where the model expects another value. Raises EngineError."""
        return await doubted(self.material, tests)

    async def _written(self, beginning: Beginning, attempt: int) -> tuple[Sequence[str], Counters]:
        """What the model wrote, each with the line that was begun."""
        material = self.material
        before = material.begun(beginning.test, examples=material.examples[:N_EXAMPLES])
        if not before:
            return (), Counters()
        before += beginning.opening
        n_most = MAX_TOKENS_OF_VALUE if beginning.rest else MAX_TOKENS
        generation = await material.engine.generate(
            GenerateRequest(
                slot=material.slot,
                prompt=await material.prompt(before, n_most),
                n=N_WRITTEN_OF_LARGE if self.is_large else N_WRITTEN,
                max_tokens=n_most,
                temperature=TEMPERATURES[min(attempt, len(TEMPERATURES) - 1)],
                seed=attempt,
                greedy_first=attempt == 0,
                stop=StopRule(max_lines=1, openers=_OPENERS),
            )
        )
        return [_call(each, before, beginning) for each in generation.candidates], generation.counters

    def _read(self, beginning: Beginning, written: str) -> Call | Refusal:
        """The call that was written, with what its object needs."""
        call = self.material.kit.read_call(self.material.target, written)
        if call is None:
            return Refusal.NOT_A_CALL
        like = beginning.like
        call = evolve(
            call,
            origin=Origin.MODEL,
            setup=(like.setup if like else ()) + call.setup,
            imports=tuple(dict.fromkeys((like.imports if like else ()) + call.imports)),
            fixtures=tuple(dict.fromkeys((like.fixtures if like else ()) + call.fixtures)),
            evidence=self.material.model.name,
            expected=call.expected if self.is_large else "",
        )
        if not fit(split(call.arguments), self._subject):
            return Refusal.MISFITS
        if (refused := refusal_of_call(call, self.material.target)) is not None:
            return Refusal(refused.code)
        return Refusal.KNOWN if key(call) in self._seen else call


def _call(candidate: Candidate, before: str, beginning: Beginning) -> str:
    """What was written as a statement: as far as it goes, or one value of a call that goes on as another."""
    text, actual = candidate.text, beginning.test.checks[0].actual
    begun = actual.partition(MARK)[0]
    if beginning.rest:
        end = end_of_first(f"{beginning.opening}{text}")
        return "" if end is None else actual.replace(MARK, f"{beginning.opening}{text}"[:end])
    if candidate.finish is Finish.MAX_TOKENS:
        text = text.rpartition("\n")[0] or text
    line = before.rpartition("\n")[2].lstrip()
    return f"{line if begun in line else begun}{text}"
