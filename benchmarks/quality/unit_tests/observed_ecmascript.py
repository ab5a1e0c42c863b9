"""How many exported functions of JavaScript packages can be observed: no model takes part.

    python observed_ecmascript.py FOLDER [--each 9] [--seed 8]

``FOLDER`` is a workspace with packages below it (sources, not ``node_modules``). From each package some
functions are drawn; one counts when at least three of its calls come to the same in both processes.
"""

import argparse
import asyncio
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from codenook.context.code import outline_of
from codenook.context.files.walk import Candidate, walk
from codenook.context.manager import ContextManager
from codenook.context.outline import Kind
from codenook.context.parse import language_of
from codenook.server.unit_tests.frameworks.ecmascript.exports import reached
from codenook.server.unit_tests.frameworks.ecmascript.find import project_of
from codenook.server.unit_tests.frameworks.ecmascript.placing import SUFFIXES, is_test
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.kits.ecmascript.kit import EcmaScriptKit
from codenook.server.unit_tests.target import Target

N_STEADY = 3


def targets_in(root: Path, package: Path) -> Iterator[Target]:
    """The functions, methods and classes of a package that a test can get at."""
    for found in walk(package, SUFFIXES):
        path = (package / found.path).relative_to(root).as_posix()
        if not isinstance(found, Candidate) or is_test(path) or ".d." in Path(path).name:
            continue
        source = (root / path).read_bytes()
        outline, language = outline_of(path, source), language_of(Path(path), source)
        text = source.decode("utf-8", "replace")
        for definition in outline.definitions if outline and language else ():
            target = Target(root, path, text, language.id if language else "", definition)
            try:
                if definition.kind in {Kind.FUNCTION, Kind.METHOD, Kind.CLASS} and reached(target):
                    yield target
            except NoProject:
                continue


async def n_steady(target: Target) -> int:
    """How many calls of a target come to the same twice."""
    kit, known = EcmaScriptKit(), ContextManager(None)
    try:
        project = project_of(target)
        observed = await kit.observed(target, project, await kit.calls(target, project, known))
    except NoProject as error:
        print(f"      {target.path}: {error}")
        return 0
    finally:
        known.close()
    return sum(bool(each.checks) for each in observed)


def drawn_from(root: Path, each: int, seed: int) -> list[Target]:
    """The functions that are looked at: some of each package."""
    chance = random.Random(seed)
    drawn: list[Target] = []
    for package in sorted(path.parent for path in root.glob("*/package.json")):
        targets = list(targets_in(root, package))
        drawn += chance.sample(targets, min(each, len(targets)))
    return drawn


async def measure(targets: Sequence[Target]) -> int:
    """How many of the functions have enough steady calls."""
    n_enough = 0
    for target in targets:
        found = await n_steady(target)
        n_enough += found >= N_STEADY
        print(f"{found:5} {target.path} {target.symbol}", flush=True)
    return n_enough


def main() -> None:
    """Print a line for each function, and the share."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=9)
    parser.add_argument("--seed", type=int, default=8)
    asked = parser.parse_args()
    targets = drawn_from(asked.folder.resolve(), asked.each, asked.seed)
    n_enough = asyncio.run(measure(targets))
    print(f"{n_enough} of {len(targets)} functions have at least {N_STEADY} steady calls")


if __name__ == "__main__":
    main()
