"""How soon a review of a large change stops, and what going on with it costs. Needs git, and an idle machine.

Usage: python -P benchmarks/review_large [--lines 2000] [--stops 20] [--many]

The change is real code of the running Python's standard library that is new in a repository: one file, or
with ``--many`` as many as it takes. The command is run to its end once, then stopped with Ctrl-C at random
moments and run again until nothing is left, with the answers that are kept. Printed is the time from Ctrl-C
until the whole report is there, and until the process has ended; and how many more tokens the engine read for
the parts than for the whole: those of questions that were asked twice.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

CODENOOK = [sys.executable, "-P", "-E", "-m", "codenook"]
MODULES = ("argparse", "tarfile", "inspect", "typing", "subprocess", "zipfile", "smtplib", "optparse")
START_S = 1.0
"""Python and codenook are loading for so long: Ctrl-C then ends the process, which has nothing to tell."""


@frozen
class Stopped:
    """A run that Ctrl-C ended: seconds until its report was there, and until it was gone."""

    told_s: float
    ended_s: float
    is_whole: bool
    code: int


def repository(top: Path, n_lines: int, *, many: bool) -> None:
    """Make a repository at ``top`` in which so many lines of real code are new."""
    library, left = Path(sysconfig.get_path("stdlib")), n_lines
    git = ["git", "-C", str(top), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    shutil.copytree(library / "email", top / "email", ignore=shutil.ignore_patterns("__pycache__", "*.rst"))
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "before"]):
        subprocess.run([*git, *command], check=True)
    for module in MODULES:
        lines = (library / f"{module}.py").read_text(encoding="utf-8").splitlines(keepends=True)
        taken = lines[: min(left, 300 if many else len(lines))]
        (top / f"{module}.py").write_text("".join(taken), encoding="utf-8")
        left -= len(taken)
        if left <= 0:
            return
    sys.exit(f"the modules {', '.join(MODULES)} have no {n_lines} lines")


def reviewing(top: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a review of what is new."""
    command = [*CODENOOK, "review", "--json", "--fail-on", "never"]
    return subprocess.Popen(
        command, cwd=top, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def stopped(top: Path, environment: Mapping[str, str], after_s: float) -> Stopped | None:
    """Stop a review after so many seconds; None when it ended before, or hadn't begun."""
    process = reviewing(top, environment)
    assert process.stdout is not None  # noqa: S101 - for the type checker
    time.sleep(after_s)
    if process.poll() is not None:
        process.stdout.close()
        return None
    at = time.perf_counter()
    process.send_signal(signal.SIGINT)
    report, told_s = b"", 0.0
    while chunk := os.read(process.stdout.fileno(), 1 << 16):
        report += chunk
        told_s = time.perf_counter() - at
    process.wait()
    ended_s = time.perf_counter() - at
    process.stdout.close()
    return Stopped(told_s, ended_s, json.loads(report)["complete"], process.returncode) if report else None


def engine(environment: Mapping[str, str]) -> dict[str, Any]:
    """What the engine did so far; all zero before it runs."""
    asked = subprocess.run(
        [*CODENOOK, "engine", "status", "--json"], env=environment, stdout=subprocess.PIPE, check=True
    )
    return next(iter(json.loads(asked.stdout)), {"totals": {"prompt": 0}, "requests": 0, "cancelled": 0})


def n_kept(environment: Mapping[str, str]) -> int:
    """How many of the model's answers are kept."""
    return len(list(Path(environment["CODENOOK_CACHE_DIR"], "review").glob("*.answer")))


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--lines", type=int, default=2000, help="changed lines (2000)")
    parser.add_argument("--stops", type=int, default=20, help="how often the review is stopped (20)")
    parser.add_argument("--many", action="store_true", help="many files in place of one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="codenook-") as folder:
        place = Path(folder)
        own = {name: str(place / name) for name in ("runtime", "cache")}
        environment = os.environ | {
            "CODENOOK_RUNTIME_DIR": own["runtime"],
            "CODENOOK_CACHE_DIR": own["cache"],
            "CODENOOK_CONFIG_FILE": str(place / "none.toml"),
        }
        Path(own["runtime"]).mkdir(mode=0o700)
        try:
            measure(place / "top", environment, given)
        finally:
            subprocess.run([*CODENOOK, "engine", "stop"], env=environment, check=False)


def measure(top: Path, environment: dict[str, str], given: argparse.Namespace) -> None:
    """Run the review whole, then in parts, and print what both took."""
    top.mkdir()
    repository(top, given.lines, many=given.many)
    at = time.perf_counter()
    report = json.loads(reviewing(top, environment).communicate()[0])
    whole_s, whole = time.perf_counter() - at, engine(environment)["totals"]["prompt"]
    n_whole = n_kept(environment)
    change = report["change"]
    print(f"{change['lines']} changed lines, {change['files']} files: {whole_s:.1f} s, {n_whole} questions")
    stops: list[Stopped] = []
    read: list[int] = []
    while len(stops) < given.stops:
        shutil.rmtree(Path(environment["CODENOOK_CACHE_DIR"], "review"))
        before = engine(environment)
        left_s = whole_s
        while len(stops) < given.stops:
            after_s = random.uniform(START_S, max(left_s, START_S + 0.5))
            one = stopped(top, environment, after_s)
            if one is None:
                break
            stops.append(one)
            n = n_kept(environment)
            left_s = whole_s * (1 - n / n_whole) + START_S
            print(f"stopped after {after_s:5.2f} s: told in {1000 * one.told_s:4.0f} ms, {n} kept")
        last = json.loads(reviewing(top, environment).communicate()[0])
        read.append(engine(environment)["totals"]["prompt"] - before["totals"]["prompt"])
        same = last["findings"] == report["findings"] and last["complete"]
        print(f"gone on with: {'the same' if same else 'OTHER'} findings, {n_kept(environment)} kept")
    told, ended = ([1000 * getattr(one, name) for one in stops] for name in ("told_s", "ended_s"))
    for name, values in (("report", told), ("end", ended)):
        print(f"Ctrl-C to the {name}: median {statistics.median(values):.0f} ms, ", end="")
        print(f"95% {sorted(values)[int(0.95 * (len(values) - 1))]:.0f} ms, most {max(values):.0f} ms")
    print(f"exit codes {sorted({one.code for one in stops})}, complete {sum(one.is_whole for one in stops)}")
    twice = sum(read) - whole * len(read)
    print(f"tokens read in parts {sum(read)}, in one {whole * len(read)}: {twice} of questions asked twice")


if __name__ == "__main__":
    main()
