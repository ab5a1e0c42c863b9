"""How fast the context manager is in a large workspace on this machine."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cattrs
from attrs import evolve, frozen
from document import Document
from holes import Hole
from packages import Package
from speed_process import Task
from speed_report import Samples, summary
from typing_places import documents, repeated
from workspace import amounts, at_least, link, total

from codenook.context.index.store import FOLDER_VARIABLE

N_LINES = 500_000
N_LINES_SMALLER = (10_000, 30_000, 62_500, 125_000, 250_000)
N_LINES_OF_FILE = (100, 300, 1_000, 3_000, 10_000, 20_000)
N_OPENINGS = 5
SETTLED_S = 3.0
"""A file that was changed, or linked, just before it is read into the index is read again the next time."""

STEPS = {
    "count": "packages counted",
    "index": "files indexed",
    "key": "lines typed",
    "key_broken": "lines the file needs",
    "ask": "lines asked about",
    "open": "opened again",
    "grow": "sizes of files",
}
"""What is told of progress, in words."""

PROCESS = Path(__file__).with_name("speed_process.py")

Advance = Callable[[str, int, int], None]
"""Told of a step, how much of it is done, and of how much."""


class SpeedFailed(Exception):
    """A process that was measured has failed, or there is nothing to measure; the message says which."""


@frozen
class Lab:
    """Where is measured: a folder for the index, and whom to tell of progress."""

    folder: Path
    advance: Advance

    def run(self, workspace: Path, task: Task, *steps: str) -> Samples:
        """Have a new process do ``steps``; its events are samples too, in seconds since it was started."""
        command = [sys.executable, "-E", PROCESS, workspace, *steps]
        environment = {**os.environ, FOLDER_VARIABLE: str(self.folder)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        samples: Samples = defaultdict(list)
        started = time.perf_counter()
        with subprocess.Popen(command, env=environment, text=True, **pipes) as process:
            json.dump(cattrs.unstructure(task), process.stdin)
            process.stdin.close()
            for message in map(json.loads, process.stdout):
                if "event" in message:
                    samples[message["event"]].append(time.perf_counter() - started)
                elif "step" in message:
                    self.advance(message["step"], message["done"], message["total"])
                else:
                    samples[message["key"]] += message["values"]
        if process.returncode:
            raise SpeedFailed(f"the process for {', '.join(steps)} ended with {process.returncode}")
        return samples


def measure_speed(
    packages: Sequence[Package],
    roots: Mapping[str, Path],
    holes: Sequence[Hole],
    model: Path,
    advance: Advance,
) -> dict[str, Any]:
    """Measure everything, one after the other, in workspaces that are gone afterwards.

    ``roots`` are the packages' folders by name, ``model`` has the vocabulary that counts tokens.
    """
    load = os.getloadavg()[0]
    counted = {}
    for number, package in enumerate(packages, 1):
        counted[package.name] = amounts(roots[package.name])
        advance("count", number, len(packages))
    chosen, *smaller = (
        tuple(at_least(n_lines, packages, counted)) for n_lines in (N_LINES, *N_LINES_SMALLER)
    )
    with TemporaryDirectory(prefix="codenook-") as name:
        folder = Path(name).resolve()
        workspace, *others = (folder / str(len(members)) for members in dict.fromkeys((chosen, *smaller)))
        for members in {chosen, *smaller}:
            link((roots[package.name] for package in members), folder / str(len(members)))
        time.sleep(SETTLED_S)
        lab = Lab(folder / "cache", advance)
        task = _task(model, chosen, [workspace / roots[package.name].name for package in chosen], holes)
        size = amounts(workspace)
        samples = _measure(lab, workspace, task)
        if samples["indexed_files"] != [total(size).n_files]:
            raise SpeedFailed(f"the index has not all of {total(size).n_files} files")
        samples["rate"] = [total(size).n_lines / samples["index"][0]]
        for other in others:
            found = lab.run(other, Task(str(model)), "index")
            samples[f"index_{total(amounts(other)).n_lines}"] = found["index"]
    return summary(samples, [package.name for package in chosen], size, load)


def _task(model: Path, packages: Sequence[Package], roots: Sequence[Path], holes: Sequence[Hole]) -> Task:
    """What is typed: lines of all packages, those without which their file parses and the others apart."""
    of_package = [[hole for hole in holes if hole.package == package.name] for package in packages]
    asked = list(zip(packages, roots, of_package, strict=True))
    whole, broken = (
        [document for each in asked for document in documents(*each, broken=broken)]
        for broken in (False, True)
    )
    if not whole:
        raise SpeedFailed(f"no line to type in {', '.join(package.name for package in packages)}")
    return Task(str(model), whole, broken)


def _measure(lab: Lab, workspace: Path, task: Task) -> Samples:
    """Measure in the large workspace."""
    samples = lab.run(workspace, task, "index", "key", "ask")
    samples["ask"] = [*samples["ask_first"], *samples["ask_line"], *samples["ask_key"]]
    first = evolve(task, documents=task.documents[:1], broken=())
    for number in range(1, N_OPENINGS + 1):
        for key, values in lab.run(workspace, first, "open").items():
            samples[key] += values
        lab.advance("open", number, N_OPENINGS)
    grown = lab.run(workspace, evolve(first, grown=_grown(task.documents, workspace)), "open", "grow")
    return samples | {key: values for key, values in grown.items() if key.startswith("key_")}


def _grown(typed: Iterable[Document], workspace: Path) -> Mapping[int, Sequence[Document]]:
    """One document of each language where there is one that can be repeated, at each number of lines."""
    found: dict[str, list[Document | None]] = {}
    for document in typed:
        if document.language not in found:
            text = document.read(workspace)
            grown = [repeated(document, text, n_lines) for n_lines in N_LINES_OF_FILE]
            if all(grown):
                found[document.language] = grown
    return dict(zip(N_LINES_OF_FILE, zip(*found.values(), strict=True), strict=True)) if found else {}
