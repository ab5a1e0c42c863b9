"""What a review gives: findings, who was asked and who couldn't be, and what was not looked at."""

from collections.abc import Mapping

from attrs import field, frozen

from codenook.server.review.finding import Finding, Severity, SourceName
from codenook.server.review.merge import NotTold
from codenook.server.review.scope.change import Change


@frozen
class RuleLeftOut:
    """A rule that a source did not ask about; ``reason`` is a code, ``message`` has no full stop."""

    rule: str
    reason: str
    message: str


@frozen
class Account:
    """What a source has to say of its own work, apart from what it found.

    ``refused`` counts what it could have told and did not, ``not_looked_at`` changed lines, both by a code.
    ``rules_left_out`` were not asked about.
    """

    refused: Mapping[str, int] = field(factory=dict)
    not_looked_at: Mapping[str, int] = field(factory=dict)
    rules_left_out: tuple[RuleLeftOut, ...] = ()


@frozen
class Ran:
    """What became of a source; ``reason`` is a code, ``message`` a sentence, both empty when it was asked.

    ``findings`` counts what it told, before findings of several sources were put together.
    """

    source: SourceName
    findings: int = 0
    reason: str = ""
    message: str = ""
    account: Account = field(factory=Account)

    @property
    def is_done(self) -> bool:
        """Whether it was asked about all of the change, but what its account has as not looked at."""
        return not self.reason


@frozen(eq=False)
class Report:
    """The review of a change. ``is_whole`` is False when it was stopped, or the model failed on the way.

    ``not_told`` counts what sources said of lines that didn't change, or misquoted; ``n_dismissed`` what a
    file of the team dismisses, ``n_switched_off`` what the settings don't want told.
    """

    change: Change
    findings: tuple[Finding, ...] = ()
    ran: tuple[Ran, ...] = ()
    not_told: Mapping[NotTold, int] = field(factory=dict)
    n_dismissed: int = 0
    n_switched_off: int = 0
    is_whole: bool = True

    def reaches(self, severity: Severity) -> bool:
        """Whether a finding is at least so bad."""
        return any(finding.severity >= severity for finding in self.findings)
