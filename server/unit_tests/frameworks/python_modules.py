"""By which name a file of a project is imported, and from where."""

import ast
import keyword
from collections.abc import Iterable, Iterator

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.files import Files, joined
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.frameworks.python_settings import Settings

_NEVER = {
    "__main__": "runs a program when it is imported",
    "setup": "builds the package",
    "conftest": "is pytest's",
}


@frozen
class Module:
    """A module: its dotted name, and the folder (relative to the workspace) from which that leads to it."""

    name: str
    root: str


def module_of(files: Files, settings: Settings, path: str, tests: Iterable[str]) -> Module:
    """The module that a file is; ``tests`` are texts that may import it.

    Raises NoProject where no name can.
    """
    parts = path.removesuffix(".py").split("/")
    if parts[-1] in _NEVER:
        raise NoProject(Reason.NOT_TESTABLE, f"no test can import {path}: it {_NEVER[parts[-1]]}")
    top = len(parts) - 1
    while top and files.has("/".join([*parts[:top], "__init__.py"])):
        top -= 1
    root = _root(settings, "/".join(parts[:top]), parts, tests)
    names = parts[root.count("/") + 1 :] if root else parts
    if names[-1] == "__init__":
        names = names[:-1]
    if not names or not all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        raise NoProject(Reason.NOT_TESTABLE, f"no test can import {path}: its path is no name of a module")
    return Module(".".join(names), root)


def _root(settings: Settings, top: str, parts: list[str], tests: Iterable[str]) -> str:
    """The folder from which a file below ``top``, the folder around its outermost package, is imported.

    Folders without ``__init__.py`` may be packages as well: where a root of the project is around them and
    it is a root of sources, or tests import them by that name.
    """
    python_path = settings.pytest.pythonpath if settings.pytest else ()
    home = settings.pytest.folder if settings.pytest else ""
    stated = [joined(home, each.strip("./")) if each.strip("./") else home for each in python_path]
    if top in {*stated, *settings.package_roots, settings.folder}:
        return top
    for root in settings.package_roots:
        if top.startswith(f"{root}/"):
            return root
    below = settings.folder.count("/") + 1 if settings.folder else 0
    dotted = ".".join(parts[below : -1 if parts[-1] == "__init__" else None])
    if any(name == dotted for text in tests for name in imported_modules(text)):
        return settings.folder
    return top


def imported_modules(text: str) -> Iterator[str]:
    """The dotted names of the modules that a text imports, each name that may be a module among them."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
