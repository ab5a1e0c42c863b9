"""What the job is put together from: for each language a kit, for each project a framework, and the rest."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks import go_project, junit_project, rust_project
from codenook.server.unit_tests.frameworks.ecmascript import find as ecmascript
from codenook.server.unit_tests.frameworks.files import Files
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.frameworks.python_project import python_project
from codenook.server.unit_tests.kits.claimed import ClaimedKit
from codenook.server.unit_tests.kits.ecmascript.kit import EcmaScriptKit
from codenook.server.unit_tests.kits.kit import Kit
from codenook.server.unit_tests.kits.python.kit import PythonKit
from codenook.server.unit_tests.kits.rust.kit import RustKit
from codenook.server.unit_tests.making.choose import maker_for
from codenook.server.unit_tests.making.maker import Maker
from codenook.server.unit_tests.mutants.diff import diff_of
from codenook.server.unit_tests.mutants.make import mutants_of
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.target import Target

_ECMASCRIPT = {"javascript", "javascriptreact", "typescript", "typescriptreact"}

MakerFor = Callable[..., Awaitable[Maker]]
"""`making.choose.maker_for`, or one like it."""


@frozen
class Parts:
    """The parts, each of which a test can have another of."""

    project_of: Callable[[Target, Mapping[str, str], str], Project]
    """The target's project, with texts of open files by their paths, and the name of a framework or none."""
    kit_of: Callable[[str], Kit]
    maker_for: MakerFor
    mutants_of: Callable[..., Sequence[Mutant]]
    diff_of: Callable[[Target, Mutant], str]


def _project_of(target: Target, opened: Mapping[str, str], framework: str) -> Project:
    shown = {**opened, target.path: target.text}
    language = "ecmascript" if target.language in _ECMASCRIPT else target.language
    if language == "python":
        project = python_project(target, Files(target.root, shown, frozenset({".py"})))
    elif language in _PROJECTS:
        project = _PROJECTS[language](target)
    else:
        raise NoProject(Reason.NOT_TESTABLE, f"codenook makes no unit tests in {target.language}")
    if framework not in {"", project.framework.name}:
        found = f"tests of {target.path} are run by {project.framework.name}, not by {framework}"
        raise NoProject(Reason.RUNNER_MISSING, found)
    return project


def _kit_of(language: str) -> Kit:
    if language in _ECMASCRIPT:
        return EcmaScriptKit()
    kits: Mapping[str, Callable[[], Kit]] = {"python": PythonKit, "rust": RustKit}
    return kits.get(language, ClaimedKit)()


_PROJECTS: Mapping[str, Callable[[Target], Project]] = {
    "ecmascript": ecmascript.project_of,
    "go": go_project.project_of,
    "java": junit_project.project_of,
    "rust": rust_project.project_of,
}

PARTS = Parts(_project_of, _kit_of, maker_for, mutants_of, diff_of)
"""Those that there are."""
