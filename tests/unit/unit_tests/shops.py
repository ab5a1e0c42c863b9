"""Workspaces for the tests of the kit for Python, and targets in them."""

import sys
from pathlib import Path

from codenook.context.code import outline_of
from codenook.server.unit_tests.frameworks.framework import Fixture, Project, TestFile
from codenook.server.unit_tests.target import Target


def workspace(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def target(root: Path, symbol: str, path: str = "shop.py") -> Target:
    text = (root / path).read_text()
    outline = outline_of(path, text.encode())
    definition = next(each for each in outline.definitions if each.symbol == symbol)
    return Target(root, path, text, "python", definition)


def project(
    root: Path,
    test_file: str = "test_shop.py",
    fixtures: tuple[Fixture, ...] = (),
    has: frozenset[str] = frozenset(),
) -> Project:
    path = root / test_file
    text = path.read_text() if path.exists() else None
    file = TestFile(test_file, text, fixtures)
    return Project(root, None, file, root, Path(sys.executable), has=has)
