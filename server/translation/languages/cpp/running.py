"""Compiles and runs C++ (GNU), with checks for undefined behaviour."""

from collections.abc import Sequence

from codenook.server.sandbox.command import Ended, Limits
from codenook.server.sandbox.command import Outcome as Finished
from codenook.server.translation.languages import compiled
from codenook.server.translation.languages.cpp import compiling, inside
from codenook.server.translation.languages.cpp.calling import NotCalled, calling
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.outcome import Call

OPTIONS = ("-std=c++17", "-w", "-pipe")
"""How all is compiled."""

_UNDEFINED = (
    *("signed-integer-overflow", "shift", "integer-divide-by-zero", "bounds", "return", "unreachable"),
    *("float-cast-overflow", "vla-bound"),
)
CHECKS = (
    *("-O1", "-D_GLIBCXX_ASSERTIONS", "-ftrivial-auto-var-init=pattern", "-fno-sanitize-recover=all"),
    f"-fsanitize={','.join(_UNDEFINED)}",
)
"""What has undefined behaviour end a call instead of giving a value by chance.

What watches addresses (ASan) reserves more memory than a sandbox lets a process have; the other checks of
``-fsanitize=undefined`` find what ends the process anyway, and double the time of the compiler.
"""

RUN = "exec 9>&1 1>/dev/null 2>/dev/null; exec /tmp/program"
"""The results go where the program's own printing doesn't."""

_BUILD = f"""
export LC_ALL=C; compiler=$1; shift
"$compiler" "$@" -o /tmp/program || exit 1
echo {compiled.COMPILE_ENDED}
{RUN}
"""
NAME = "program.cpp"
_INSTALL = "there is no g++ on PATH: install it (apt install g++, dnf install gcc-c++, pacman -S gcc)"
_COMPILE_S, _CALL_S = 60, 2.5


class CppRunning:
    """See `Running`."""

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        return compiling.described(compiling.compiler("g++"))

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        program = compiling.compiler("g++")
        if program is None:
            return Refusal(Stage.TOOLCHAIN, _INSTALL)
        return await compiling.checked(program, OPTIONS, NAME, text)

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        found = compiling.compiler("g++")
        if found is None:
            return Ran(refusal=Refusal(Stage.TOOLCHAIN, _INSTALL))
        try:
            after = calling(program, len(calls[0].made_with) if calls else 0)
        except NotCalled as error:
            refusal = await self.refusal(program.text)
            return Ran(refusal=refusal or Refusal(Stage.COMPILE, str(error)))
        options = (*OPTIONS, *CHECKS, *([] if program.signature.is_public else ["-fno-access-control"]))
        finished = await compiled.run_script(
            _BUILD,
            (str(found), *options, "-I.", "-Dmain=codenook_main", NAME),
            {
                NAME: f"{program.text}\n{after}".encode("utf-8", "replace"),
                **compiled.inside(inside, ".hpp"),
            },
            readable=compiling.readable(found),
            stdin=compiled.told(calls),
            limits=limits(len(calls)),
        )
        return read(finished, program.text, NAME, len(calls))


def read(finished: Finished, text: str, name: str, n_calls: int) -> Ran:
    """What came of a program whose file is called ``name``."""
    lines = finished.stdout.decode("utf-8", "replace").splitlines()
    if not lines or lines[0] != compiled.COMPILE_ENDED:
        return Ran(refusal=_of_the_text(compiling.refused(finished, name), text))
    return compiled.ran(lines[1:], n_calls, _why(finished.ended))


def limits(n_calls: int) -> Limits:
    """What a program may take to be compiled and called so often."""
    seconds = _COMPILE_S + min(n_calls, 40) * _CALL_S
    return Limits(wall_s=seconds * 2, cpu_s=int(seconds))


def _why(how: Ended) -> str:
    """Why a call wasn't reached."""
    if how is Ended.BY_ITSELF:
        return "the program ended before it"
    return f"the run was ended: it took too much {how.value.replace('_', ' ')}"


def _of_the_text(refusal: Refusal, text: str) -> Refusal:
    """A refusal without a line that isn't in the program's own text."""
    is_own = refusal.line <= text.count("\n") + 1
    return refusal if is_own else Refusal(refusal.stage, refusal.message)
