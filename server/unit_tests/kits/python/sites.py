"""Calls of the target elsewhere in the workspace: in its code and in its tests."""

import ast
from collections.abc import Iterator, Mapping

from attrs import define

from codenook.context.code import Code
from codenook.context.usage import is_test
from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.python.bindings import imported, offered, package_of
from codenook.server.unit_tests.kits.python.names import File, Found, Names
from codenook.server.unit_tests.kits.python.reading import Reader
from codenook.server.unit_tests.kits.python.standing import Scope
from codenook.server.unit_tests.kits.python.subject import Form, Subject

_MOST_FILES = 24
_MOST_CALLS = 80


@define(eq=False)
class Sites:
    """Looks for calls of one target."""

    subject: Subject
    file: File
    names: Names
    code: Code
    project: Project
    fixtures: Mapping[str, str]
    """The types of those that the project's test file can ask for, by name."""

    def calls(self) -> list[Call]:
        """Those that stand for themselves, those of tests first."""
        paths = sorted(self._paths(), key=lambda path: not is_test(path))
        found: list[Call] = []
        for path in paths[:_MOST_FILES]:
            found += self._in(path)
            if len(found) >= _MOST_CALLS:
                break
        return found[:_MOST_CALLS]

    def _paths(self) -> Iterator[str]:
        name = self._word
        index = self.code.index
        mentioning = [path for path, _ in index.occurrences(name, _MOST_FILES)] if index else ()
        folder = self.file.path.rpartition("/")[0]
        near = self.code.in_folder(folder) if index is None else ()
        own = (self.file.path, self.project.file.path, *self.project.others)
        yield from dict.fromkeys(path for path in (*own, *mentioning, *near) if path.endswith(".py"))

    @property
    def _word(self) -> str:
        """What a call of the target has in it."""
        subject = self.subject
        return subject.class_name.rpartition(".")[2] if subject.name.startswith("__") else subject.name

    def _in(self, path: str) -> Iterator[Call]:
        file = self.names.file(path)
        if file is None:
            return
        lines = frozenset(_lines_of(file.tree, self._word))
        if not lines:
            return
        reader = Reader(self.subject, lambda name: self._means(file, name), Origin.CALL_SITE, path, lines)
        package = package_of(file)
        imports = imported(file.tree, package) if is_test(path) else offered(file)
        fixtures = self.fixtures if path == self.project.file.path else {}
        scope = Scope(imports=imports, fixtures=fixtures, own=self.subject.symbol.partition(".")[0])
        body = file.tree.body
        if path == self.file.path:
            scope = Scope(imports=offered(file), own=scope.own)
            body = [each for each in body if each is not self.subject.node]
        for call in reader.read(body, scope):
            if not any(statement.startswith("from __future__") for statement in call.imports):
                yield call

    def _means(self, file: File, name: str) -> bool:
        if not name:
            return False
        subject = self.subject
        wanted = subject.symbol if subject.form is Form.FUNCTION else subject.class_name
        first = file.imports.get(name.partition(".")[0], ("", ""))
        last = wanted.rpartition(".")[2]
        if last not in {name.rpartition(".")[2], first[1]}:
            return False
        found = self.names.find(file, name)
        return isinstance(found, Found) and (found.file.path, found.symbol) == (self.file.path, wanted)


def _lines_of(tree: ast.Module, word: str) -> Iterator[int]:
    """The lines that have a word, or another name that an import gave it."""
    words = {word}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            words |= {each.asname for each in node.names if each.asname and each.name == word}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in words:
                yield node.lineno
