"""Text for a person: each finding with the line it is on, a caret below, and why."""

from collections import Counter
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text as Row

from codenook.server.review.finding import Finding, Severity, Span
from codenook.server.review.report import Ran, Report
from codenook.server.terminal import printable

_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.INFO: "bold cyan",
    Severity.HINT: "bold",
}
_TAB = "    "
_LONGEST_ROW = 200


def to_rows(report: Report) -> Iterator[Row]:
    """Yield the findings as rows; their styles are shown by a terminal alone."""
    for finding in report.findings:
        yield from _finding(report, finding)
        yield Row()


def summary(report: Report) -> Iterator[str]:
    """Yield what was found, who was asked, and what was left out, in short lines."""
    counted = Counter(finding.severity for finding in report.findings)
    told = ", ".join(_n(counted[s], s.value) for s in reversed(Severity) if counted[s])
    change = report.change
    where = f"{_n(change.n_lines, 'changed line')} of {_n(len(change.files), 'file')} ({_shown(change.name)})"
    yield f"{told or 'nothing found'} in {where}{'' if report.is_whole else '; the review was not completed'}"
    asked = [ran.source.value for ran in report.ran if ran.is_done]
    if asked:
        yield f"asked: {', '.join(asked)}"
    for ran in report.ran:
        yield from _of_source(ran)
    reasons: dict[str, list[str]] = {}
    for left in change.left_out:
        lines = f" ({left.lines} lines)" if left.lines else ""
        reasons.setdefault(left.reason.value, []).append(f"{_shown(left.path)}{lines}")
    for reason, paths in reasons.items():
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""  # noqa: PLR2004 - a few to recognize it by
        yield f"left out, {reason}: {', '.join(paths[:3])}{more}"
    if report.n_dismissed:
        yield f"{report.n_dismissed} dismissed"
    if report.n_switched_off:
        yield f"{report.n_switched_off} switched off by the setting review_off"


def _of_source(ran: Ran) -> Iterator[str]:
    """What a source was not asked, and what it said that is not told."""
    if not ran.is_done:
        yield f"not asked, or not about all: {ran.source.value}: {_shown(ran.message)} ({ran.reason})"
    for rule in ran.account.rules_left_out:
        yield f"not asked: {_shown(rule.rule)}: {_shown(rule.message)} ({rule.reason})"
    for why, n in sorted(ran.account.not_looked_at.items()):
        yield f"not looked at by {ran.source.value}: {_n(n, 'changed line')} ({why})"
    if ran.account.refused:
        refused = ", ".join(f"{n} {why}" for why, n in sorted(ran.account.refused.items()))
        yield f"said by {ran.source.value}, and not told: {refused}"


def _finding(report: Report, finding: Finding) -> Iterator[Row]:
    place = f"{_shown(finding.path)}:{finding.span.start_line}:{finding.span.start_column}: "
    style = _STYLES[finding.severity]
    yield Row.assemble(
        (place, "bold"),
        (f"{finding.severity.value}: ", style),
        _shown(finding.message),
        (f" [{finding.rule.id}]", "dim"),
    )
    yield from _excerpt(report, finding, style)
    for evidence in finding.evidence:
        sure = f"{evidence.source.value}, {finding.confidence:.0%} sure"
        yield Row.assemble("      ", _shown(evidence.message), (f" ({sure})", "dim"))
    for at in finding.related:
        quote = f": {_cut(_shown(at.quote))}" if at.quote else ""
        yield Row.assemble(
            ("      ", ""),
            (f"{_shown(at.path)}:{at.span.start_line}", "bold"),
            f" {_shown(at.message)}{quote}",
        )
    if finding.fix:
        yield Row.assemble("      fix: ", _shown(finding.fix.title))


def _excerpt(report: Report, finding: Finding, style: str) -> Iterator[Row]:
    file = report.change.by_path.get(finding.path)
    if file is None:
        return
    text, span, mark = (file.old, finding.removed, "-") if finding.removed else (file.new, finding.span, "|")
    if text is None:
        return
    line = text.line(span.start_line)
    before, marked = _widths(span, line)
    yield Row.assemble((f"{span.start_line:>5} {mark} ", "dim"), _cut(_shown(line)))
    if before < _LONGEST_ROW:
        yield Row.assemble(("      | ", "dim"), (f"{' ' * before}{'^' * max(marked, 1)}", style))


def _widths(span: Span, line: str) -> tuple[int, int]:
    """How many columns of a terminal are before a span on its first line, and how many it takes."""
    end = span.end_column if span.end_line == span.start_line else len(line) + 1
    before, until = (cell_len(_shown(line[: column - 1])) for column in (span.start_column, end))
    return before, min(until - before, _LONGEST_ROW)


def _shown(text: str) -> str:
    r"""The text with what a terminal would obey, or not show, as ``\x1b``; a tab is four blanks."""
    return printable(text.replace("\t", _TAB))


def _n(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_ROW else f"{text[:_LONGEST_ROW]} ..."
