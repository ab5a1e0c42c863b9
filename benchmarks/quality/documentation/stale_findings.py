"""Stale documentation in real packages, and which of it is right: each was read with its code."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import frozen
from documented_packages import Source

from codenook.server.documentation.stale import stale

VERDICTS = Path(__file__).with_name("verdicts.tsv")


@frozen
class Verdict:
    """One finding that was read with its code, and whether it is right.

    ``read`` is ``first``, or ``later``: drawn by chance from the others after the rules had been changed for
    what was wrong among the first.
    """

    package: str
    version: str
    path: str
    line: int
    rule: str
    finding: str
    read: str
    is_right: bool
    why: str

    @property
    def key(self) -> tuple[str, str, int, str, str]:
        """What tells it from others."""
        return self.package, self.path, self.line, self.rule, self.finding


def findings(sources: Iterable[Source]) -> Iterator[tuple[str, str, int, str, str]]:
    """The findings in a package's files, with the key that a verdict has."""
    for source in sources:
        for finding in stale(source.parsed):
            line = source.text.count("\n", 0, finding.start) + 1
            yield source.package.name, source.path, line, finding.rule.value, finding.message


def read_verdicts(path: Path = VERDICTS) -> list[Verdict]:
    """The list in the repository."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Verdict(
                row["package"],
                row["version"],
                row["path"],
                int(row["line"]),
                row["rule"],
                row["finding"],
                row["read"],
                row["verdict"] == "right",
                row["why"],
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]


def precision(verdicts: Sequence[Verdict]) -> dict[str, tuple[int, int]]:
    """For each rule, those that were read later, and ``all``: how many findings are right, of how many."""
    total, right = Counter[str](), Counter[str]()
    for verdict in verdicts:
        for name in (verdict.rule, verdict.read, "all"):
            total[name] += 1
            right[name] += verdict.is_right
    return {name: (right[name], total[name]) for name in sorted(total) if name != "first"}
