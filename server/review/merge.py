"""What becomes of findings: those on a changed line that quote it stay, the same thing is told once."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from itertools import chain

from attrs import evolve, frozen

from codenook.server.review.finding import (
    Category,
    Evidence,
    Finding,
    Fix,
    Place,
    Severity,
    SourceName,
    Span,
)
from codenook.server.review.fixes import applies
from codenook.server.review.scope.change import Change, ChangedFile, Text

_MOST_CERTAIN = 0.99
_ONE_THING = frozenset({Category.API, Category.BUG, Category.UNUSED})
"""Categories of which seldom more than one thing is wrong with the same code."""


class NotTold(StrEnum):
    """Why something that a source found is no finding."""

    NOT_IN_CHANGE = "not_in_change"
    """Its file is not part of the change."""
    UNCHANGED_LINE = "unchanged_line"
    """It is about a line that the change left as it was."""
    NOT_QUOTED = "not_quoted"
    """What it quotes doesn't stand where it says."""
    REFUTED = "refuted"
    """A second look found what speaks against it."""


@frozen
class Merged:
    """Findings by path and place, each with its fingerprint; and how many were not told, by reason."""

    findings: tuple[Finding, ...]
    not_told: Mapping[NotTold, int]


def merged(change: Change, found: Iterable[Finding], fits: Callable[[Fix], bool] | None = None) -> Merged:
    """Check each of ``found`` against the change, and put together those that say the same.

    A fix that doesn't apply is dropped, and its finding stays; ``fits`` is who knows, if `applies` is not
    to be asked each time.
    """
    fits = fits or partial(applies, change)
    kept: dict[str, list[Finding]] = defaultdict(list)
    not_told: Counter[NotTold] = Counter()
    for finding in found:
        checked = NotTold.REFUTED if finding.refuted else on_change(change, finding)
        if isinstance(checked, NotTold):
            not_told[checked] += 1
            continue
        if checked.fix and not fits(checked.fix):
            checked = evolve(checked, fix=None)
        others = kept[checked.path]
        twin = next((number for number, other in enumerate(others) if _say_the_same(other, checked)), None)
        if twin is None:
            others.append(checked)
        else:
            others[twin] = _together(others[twin], checked)
    return Merged(_with_fingerprints(change, chain.from_iterable(kept.values())), not_told)


def on_change(change: Change, finding: Finding) -> Finding | NotTold:
    """The finding, its span cut to the changed lines that it begins on; or why it isn't one."""
    file = change.by_path.get(finding.path)
    if file is None:
        return NotTold.NOT_IN_CHANGE
    return _about_removed(file, finding) if finding.removed else _about_new(file, finding)


def line_of(file: ChangedFile, finding: Finding) -> str:
    """The line that the finding begins on, blanks between words as one: what is remembered of it."""
    text, span = (file.old, finding.removed) if finding.removed else (file.new, finding.span)
    return " ".join(text.line(span.start_line).split()) if text and span else ""


def _about_removed(file: ChangedFile, finding: Finding) -> Finding | NotTold:
    span, old = finding.removed, file.old
    if span is None or old is None or not _is_on(span, file.removed):
        return NotTold.UNCHANGED_LINE
    if not _is_in(old, span) or not finding.quote.strip() or old.quote(span) != finding.quote:
        return NotTold.NOT_QUOTED
    place = file.place_of_removed(span.start_line)
    return evolve(finding, span=place) if place else NotTold.UNCHANGED_LINE


def _about_new(file: ChangedFile, finding: Finding) -> Finding | NotTold:
    span, new = finding.span, file.new
    if new is None or span.start_line not in file.changed:
        return NotTold.UNCHANGED_LINE
    if not _is_in(new, span) or not finding.quote.strip() or new.quote(span) != finding.quote:
        return NotTold.NOT_QUOTED
    last = span.start_line
    while last < span.last_line and last + 1 in file.changed:
        last += 1
    if last < span.last_line:
        span = Span(span.start_line, span.start_column, last, len(new.line(last)) + 1)
    quote = new.quote(span)
    return evolve(finding, span=span, quote=quote) if quote.strip() else NotTold.NOT_QUOTED


