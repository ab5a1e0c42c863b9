"""What sources say of the cases, and the figures made of it."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from attrs import field, frozen
from bug_cases import Case

from codenook.models.engine.messages import Counters
from codenook.server.review.merge import merged
from codenook.server.review.scope.change import Change
from codenook.server.review.sources import Source
from codenook.server.tasks.jobs import total

NEAR = 2
"""A finding within so many lines of a bug has found it."""

N_RESAMPLED = 2000
SEED = 0
BOUNDS = (0.025, 0.975)

Floats = npt.NDArray[np.float64]


@frozen
class Said:
    """What was said of one version of a case: the confidence of the surest finding on each line."""

    by_line: Mapping[int, float]
    n_lines: int

    def surest(self, lines: frozenset[int] | None = None, near: int = 0) -> float:
        """The surest finding, or the surest of those near some lines; 0 for none."""
        found = (
            confidence
            for line, confidence in self.by_line.items()
            if lines is None or any(abs(line - one) <= near for one in lines)
        )
        return max(found, default=0.0)


@frozen
class Judged:
    """A case and what was said of its two versions."""

    case: Case
    wrong: Said
    right: Said


@frozen
class Measured:
    """What a source said of all cases, in how many seconds and tokens."""

    judged: tuple[Judged, ...]
    seconds: float
    counters: Counters = field(factory=Counters)
    not_looked_at: Mapping[str, int] = field(factory=dict)

    @property
    def n_lines(self) -> int:
        """How many changed lines were looked at."""
        return sum(one.wrong.n_lines + one.right.n_lines for one in self.judged)

    @property
    def n_tokens(self) -> int:
        """How many tokens were evaluated."""
        return self.counters.prompt_evaluated + self.counters.generated


async def measure(
    cases: Sequence[Case],
    source_of: Callable[[Change], Source],
    told: Callable[[int], None] = lambda _: None,
) -> Measured:
    """Have every case reviewed in both versions by the source that ``source_of`` makes for a change.

    What it says of its cost (``counters``) and of lines that it didn't look at (``not_looked_at``) adds up.
    """
    started, cost, left_out, judged = time.perf_counter(), Counters(), Counter[str](), []
    for number, case in enumerate(cases, 1):
        said = []
        for change in (case.wrong, case.right):
            source = source_of(change)
            said.append(await _said(change, source))
            cost = total(cost, getattr(source, "counters", Counters()))
            left_out.update(getattr(source, "not_looked_at", {}))
        judged.append(Judged(case, *said))
        told(number)
    return Measured(tuple(judged), time.perf_counter() - started, cost, left_out)


async def _said(change: Change, source: Source) -> Said:
    found = []
    if await source.unready() is None:
        found = [finding for file in change.files async for finding in source.about(file)]
    by_line: dict[int, float] = {}
    for finding in merged(change, found).findings:
        line = finding.span.start_line
        by_line[line] = max(by_line.get(line, 0.0), finding.confidence)
    return Said(by_line, change.n_lines)


@frozen
class Rates:
    """At a threshold: bugs found, findings that are near a bug, right versions with a finding."""

    recall: float
    precision: float
    false_alarms: float
    findings: int
    n_false_per_100_lines: float


def rates(judged: Sequence[Judged], threshold: float) -> Rates:
    """Count what is at least as sure as ``threshold``; a finding in a right version is a false one."""
    found = near = in_wrong = in_right = alarms = 0
    for one in judged:
        told = [line for line, c in one.wrong.by_line.items() if c >= threshold]
        close = [line for line in told if any(abs(line - bug) <= NEAR for bug in one.case.bug)]
        false = sum(c >= threshold for c in one.right.by_line.values())
        found += bool(close)
        near += len(close)
        in_wrong += len(told)
        in_right += false
        alarms += bool(false)
    n, every = max(1, len(judged)), in_wrong + in_right
    lines = sum(one.right.n_lines for one in judged)
    return Rates(found / n, near / every if every else 1.0, alarms / n, every, 100 * in_right / max(1, lines))


def curve(judged: Sequence[Judged]) -> list[tuple[float, Rates]]:
    """The rates at every threshold that makes a difference, from the surest on."""
    told = {c for one in judged for said in (one.wrong, one.right) for c in said.by_line.values()}
    return [(threshold, rates(judged, threshold)) for threshold in sorted(told, reverse=True)]


def quietest(judged: Sequence[Judged], most: float) -> float:
    """The lowest threshold at which at most this share of the right versions has a finding."""
    surest = sorted((one.right.surest() for one in judged), reverse=True)
    allowed = int(most * len(surest))
    return float(np.nextafter(surest[allowed], 2.0)) if allowed < len(surest) else 0.0


@frozen
class Area:
    """An area under a curve, with the bounds of its 95% interval."""

    value: float
    low: float
    high: float


def line_area(judged: Sequence[Judged]) -> Area | None:
    """The chance that a wrong line is told more surely than another line of the same change.

    The mean over the cases that have both, None where none has; drawn anew by case for the interval.
    """
    won = _lines_won(judged)
    return None if np.isnan(won).all() else _area(won[~np.isnan(won)])


def version_area(judged: Sequence[Judged]) -> Area:
    """The chance that a wrong version's surest finding is surer than that of any right version."""
    against = _versions_won(judged)
    drawn = [float(against[np.ix_(index, index)].mean()) for index in _drawn(len(judged))]
    return Area(float(against.mean()), *map(float, np.quantile(drawn, BOUNDS)))


