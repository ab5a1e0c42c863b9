"""What of a review a team wants to hear: its settings of rules, categories, severities and files."""

from collections.abc import Mapping, Sequence

from attrs import evolve, field, frozen
from pathspec import GitIgnoreSpec

from codenook.server.review.finding import Finding, Severity
from codenook.server.review.scope.change import Change, LeftOut, Unread


@frozen
class Wanted:
    """Settings of a review.

    ``off`` are rules and categories that are not told, ``severities`` says how severe a rule or a category
    is, the rule's own first, and ``files_off`` are files that are not looked at, as in .gitignore.
    """

    off: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(factory=dict)
    files_off: tuple[str, ...] = ()

    @classmethod
    def of(cls, off: Sequence[str], severities: Sequence[str], files_off: Sequence[str]) -> "Wanted":
        """Read settings; a severity is written ``rule=severity``."""
        pairs = (each.split("=") for each in severities)
        known = {name: Severity(value) for name, value in pairs}
        return cls(frozenset(off), known, tuple(files_off))

    def change(self, change: Change) -> Change:
        """The change without the files that are not looked at."""
        globs = GitIgnoreSpec.from_lines(self.files_off)
        off = {file.path for file in change.files if globs.match_file(file.path)}
        if not off:
            return change
        files = tuple(file for file in change.files if file.path not in off)
        left_out = (*change.left_out, *(LeftOut(path, Unread.FILE_OFF) for path in sorted(off)))
        return Change(change.root, change.name, files, tuple(sorted(left_out, key=lambda left: left.path)))

    def findings(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings that are told, as severe as they are here."""
        told = (f for f in findings if self.off.isdisjoint({f.rule.id, f.category.value}))
        return tuple(evolve(finding, severity=self._severity(finding)) for finding in told)

    def _severity(self, finding: Finding) -> Severity:
        names = (finding.rule.id, finding.category.value)
        return next((self.severities[name] for name in names if name in self.severities), finding.severity)
