"""How tests of a target are written and run: by its language, and by what its project has."""

import asyncio
from collections.abc import Callable, Mapping

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.files import Files
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.frameworks.python_project import python_project
from codenook.server.unit_tests.target import Target

PROJECTS: Mapping[str, Callable[[Target, Files], Project]] = {
    "python": python_project,
}
"""Who looks at a project, by the id of the language; each raises NoProject."""

SUFFIXES: Mapping[str, frozenset[str]] = {
    "python": frozenset({".py"}),
}
"""Which files are looked at for it."""


async def project_of(target: Target, opened: Mapping[str, str] | None = None) -> Project:
    """How tests of a target are written and run; ``opened`` are texts of open documents by path.

    Raises NoProject. Nothing is run to find out; what is on disk is read in a thread of its own.
    """
    project = PROJECTS.get(target.language)
    if project is None:
        raise NoProject(Reason.NOT_TESTABLE, f"codenook makes no unit tests in {target.language}")
    shown = {**(opened or {}), target.path: target.text}
    files = Files(target.root, shown, SUFFIXES[target.language])
    return await asyncio.to_thread(project, target, files)
