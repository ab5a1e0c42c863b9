"""Runs a linter in the sandbox, on one side of a change."""

import asyncio
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.review.sources import Unready
from codenook.server.review.sources.linters.find import Use
from codenook.server.review.sources.linters.linter import Asked, Said
from codenook.server.review.sources.linters.sides import Side
from codenook.server.sandbox.command import Command, Ended, Limits, NoSandbox, Outcome, SandboxFailed
from codenook.server.sandbox.programs import needs, search_path
from codenook.server.sandbox.run import run

_MIB = 1 << 20
LIMITS = Limits(wall_s=180, cpu_s=360, memory_bytes=4096 * _MIB, n_processes=512, scratch_bytes=1024 * _MIB)
"""What a linter may take: a type checker reads a project and what it is built on, without a cache."""

MAX_MESSAGE_CHARS = 400

_COPY_AND_RUN = 'cp -R -- "$0" /tmp 2> /dev/null; exec "$@"'
_ERROR = re.compile(r"\b\w*[Ee]rror\b: ")


class Broken(Exception):
    """A linter didn't say what it found; ``why`` says so in one line."""

    def __init__(self, why: Unready) -> None:
        super().__init__(why.message)
        self.why = why


@frozen
class Asker:
    """A linter that is installed, and the workspace around it."""

    use: Use
    program: Path

    async def said(self, side: Side, files: Sequence[str]) -> list[Said]:
        """What it says of ``files`` (relative to the root) as they are on a side; raises Broken."""
        arguments = self._arguments(side, files)
        if cache := await asyncio.to_thread(self._cache):
            outcome = await self._run(side, arguments, cache)
            try:
                return await asyncio.to_thread(self._read, outcome)
            except Broken:  # the cache may have been copied while somebody else wrote to it
                if outcome.ended is not Ended.BY_ITSELF:
                    raise
        return await asyncio.to_thread(self._read, await self._run(side, arguments))

    def _read(self, outcome: Outcome) -> list[Said]:
        linter, code = self.use.linter, outcome.returncode
        if outcome.ended is not Ended.BY_ITSELF:
            raise self._broken(f"was ended: it took too much {outcome.ended.value.replace('_', ' ')}")
        if code not in linter.done_codes | linter.stopped_codes:
            raise self._broken(f"ended with {code}", _first_line(outcome))
        try:
            said = list(linter.read(_text(outcome.stdout), _text(outcome.stderr)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self._broken("wrote what can't be read", _first_line(outcome)) from None
        if code in linter.stopped_codes and not said:
            raise self._broken(f"ended with {code}", _first_line(outcome))
        return said

    async def version(self, side: Side) -> str:
        """The version, empty when it says none."""
        try:
            outcome = await self._run(side, self.use.linter.version)
        except Broken:
            return ""
        found = re.search(r"\d+(?:\.\d+)+\S*", _text(outcome.stdout))
        return found[0] if found else ""

    def command(self, side: Side, files: Sequence[str]) -> str:
        """The command as a person would type it in the linter's folder; of several files, how many."""
        arguments = self._arguments(side, files)
        paths = {str(side.root / name) for name in files} if len(files) > 1 else set()
        shown = [self._shown(each) for each in arguments if each not in paths]
        of_files = f" ({len(files)} files)" if len(shown) < len(arguments) else ""
        return shlex.join([self.program.name, *shown]) + of_files

    def _shown(self, argument: str) -> str:
        path = Path(argument)
        is_here = path.is_absolute() and path.is_relative_to(self.use.folder)
        return str(path.relative_to(self.use.folder)) if is_here else argument

    def _arguments(self, side: Side, files: Sequence[str]) -> list[str]:
        paths = tuple(side.root / name for name in files)
        asked = Asked(self.use.folder, paths, self.use.configuration, self.use.python)
        return list(self.use.linter.arguments(asked))

    def _cache(self) -> Path | None:
        """The folder with notes of earlier runs, where a copy of it has room."""
        folder = self.use.folder / self.use.linter.cache
        if not self.use.linter.cache or not folder.is_dir() or folder.is_symlink():
            return None
        try:
            sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        except OSError:  # the linter runs elsewhere, too, and writes to it
            return None
        has_room = sum(sizes) <= LIMITS.scratch_bytes // 2 and max(sizes, default=0) <= LIMITS.file_bytes
        return folder if has_room else None

    async def _run(self, side: Side, arguments: Sequence[str], cache: Path | None = None) -> Outcome:
        python = [self.use.python] if self.use.python else []
        around = self.use.linter.surroundings()
        readable = needs(self.program, *python, workspace=side.root)
        outside = {path for path in (*readable, *around.readable) if not path.is_relative_to(side.root)}
        environment = {
            "PATH": search_path(readable),
            "NO_COLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            **around.environment,
        }
        copying = ("/bin/sh", "-c", _COPY_AND_RUN, str(cache)) if cache else ()
        command = Command(
            (*copying, str(self.program), *arguments),
            side.root,
            tuple(path for path in sorted(outside) if path.exists()),
            side.files,
            environment,
            start=self.use.folder,
        )
        try:
            return await run(command, LIMITS)
        except NoSandbox as error:
            raise Broken(Unready(Reason.NO_SANDBOX.value, str(error))) from None
        except SandboxFailed as error:
            raise self._broken("could not be run", str(error)) from None

    def _broken(self, what: str, said: str = "") -> Broken:
        message = f"{self.use.linter.name} {what}" + (f": {said}" if said else "")
        return Broken(Unready(Reason.LINTER_FAILED.value, message[:MAX_MESSAGE_CHARS]))


def _first_line(outcome: Outcome) -> str:
    """What it said first of an error, or at all: on stderr, where errors belong, else on stdout."""
    for content in (outcome.stderr, outcome.stdout):
        lines = [line.strip() for line in _text(content).splitlines() if line.strip()]
        if lines:
            return next((line for line in lines if _ERROR.search(line)), lines[0])
    return ""


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
