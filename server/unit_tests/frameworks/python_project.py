"""How tests of a Python target are written and run in its project."""

import ast
from collections.abc import Iterable, Sequence

from attrs import evolve

from codenook.context.outline import Kind
from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks import pytest
from codenook.server.unit_tests.frameworks.files import Files
from codenook.server.unit_tests.frameworks.framework import NoProject, Project, TestFile
from codenook.server.unit_tests.frameworks.python_environment import Environment, environment_of
from codenook.server.unit_tests.frameworks.python_fixtures import fixtures_for
from codenook.server.unit_tests.frameworks.python_framework import PythonTests
from codenook.server.unit_tests.frameworks.python_modules import Module, exporting, module_of
from codenook.server.unit_tests.frameworks.python_places import existing, new, others
from codenook.server.unit_tests.frameworks.python_render import Writing
from codenook.server.unit_tests.frameworks.python_run import Running
from codenook.server.unit_tests.frameworks.python_settings import Settings, settings_for
from codenook.server.unit_tests.frameworks.python_style import (
    Form,
    Style,
    style_of,
    uses_pytest,
    uses_unittest,
)
from codenook.server.unit_tests.frameworks.python_texts import TestFiles, is_test_file, parsed
from codenook.server.unit_tests.target import Target

_CALLABLE = {Kind.FUNCTION, Kind.METHOD, Kind.CLASS}
_MOST_NEAR = 20
"""How many other test files tell of the style."""
_ASYNC = {"pytest-asyncio": "asyncio", "anyio": "anyio"}
"""Which mark of pytest runs a test that is a coroutine, by the package that has it."""


def python_project(target: Target, files: Files) -> Project:
    """The project of a Python target; raises NoProject."""
    _must_be_callable(target)
    settings = settings_for(files, target.path)
    tests = TestFiles(files, settings.folder, target.path, settings.pytest.files if settings.pytest else ())
    name = target.symbol.partition(".")[0]
    module = module_of(tests, settings, target.path)
    own = existing(tests, target.path, module, name)
    path = own or new(tests, target.path, name, settings.test_folders)
    if own and tests.tree(own) is None:
        raise NoProject(Reason.TESTS_FAIL, f"{own} is no Python file that can be read")
    near = tests.nearest(path, _MOST_NEAR)
    environment = environment_of(files.root, (files.root / target.path).parent)
    runner = _runner(settings, tests, path, near, environment)
    style = _style(settings, tests, path, near, runner)
    modules = exporting(module, name, tests, near)
    mark = next((mark for package, mark in _ASYNC.items() if package in environment.has), "")
    writing = Writing(style, modules, module.root, _own_packages(files, settings, module), mark)
    start = settings.pytest.folder if settings.pytest else settings.folder
    search = tuple(dict.fromkeys(str(files.root / each) for each in (module.root, start)))
    options = pytest.arguments(settings.pytest, environment) if runner == "pytest" else ()
    fixtures = () if style.form is Form.TEST_CASES else fixtures_for(files, path)
    return Project(
        files.root,
        PythonTests(writing, Running(runner, search, options), module.name),
        TestFile(path, files.text(path), fixtures),
        files.root / start,
        environment.python,
        others(tests, module, name, path),
        environment.has,
        _about(target),
    )


def _about(target: Target) -> frozenset[str]:
    """By which names tests of the target know it; those with two underscores are used without being named."""
    *around, name = target.symbol.split(".")
    if target.definition.kind is not Kind.CLASS:
        return frozenset({around[-1] if around and name.startswith("__") else name})
    tree = parsed(target.text)
    classes = [each for each in ast.walk(tree) if isinstance(each, ast.ClassDef)] if tree else []
    own = (each.name for body in classes if body.name == name for each in _definitions(body))
    return frozenset({name, *(each for each in own if not each.startswith("__"))})


def _must_be_callable(target: Target) -> None:
    """Raise NoProject for what a test can't call."""
    symbol, path = target.symbol, target.path
    names = symbol.split(".")
    if target.definition.kind not in _CALLABLE:
        raise NoProject(Reason.NOT_TESTABLE, f"{symbol} is nothing that can be called")
    if any(name.startswith("__") and not name.endswith("__") for name in names[1:]):
        raise NoProject(
            Reason.NOT_TESTABLE, f"{symbol} is private to its class: Python changes its name outside"
        )
    if target.definition.kind is Kind.METHOD and len(names) == 1:
        raise NoProject(Reason.NOT_TESTABLE, f"{symbol} is a method of no class that a test could name")
    tree = parsed(target.text)
    if tree is None:
        raise NoProject(Reason.NOT_TESTABLE, f"{path} has a syntax error, so that no test can import it")
    if is_test_file(path) and (uses_pytest(tree) or uses_unittest(tree)):
        raise NoProject(Reason.NOT_TESTABLE, f"{path} holds tests itself")
    body: Iterable[ast.AST] = [tree]
    for name in names:
        found = [each for node in body for each in _definitions(node) if each.name == name]
        if not found:
            raise NoProject(Reason.NOT_TESTABLE, f"{symbol} is inside of a function: no test can call it")
        body = [each for each in found if isinstance(each, ast.ClassDef)]


_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _definitions(node: ast.AST) -> Iterable[_Definition]:
    """What a module or class defines, also in its branches, but in no function."""
    left = list(ast.iter_child_nodes(node))[::-1]
    while left:
        each = left.pop()
        if isinstance(each, _Definition):
            yield each
        elif not isinstance(each, ast.expr):
            left += list(ast.iter_child_nodes(each))[::-1]


def _runner(
    settings: Settings, tests: TestFiles, path: str, near: Sequence[str], environment: Environment
) -> str:
    """What runs the tests; raises NoProject when it isn't installed."""
    needs_pytest = _needs_pytest(settings, tests, path, near)
    has_pytest = "pytest" in environment.has
    if needs_pytest and not has_pytest:
        install = f"{environment.python} -m pip install pytest"
        raise NoProject(Reason.RUNNER_MISSING, f"the project's tests need pytest: {install}")
    return "pytest" if has_pytest and needs_pytest is not False else "unittest"


def _needs_pytest(settings: Settings, tests: TestFiles, path: str, near: Sequence[str]) -> bool | None:
    """Whether the project's tests need pytest; None when nothing says so."""
    if settings.pytest is not None:
        return True
    for paths in ([path], near):
        trees = [tree for each in paths if (tree := tests.tree(each))]
        if any(map(uses_pytest, trees)):
            return True
        if any(map(uses_unittest, trees)):
            return False
    return True if any(each.endswith("conftest.py") for each in tests.files.paths) else None


def _style(settings: Settings, tests: TestFiles, path: str, near: Sequence[str], runner: str) -> Style:
    """How the tests are written: as those of the file, or near it, are; unittest runs only its own form."""
    form = Form.FUNCTIONS if runner == "pytest" else Form.TEST_CASES
    written = [(tests.files.text(each) or "", tree) for each in near if (tree := tests.tree(each))]
    tree = tests.tree(path)
    style = style_of((tests.files.text(path) or "", tree) if tree else None, written, settings, form)
    return style if runner == "pytest" else evolve(style, form=form)


def _own_packages(files: Files, settings: Settings, module: Module) -> frozenset[str]:
    """Top-level names that are the project's own."""
    found = {module.name.partition(".")[0]}
    for folder in {module.root, settings.folder, *settings.package_roots}:
        inside = f"{folder}/" if folder else ""
        below = (path.removeprefix(inside) for path in files.paths if path.startswith(inside))
        found |= {path.partition("/")[0].removesuffix(".py") for path in below}
    return frozenset(found)
