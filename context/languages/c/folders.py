"""The folders of a workspace that headers are included from: by their names, by compile_commands.json."""

# Looked up on disk for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH118

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from functools import lru_cache

_NAMES = {"include", "inc", "src", "lib", "vendor", "third_party", "external", "deps"}
_MAX_DEPTH = 3
_MAX_FOLDERS = 4_000
_MAX_BYTES = 50_000_000
_COMMANDS = ("compile_commands.json", os.path.join("build", "compile_commands.json"))
_FLAGS = ("-I", "-iquote", "-isystem")


def include_folders(root: str) -> Sequence[str]:
    """Folders below ``root`` that headers are included from, relative to it; those of flags first."""
    stamps = tuple(_stamp(os.path.join(root, name)) for name in ("", *_COMMANDS))
    return _include_folders(root, stamps)


def _stamp(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return 0


@lru_cache(maxsize=16)
def _include_folders(root: str, stamps: tuple[int, ...]) -> tuple[str, ...]:
    del stamps
    return tuple(dict.fromkeys([*_by_flags(root), *_by_name(root)]))


def _by_name(root: str) -> Iterator[str]:
    n_left = _MAX_FOLDERS
    for folder, folders, _ in os.walk(root):
        below = os.path.relpath(folder, root)
        depth = 0 if below == os.curdir else below.count(os.sep) + 1
        folders[:] = (
            sorted(name for name in folders if not name.startswith(".")) if depth < _MAX_DEPTH else []
        )
        if os.path.basename(folder) in _NAMES and below != os.curdir:  # noqa: PTH119 - as above
            yield below
        n_left -= 1
        if not n_left:
            return


def _by_flags(root: str) -> Iterator[str]:
    for name in _COMMANDS:
        for command in _commands(os.path.join(root, name)):
            arguments = command.get("arguments")
            if not isinstance(arguments, list):
                arguments = _split(str(command.get("command", "")))
            for folder in _flagged([str(argument) for argument in arguments]):
                absolute = os.path.normpath(os.path.join(root, str(command.get("directory", "")), folder))
                if absolute.startswith(root + os.sep):
                    yield os.path.relpath(absolute, root)


def _commands(path: str) -> Iterator[dict[str, object]]:
    try:
        if os.stat(path).st_size > _MAX_BYTES:  # noqa: PTH116 - as above
            return
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            commands = json.loads(file.read(_MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return
    for command in commands if isinstance(commands, list) else ():
        if isinstance(command, dict):
            yield command


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _flagged(arguments: Sequence[str]) -> Iterator[str]:
    for number, argument in enumerate(arguments):
        for flag in _FLAGS:
            if argument == flag:
                yield from arguments[number + 1 : number + 2]
            elif argument.startswith(flag):
                yield argument.removeprefix(flag)