def _is_in(text: Text, span: Span) -> bool:
    """Whether a span goes forward, and neither end reaches beyond its line into the next."""
    start, end = (span.start_line, span.start_column), (span.end_line, span.end_column)
    is_forward = (1, 1) <= start < end and min(span.start_column, span.end_column) >= 1
    return is_forward and all(text.place(text.offset(*place))[0] <= place[0] for place in (start, end))


def _is_on(span: Span, lines: frozenset[int]) -> bool:
    return span.start_line in lines and all(
        line in lines for line in range(span.start_line, span.last_line + 1)
    )


def _say_the_same(one: Finding, other: Finding) -> bool:
    if one.path != other.path or (one.removed is None) != (other.removed is None):
        return False
    if one.rule.id == other.rule.id and one.subject == other.subject and one.message == other.message:
        return _begins_on_same_line(one, other)
    if one.category != other.category or _voices(one) & _voices(other):
        return False
    here, there = one.removed or one.span, other.removed or other.span
    if set(one.sources) & set(other.sources):  # two linters, which say much of one place
        return here == there and one.category in _ONE_THING
    return _overlap(here, there)


def _voices(finding: Finding) -> set[tuple[str, str | float | bool]]:
    """Who says it: the sources, and each linter for itself."""
    return {(evidence.source, evidence.facts.get("tool", "")) for evidence in finding.evidence}


def _begins_on_same_line(one: Finding, other: Finding) -> bool:
    return (one.removed or one.span).start_line == (other.removed or other.span).start_line


def _overlap(one: Span, other: Span) -> bool:
    return (one.start_line, one.start_column) < (other.end_line, other.end_column) and (
        other.start_line,
        other.start_column,
    ) < (one.end_line, one.end_column)


def _together(one: Finding, other: Finding) -> Finding:
    """One finding of two, as grave as the graver one, with the evidence of both.

    The words and the rule are rather those of a fact than of a model, and rather ours than a linter's: what
    is told, and dismissed, does not change with the linters that are installed.
    """

    def weight(finding: Finding) -> tuple[bool, bool, Severity, float]:
        source = finding.rule.source
        return (
            source is SourceName.FACTS,
            source is not SourceName.LINTERS,
            finding.severity,
            finding.confidence,
        )

    first, second = sorted((one, other), key=weight, reverse=True)
    evidence: dict[tuple[str, str], Evidence] = {(e.source, e.message): e for e in first.evidence}
    for more in second.evidence:
        evidence.setdefault((more.source, more.message), more)
    related: tuple[Place, ...] = tuple(dict.fromkeys((*first.related, *second.related)))
    is_agreed = bool(_voices(second) - _voices(first))
    either = 1 - (1 - first.confidence) * (1 - second.confidence)
    return evolve(
        first,
        evidence=tuple(evidence.values()),
        related=related,
        fix=first.fix or second.fix,
        severity=max(first.severity, second.severity),
        confidence=max(first.confidence, min(either, _MOST_CERTAIN)) if is_agreed else first.confidence,
    )


def _with_fingerprints(change: Change, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    def place(finding: Finding) -> tuple[str, int, int, int, str, str]:
        at, before = finding.span, finding.removed
        return (
            finding.path,
            at.start_line,
            at.start_column,
            before.start_line if before else 0,
            *what(finding),
        )

    def what(finding: Finding) -> tuple[str, str]:
        return finding.rule.id, finding.subject

    times: Counter[str] = Counter()

    def fingerprint(finding: Finding) -> str:
        told = (*what(finding), finding.path, line_of(change.by_path[finding.path], finding))
        digest = hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        times[digest] += 1
        return f"{digest}:{times[digest]}"

    return tuple(evolve(finding, fingerprint=fingerprint(finding)) for finding in sorted(findings, key=place))
