"""What names of a file can stand in another one, and the import statements that this takes."""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from codenook.server.unit_tests.kits.python.names import File
from codenook.server.unit_tests.kits.python.subject import definitions


@lru_cache(maxsize=64)
def imported(tree: ast.Module, package: str = "") -> Mapping[str, str]:
    """The import statement for each name that a file imports; ``package`` is what dots begin from."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                renamed = f" as {each.asname}" if each.asname else ""
                found[each.asname or each.name.partition(".")[0]] = f"import {each.name}{renamed}"
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package)
            for each in node.names if module else ():
                renamed = f" as {each.asname}" if each.asname else ""
                found[each.asname or each.name] = f"from {module} import {each.name}{renamed}"
    found.pop("*", None)
    return found


@lru_cache(maxsize=16)
def _offered(tree: ast.Module, module: str, package: str) -> Mapping[str, str]:
    return {
        **imported(tree, package),
        **{name: f"from {module} import {name}" for name in _defined(tree)},
    }


def offered(file: File) -> Mapping[str, str]:
    """The statement for each name that can be imported, or imported likewise, from a module."""
    return _offered(file.tree, file.module, package_of(file))


def package_of(file: File) -> str:
    """The package that a module is in, itself when it is one."""
    is_package = PurePosixPath(file.path).stem == "__init__"
    return file.module if is_package else file.module.rpartition(".")[0]


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    kept = parts[: len(parts) - (node.level - 1)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in definitions(tree):
        yield node.name
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id
