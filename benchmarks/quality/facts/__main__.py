"""How often facts about changes of real packages are right.

Usage: python -P benchmarks/quality/facts FOLDER [--fetch]

FOLDER holds PACKAGE/VERSION with the files of a release. Reviewed is each change from one release to the
next (what it tells of those is mostly a false alarm: the authors had changed what had to be), and each file
of the next release in the one before it (what it tells of those is mostly true: the others were not changed).
What is told is printed with what a reader said of it in verdicts.tsv.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from attrs import frozen
from release_changes import indexed, one_by_one, whole

from codenook.context.code import Code
from codenook.server.review.finding import Finding
from codenook.server.review.merge import merged
from codenook.server.review.scope.change import Change
from codenook.server.review.sources.facts.find import Facts

HERE = Path(__file__).parent
NOT_READ = "not read"


@frozen
class Told:
    """A finding in a change: ``whole`` or ``one`` file."""

    package: str
    change: str
    rule: str
    path: str
    line: int
    message: str

    @property
    def key(self) -> tuple[str, ...]:
        """What a verdict is found by."""
        return self.package, self.change, self.rule, self.path, str(self.line), self.message


def read_verdicts() -> dict[tuple[str, ...], str]:
    """What somebody who read the findings said: right or wrong."""
    with (HERE / "verdicts.tsv").open(encoding="utf-8", newline="") as rows:
        _, *read = csv.reader(rows, delimiter="\t")
    return {tuple(row[:6]): row[6] for row in read}


def facts(change: Change, code: Code) -> tuple[Finding, ...]:
    """All facts about a change."""
    found = Facts(change, code, Event())
    return merged(change, [finding for file in change.files for finding in found.about(file)]).findings


def told(package: str, old: Path, new: Path) -> Iterator[tuple[Told | None, int]]:
    """The findings in both kinds of changes, and None with how many lines a whole one adds."""
    change = whole(old, new)
    yield None, change.n_lines
    with indexed(new) as code:
        yield from ((_told(package, "whole", finding), 0) for finding in facts(change, code))
    with tempfile.TemporaryDirectory() as folder:
        changes = one_by_one(old, new, Path(folder).resolve())
        first = next(changes, None)  # the files are copied when the first is asked for
        with indexed(Path(folder).resolve()) as code:
            for each in (*(() if first is None else (first,)), *changes):
                yield from ((_told(package, "one", finding), 0) for finding in facts(each, code))


def _told(package: str, change: str, finding: Finding) -> Told:
    line = (finding.removed or finding.span).start_line
    return Told(package, change, finding.rule.id, finding.path, line, finding.message)


def fetch(folder: Path, package: str, version: str) -> None:
    """Unpack the wheel of a release, unless that was done."""
    place = folder / package / version
    if place.exists():
        return
    with tempfile.TemporaryDirectory() as downloads:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "-d", downloads, f"{package}=={version}"], check=True)
        (wheel,) = Path(downloads).iterdir()
        zipfile.ZipFile(wheel).extractall(place)


def main(arguments: Sequence[str]) -> None:
    """Print every finding with its verdict, and a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fetch", action="store_true", help="download what is not there")
    given = parser.parse_args(arguments)
    verdicts, counted, n_lines = read_verdicts(), Counter[tuple[str, str, str]](), 0
    pairs: dict[str, list[str]] = tomllib.loads((HERE / "releases.toml").read_text(encoding="utf-8"))
    for package, versions in pairs.items():
        for version in versions if given.fetch else ():
            fetch(given.folder, package, version)
        old, new = (given.folder / package / version for version in versions)
        for each, n in told(package, old, new):
            n_lines += n
            if each is None:
                continue
            verdict = verdicts.get(each.key, NOT_READ)
            counted[each.change, each.rule, verdict] += 1
            print("\t".join((*each.key, verdict)), flush=True)
    print(f"\n{len(pairs)} packages, {n_lines} lines added by whole changes")
    for (change, rule, verdict), n in sorted(counted.items()):
        print(f"{change:>6}  {rule:<20} {verdict:<9} {n}")


if __name__ == "__main__":
    main(sys.argv[1:])
