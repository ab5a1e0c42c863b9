"""cargo test: Rust's own runner, without a network and with all that it writes in the sandbox's own folder.

Tests are in files of ``tests/``, which see what a crate offers to others: those in the source file itself
would be where the faults are put.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox.command import Command, Ended, Outcome
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks import rust_render
from codenook.server.unit_tests.frameworks.framework import (
    NoProject,
    Project,
    Ran,
    Rendered,
    TestFile,
    Verdict,
)
from codenook.server.unit_tests.frameworks.rust_toolchain import Toolchain
from codenook.server.unit_tests.target import Target

COPY = "/tmp/codenook/crate"  # noqa: S108 - the sandbox's own

_START = """
to=$1; shift
mkdir -p "$to" || exit 1
for each in * .[!.]*; do
    case $each in target|Cargo.lock) continue;; esac
    if [ -e "$each" ]; then ln -s "$PWD/$each" "$to/"; fi
done
if [ -f Cargo.lock ]; then cat Cargo.lock > "$to/Cargo.lock"; fi
exec "$@"
"""
"""Cargo writes a lock file beside a manifest: there it can, and all else is the project's."""

_TEST = re.compile(r"^test (\S+)(?: - should panic)? \.\.\. (?:.*\b)?(ok|FAILED|ignored)\b", re.MULTILINE)
_SAID = re.compile(r"^---- (\S+) stdout ----\n(.*?)(?=^---- |^failures:$|\Z)", re.MULTILINE | re.DOTALL)
_ERROR = re.compile(r"^error(?:\[\w+\])?: .+", re.MULTILINE)
_UNBUILT = re.compile(r"could not compile `[^`]*` \(lib\b")
_VERDICTS = {"ok": Verdict.PASSED, "FAILED": Verdict.FAILED, "ignored": Verdict.SKIPPED}
_MOST_CHARS = 300


@frozen
class Cargo:
    """A crate of a project.

    ``workspace`` and ``package`` are the folders of the two manifests, relative to the project's root and to
    each other (``.``: the same). ``imports`` bring the target into a test file.
    """

    toolchain: Toolchain | None
    workspace: str
    package: str
    imports: tuple[str, ...]
    name: str = "cargo"

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:  # noqa: ARG002
        """See `Framework.render`."""
        return rust_render.render(file, self.imports, tests)

    def command(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        *,
        order: int = 0,
        coverage_of: str = "",  # noqa: ARG002 - Cargo knows none
        stop_at_first: bool = False,
    ) -> Command:
        """See `Framework.command`: libtest can't shuffle, so another order is another number of threads."""
        own = ("--", f"--test-threads={order + 1}")
        rest = ("--no-fail-fast",) if not stop_at_first else ()
        return self.cargo(project, ("test", *rest, *self._which(paths), *own), files)

    def cargo(self, project: Project, arguments: Sequence[str], files: Mapping[str, bytes | None]) -> Command:
        """How a subcommand of Cargo with its arguments is run."""
        if self.toolchain is None:
            raise NoProject(Reason.RUNNER_MISSING, "there is no cargo on PATH: https://rustup.rs installs it")
        verb, *rest = arguments
        manifest = str(PurePosixPath(COPY) / self.package / "Cargo.toml")
        asked = (str(self.toolchain.cargo), verb, "--offline", "--manifest-path", manifest, *rest)
        return Command(
            ("/bin/sh", "-c", _START, "sh", COPY, *asked),
            project.root,
            self.toolchain.readable,
            files,
            self.toolchain.environment,
            start=project.root / self.workspace,
        )

    def read(self, project: Project, outcome: Outcome) -> Ran:  # noqa: ARG002 - the outcome says it all
        """See `Framework.read`."""
        stdout, stderr = (each.decode("utf-8", "replace") for each in (outcome.stdout, outcome.stderr))
        verdicts: dict[str, Verdict] = {}
        for name, word in _TEST.findall(stdout):
            if verdicts.get(name) is not Verdict.FAILED:
                verdicts[name] = _VERDICTS[word]
        messages = {name: _said(text) for name, text in _SAID.findall(stdout) if name in verdicts}
        problem = "" if verdicts else _problem(outcome, stderr)
        is_built = not _UNBUILT.search(stderr)
        return Ran(verdicts, messages, problem, outcome.ended, is_built=is_built)

    def _which(self, paths: Sequence[str]) -> Iterator[str]:
        """The options for test files: those of ``tests/`` by name, all others are in the library."""
        names = dict.fromkeys(test_name(path) for path in paths)
        for name in names:
            yield from ("--test", name) if name else ("--lib",)


def test_name(path: str) -> str:
    """What Cargo calls a file of ``tests/``; empty for one of another folder."""
    parts = PurePosixPath(path).parts
    if len(parts) > 1 and parts[-2] == "tests":
        return PurePosixPath(path).stem
    return parts[-2] if parts[-3:-2] == ("tests",) and parts[-1] == "main.rs" else ""


def _said(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("note:", "thread '"))]
    return "; ".join(told or lines)[:_MOST_CHARS]


def _problem(outcome: Outcome, stderr: str) -> str:
    if outcome.ended is not Ended.BY_ITSELF:
        return f"the run was ended: it took too much {outcome.ended.value.replace('_', ' ')}"
    error = _ERROR.search(stderr)
    return error[0][:_MOST_CHARS] if error else f"no test was collected (exit status {outcome.returncode})"
