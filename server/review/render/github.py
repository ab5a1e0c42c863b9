"""GitHub's workflow commands, which become annotations of a pull request.

How many are shown: docs/problem-matchers.md in github.com/actions/toolkit. How commands are read, and how
long a message may be: ActionCommand.cs and ExecutionContext.cs in github.com/actions/runner.
"""

from collections import Counter
from collections.abc import Iterator
from unicodedata import category

from codenook.server.review.finding import Finding, Severity
from codenook.server.review.report import Report
from codenook.server.terminal import printable

N_OF_A_LEVEL = 10
"""Annotations of one level that GitHub shows for a step; it drops those after them. A job has 50."""

N_CHARACTERS = 4096
"""Of a message that is longer, GitHub shows no more (UTF-16 code units)."""

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.HINT: "notice",
}
_MORE = " ..."
_UNSEEN = {"Cc", "Cs"}
_OLD_COMMAND = "##["


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


def no_command(line: str) -> str:
    """A line for a person, in which the runner finds no command.

    It looks for its first kind of command, ``##[error]``, in every line that is printed, on stderr, too.
    """
    line = printable(line).replace(_OLD_COMMAND, "## [")
    return f".{line}" if line.lstrip().startswith("::") else line


def _command(level: str, finding: Finding) -> str:
    span = finding.span
    properties = {"file": _without_controls(finding.path), "line": str(span.start_line)}
    if finding.removed is None:
        properties["endLine"] = str(span.last_line)
        if span.start_line == span.end_line:
            properties |= {"col": str(span.start_column), "endColumn": str(span.end_column)}
    properties["title"] = f"codenook: {finding.rule.id}"
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{level} {told}::{_escaped(_cut(_message(finding)))}"


def _message(finding: Finding) -> str:
    sentences = (finding.message, *(evidence.message for evidence in finding.evidence))
    return "\n".join(printable(line) for sentence in sentences for line in sentence.splitlines())


def _without_controls(path: str) -> str:
    """A path as it is, so that GitHub finds the file, without what a terminal obeys and half characters."""
    return "".join(
        printable(char) if category(char) in _UNSEEN and char not in "\r\n" else char for char in path
    )


def _cut(text: str) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) <= 2 * N_CHARACTERS:
        return text
    return encoded[: 2 * (N_CHARACTERS - len(_MORE))].decode("utf-16-le", "ignore") + _MORE


def _escaped(text: str, more: str = "") -> str:
    """Escape what would end a command or one of its properties."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for mark in more:
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text
