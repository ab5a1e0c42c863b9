"""Changes with nothing known to be wrong: some 200 lines of released packages, reviewed as they are."""

import ast
import json
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen
from release_fixes import Release, sources

N_LINES = 200
"""Lines of a change, at least; it ends with the statement at file level that has the last of them."""

MOST_LINES = 260
SEED = 2
TOLD = "told"


@frozen
class Clean:
    """Consecutive lines of a file of a release, from one statement at file level to the end of another."""

    release: Release
    path: str
    first: int
    last: int


def clean_changes(releases: Sequence[Release], folder: Path, n: int) -> list[Clean]:
    """Draw ``n`` of them, a package at a time; raises ReleasesMissing."""
    chance = random.Random(SEED)
    found: list[list[Clean]] = []
    for release in releases:
        of_package = [
            Clean(release, path, *lines)
            for path, text in sorted(sources(folder, release).items())
            for lines in _stretches(text)
        ]
        chance.shuffle(of_package)
        found.append(of_package)
    in_turn = [each[i] for i in range(max(map(len, found), default=0)) for each in found if i < len(each)]
    return in_turn[:n]


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that follow each other, from the first statement that is no import on."""
    first = 0
    for node in ast.parse(text).body:
        decorators = getattr(node, "decorator_list", [])
        start = min([node.lineno, *(each.lineno for each in decorators)])
        if not first and not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr):
            first = start
        last = node.end_lineno or node.lineno
        if first and last - first + 1 >= N_LINES:
            if last - first < MOST_LINES:
                yield first, last
            first = 0


def told(change: Clean, folder: Path, options: Sequence[str]) -> Mapping[str, int]:
    """How many findings `codenook review` has of it with some options, by source, and how many it tells."""
    with tempfile.TemporaryDirectory() as place:
        root, cache = Path(place) / change.release.package, Path(place) / "cache"
        with zipfile.ZipFile(folder / change.release.archive) as wheel:
            wheel.extractall(root)
        command = [sys.executable, "-P", "-m", "codenook", "review", "--json", "--fail-on", "never"]
        asked = [*command, *options, f"{change.path}:{change.first}-{change.last}"]
        ran = subprocess.run(
            asked,
            cwd=root,
            env={**os.environ, "CODENOOK_CACHE_DIR": str(cache)},
            capture_output=True,
            text=True,
            check=True,
        )
    report = json.loads(ran.stdout)
    by_source = {source["source"]: source["findings"] for source in report["sources"] if source["done"]}
    return {**by_source, TOLD: len(report["findings"])}
