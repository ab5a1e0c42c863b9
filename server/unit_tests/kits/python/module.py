"""By what names the files of a project are imported, and from which folders."""

from pathlib import Path, PurePosixPath

from attrs import frozen

from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.frameworks.python_framework import PythonTests
from codenook.server.unit_tests.target import Target

_INIT = "__init__"
_SOURCES = "src"


@frozen
class Modules:
    """The names of modules in a workspace; ``own`` is the target's.

    ``around`` is a folder (relative to the root) from which files are named although the folders on the way
    have no ``__init__.py``, since the target is; None for no such folder.
    """

    root: Path
    own: str
    search: tuple[str, ...]
    around: str | None = None

    def name(self, path: str) -> str:
        """How the file ``path`` is imported."""
        if self.around is not None and path.startswith(f"{self.around}/" if self.around else ""):
            return _dotted(PurePosixPath(path).relative_to(self.around))
        return _by_packages(self.root, path)[0]

    def import_of(self, target: Target) -> str:
        """The statement with which a test file imports the target."""
        return f"from {self.own} import {target.symbol.partition('.')[0]}"


def modules_of(target: Target, project: Project | None = None) -> Modules:
    """The modules as the project's tests import them, as far as it is known."""
    name, folder = _by_packages(target.root, target.path)
    start = [project.start] if project else []
    folders = [target.root / folder, *start, target.root, target.root / _SOURCES]
    if project is None or not isinstance(project.framework, PythonTests):
        return Modules(target.root, name, _texts(folders))
    own, search = project.framework.module, [Path(each) for each in project.framework.running.search]
    around = None
    if own != name:
        n_more = own.count(".") + 1 - len(PurePosixPath(target.path).parts)
        is_init = PurePosixPath(target.path).stem == _INIT
        parts = PurePosixPath(target.path).parts[: max(0, -n_more - is_init)]
        around = "/".join(parts)
    return Modules(target.root, own, _texts([*search, *folders]), around)


def _texts(folders: list[Path]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, folders)))


def _by_packages(root: Path, path: str) -> tuple[str, str]:
    """The name of a module seen from the first folder above it that is no package, and that folder."""
    file = PurePosixPath(path)
    folder = file.parent
    while folder.parts and (root / folder / f"{_INIT}.py").is_file():
        folder = folder.parent
    return _dotted(file.relative_to(folder)), "" if folder == PurePosixPath() else folder.as_posix()


def _dotted(path: PurePosixPath) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == _INIT else parts)
