"""Which linters a project uses, in which of its folders, and where they are installed."""

import re
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from attrs import frozen

from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources.linters.linter import Home, Linter
from codenook.server.review.sources.linters.sides import Side
from codenook.server.review.sources.linters.table import TABLE
from codenook.server.sandbox.programs import on_path
from codenook.server.sandbox.reading import is_file
from codenook.server.sandbox.venv import upwards, venv, venv_python


@frozen
class Use:
    """A linter for some files of a change; ``program`` is None where it isn't installed.

    ``configuration`` has the texts of the files by which the project says that it uses it, by their names;
    ``python`` is the interpreter of the project's own environment.
    """

    linter: Linter
    folder: Path
    files: tuple[ChangedFile, ...]
    configuration: dict[str, str]
    program: Path | None
    python: Path | None


def uses(change: Change, side: Side, wanted: Sequence[str]) -> list[Use]:
    """The linters to ask about a change: those that are ``wanted``, or else those the project configures.

    Each file belongs to the folder nearest to it that has a configuration of the linter; of what is wanted
    and not configured, that is the root.
    """
    found: list[Use] = []
    for linter in (TABLE[name] for name in dict.fromkeys(wanted or TABLE)):
        configuration_in = cache(partial(_configuration, linter, side))
        by_folder: dict[Path, tuple[dict[str, str], list[ChangedFile]]] = {}
        for file in change.files:
            if file.new is None or not file.changed or not file.path.endswith(linter.suffixes):
                continue
            folders = upwards(side.root, (side.root / file.path).parent)
            folder = next(filter(configuration_in, folders), side.root)
            configuration = configuration_in(folder)
            if configuration or wanted:
                by_folder.setdefault(folder, (configuration, []))[1].append(file)
        for folder, (configuration, files) in by_folder.items():
            program = _program(linter, change.root, folder)
            python = venv_python(change.root, folder)
            found.append(Use(linter, folder, tuple(files), configuration, program, python))
    return found


def _configuration(linter: Linter, side: Side, folder: Path) -> dict[str, str]:
    """The texts of the files in a folder that say that the linter is used, by their names."""
    found: dict[str, str] = {}
    for name, pattern in linter.configured_by.items():
        text = side.text(folder / name)
        if text is not None and re.search(f"^{pattern}" if pattern else "", text, re.MULTILINE):
            found[name] = text
    return found


def _program(linter: Linter, root: Path, folder: Path) -> Path | None:
    """The project's own copy of a linter, else the one on PATH."""
    own: list[Path] = []
    if Home.VENV in linter.homes and (own_venv := venv(root, folder)):
        own.append(own_venv / "bin" / linter.program)
    if Home.NODE_MODULES in linter.homes:
        own += [at / "node_modules" / ".bin" / linter.program for at in upwards(root, folder)]
    return next(filter(is_file, own), None) or on_path(linter.program)
