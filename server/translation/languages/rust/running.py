"""Compiles and runs Rust, with rustc alone."""

from collections.abc import Sequence

from codenook.server.sandbox.command import Ended, Limits
from codenook.server.sandbox.command import Outcome as Finished
from codenook.server.translation.languages import compiled
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.languages.rust import calling, compiling, inside
from codenook.server.translation.languages.versions import version
from codenook.server.translation.outcome import Call, How, Outcome

_CHECK = f"""
rustc=$1; shift
exec "$rustc" "$@" --crate-type lib --emit=metadata -o /tmp/checked {compiling.NAME}
"""
_BUILD = f"""
rustc=$1; shift
"$rustc" "$@" --crate-type lib --crate-name program -o /tmp/libprogram.rlib {compiling.NAME} || exit 1
"$rustc" "$@" --extern program=/tmp/libprogram.rlib -o /tmp/program main.rs || exit 1
echo {compiled.COMPILE_ENDED}
exec /tmp/program 2>/dev/null
"""
"""A library may have a ``main`` of its own, and any name that isn't ours."""

_MAIN = f"fn main() {{ program::{calling.MODULE}::main() }}\n"
_COMPILING = Limits(wall_s=90.0, cpu_s=60)
_RUNNING_S, _CALL_S = 120, 0.5
_MOST_CALLS = 200
"""Calls that add to the time that a run may take."""


class RustRunning:
    """See `Running`."""

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        found = compiling.compiler()
        said = version(found.program, "--version") if found else ""
        return " ".join(said.split()[:2])

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        found = compiling.compiler()
        if found is None:
            return Refusal(Stage.TOOLCHAIN, compiling.INSTALL)
        finished = await compiled.run_script(
            _CHECK,
            (str(found.program), *compiling.OPTIONS),
            {compiling.NAME: _bytes(text)},
            readable=found.readable,
            limits=_COMPILING,
        )
        return None if finished.returncode == 0 else compiling.refused(finished, _n_lines(text))

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        found = compiling.compiler()
        if found is None:
            return Ran(refusal=Refusal(Stage.TOOLCHAIN, compiling.INSTALL))
        finished = await compiled.run_script(
            _BUILD,
            (str(found.program), *compiling.OPTIONS),
            {
                compiling.NAME: _bytes(program.text + calling.appended()),
                f"{calling.MODULE}.rs": _bytes(calling.calling(program, calls)),
                "main.rs": _MAIN.encode(),
                **compiled.inside(inside, ".rs"),
            },
            readable=found.readable,
            stdin=compiled.told(calls),
            limits=_limits(len(calls)),
        )
        lines = finished.stdout.decode("utf-8", "replace").splitlines()
        if lines and lines[0] == compiled.COMPILE_ENDED:
            return compiled.ran(lines[1:], len(calls), _why(finished))
        return await self._refused(program, finished, len(calls))

    async def _refused(self, program: Program, finished: Finished, n_calls: int) -> Ran:
        """A program that doesn't compile, or one that does and isn't to be called with plain data."""
        refusal = compiling.refused(finished, _n_lines(program.text))
        if refusal.line or finished.ended is not Ended.BY_ITSELF:
            return Ran(refusal=refusal)
        own = await self.refusal(program.text)
        if own is not None:
            return Ran(refusal=own)
        why = f"it can't be called with plain data: {refusal.message}"
        return Ran((Outcome(How.NOT_RUN, why=why),) * n_calls)


def _limits(n_calls: int) -> Limits:
    seconds = _RUNNING_S + min(n_calls, _MOST_CALLS) * _CALL_S
    return Limits(wall_s=2 * seconds, cpu_s=int(seconds))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _n_lines(text: str) -> int:
    return text.count("\n") + 1


def _why(finished: Finished) -> str:
    if finished.ended is Ended.BY_ITSELF:
        return "the program ended before it"
    return f"the run was ended: it took too much {finished.ended.value.replace('_', ' ')}"
