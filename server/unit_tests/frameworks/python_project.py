"""How tests of a Python target are written and run in its project."""

import ast
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from codenook.context.outline import Kind
from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks import pytest
from codenook.server.unit_tests.frameworks.files import Files
from codenook.server.unit_tests.frameworks.framework import NoProject, Project, TestFile
from codenook.server.unit_tests.frameworks.python_environment import Environment, environment_of
from codenook.server.unit_tests.frameworks.python_fixtures import fixtures_for
from codenook.server.unit_tests.frameworks.python_framework import PythonTests
from codenook.server.unit_tests.frameworks.python_modules import Module, module_of
from codenook.server.unit_tests.frameworks.python_places import TestFiles, existing, is_test_file, new, others
from codenook.server.unit_tests.frameworks.python_render import Writing
from codenook.server.unit_tests.frameworks.python_run import Running
from codenook.server.unit_tests.frameworks.python_settings import Settings, settings_for
from codenook.server.unit_tests.frameworks.python_style import (
    Form,
    parsed,
    style_of,
    uses_pytest,
    uses_unittest,
)
from codenook.server.unit_tests.target import Target

_CALLABLE = {Kind.FUNCTION, Kind.METHOD, Kind.CLASS}
_MOST_TEXTS = 40


def python_project(target: Target, files: Files) -> Project:
    """The project of a Python target; raises NoProject."""
    _must_be_callable(target)
    settings = settings_for(files, target.path)
    tests = TestFiles.of(files, settings)
    top = target.symbol.partition(".")[0]
    naming = tests.naming(_last_name(target.path))
    module = module_of(files, settings, target.path, list(naming.values())[:_MOST_TEXTS])
    own = existing(tests, target.path, module, top)
    path = own or new(tests, target.path)
    texts = _nearest(tests, path)
    environment = environment_of(files.root, (files.root / target.path).parent)
    is_pytest = _is_pytest(files, settings, texts, path)
    if environment is None:
        raise NoProject(
            Reason.RUNNER_MISSING, "there is no Python on PATH, nor in an environment of the project"
        )
    if is_pytest is not False and "pytest" not in environment.has:
        if is_pytest:
            raise NoProject(
                Reason.RUNNER_MISSING,
                f"pytest is not installed here: {environment.python} -m pip install pytest",
            )
        is_pytest = False
    text = files.text(path)
    if own and (text is None or parsed(text) is None):
        raise NoProject(Reason.TESTS_FAIL, f"{own} is no Python file that can be read")
    form = Form.FUNCTIONS if is_pytest is not False else Form.TEST_CASES
    style = style_of(text, texts, settings, form)
    if is_pytest is False and style.form is not Form.TEST_CASES:
        style = style_of(None, (), settings, form)
    start = settings.pytest.folder if settings.pytest else settings.folder
    modules = _modules(module, top, texts)
    writing = Writing(style, modules, module.root, _own_packages(files, settings, module))
    fixtures = () if style.form is Form.TEST_CASES else fixtures_for(files, path)
    return Project(
        files.root,
        PythonTests(
            writing,
            _running(files, settings, module, environment, is_pytest=is_pytest is not False),
            module.name,
        ),
        TestFile(path, text, fixtures),
        files.root / start,
        environment.python,
        others(tests, target.path, module, top, path),
        environment.has,
    )


def _must_be_callable(target: Target) -> None:
    """Raise NoProject for what a test can't call."""
    symbol, path = target.symbol, target.path
    names = symbol.split(".")
    if target.definition.kind not in _CALLABLE:
        raise NoProject(Reason.NOT_TESTABLE, f"{symbol} is nothing that can be called")
    if is_test_file(path) or PurePosixPath(path).name == "conftest.py":
        raise NoProject(Reason.NOT_TESTABLE, f"{path} holds tests itself")
    if any(name.startswith("__") and not name.endswith("__") for name in names[1:]):
        raise NoProject(
            Reason.NOT_TESTABLE, f"{symbol} is private to its class: Python changes its name outside"
        )
    if target.definition.kind is Kind.METHOD and len(names) == 1:
        raise NoProject(Reason.NOT_TESTABLE, f"{symbol} is a method of no class that a test could name")
    tree = parsed(target.text)
    if tree is None:
        raise NoProject(Reason.NOT_TESTABLE, f"{path} has a syntax error, so that no test can import it")
    body: Iterable[ast.AST] = [tree]
    for name in names:
        found = [each for node in body for each in _definitions(node) if each.name == name]
        if not found:
            raise NoProject(Reason.NOT_TESTABLE, f"{symbol} is inside of a function: no test can call it")
        body = [each for each in found if isinstance(each, ast.ClassDef)]


_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _definitions(node: ast.AST) -> Iterable[_Definition]:
    """What a module or class defines, also in its branches, but in no function."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, _Definition):
            yield each
        elif not isinstance(each, ast.Lambda):
            yield from _definitions(each)


def _is_pytest(files: Files, settings: Settings, texts: list[str], path: str) -> bool | None:
    """Whether the project's tests need pytest; None when nothing says so."""
    if settings.pytest is not None:
        return True
    own = files.text(path)
    for each in ([own] if own else [], texts):
        n_pytest = sum(uses_pytest(text) for text in each)
        n_unittest = sum(uses_unittest(text) for text in each)
        if n_pytest or n_unittest:
            return n_pytest > 0
    has_conftest = any(PurePosixPath(each).name == "conftest.py" for each in files.paths)
    return True if has_conftest else None


def _nearest(tests: TestFiles, path: str) -> list[str]:
    """Texts of test files, those of the same folder first."""
    folder = path.rpartition("/")[0]
    ordered = sorted(tests.paths, key=lambda each: (each.rpartition("/")[0] != folder, each))
    found = (tests.files.text(each) for each in ordered[:_MOST_TEXTS] if each != path)
    return [text for text in found if text]


def _modules(module: Module, name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The names under which tests import the target: the one that most tests use first."""
    parts = module.name.split(".")
    around = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    used: Counter[str] = Counter()
    for text in texts:
        for node in ast.walk(parsed(text) or ast.Module([], [])):
            if isinstance(node, ast.ImportFrom) and node.module in around and not node.level:
                used[node.module] += any(alias.name == name for alias in node.names)
    return tuple(sorted(around, key=lambda each: (-used[each], -len(each))))


def _own_packages(files: Files, settings: Settings, module: Module) -> frozenset[str]:
    """Top-level names that are the project's own."""
    folders = {module.root, settings.folder, *settings.package_roots}
    found = {module.name.partition(".")[0]}
    for path in files.paths:
        for folder in folders:
            inside = f"{folder}/" if folder else ""
            if path.startswith(inside):
                found.add(path.removeprefix(inside).partition("/")[0].removesuffix(".py"))
    return frozenset(found)


def _last_name(path: str) -> str:
    parts = path.removesuffix(".py").split("/")
    return parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]


def _running(
    files: Files, settings: Settings, module: Module, environment: Environment, *, is_pytest: bool
) -> Running:
    start = settings.pytest.folder if settings.pytest else settings.folder
    search = dict.fromkeys(str(files.root / each) for each in (module.root, start))
    if not is_pytest:
        return Running("unittest", tuple(search))
    return Running("pytest", tuple(search), pytest.arguments(settings.pytest, environment))
