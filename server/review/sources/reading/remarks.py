"""What a model says about a passage, checked: on a changed line, quoting it, in words that may be told."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from codenook.server.review import rules
from codenook.server.review.finding import Category, Fix, Rule, Severity, Span
from codenook.server.review.sources.reading.mending import fix
from codenook.server.review.sources.reading.passages import Line, Passage, place_of
from codenook.server.review.sources.reading.questions import TOLD
from codenook.server.review.sources.reading.refusals import Refusal
from codenook.server.review.sources.reading.words import closed, refusal, say_the_same
from codenook.server.review.team import TeamRule
from codenook.server.tasks.jobs import Refused


@frozen
class Remark:
    """Something that may be told once it survives a second look."""

    rule: Rule
    line: Line
    span: Span
    quote: str
    message: str
    severity: Severity
    fix: Fix | None = None
    fix_was_refused: bool = False

    @property
    def words(self) -> str:
        """It as somebody else is asked about it."""
        return f"line {self.line.label}, `{self.quote}`: {self.message}."


def of_change(answer: Mapping[str, str], passage: Passage, source: str) -> Remark | Refused:
    """One finding of an answer by `questions.schema_of_change`; ``source`` is the code around."""
    rule = rules.READING_BY_CATEGORY[Category(answer["category"])]
    return _checked(answer, passage, source, rule, Severity(answer["severity"]))


def of_rule(answer: Mapping[str, str], passage: Passage, source: str, rule: TeamRule) -> Remark | Refused:
    """One break of a rule in an answer by `questions.schema_of_rule`."""
    if answer["at"].startswith("-"):
        return Refused(Refusal.UNCHANGED_LINE, "`at` is no new line.")
    return _checked(answer, passage, source, rule.rule, rule.severity)


def is_told(remark: Remark, others: Sequence[Remark]) -> bool:
    """Whether one of ``others`` says the same of the same line."""
    return any(remark.line == other.line and say_the_same(remark.message, other.message) for other in others)


def _checked(
    answer: Mapping[str, str], passage: Passage, source: str, rule: Rule, severity: Severity
) -> Remark | Refused:
    line = passage.lines.get(answer["at"])
    if line is None:
        return Refused(Refusal.UNCHANGED_LINE, f"{answer['at']!r} is no changed line.")
    quote, message = answer["quote"].strip(), " ".join(answer["message"].split())
    span = place_of(passage.file, line, quote)
    if span is None:
        return Refused(Refusal.MISQUOTED, f"`quote` does not stand on line {line.label}.")
    refused = refusal(message, TOLD, source)
    if refused is not None:
        return refused
    mended = answer.get("fix", "")
    found = None if line.is_removed else fix(passage.file, line.number, mended)
    was_refused = bool(mended.strip()) and found is None
    return Remark(rule, line, span, quote, closed(message), severity, found, was_refused)
