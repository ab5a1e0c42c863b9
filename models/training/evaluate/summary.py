"""What is told of each model, and how models compare; all of it as values that JSON can hold."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from codenook.models.training.evaluate.asking import FULL, Answer, Condition
from codenook.models.training.evaluate.figures import (
    Checked,
    Difference,
    Reliability,
    Score,
    Speed,
    reliability,
)
from codenook.models.training.evaluate.infilling import PassRate
from codenook.models.training.evaluate.measure import Measured
from codenook.models.training.evaluate.questions import Hole, Kind

N_CANDIDATES = (1, 3)
N_SHOWN = N_CANDIDATES[-1]


@frozen
class Row:
    """How a model fills holes under one condition."""

    condition: Condition
    scores: Mapping[Kind, Sequence[Score]]  # with 1 and with 3 candidates
    checked: Checked

    def score(self, kind: Kind, n_candidates: int) -> Score:
        """Return the score of one kind of holes."""
        return next(score for score in self.scores[kind] if score.n_candidates == n_candidates)


@frozen
class Worth:
    """By how much more of the holes that need it are exact, of all kinds, with 3 candidates."""

    context: Difference | None
    context_without_memory: Difference | None
    memory: Difference | None
    memory_without_context: Difference | None


@frozen
class Summary:
    """All that is told of one model; what a memory alone doesn't have is None."""

    model: str
    megabytes: float | None
    bits_per_byte: float | None
    bits_per_byte_with_memory: float
    rows: Sequence[Row]
    worth: Worth | None
    infilling: Mapping[str, PassRate]
    reliability: Mapping[str, Reliability]
    speed: Speed | None

    def row(self, condition: Condition) -> Row:
        """Return the row of one condition."""
        return next(row for row in self.rows if row.condition == condition)

    @classmethod
    def of(cls, measured: Measured, holes: Sequence[Hole]) -> "Summary":
        """Sum up."""
        has_model = measured.has_model
        answers = measured.answers[FULL]
        bits = measured.surprise.bits_per_byte
        return cls(
            model=measured.name,
            megabytes=measured.n_bytes / 1e6 if has_model else None,
            bits_per_byte=bits(memory=False) if has_model else None,
            bits_per_byte_with_memory=bits(memory=True),
            rows=[_row(condition, own, holes) for condition, own in measured.answers.items()],
            worth=_worth(measured, holes) if has_model else None,
            infilling=measured.pass_rates,
            reliability=reliability(answers) if has_model else {},
            speed=Speed.of(answers) if has_model else None,
        )


def not_beaten(model: Summary, alone: Summary) -> Iterator[str]:
    """Yield the quality rows in which a model with memory is no better than memory alone."""
    if model.bits_per_byte_with_memory >= alone.bits_per_byte_with_memory:
        yield "bits per byte"
    for row in alone.rows:
        own, context = model.row(row.condition), "with" if row.condition.context else "without"
        for kind in row.scores:
            for n in N_CANDIDATES:
                ours, theirs = own.score(kind, n), row.score(kind, n)
                for what in ("exact", "similarity"):
                    if getattr(ours, what) <= getattr(theirs, what):
                        yield f"{what} of {kind}, {n} candidate{'s' * (n > 1)}, {context} context"


def _row(condition: Condition, answers: Sequence[Answer], holes: Sequence[Hole]) -> Row:
    of_kind = {
        kind: [answer for answer, hole in zip(answers, holes, strict=True) if hole.kind is kind]
        for kind in Kind
    }
    scores = {kind: [Score.of(own, n) for n in N_CANDIDATES] for kind, own in of_kind.items() if own}
    return Row(condition, scores, Checked.of(answers))


def _worth(measured: Measured, holes: Sequence[Hole]) -> Worth:
    def differ(needs: Sequence[bool], with_it: Condition, without: Condition) -> Difference | None:
        asked = zip(holes, needs, measured.answers[with_it], measured.answers[without], strict=True)
        needed = [(hole.file, a.is_exact(N_SHOWN), b.is_exact(N_SHOWN)) for hole, need, a, b in asked if need]
        files, with_both, with_one = zip(*needed, strict=True) if needed else ((), (), ())
        return Difference.of(files, with_both, with_one)

    context, memory = ([getattr(need, what) for need in measured.needs] for what in ("context", "memory"))
    only_context, only_memory = Condition(context=True, memory=False), Condition(context=False, memory=True)
    neither = Condition(context=False, memory=False)
    return Worth(
        context=differ(context, FULL, only_memory),
        context_without_memory=differ(context, only_context, neither),
        memory=differ(memory, FULL, only_context),
        memory_without_context=differ(memory, only_memory, neither),
    )
