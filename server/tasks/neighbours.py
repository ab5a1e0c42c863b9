"""The style of a project: how the files beside a document are documented."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from codenook.context.files.skip import Skipped
from codenook.context.files.walk import is_indexed, read
from codenook.context.parse import Language, parse
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.subject import Subject

N_NEIGHBOURS = 8
"""How many files are read for their style, at most."""


def neighbours(language: Language, path: Path, workspace: Path | None) -> list[list[Subject]]:
    """The definitions of the first files beside ``path`` that may be read, in the same language."""
    if workspace is None or not path.is_relative_to(workspace):
        return []
    found = []
    for name in _beside(language, path):
        relative = path.with_name(name).relative_to(workspace).as_posix()
        if not is_indexed(workspace, relative, language.extensions):
            continue
        source = read(workspace, relative)
        if not isinstance(source, Skipped):
            found.append(subjects(parse(language, source)))
        if len(found) == N_NEIGHBOURS:
            break
    return found


def _beside(language: Language, path: Path) -> Iterator[str]:
    names: list[str] = []
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        names = [entry.name for entry in entries if Path(entry.name).suffix.lower() in language.extensions]
    yield from (name for name in sorted(names) if name != path.name)
