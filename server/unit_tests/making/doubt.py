"""Doubt in values that were only observed: a model that reads the function may expect another one.

The line of a test that has the value is read behind the function, with near values in its place. A small
model has a favourite nearly everywhere, so a doubt needs both: a value that the model is rather sure of, and
that it finds very much likelier than what was observed. Where the lines are drawn was measured
(``benchmarks/quality/doubts``): of right values, at most one in forty is doubted.
"""

import math
from collections.abc import Sequence

from attrs import evolve, frozen

from codenook.models.engine.errors import ScoringUnsupported
from codenook.models.engine.messages import Alternative, ScoredAlternative, ScoreRequest, Scores
from codenook.server.unit_tests.case import Check, Kind, Test
from codenook.server.unit_tests.making.instead import alternatives
from codenook.server.unit_tests.making.material import MARK, Material

LEAST = 0.25
"""How likely another value has to be."""

TIMES = 100.0
"""How many times likelier than what was observed."""

_VALUES = {Kind.EQUAL, Kind.SAME, Kind.CLOSE}
_SMALLEST = 0.001

MIN_GAIN, N_FOLLOWED = 0.0, 8
"""Alternatives are read on whose first token is likelier than the value's own, and so many of them."""


@frozen
class Weighed:
    """Another value in the place of what was observed, and how likely the model finds both, from 0 to 1.

    They are compared from the first token on that differs, up to the end of the line.
    """

    value: str
    own: float
    other: float

    @property
    def is_doubt(self) -> bool:
        """Whether the model expects it so much more that somebody should know."""
        return self.other >= LEAST and self.other >= TIMES * self.own


async def doubted(material: Material, tests: Sequence[Test]) -> Sequence[Test]:
    """The tests, with a doubt where the model expects another value. Raises EngineError.

    A model whose engine can't tell how likely a text is has none.
    """
    found = []
    for test in tests:
        try:
            weighed = await weigh(material, test, tests)
        except ScoringUnsupported:
            return tests
        most = max(weighed, key=lambda each: each.other, default=None)
        found.append(evolve(test, doubt=_told(most)) if most and most.is_doubt else test)
    return found


async def weigh(material: Material, test: Test, others: Sequence[Test]) -> list[Weighed]:
    """What could stand in a test in the place of what was observed, weighed. Raises EngineError."""
    if test.is_reasoned or test.body or not test.checks or test.checks[-1].kind not in _VALUES:
        return []
    check = test.checks[-1]
    instead = alternatives(check.expected, _outcomes(others, check), material.target.language)
    marked = evolve(test, checks=(*test.checks[:-1], evolve(check, expected=MARK)))
    before, after = material.around(marked)
    if not instead or not before:
        return []
    scores = await material.engine.score(
        ScoreRequest(
            prompt=await material.prompt(before, len(check.expected)),
            text=f"{check.expected}{after}\n",
            alternatives=tuple(Alternative(0, len(check.expected.encode()), each) for each in instead),
            min_gain=MIN_GAIN,
            n_followed=N_FOLLOWED,
            n_after=0,
        )
    )
    return [
        Weighed(value, *map(math.exp, _sums(scores, of)))
        for value, of in zip(instead, scores.alternatives, strict=True)
        if of is not None and of.tokens
    ]


def _sums(scores: Scores, of: ScoredAlternative) -> tuple[float, float]:
    """The log-probabilities of the value and of an alternative, from the first token that differs on."""
    own = math.fsum(each.logprob for each in scores.tokens if of.start <= each.start < of.end)
    return own, math.fsum(each.logprob for each in of.tokens)


def _outcomes(tests: Sequence[Test], check: Check) -> list[str]:
    """What came of other calls, where it is compared alike."""
    return [
        each.checks[-1].expected
        for each in tests
        if each.checks and each.checks[-1].kind is check.kind and each.checks[-1] != check
    ]


def _told(most: Weighed) -> str:
    return (
        f"the model expects {most.value} ({_percent(most.other)} likely) rather than this "
        f"({_percent(most.own)})"
    )


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= _SMALLEST else f"less than {_SMALLEST:.1%}"
