"""Functions of packages that are installed here, and of HumanEvalPack, each in a workspace of its own."""

import gzip
import importlib.util
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from attrs import frozen

from codenook.context.outline import Kind
from codenook.context.parse import encode, language_named, parse
from codenook.server.unit_tests.target import Target

SEED = 0
_SOLUTIONS = ("canonical_solution", "buggy_solution")
_NO_CODE = {"test", "tests", "testing", "_examples", "examples", "__pycache__", "linalg", "drawing"}


@frozen
class Problem:
    """A function as it is right and as it is wrong."""

    name: str
    right: Target
    wrong: Target


def functions(packages: Sequence[str], folder: Path, n: int) -> Iterator[Target]:
    """``n`` functions of copies of the packages in ``folder``, a package at a time, by chance."""
    chance = random.Random(SEED)
    found = []
    for package in packages:
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise SystemExit(f"{package} is not installed")
        place, root = Path(spec.submodule_search_locations[0]), folder / package
        shutil.copytree(place, root / package, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
        own = list(_of_package(root))
        chance.shuffle(own)
        found.append(own)
    in_turn = chain.from_iterable(zip_longest(*found))
    yield from [each for each in in_turn if each is not None][:n]


def _of_package(root: Path) -> Iterator[Target]:
    for path in sorted(root.rglob("*.py")):
        if not _NO_CODE & {*path.relative_to(root).parts}:
            yield from _targets(root, path.relative_to(root).as_posix(), path.read_text("utf-8"))


def _targets(root: Path, path: str, text: str) -> Iterator[Target]:
    parsed = parse(language_named("python"), encode(text))
    for each in parsed.language.reader.definitions(parsed):
        takes = each.signature.partition("(")[2].partition(")")[0]
        if each.kind is Kind.FUNCTION and each.is_public and not each.parent and takes.strip():
            yield Target(root, path, text, "python", each)


def problems(data: Path, folder: Path) -> Iterator[Problem]:
    """The functions of HumanEvalPack, right and wrong."""
    with gzip.open(data / "humanevalpack_python.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            name = row["task_id"].replace("/", "_").lower()
            found: dict[str, Target] = {}
            for which in _SOLUTIONS:
                root = folder / name / which
                root.mkdir(parents=True)
                text = row["prompt"] + row[which]
                (root / "solution.py").write_text(text, encoding="utf-8")
                own = [t for t in _targets(root, "solution.py", text) if t.symbol == row["entry_point"]]
                if own:
                    found[which] = own[0]
            if found.keys() == {*_SOLUTIONS}:
                yield Problem(name, *found.values())
