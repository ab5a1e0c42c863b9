"""Compiles and runs C (GNU), called by a program of C++."""

from collections.abc import Sequence

from codenook.server.translation.languages import compiled
from codenook.server.translation.languages.c.calling import calling
from codenook.server.translation.languages.cpp import compiling, inside
from codenook.server.translation.languages.cpp import running as cpp
from codenook.server.translation.languages.cpp.calling import NotCalled
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.outcome import Call

NAME, _CALLER = "program.c", "caller.cpp"
_OPTIONS = ("-std=gnu17", "-w", "-pipe")
_BUILD = f"""
export LC_ALL=C; gcc=$1; gxx=$2; shift 2
"$gcc" "$@" {" ".join(_OPTIONS)} -Dmain=codenook_main -c {NAME} -o /tmp/program.o || exit 1
"$gxx" {" ".join(cpp.OPTIONS)} -I. {_CALLER} /tmp/program.o -lubsan -o /tmp/program || exit 1
echo {compiled.COMPILE_ENDED}
{cpp.RUN}
"""
_INSTALL = "there is no gcc on PATH: install it (apt install gcc, dnf install gcc, pacman -S gcc)"
_INSTALL_CPP = "there is no g++ on PATH, which calls C: install it (apt install g++, dnf install gcc-c++)"


class CRunning:
    """See `Running`."""

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        return compiling.described(compiling.compiler("gcc"))

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        program = compiling.compiler("gcc")
        if program is None:
            return Refusal(Stage.TOOLCHAIN, _INSTALL)
        return await compiling.checked(program, _OPTIONS, NAME, text)

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        gcc, gxx = compiling.compiler("gcc"), compiling.compiler("g++")
        if gcc is None or gxx is None:
            return Ran(refusal=Refusal(Stage.TOOLCHAIN, _INSTALL_CPP if gcc else _INSTALL))
        try:
            behind, caller = calling(program)
        except NotCalled as error:
            refusal = await self.refusal(program.text)
            return Ran(refusal=refusal or Refusal(Stage.COMPILE, str(error)))
        finished = await compiled.run_script(
            _BUILD,
            (str(gcc), str(gxx), *cpp.CHECKS),
            {
                NAME: f"{program.text}\n{behind}".encode("utf-8", "replace"),
                _CALLER: caller.encode(),
                **compiled.inside(inside, ".hpp"),
            },
            readable=(*compiling.readable(gcc), *compiling.readable(gxx)),
            stdin=compiled.told(calls),
            limits=cpp.limits(len(calls)),
        )
        return cpp.read(finished, program.text, NAME, len(calls))
