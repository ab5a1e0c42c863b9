"""Runs git so that nothing of the repository runs with it."""

import os
import shutil
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO, TYPE_CHECKING, cast

from attrs import frozen

if TYPE_CHECKING:
    import subprocess

    from git import Git as GitPython

MAX_OUTPUT_BYTES = 64_000_000

_OPTIONS = {
    "core.alternateRefsCommand": "",
    "core.askPass": "",
    "core.attributesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.gitProxy": "",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.sshCommand": "false",
    "credential.helper": "",
    "diff.orderFile": os.devnull,
    "log.showSignature": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
}
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ASKPASS": "false",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_SSH_COMMAND": "false",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
NO_CONFIGURATION_OF_THE_USER = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
_OF_THE_USER = (
    "HOME",
    "XDG_CONFIG_HOME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "SUDO_UID",
)


class GitFailed(Exception):
    """git was not found, ended with an error, was not done in time, or wrote over ``MAX_OUTPUT_BYTES``."""


def tops_around(folder: Path) -> list[Path]:
    """What looks like the top of a repository, from ``folder`` (absolute) upwards."""
    return [place for place in (folder, *folder.parents) if (place / ".git").exists()]


def find_git(folder: Path) -> str:
    """The absolute path of git, found on ``PATH``; raises GitFailed without one.

    Entries of ``PATH`` that are relative do not count, nor what lies in ``folder`` or in a repository around
    it, also by way of a symbolic link.
    """
    folder = folder.resolve()
    theirs = [folder, *tops_around(folder)]
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = shutil.which("git", path=entry) if Path(entry).is_absolute() else None
        if found and not any(
            Path(path).resolve().is_relative_to(place) for path in (entry, found) for place in theirs
        ):
            return found
    raise GitFailed("git was not found on PATH, outside of the workspace")


def configuration_of_the_user() -> dict[str, str]:
    """The environment in which git finds what the user and the system configured, as ``safe.directory``."""
    return {name: os.environ[name] for name in _OF_THE_USER if name in os.environ}


@frozen
class Git:
    """git at an absolute path, run in ``folder`` with ``environment`` and nothing else of our environment."""

    executable: str
    folder: Path
    environment: Mapping[str, str]

    def run(
        self,
        *arguments: str,
        until: float,
        stdin: bytes = b"",
        is_part_enough: bool = False,
        statuses: tuple[int, ...] = (0,),
    ) -> bytes:
        """What git writes to stdout.

        Args:
            arguments: the subcommand and what follows.
            until: when it is killed, as `time.monotonic` counts (seconds).
            stdin: what it reads.
            is_part_enough: take what it wrote until it had to be killed.
            statuses: the exit statuses that are no error.

        Raises:
            GitFailed: it could not be started, or was killed, or ended with another status.
        """
        with TemporaryFile() as source:
            source.write(stdin)
            source.seek(0)
            try:
                running = _gitpython(self.executable)(self.folder).execute(
                    self._command(arguments), istream=source, as_process=True, start_new_session=True
                )
            except OSError as error:
                raise GitFailed(f"git {arguments[0]} could not be started: {error.strerror}") from None
            output, status = _read(cast("subprocess.Popen[bytes]", running.proc), until)
        if status is None and not is_part_enough:
            raise GitFailed(f"git {arguments[0]} took too long or wrote too much")
        if status not in {None, *statuses}:
            raise GitFailed(f"git {arguments[0]} ended with status {status}")
        return output

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        # GitPython only adds to our environment; a GIT_DIR in that, of a hook that opened an editor, must go
        environment = _ENVIRONMENT | {"PATH": str(Path(self.executable).parent)} | dict(self.environment)
        options = [word for option in _OPTIONS.items() for word in ("-c", "=".join(option))]
        return [
            "/usr/bin/env",
            "-i",
            *(f"{name}={value}" for name, value in environment.items()),
            self.executable,
            "--no-pager",
            *options,
            *arguments,
        ]


@cache
def _gitpython(executable: str) -> "type[GitPython]":
    """GitPython, imported late: that takes 0.1 s and runs git, the first on PATH unless it is told which."""
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = executable
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"
    from git import Git as GitPython  # noqa: PLC0415

    return GitPython


def _read(process: "subprocess.Popen[bytes]", until: float) -> tuple[bytes, int | None]:
    """Stdout and the exit status: None when the process was killed, with all that it started."""
    is_killed = Event()

    def kill() -> None:
        is_killed.set()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    watchdog = Timer(max(0.0, until - time.monotonic()), kill)
    watchdog.start()
    try:
        with process:
            output = cast("IO[bytes]", process.stdout).read(MAX_OUTPUT_BYTES + 1)
            if len(output) > MAX_OUTPUT_BYTES:
                kill()
    finally:
        watchdog.cancel()
    return output[:MAX_OUTPUT_BYTES], None if is_killed.is_set() else process.returncode
