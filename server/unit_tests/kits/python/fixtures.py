"""The fixtures of pytest that a test file can ask for, as the statements that make them."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from attrs import frozen

from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.python.bindings import imported, package_of
from codenook.server.unit_tests.kits.python.module import Modules
from codenook.server.unit_tests.kits.python.names import File
from codenook.server.unit_tests.kits.python.standing import Needs, Scope, StandsNotAlone
from codenook.server.unit_tests.kits.python.subject import Function, decorators, definitions, parsed

_SHARED = "conftest.py"
_MOST_BYTES = 1 << 18


@frozen
class Made:
    """A fixture: the last name of its type (empty: unknown), and what makes it outside of pytest."""

    name: str
    type: str
    needs: Needs


def fixtures_of(project: Project, modules: Modules) -> dict[str, Made]:
    """Those of the project's test file that statements alone make, by name."""
    wanted = {fixture.name: fixture.type for fixture in project.file.fixtures}
    found: dict[str, Made] = {}
    for path, text in _texts(project) if wanted else ():
        tree = parsed(text)
        if tree is None:
            continue
        file = File(path, tree, modules.name(path))
        for name, needs, kind in _in_file(file, found):
            if name in wanted:
                found[name] = Made(name, wanted[name].rpartition(".")[2] or kind, needs)
    return found


def _texts(project: Project) -> Iterator[tuple[str, str]]:
    """The files whose fixtures a test file sees, those nearest to it last."""
    file = PurePosixPath(project.file.path)
    for folder in reversed(file.parents):
        path = project.root / folder / _SHARED
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST_BYTES:
            yield (folder / _SHARED).as_posix(), path.read_text(encoding="utf-8", errors="replace")
    if project.file.text is not None:
        yield project.file.path, project.file.text


def _in_file(file: File, known: Mapping[str, Made]) -> Iterator[tuple[str, Needs, str]]:
    made = {name: each.needs for name, each in known.items()}
    for node in definitions(file.tree):
        if not isinstance(node, ast.FunctionDef) or "fixture" not in decorators(node):
            continue
        asked = [each.arg for each in node.args.args]
        if all(name in made for name in asked):
            before = sum((made[name] for name in asked), Needs())
            found = _of_function(node, file, asked)
            if found is not None:
                made[node.name] = before + found
                yield node.name, made[node.name], _type(node)


def _of_function(node: Function, file: File, asked: list[str]) -> Needs | None:
    """What a fixture's body comes to, when it is assignments and what it gives."""
    scope = Scope(imports=imported(file.tree, package_of(file)), fixtures=dict.fromkeys(asked, ""))
    *before, last = node.body
    given = last.value if isinstance(last, ast.Return | ast.Expr) else None
    given = given.value if isinstance(given, ast.Yield) else given if isinstance(last, ast.Return) else None
    if given is None:
        return None
    try:
        for statement in before:
            scope.bind(statement)
        needs = scope.needs(given)
        return Needs((*needs.setup, f"{node.name} = {scope.text(given)}"), needs.imports)
    except (StandsNotAlone, RecursionError):
        return None


def _type(node: Function) -> str:
    for each in ast.walk(node):
        value = each.value if isinstance(each, ast.Return | ast.Yield) else None
        if isinstance(value, ast.Call):
            return ast.unparse(value.func).rpartition(".")[2]
    return ""
