"""JUnit 5, with the compiler of the JDK and the jars that Maven put on this machine."""

import re
import secrets
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path, PurePosixPath

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox.command import Command, Ended, Outcome
from codenook.server.sandbox.programs import needs
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks import java_inside, junit_render
from codenook.server.unit_tests.frameworks.framework import (
    NoProject,
    Project,
    Ran,
    Rendered,
    TestFile,
    Verdict,
)
from codenook.server.unit_tests.target import Target

_RUNNER = "CodenookRun"
_OUT = "/tmp/codenook"  # noqa: S108 - the sandbox's own
_START = """
out=$1; path=$2; sources=$3; java=$4; word=$5; order=$6; shift 6
mkdir -p "$out"
cat > "$out/CodenookRun.java"
classes=
while [ "$1" != -- ]; do classes="$classes $1"; shift; done
shift
"${java%java}javac" -nowarn -proc:none -encoding UTF-8 -d "$out/classes" -cp "$path" -sourcepath "$sources" \\
    "$out/CodenookRun.java" "$@" || exit 1
echo "$word"
exec "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m -cp "$out/classes:$path" \\
    CodenookRun "$word" "$order" $classes
"""
_VERDICT = re.compile(r"^(\w+) (passed|failed|skipped) (\S+) (.*)$", re.MULTILINE)
_ERROR = re.compile(r"^(\S+\.java):\d+: error: (.+)$", re.MULTILINE)
_MOST_CHARS = 300


@frozen
class JUnit:
    """A module of a project.

    ``folder`` is relative to the project's root; ``jars`` are on the class path, ``sources`` (relative to the
    folder) where classes are looked for.
    """

    folder: str
    package: str
    class_name: str
    jars: tuple[Path, ...] = ()
    sources: tuple[str, ...] = ("src/main/java", "src/test/java")
    name: str = "junit"

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:  # noqa: ARG002
        """See `Framework.render`."""
        return junit_render.render(file, self.package, self.class_name, tests)

    def command(
        self,
        project: Project,
        paths: Sequence[str],
        files: Mapping[str, bytes | None],
        *,
        order: int = 0,
        coverage_of: str = "",  # noqa: ARG002 - the JDK knows none
        stop_at_first: bool = False,  # noqa: ARG002 - the launcher runs them all
    ) -> Command:
        """See `Framework.command`: the classes of these files are compiled and run."""
        if project.program is None:
            raise NoProject(Reason.RUNNER_MISSING, "there is no JDK on PATH, or no JUnit 5 on this machine")
        own = [PurePosixPath(path).relative_to(self.folder) for path in paths]
        jars = ":".join(map(str, self.jars))
        start = ("/bin/sh", "-c", _START, "sh", _OUT, jars, ":".join(self.sources), str(project.program))
        classes = [_class_of(path, self.sources) for path in own]
        outside = (jar for jar in self.jars if not jar.is_relative_to(project.root))
        return Command(
            (*start, secrets.token_hex(8), str(order), *classes, "--", *map(str, own)),
            project.root,
            (*_jdk(project.program, project.root), *outside),
            files,
            stdin=resources.files(java_inside).joinpath(f"{_RUNNER}.java").read_bytes(),
            start=project.root / self.folder,
        )

    def read(self, project: Project, outcome: Outcome) -> Ran:  # noqa: ARG002 - the outcome says it all
        """See `Framework.read`."""
        stdout, stderr = (each.decode("utf-8", "replace") for each in (outcome.stdout, outcome.stderr))
        word = stdout.partition("\n")[0]
        verdicts: dict[str, Verdict] = {}
        messages: dict[str, str] = {}
        for own, verdict, name, message in _VERDICT.findall(stdout):
            if own == word and verdicts.get(name) is not Verdict.FAILED:
                verdicts[name] = Verdict(verdict)
                if verdict == Verdict.FAILED:
                    messages[name] = message[:_MOST_CHARS]
        refused = _ERROR.findall(stderr)
        is_built = not any("src/test/" not in path and _RUNNER not in path for path, _ in refused)
        problem = "" if verdicts else _problem(outcome, refused, stderr)
        return Ran(verdicts, messages, problem, outcome.ended, is_built=is_built)


def _jdk(java: Path, root: Path) -> tuple[Path, ...]:
    """What a JDK needs to see: itself, and on Debian its settings, which are elsewhere."""
    return (*needs(java, workspace=root), *sorted(Path("/etc").glob("java-*-openjdk")))


def _class_of(path: PurePosixPath, sources: Sequence[str]) -> str:
    """The name of the class that a file holds."""
    folder = next((each for each in sources if path.is_relative_to(each)), "")
    return ".".join(path.relative_to(folder).with_suffix("").parts)


def _problem(outcome: Outcome, refused: Sequence[tuple[str, str]], stderr: str) -> str:
    if outcome.ended is not Ended.BY_ITSELF:
        return f"the run was ended: it took too much {outcome.ended.value.replace('_', ' ')}"
    if refused:
        return f"{refused[0][0]}: {refused[0][1]}"[:_MOST_CHARS]
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[-1].strip()[:_MOST_CHARS] if lines else "no test was collected"
