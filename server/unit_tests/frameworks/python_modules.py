"""By which name a file of a project is imported, from where, and which packages export what is in it."""

import ast
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.files import joined
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.frameworks.python_settings import Settings
from codenook.server.unit_tests.frameworks.python_texts import TestFiles

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

    @property
    def with_packages(self) -> Iterator[str]:
        """Its name, and those of the packages around it, the nearest first."""
        name = self.name
        while name:
            yield name
            name = name.rpartition(".")[0]


def module_of(tests: TestFiles, settings: Settings, path: str) -> Module:
    """The module that a file is; raises NoProject where no name can be imported."""
    parts = path.removesuffix(".py").split("/")
    if parts[-1] in _NEVER:
        raise NoProject(Reason.NOT_TESTABLE, f"no test can import {path}: it {_NEVER[parts[-1]]}")
    top = len(parts) - 1
    while top and tests.files.has("/".join([*parts[:top], "__init__.py"])):
        top -= 1
    root = _root(tests, settings, "/".join(parts[:top]), parts)
    names = parts[root.count("/") + 1 :] if root else parts
    if names[-1] == "__init__":
        names = names[:-1]
    if not names or not all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        raise NoProject(Reason.NOT_TESTABLE, f"no test can import {path}: its path is no name of a module")
    return Module(".".join(names), root)


def _root(tests: TestFiles, settings: Settings, top: str, parts: Sequence[str]) -> str:
    """The folder from which a file below ``top``, the folder around its outermost package, is imported.

    Folders without ``__init__.py`` may be packages as well: where a root of sources is around them, or tests
    import them by that name.
    """
    configured = settings.pytest
    stated = (
        [joined(configured.folder, each.strip("./")) for each in configured.pythonpath] if configured else []
    )
    roots = [*(each.rstrip("/") for each in stated), *settings.package_roots]
    if top in {*roots, settings.folder}:
        return top
    for root in roots:
        if root and top.startswith(f"{root}/"):
            return root
    below = settings.folder.count("/") + 1 if settings.folder else 0
    names = parts[below : -1 if parts[-1] == "__init__" else None]
    word = names[-1] if names else ""
    if word and any(".".join(names) in tests.imported(test) for test in tests.naming(word)):
        return settings.folder
    return top


def exporting(module: Module, name: str, tests: TestFiles, near: Iterable[str]) -> tuple[str, ...]:
    """The names of modules from which a test can import ``name``: the one that tests use most first.

    These are its own, and those of packages around it that import it, or from which tests do.
    """
    used: Counter[str] = Counter()
    for test in dict.fromkeys([*tests.naming(name), *near]):
        text = tests.files.text(test) or ""
        for each in module.with_packages:
            used[each] += f"{each}.{name}" in tests.imported(test)
            used[each] += len(re.findall(rf"(?<![\w.]){re.escape(each)}\.{re.escape(name)}\b", text))
    found = [
        each
        for each in module.with_packages
        if each == module.name or used[each] or _exports(tests, module, each, name)
    ]
    return tuple(sorted(found, key=lambda each: (-used[each], -len(each))))


def _exports(tests: TestFiles, module: Module, package: str, name: str) -> bool:
    """Whether a package around the module imports a name of it, as far as its own text tells."""
    path = joined(module.root, package.replace(".", "/") + "/__init__.py")
    for node in ast.walk(tests.tree(path) or ast.Module([], [])):
        if isinstance(node, ast.ImportFrom):
            origin = _origin(node, package)
            is_ours = origin.partition(".")[0] == package.partition(".")[0]
            for alias in node.names:
                if (alias.asname or alias.name) == name and is_ours:
                    return True
                if (
                    alias.name == "*"
                    and origin == module.name
                    and _is_offered(tests.tree(tests.target), name)
                ):
                    return True
    return False


def _origin(node: ast.ImportFrom, package: str) -> str:
    """The full name of the module that a package's ``__init__.py`` imports from."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _is_offered(tree: ast.Module | None, name: str) -> bool:
    """Whether a star imports a name: one of ``__all__``, or where that is missing, one without underscore."""
    listed = [
        node
        for node in (tree.body if tree else ())
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr) and _is_of_all(node)
    ]
    if not listed:
        return not name.startswith("_")
    return any(
        isinstance(each, ast.Constant) and each.value == name for node in listed for each in ast.walk(node)
    )


def _is_of_all(node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr) -> bool:
    """Whether a statement makes ``__all__`` or adds to it."""
    if isinstance(node, ast.Expr):  # __all__.append("name")
        call = node.value
        method = call.func if isinstance(call, ast.Call) else None
        targets = [method.value] if isinstance(method, ast.Attribute) else []
    else:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(each, ast.Name) and each.id == "__all__" for each in targets)
