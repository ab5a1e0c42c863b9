"""The fixtures of pytest that a test file can ask for, read from syntax trees."""

import ast
from collections.abc import Iterator

from codenook.server.unit_tests.frameworks.files import Files, joined, upwards
from codenook.server.unit_tests.frameworks.framework import Fixture

_OF_PYTEST = (
    Fixture("tmp_path", "pathlib.Path"),
    Fixture("monkeypatch", "pytest.MonkeyPatch"),
    Fixture("capsys", "pytest.CaptureFixture"),
)
_HOLDERS = ("Iterator", "Iterable", "Generator", "AsyncIterator", "AsyncGenerator")


def fixtures_for(files: Files, path: str) -> tuple[Fixture, ...]:
    """The fixtures of a test file, of the ``conftest.py`` around it, and pytest's own that are useful."""
    found: dict[str, Fixture] = {}
    for place in (path, *(joined(folder, "conftest.py") for folder in upwards(path))):
        for fixture in fixtures_in(files.text(place) or ""):
            found.setdefault(fixture.name, fixture)
    for fixture in _OF_PYTEST:
        found.setdefault(fixture.name, fixture)
    return tuple(found.values())


def fixtures_in(text: str) -> Iterator[Fixture]:
    """The fixtures that a file defines at its top."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    imported = _imported(tree)
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if _dotted(call.func if call else decorator).rpartition(".")[2] == "fixture":
                named = [each.value for each in call.keywords if each.arg == "name"] if call else []
                name = named[0].value if named and isinstance(named[0], ast.Constant) else node.name
                yield Fixture(str(name), _type(node, imported))


def _imported(tree: ast.Module) -> dict[str, str]:
    """The dotted names of what a file's names stand for."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _type(node: ast.FunctionDef | ast.AsyncFunctionDef, imported: dict[str, str]) -> str:
    """The dotted name of what a fixture gives: by its annotation, or by the one call that it gives."""
    name = ""
    if node.returns is not None:
        name = _annotated(node.returns)
    else:
        given = [
            each.value
            for each in ast.walk(node)
            if isinstance(each, ast.Return | ast.Yield) and each.value is not None
        ]
        if len(given) == 1 and isinstance(given[0], ast.Call):
            called = _dotted(given[0].func)
            name = called if called.rpartition(".")[2][:1].isupper() else ""
    head, dot, rest = name.partition(".")
    return imported.get(head, head) + dot + rest


def _annotated(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ""
    if isinstance(node, ast.Subscript):
        if _dotted(node.value).rpartition(".")[2] not in _HOLDERS:
            return _dotted(node.value)
        held = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        return _annotated(held)
    return _dotted(node)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""
