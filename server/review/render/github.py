"""GitHub's workflow commands, which become annotations of a pull request."""

from collections import Counter
from collections.abc import Iterator

from codenook.server.review.finding import Finding, Severity
from codenook.server.review.report import Report

N_OF_A_LEVEL = 10
"""Annotations of one level that GitHub shows for a step; it drops those after them."""

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.HINT: "notice",
}


def to_github(report: Report) -> Iterator[str]:
    """Yield one line for each annotation, the gravest and surest first, then how many lack room."""
    ranked = sorted(report.findings, key=lambda finding: (finding.severity, finding.confidence), reverse=True)
    told: Counter[str] = Counter()
    for finding in ranked:
        level = _LEVELS[finding.severity]
        told[level] += 1
        if told[level] <= N_OF_A_LEVEL:
            yield _command(level, finding)
    for level, n in told.items():
        if n > N_OF_A_LEVEL:
            yield f"{n - N_OF_A_LEVEL} more of the level {level}: GitHub shows {N_OF_A_LEVEL} for a step"


def _command(level: str, finding: Finding) -> str:
    span = finding.span
    properties = {"file": finding.path, "line": str(span.start_line)}
    if finding.removed is None:
        properties["endLine"] = str(span.last_line)
        if span.start_line == span.end_line:
            properties |= {"col": str(span.start_column), "endColumn": str(span.end_column)}
    properties["title"] = f"codenook: {finding.rule.id}"
    message = "\n".join((finding.message, *(evidence.message for evidence in finding.evidence)))
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{level} {told}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """Escape what would end a command or one of its properties."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for mark in more:
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text
