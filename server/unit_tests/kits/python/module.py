"""By what name tests import the file of a target, and from which folder."""

from pathlib import Path, PurePosixPath

from attrs import frozen

from codenook.server.unit_tests.target import Target

_INIT = "__init__"
_SOURCES = "src"


@frozen
class Module:
    """A module: its dotted name, and the folder (from the root, posix) that has to be searched for it."""

    name: str
    folder: str


def module_at(root: Path, path: str) -> Module:
    """How the file ``path`` is imported: from the first folder above it that is no package."""
    file = PurePosixPath(path)
    folder = file.parent
    while folder.parts and (root / folder / f"{_INIT}.py").is_file():
        folder = folder.parent
    parts = file.relative_to(folder).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == _INIT else parts)
    return Module(name, "" if folder == PurePosixPath() else folder.as_posix())


def searched(root: Path, start: Path, module: Module) -> list[str]:
    """What comes first in ``sys.path``: where the target is, tests start, and sources usually are."""
    folders = [root / module.folder, start, root, root / _SOURCES]
    return [str(folder) for folder in dict.fromkeys(folders)]


def import_of(target: Target) -> str:
    """The statement with which a test file imports the target."""
    return f"from {module_at(target.root, target.path).name} import {target.symbol.partition('.')[0]}"
