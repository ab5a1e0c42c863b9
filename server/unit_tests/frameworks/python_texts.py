"""The test files of a Python project, read once for each request."""

import ast
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from attrs import define, field

from codenook.server.unit_tests.frameworks.files import Files, joined, upwards
from codenook.server.unit_tests.frameworks.python_layout import NotWritten, tree_of

MOST_TESTS = 2000
"""How many test files of a project are looked at."""
_TEST_FILE = re.compile(r"(?:tests?|tests?_.+|.+_tests?)\.py")
_BOM = "\ufeff"


def is_test_file(path: str) -> bool:
    """Whether a file holds tests, by its name."""
    return bool(_TEST_FILE.fullmatch(PurePosixPath(path).name))


def parsed(text: str | None) -> ast.Module | None:
    """The syntax tree of a text, if there is one and Python can read it."""
    try:
        return None if text is None else tree_of(text.removeprefix(_BOM))
    except NotWritten:
        return None


@define(eq=False)
class TestFiles:
    """Those in the project's ``folder``, also with the names that it says its own have (``patterns``).

    The file of the ``target`` is none of them, whatever it is called.
    """

    __test__ = False

    files: Files
    folder: str
    target: str
    patterns: tuple[str, ...] = ()
    paths: Sequence[str] = field(init=False)
    _trees: dict[str, ast.Module | None] = field(factory=dict, init=False)
    _imported: dict[str, frozenset[str]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """List them."""
        inside = f"{self.folder}/" if self.folder else ""
        found = (path for path in self.files.paths if path.startswith(inside) and self._is_one(path))
        self.paths = tuple(found)[:MOST_TESTS]

    def _is_one(self, path: str) -> bool:
        name = PurePosixPath(path).name
        is_named = is_test_file(path) or any(
            fnmatchcase(name, each) for each in self.patterns if each != "*.py"
        )
        return is_named and path != self.target

    def naming(self, word: str) -> dict[str, int]:
        """How often each has a word, by path; without those that don't."""
        pattern = re.compile(rf"\b{re.escape(word)}\b")
        counts = {path: len(pattern.findall(self.files.text(path) or "")) for path in self.paths}
        return {path: count for path, count in counts.items() if count}

    def tree(self, path: str) -> ast.Module | None:
        """The syntax tree of a file, None where there is none."""
        if path not in self._trees:
            self._trees[path] = parsed(self.files.text(path))
        return self._trees[path]

    def imported(self, path: str) -> frozenset[str]:
        """The dotted names of what a file imports: of modules, and of what may be modules."""
        if path not in self._imported:
            tree = self.tree(path)
            nodes = ast.walk(tree) if tree else ()
            around = self._package(path)
            self._imported[path] = frozenset(name for node in nodes for name in _imported(node, around))
        return self._imported[path]

    def _package(self, path: str) -> tuple[str, ...]:
        """The package that a file is in, as far as folders say so."""
        names: list[str] = []
        for folder in upwards(path):
            if not folder or not self.files.has(joined(folder, "__init__.py")):
                break
            names.insert(0, folder.rpartition("/")[2])
        return tuple(names)

    def nearest(self, path: str, n_most: int) -> list[str]:
        """Other test files that can be read, those of the same folder first."""
        folder = path.rpartition("/")[0]
        ordered = sorted(self.paths, key=lambda each: (each.rpartition("/")[0] != folder, each))
        return [each for each in ordered[:n_most] if each != path and self.tree(each) is not None]


def _imported(node: ast.AST, around: Sequence[str]) -> list[str]:
    """What a node imports, in a file of the package ``around``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom) or node.level > len(around):
        return []
    inside = around[: len(around) - node.level + 1] if node.level else ()
    module = ".".join([*inside, *([node.module] if node.module else [])])
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]
