"""Doubt in values that were only observed: a model that reads the function may expect another one.

The line of a test that has the value is read behind the function, and once more without it. Near values are
compared with it in both: small models have their favourites, and only what the function makes likelier
counts.
"""

import math
from collections.abc import Sequence

from attrs import evolve, frozen

from codenook.models.engine.errors import ScoringUnsupported
from codenook.models.engine.messages import Alternative, ScoredAlternative, ScoreRequest, Scores
from codenook.models.prompts.fim import Segment
from codenook.server.unit_tests.case import Check, Kind, Test
from codenook.server.unit_tests.making.instead import alternatives
from codenook.server.unit_tests.making.material import MARK, Material

THRESHOLD = 12.0
"""Nats by which the function has to make another value likelier before that is told."""

LIKELIER = 3.0
"""How many times likelier the other value has to be, too, for somebody who reads both probabilities."""

_VALUES = {Kind.EQUAL, Kind.SAME, Kind.CLOSE}
_ALL = -1e9
"""An alternative is followed however unlikely its first token is."""


@frozen
class Weighed:
    """A value in the place of the one that was observed: log-probabilities (nats) of both lines' rests.

    ``gain`` is how much more the function favours it than the test file alone does.
    """

    value: str
    own: float
    other: float
    gain: float


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
        most = max(weighed, key=lambda each: each.gain, default=None)
        is_doubted = most and most.gain >= THRESHOLD and most.other - most.own >= math.log(LIKELIER)
        found.append(evolve(test, doubt=_told(most)) if most and is_doubted else test)
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
    behind = await material.prompt(before, len(check.expected))
    without = await material.prompt(before, len(check.expected), shows_target=False)
    value = check.expected
    read = [await _score(material, prompt, value, after, instead) for prompt in (behind, without)]
    pairs = [zip(instead, scores.alternatives, strict=True) for scores in read]
    found = []
    for (other_value, informed), (_, blind) in zip(*pairs, strict=True):
        if informed is not None and blind is not None:
            own, other = _sums(read[0], informed)
            blind_own, blind_other = _sums(read[1], blind)
            found.append(Weighed(other_value, own, other, (other - own) - (blind_other - blind_own)))
    return found


async def _score(
    material: Material, prompt: tuple[Segment, ...], value: str, after: str, instead: Sequence[str]
) -> Scores:
    end = len(value.encode())
    return await material.engine.score(
        ScoreRequest(
            prompt=prompt,
            text=f"{value}{after}\n",
            alternatives=tuple(Alternative(0, end, each) for each in instead),
            min_gain=_ALL,
            n_followed=len(instead),
            n_after=0,
        )
    )


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
        f"the model finds {most.value} likelier than this value "
        f"({math.exp(most.other):.1%} against {math.exp(most.own):.1%})"
    )