def pair_area(judged: Sequence[Judged]) -> Area:
    """The chance that a bug's line is told more surely than the same place in the right version.

    Within two lines, in both. It doesn't count for it that some lines are longer than others.
    """
    return _area(_pairs_won(judged))


def differences(judged: Sequence[Judged], others: Sequence[Judged]) -> Mapping[str, Area]:
    """How much larger the areas of ``judged`` are than those of ``others``, which judges the same cases.

    The same cases are drawn of both for the interval (the paired bootstrap).
    """
    lines = _lines_won(judged) - _lines_won(others)
    versions = _versions_won(judged) - _versions_won(others)
    drawn = [float(versions[np.ix_(index, index)].mean()) for index in _drawn(len(judged))]
    return {
        "line": _area(lines[~np.isnan(lines)]),
        "same place": _area(_pairs_won(judged) - _pairs_won(others)),
        "version": Area(float(versions.mean()), *map(float, np.quantile(drawn, BOUNDS))),
    }


def _lines_won(judged: Sequence[Judged]) -> Floats:
    """For each case the share of other lines that are told less surely than the bug's; NaN without any."""
    won = []
    for one in judged:
        of_bug = one.wrong.surest(one.case.bug)
        lines = _code(one, one.case.wrong.files[0].changed) - one.case.bug
        others = [one.wrong.by_line.get(line, 0.0) for line in lines]
        won.append(float(np.mean([(of_bug > c) + 0.5 * (of_bug == c) for c in others] or [np.nan])))
    return np.array(won)


def _pairs_won(judged: Sequence[Judged]) -> Floats:
    near = [(one.wrong.surest(one.case.bug, NEAR), one.right.surest(one.case.bug, NEAR)) for one in judged]
    return np.array([(wrong > right) + 0.5 * (wrong == right) for wrong, right in near], float)


def _versions_won(judged: Sequence[Judged]) -> Floats:
    wrong = np.array([one.wrong.surest() for one in judged])
    right = np.array([one.right.surest() for one in judged])
    return (wrong[:, None] > right[None]) + 0.5 * (wrong[:, None] == right[None])


def _area(values: Floats) -> Area:
    drawn = values[_drawn(len(values))].mean(axis=1)
    return Area(float(values.mean()), *map(float, np.quantile(drawn, BOUNDS)))


def _drawn(n: int) -> npt.NDArray[np.int64]:
    """Cases drawn with replacement, a row for each time."""
    return np.random.default_rng(SEED).integers(0, n, (N_RESAMPLED, n))


def _code(one: Judged, lines: frozenset[int]) -> frozenset[int]:
    text = one.case.wrong.files[0].new
    return frozenset(line for line in lines if text and text.line(line).strip())
