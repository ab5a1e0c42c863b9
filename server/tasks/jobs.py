"""What all jobs share: a model is asked, its answers are checked, and it is asked again within bounds.

A job gathers context, asks a `Writer`, and returns a value with its evidence; nothing that failed a check is
part of it. Cancelling the job cancels the question, which stops the model.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from attrs import field, frozen

from codenook.models.engine.messages import Counters, ModelInfo

Value = TypeVar("Value")

N_ATTEMPTS = 2
"""How often a model is asked for the same thing, at most."""


class Strategy(StrEnum):
    """How a model is asked: one that continues code, or one that follows instructions."""

    INFILL = "infill"
    CHAT = "chat"


def strategy_of(model: ModelInfo) -> Strategy:
    """How jobs ask ``model``: it is instructed where its file says how to."""
    return Strategy.CHAT if model.has_chat_template else Strategy.INFILL


@frozen
class Written:
    """What a model wrote, with its mean log-probability; ``is_cut`` says that it had more to say."""

    text: str
    score: float = 0.0
    is_cut: bool = False


@frozen
class Answer:
    """What a model wrote when it was asked once, and what that cost."""

    written: tuple[Written, ...]
    counters: Counters = field(factory=Counters)


@frozen
class Refused:
    """A check's verdict: a code to count by, and one line that a model can be told."""

    code: str
    message: str


@frozen
class Outcome(Generic[Value]):
    """The best that passed the checks, or None; how much was refused and why, and what asking cost."""

    value: Value | None
    refused: Mapping[str, int]
    counters: Counters
    attempts: int


@frozen
class Progress:
    """How far a job is: ``done`` of ``total`` parts; ``partial`` is what is there so far, for a person."""

    done: int
    total: int
    partial: str = ""


Told = Callable[[Progress], None]


def unheard(_progress: Progress) -> None:
    """Tell nobody."""


async def best(
    ask: Callable[[int, Sequence[str]], Awaitable[Answer]],
    check: Callable[[Written], Value | Refused],
    worth: Callable[[Written], float],
    *,
    n_attempts: int = N_ATTEMPTS,
) -> Outcome[Value]:
    """Ask until something passes ``check``, ``n_attempts`` times at most; return what is ``worth`` most.

    ``ask`` is given the number of the attempt, from 0, and what was wrong with the answers before.
    """
    refused: Counter[str] = Counter()
    complaints: dict[str, None] = {}
    counters = Counters()
    for attempt in range(n_attempts):
        answer = await ask(attempt, tuple(complaints))
        counters = total(counters, answer.counters)
        for written in sorted(answer.written, key=worth, reverse=True):
            verdict = check(written)
            if not isinstance(verdict, Refused):
                return Outcome(verdict, refused, counters, attempt + 1)
            refused[verdict.code] += 1
            complaints[verdict.message] = None
    return Outcome(None, refused, counters, n_attempts)


def knows(model: ModelInfo, language: str) -> bool:
    """Whether a model was trained on a language, as far as it says."""
    return not model.languages or language in model.languages


def total(first: Counters, second: Counters) -> Counters:
    """Two costs together."""
    return first + second
