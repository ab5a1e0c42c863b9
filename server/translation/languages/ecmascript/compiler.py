"""The TypeScript compiler of the machine, which runs in the sandbox as well."""

import os
import re
import tempfile
from pathlib import Path

from attrs import frozen

from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Command, Ended, Limits
from codenook.server.sandbox.programs import needs, on_path, search_path
from codenook.server.translation.languages.language import Refusal, Stage

_LIMITS = Limits(wall_s=60, cpu_s=60)
_OPTIONS = (
    *("--noEmit", "--pretty", "false", "--target", "es2022", "--module", "esnext"),
    *("--moduleResolution", "bundler", "--lib", "es2022,dom", "--skipLibCheck"),
)
_SAID = re.compile(r"program\.ts\((\d+),\d+\): error (TS\d+: .*)")
_OF_NODE = re.compile(r"TS(?:2307|2580|2591|7016|1378|1375):")
"""What it says where it has no types of Node's, or of packages that the program doesn't need to compile."""

_MOST_CHARS = 300


@frozen
class Compiler:
    """``tsc``, and its package."""

    program: Path
    folder: Path

    @property
    def library(self) -> Path:
        """What is imported to compile without checking."""
        return self.folder / "lib" / "typescript.js"

    async def refusal(self, node: Path, text: str) -> Refusal | None:
        """The first error of types or of syntax; raises NoSandbox, SandboxFailed."""
        readable = needs(node)
        arguments = (str(node), str(self.folder / "lib" / "tsc.js"), *_OPTIONS, "program.ts")
        with tempfile.TemporaryDirectory(prefix="codenook-") as folder:
            command = Command(
                arguments,
                Path(folder),
                (*readable, self.folder),
                {"program.ts": text.encode("utf-8", "replace")},
                {"PATH": search_path(readable)},
            )
            said = await sandbox.run(command, _LIMITS)
        if said.ended is not Ended.BY_ITSELF:
            return Refusal(Stage.COMPILE, "the compiler takes too much time or memory")
        lines = said.stdout.decode("utf-8", "replace").splitlines()
        errors = [error for line in lines if (error := _SAID.match(line))]
        for error in errors:
            if not _OF_NODE.match(error[2]):
                return Refusal(Stage.COMPILE, error[2][:_MOST_CHARS], int(error[1]))
        if said.returncode and not errors:  # it is too old for these options, or broken
            why = lines[0] if lines else "it doesn't run"
            return Refusal(Stage.TOOLCHAIN, f"the TypeScript compiler: {why}"[:_MOST_CHARS])
        return None


def compiler() -> Compiler | None:
    """The compiler on PATH, with its package around it."""
    program = on_path("tsc")
    if program is None:
        return None
    folder = Path(os.path.realpath(program)).parent.parent
    found = Compiler(program, folder)
    return found if found.library.is_file() else None
