"""How often facts about changes of real packages are right, and how many slips they find.

Usage: python -P benchmarks/quality/facts FOLDER [--fetch] [--planted | --scripts]

FOLDER holds PACKAGE/VERSION with the files of a release. Reviewed is each change from one release to the
next (what it tells of those is mostly a false alarm: the authors had changed what had to be), and each file
of the next release in the one before it (what it tells of those is mostly true: the others were not changed).
What is told is printed with what a reader said of it in verdicts.tsv.

--planted looks at the packages of others.toml instead: each change from one release to the next with slips
planted in it, and each file as above. Printed is how many slips are told, and N_DRAWN findings, drawn by a
fixed seed, with what a reader said of them in planted.tsv.

--scripts looks at the packages of scripts.toml as at those of releases.toml; npm fetches them, and
scripts.tsv has what a reader said.
"""

import argparse
import csv
import hashlib
import shutil
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
from planting import SEED, Slip, planted
from release_changes import indexed, one_by_one, whole, with_slips

from codenook.context.code import Code
from codenook.server.review.finding import Finding
from codenook.server.review.merge import merged
from codenook.server.review.scope.change import Change
from codenook.server.review.sources.facts.find import Facts

HERE = Path(__file__).parent
NOT_READ = "not read"
N_DRAWN = 80


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


def read_verdicts(name: str = "verdicts.tsv") -> dict[tuple[str, ...], str]:
    """What somebody who read the findings said: right or wrong."""
    with (HERE / name).open(encoding="utf-8", newline="") as rows:
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
    yield from ((each, 0) for each in told_of_files(package, old, new))


def told_of_files(package: str, old: Path, new: Path) -> Iterator[Told]:
    """The findings in each file of the new release alone."""
    with tempfile.TemporaryDirectory() as folder:
        changes = one_by_one(old, new, Path(folder).resolve())
        first = next(changes, None)  # the files are copied when the first is asked for
        with indexed(Path(folder).resolve()) as code:
            for each in (*(() if first is None else (first,)), *changes):
                yield from (_told(package, "one", finding) for finding in facts(each, code))


def told_of_slips(package: str, old: Path, new: Path) -> tuple[list[Slip], list[Told]]:
    """The slips that were planted in the change from one release to the next, and what is told of it."""
    slips: list[Slip] = []

    def plant(before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
        texts, chosen = planted(before, after, package)
        slips.extend(chosen)
        return texts

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        change = with_slips(old, new, root, plant)
        with indexed(root) as code:
            return slips, [_told(package, "planted", finding) for finding in facts(change, code)]


def is_about(told: Told, slip: Slip) -> bool:
    """Whether a finding tells of a slip."""
    return told.rule in slip.told_as and slip.name in told.message


def _lot(told: Told) -> bytes:
    """A number that is drawn for a finding: the same one whatever else is found."""
    return hashlib.sha256("\0".join((str(SEED), *told.key)).encode()).digest()


def measure_planted(folder: Path, pairs: dict[str, list[str]]) -> None:
    """Print what is told of each kind of slip, and the findings that are drawn with their verdicts."""
    n_slips, n_told, all_told = Counter[str](), Counter[str](), list[Told]()
    for package, versions in pairs.items():
        old, new = (folder / package / version for version in versions)
        slips, told_there = told_of_slips(package, old, new)
        for slip in slips:
            n_slips[slip.kind] += 1
            is_told = any(is_about(each, slip) for each in told_there)
            n_told[slip.kind] += is_told
            if not is_told:
                print(f"not told: {package} {slip.kind}: {slip.name} in {slip.path}", flush=True)
        all_told += told_there
        all_told += told_of_files(package, old, new)
    for kind, n in n_slips.items():
        print(f"{kind:<30} {n_told[kind]} of {n} told")
    print(f"{'all':<30} {n_told.total()} of {n_slips.total()} told")
    drawn = sorted(set(all_told), key=_lot)[:N_DRAWN]
    verdicts, counted = read_verdicts("planted.tsv"), Counter[str]()
    for each in sorted(drawn, key=lambda each: each.key):
        verdict = verdicts.get(each.key, NOT_READ)
        counted[verdict] += 1
        print("\t".join((*each.key, verdict)))
    print(f"{len(drawn)} drawn of {len(all_told)}: " + ", ".join(f"{n} {v}" for v, n in counted.items()))


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


def fetch_script(folder: Path, package: str, version: str) -> None:
    """Unpack a release from npm, unless that was done."""
    place = folder / package / version
    if place.exists():
        return
    with tempfile.TemporaryDirectory() as downloads:
        command = ["npm", "pack", "--silent", f"{package}@{version}"]
        subprocess.run(command, cwd=downloads, check=True)
        (packed,) = Path(downloads).glob("*.tgz")
        shutil.unpack_archive(packed, downloads, filter="data")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(Path(downloads) / "package", place)


def main(arguments: Sequence[str]) -> None:
    """Print every finding with its verdict, and a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fetch", action="store_true", help="download what is not there")
    parser.add_argument("--planted", action="store_true", help="slips in the packages of others.toml")
    parser.add_argument("--scripts", action="store_true", help="the packages of scripts.toml")
    given = parser.parse_args(arguments)
    name = "others.toml" if given.planted else "scripts.toml" if given.scripts else "releases.toml"
    listed = HERE / name
    pairs: dict[str, list[str]] = tomllib.loads(listed.read_text(encoding="utf-8"))
    for package, versions in pairs.items() if given.fetch else ():
        for version in versions:
            (fetch_script if given.scripts else fetch)(given.folder, package, version)
    if given.planted:
        measure_planted(given.folder, pairs)
        return
    read = read_verdicts("scripts.tsv" if given.scripts else "verdicts.tsv")
    verdicts, counted, n_lines = read, Counter[tuple[str, str, str]](), 0
    for package, versions in pairs.items():
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
