"""Whether a translation does what the original does, and what that rests on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import evolve, field, frozen

from codenook.server.translation.comparing import Answer, compare, tolerance
from codenook.server.translation.excuses import excuse, failure
from codenook.server.translation.inputs.domain import Domain
from codenook.server.translation.inputs.fitting import NotFitting, fitted
from codenook.server.translation.languages.language import Program, Refusal, Running
from codenook.server.translation.outcome import SHOWN, Call, How, Origin, Outcome
from codenook.server.translation.signature import Signature
from codenook.server.translation.values import Value

ENOUGH = 10
"""So many calls that agree outweigh one that doesn't, if neither documentation nor a test has it."""


class Verdict(StrEnum):
    """What was found out."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_CHECKED = "not_checked"
    """One side doesn't run, or no call could be compared: see `Checked.why`."""


@frozen
class Difference:
    """A call of which different things come; where it doesn't count, ``excuse`` says why."""

    call: Call
    original: Outcome
    translation: Outcome
    why: str
    excuse: str = ""


@frozen
class Checked:
    """A verdict and its evidence.

    ``agreed`` and ``asked`` count calls by where they are from. ``not_compared`` are reasons, with how many
    calls each is of. ``tolerance`` is that of floats. ``refusal`` is of the side that doesn't run:
    ``refused`` says which.
    """

    verdict: Verdict
    why: str = ""
    asked: Mapping[Origin, int] = field(factory=dict)
    agreed: Mapping[Origin, int] = field(factory=dict)
    differences: tuple[Difference, ...] = ()
    not_compared: Mapping[str, int] = field(factory=dict)
    tolerance: float = 0.0
    refusal: Refusal | None = None
    refused: str = ""

    @property
    def counting(self) -> tuple[Difference, ...]:
        """The differences that count against the translation."""
        return tuple(each for each in self.differences if not each.excuse)


async def check(
    original: Program, translation: Program, calls: Sequence[Call], running: tuple[Running, Running]
) -> Checked:
    """Run both sides on the calls and compare; ``running`` is that of the original and of the translation.

    Raises NoSandbox, SandboxFailed.
    """
    outcomes: list[Sequence[Outcome]] = []
    for name, program, runs in zip(
        ("the original", "the translation"), (original, translation), running, strict=True
    ):
        ran = await runs.run(program, handed(calls, program.signature))
        if ran.refusal is not None:
            return refused(name, ran.refusal)
        outcomes.append(ran.outcomes)
    return judge((original.signature, translation.signature), calls, (outcomes[0], outcomes[1]))


def handed(calls: Sequence[Call], signature: Signature) -> list[Call]:
    """The calls with arguments as a signature has them: 1 as 1.0 where it takes a float."""
    return [
        evolve(
            call,
            arguments=tuple(_handed(value, signature, index) for index, value in enumerate(call.arguments)),
        )
        for call in calls
    ]


def _handed(value: Value, signature: Signature, index: int) -> Value:
    if not signature.parameters:
        return value
    try:
        return fitted(value, signature.parameters[min(index, len(signature.parameters) - 1)].shape)
    except NotFitting:
        return value


def refused(side: str, refusal: Refusal) -> Checked:
    """What is known when one side doesn't run."""
    return Checked(
        Verdict.NOT_CHECKED, f"{side} doesn't run: {refusal.message}", refusal=refusal, refused=side
    )


def judge(
    signatures: tuple[Signature, Signature],
    calls: Sequence[Call],
    outcomes: tuple[Sequence[Outcome], Sequence[Outcome]],
) -> Checked:
    """The verdict on what came of the calls on both sides."""
    results = (signatures[0].result, signatures[1].result)
    within = tolerance(*results, *(each.shape for signature in signatures for each in signature.parameters))
    domain = Domain.of(
        [
            (call.arguments, outcome.how is How.RETURNED and outcome.value is None)
            for call, outcome in zip(calls, outcomes[0], strict=True)
            if call.origin in SHOWN
        ]
    )
    asked: Counter[Origin] = Counter()
    agreed: Counter[Origin] = Counter()
    not_compared: Counter[str] = Counter()
    differences: list[Difference] = []
    for call, mine, theirs in zip(calls, *outcomes, strict=True):
        asked[call.origin] += 1
        compared = compare(mine, theirs, results, within)
        if compared.answer is Answer.AGREE:
            agreed[call.origin] += 1
        elif compared.answer is Answer.NOT_COMPARABLE:
            not_compared[compared.why] += 1
        elif failed := failure(mine, signatures[0]):
            not_compared[failed] += 1
        else:
            excused = excuse(call, (mine, theirs), signatures, domain)
            differences.append(Difference(call, mine, theirs, compared.why, excused))
    differences = _alone(differences, sum(agreed.values()))
    verdict, why = _verdict(agreed, differences, not_compared)
    return Checked(verdict, why, asked, agreed, tuple(differences), not_compared, within)


def _alone(differences: list[Difference], n_agreed: int) -> list[Difference]:
    """The differences, with an excuse for one that is alone among many calls that agree, and wasn't shown."""
    counting = [each for each in differences if not each.excuse]
    if len(counting) != 1 or counting[0].call.origin in SHOWN or n_agreed < ENOUGH:
        return differences
    said = f"it is alone, and {n_agreed} calls agree"
    return [evolve(each, excuse=each.excuse or said) for each in differences]


def _verdict(
    agreed: Mapping[Origin, int], differences: Sequence[Difference], not_compared: Mapping[str, int]
) -> tuple[Verdict, str]:
    counting = [each for each in differences if not each.excuse]
    if counting:
        return Verdict.DIFFERS, counting[0].why
    if not sum(agreed.values()):
        return Verdict.NOT_CHECKED, _why_not(differences, not_compared)
    return Verdict.AGREES, ""


def _why_not(differences: Sequence[Difference], not_compared: Mapping[str, int]) -> str:
    if differences:
        return f"no call agrees, and none counts: {differences[0].excuse}"
    if not_compared:
        return f"no call could be compared: {max(not_compared, key=lambda why: not_compared[why])}"
    return "there are no calls to compare"
