"""Compiles and runs Java, with the compiler of the JDK."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.sandbox.command import Ended, Limits
from codenook.server.sandbox.command import Outcome as Finished
from codenook.server.sandbox.programs import needs, on_path
from codenook.server.sandbox.reading import is_file
from codenook.server.translation.languages import compiled
from codenook.server.translation.languages.java import inside
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.languages.versions import version
from codenook.server.translation.outcome import Call

_FLAGS = "-J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -nowarn -proc:none -encoding UTF-8"
_CHECK = f"""
javac=$1; shift
exec "$javac" {_FLAGS} -d /tmp/classes "$@"
"""
_BUILD = f"""
java=$1; name=$2; owner=$3; method=$4; types=$5; total=$6
cat > /tmp/calls
"${{java}}c" {_FLAGS} -d /tmp/classes -sourcepath "" "$name" Codenook*.java || exit 1
echo {compiled.COMPILE_ENDED}
next=0; starts=0
while [ "$starts" -lt 8 ]; do
    starts=$((starts + 1))
    "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -cp /tmp/classes codenook.CodenookRun \\
        /tmp/classes/ /tmp/calls /tmp/told "$owner" "$method" "$types" "$next" > /dev/null 2>&1 < /dev/null
    echo "exit $?" >> /tmp/told
    next=$(grep -c '^start$' /tmp/told)
    if [ "$next" -ge "$total" ] || [ "$next" -eq 0 ]; then break; fi
done
cat /tmp/told
"""
_ERROR = re.compile(r"^(?P<file>[^:\n]+\.java):(?P<line>\d+): error: (?P<text>.+)$", re.MULTILINE)
_SYMBOL = re.compile(r"^\s+symbol:\s+(.+)$", re.MULTILINE)
_INSTALL = "there is no javac on PATH: install a JDK (apt install default-jdk, dnf install java-devel)"
_COMPILE_S, _CALL_S = 80, 3
_START, _EXIT = "start", "exit "
_TYPES = ("class_declaration", "interface_declaration", "enum_declaration", "record_declaration")


class JavaRunning:
    """See `Running`."""

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        java = _java()
        return version(java.with_name("javac"), "-version") if java else ""

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        java = _java()
        if java is None:
            return Refusal(Stage.TOOLCHAIN, _INSTALL)
        name, _ = _read(text)
        finished = await compiled.run_script(
            _CHECK,
            (str(java.with_name("javac")), name),
            {name: text.encode("utf-8", "replace")},
            readable=_jdk(java),
            limits=Limits(),
        )
        return None if finished.returncode == 0 else _refused(finished)

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        java = _java()
        if java is None:
            return Ran(refusal=Refusal(Stage.TOOLCHAIN, _INSTALL))
        if not calls:
            refusal = await self.refusal(program.text)
            return Ran(refusal=refusal)
        name, package = _read(program.text)
        owner = f"{package}{program.signature.owner.replace('.', '$')}"
        types = ",".join(_bare(each.written, is_rest=each.is_rest) for each in program.signature.parameters)
        finished = await compiled.run_script(
            _BUILD,
            (str(java), name, owner, program.signature.name, types, str(len(calls))),
            {name: program.text.encode("utf-8", "replace"), **compiled.inside(inside, ".java")},
            readable=_jdk(java),
            stdin=compiled.told(calls),
            limits=Limits(
                wall_s=2 * _COMPILE_S + min(len(calls), 30) * _CALL_S,
                cpu_s=_COMPILE_S + min(len(calls), 30) * _CALL_S,
            ),
        )
        lines = finished.stdout.decode("utf-8", "replace").splitlines()
        if not lines or lines[0] != compiled.COMPILE_ENDED:
            return Ran(refusal=_refused(finished))
        why = "too many calls before it ended the process, or took too long"
        return compiled.ran(_with_ends(lines[1:]), len(calls), why)


def _java() -> Path | None:
    """The ``java`` of a JDK, which has a compiler beside it."""
    found = on_path("javac")
    java = found.resolve().with_name("java") if found else None
    return java if java and is_file(java) else None


def _jdk(java: Path) -> tuple[Path, ...]:
    return (*needs(java, workspace=Path("/nonexistent")), *sorted(Path("/etc").glob("java-*-openjdk")))


def _read(text: str) -> tuple[str, str]:
    """The name that a file must have, and the package in front of the names of its classes."""
    language = language_named("java")
    name, package = "Program.java", ""
    for node in parse(language, encode(text)).root.named_children if language else ():
        if node.type == "package_declaration" and node.named_children:
            package = f"{text_of(node.named_children[-1])}."
        elif node.type in _TYPES and any(
            child.type == "modifiers" and "public" in text_of(child).split() for child in node.children
        ):
            name = f"{text_of(node.child_by_field_name('name'))}.java"
    return name, package


def _bare(written: str, *, is_rest: bool) -> str:
    """A parameter's type as reflection names it: without arguments and packages."""
    depth, kept = 0, ""
    for each in written.replace("...", "[]"):
        depth += (each == "<") - (each == ">")
        kept += each if depth == 0 and each not in "> " else ""
    simple = kept.rpartition(".")[2]
    return f"{simple}[]" if is_rest and not simple.endswith("[]") else simple


def _refused(finished: Finished) -> Refusal:
    if finished.ended is not Ended.BY_ITSELF:
        took = finished.ended.value.replace("_", " ")
        return Refusal(Stage.COMPILE, f"the compiler was ended: it took too much {took}")
    said = finished.stderr.decode("utf-8", "replace")
    error = _ERROR.search(said)
    if error is None:
        return Refusal(Stage.COMPILE, compiled.one_line(said.splitlines()[:1]) or "no message")
    parts = [error["text"]]
    if error["text"] == "cannot find symbol" and (symbol := _SYMBOL.search(said, error.end())):
        parts = [f"{error['text']}: {symbol[1]}"]
    return Refusal(Stage.COMPILE, compiled.one_line(parts), int(error["line"]))


def _with_ends(lines: Sequence[str]) -> list[str]:
    """The lines without what is between them: of a call that started and told nothing, how that ended."""
    found: list[str] = []
    is_open = False
    for line in lines:
        if line == _START:
            is_open = True
        elif line.startswith(_EXIT):
            if is_open:
                message = f"it ended the process with the status {line.removeprefix(_EXIT)}"
                found.append(json.dumps({"how": "crashed", "error": "exit", "message": message}))
            is_open = False
        else:
            found.append(line)
            is_open = False
    return found
