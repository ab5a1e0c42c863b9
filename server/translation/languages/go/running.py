"""Compiles and runs Go, with its own tool."""

import re
from collections.abc import Sequence
from pathlib import Path

from codenook.server.sandbox import golang
from codenook.server.sandbox.command import Ended, Limits
from codenook.server.sandbox.command import Outcome as Finished
from codenook.server.sandbox.programs import needs, on_path
from codenook.server.sandbox.reading import is_folder
from codenook.server.translation.languages import compiled
from codenook.server.translation.languages.go import inside
from codenook.server.translation.languages.go.calling import calling, in_package
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.languages.versions import version
from codenook.server.translation.outcome import Call, How, Outcome

_NAME = "program/program.go"
_SETTINGS = "\n".join(f"export {name}='{value}'" for name, value in golang.environment().items())
_BUILD = f"""
{_SETTINGS}
if [ -d "$2" ]; then mkdir -p "$GOCACHE"; cp -rs "$2/." "$GOCACHE/" 2>/dev/null; fi
"$1" build -o /tmp/program "$3" || exit 1
echo {compiled.COMPILE_ENDED}
if [ "$3" = ./main ]; then exec /tmp/program 2>/dev/null; fi
"""
_MAIN = 'package main\n\nimport "codenook/program"\n\nfunc main() {\n\tprogram.CodenookMain()\n}\n'
_ERROR = re.compile(r"^(?P<file>[^:\s]+\.go):(?P<line>\d+):(?:\d+:)? (?P<text>.+)$", re.MULTILINE)
_VERSION = re.compile(r"go(\d+\.\d+)")
_INSTALL = "there is no go on PATH: https://go.dev/dl installs it"
_COMPILE_S, _CALL_S = 240, 0.5
_MOST_CALLS = 200
_MIB = 1 << 20


class GoRunning:
    """See `Running`."""

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        go = on_path("go")
        said = version(go, "version") if go else ""
        return " ".join(said.split()[1:3]).replace("version ", "")

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        go = on_path("go")
        if go is None:
            return Refusal(Stage.TOOLCHAIN, _INSTALL)
        finished = await self._built(go, text, {}, "./program", ())
        return None if finished.returncode == 0 else _refused(finished)[0]

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        go = on_path("go")
        if go is None:
            return Ran(refusal=Refusal(Stage.TOOLCHAIN, _INSTALL))
        files = {
            "main/main.go": _MAIN.encode(),
            "program/codenook_main.go": calling(program).encode("utf-8", "replace"),
            **{f"program/{name}": text for name, text in compiled.inside(inside, ".go").items()},
        }
        finished = await self._built(go, program.text, files, "./main", calls)
        lines = finished.stdout.decode("utf-8", "replace").splitlines()
        if lines and lines[0] == compiled.COMPILE_ENDED:
            return compiled.ran(lines[1:], len(calls), _why(finished))
        refusal, is_ours = _refused(finished)
        if is_ours:
            why = f"it can't be called with plain data: {refusal.message}"
            return Ran((Outcome(How.NOT_RUN, why=why),) * len(calls))
        return Ran(refusal=refusal)

    async def _built(
        self, go: Path, text: str, files: dict[str, bytes], package: str, calls: Sequence[Call]
    ) -> Finished:
        found = _VERSION.search(self.toolchain())
        cache = golang.build_cache()
        seconds = _COMPILE_S + min(len(calls), _MOST_CALLS) * _CALL_S
        own = needs(go, workspace=Path("/nonexistent"))
        return await compiled.run_script(
            _BUILD,
            (str(go), str(cache), package),
            {
                "go.mod": f"module codenook\n\ngo {found[1] if found else '1.18'}\n".encode(),
                _NAME: in_package(text).encode("utf-8", "replace"),
                **files,
            },
            readable=(*own, *([cache] if is_folder(cache) else [])),
            stdin=compiled.told(calls),
            limits=Limits(wall_s=2 * seconds, cpu_s=int(seconds), scratch_bytes=512 * _MIB),
        )


def _refused(finished: Finished) -> tuple[Refusal, bool]:
    """What a compiler that failed says, and whether that is of the files which call the program."""
    if finished.ended is not Ended.BY_ITSELF:
        return Refusal(Stage.COMPILE, f"the compiler was ended: {_why(finished)}"), False
    said = finished.stderr.decode("utf-8", "replace")
    errors = list(_ERROR.finditer(said))
    for error in errors:
        if error["file"].endswith(_NAME):
            return Refusal(Stage.COMPILE, compiled.one_line([error["text"]]), int(error["line"])), False
    if errors:
        return Refusal(Stage.COMPILE, compiled.one_line([errors[0]["text"]])), True
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith("#")]
    return Refusal(Stage.COMPILE, compiled.one_line((lines or ["no message"])[:1])), False


def _why(finished: Finished) -> str:
    if finished.ended is Ended.BY_ITSELF:
        return "the program ended before it"
    return f"the run was ended: it took too much {finished.ended.value.replace('_', ' ')}"
