"""Puts tests into a Python test file: what is there keeps every byte, and the tests are as its own are."""

import ast
import re
from collections.abc import Sequence

from attrs import evolve, frozen

from codenook.server.unit_tests.case import Check, Test
from codenook.server.unit_tests.frameworks.framework import Rendered, TestFile
from codenook.server.unit_tests.frameworks.python_checks import Checks
from codenook.server.unit_tests.frameworks.python_imports import Import, imports_of, insertions
from codenook.server.unit_tests.frameworks.python_layout import (
    NotWritten,
    indented,
    line_offsets,
    quoted,
    renamed,
    tree_of,
)
from codenook.server.unit_tests.frameworks.python_names import Names
from codenook.server.unit_tests.frameworks.python_style import Form, Style, is_test_case
from codenook.server.unit_tests.target import Target

RECORDED = "Records current behaviour."
"""What is said of a test whose expected values were only observed."""
_BOM = "\ufeff"
_MOST_NAME_CHARS = 60
_N_BLANK_LINES = 2


@frozen
class Writing:
    """How tests of a target are written.

    ``modules`` are dotted names from which the target can be imported, the one that tests use first;
    ``root`` is the folder that these are seen from, ``own_packages`` are top-level names of the project.
    ``async_mark`` is the mark of pytest for a test that is a coroutine, empty when nothing runs these.
    """

    style: Style
    modules: tuple[str, ...]
    root: str = ""
    own_packages: frozenset[str] = frozenset()
    async_mark: str = ""

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:
        """See `Framework.render`; raises NotWritten."""
        before = file.text or ""
        text = before.removeprefix(_BOM)
        newline = "\r\n" if "\r\n" in text else "\n"
        if text and not text.endswith(("\n", "\r")):
            text += newline
        page = _Page(self, file.path, text, target)
        result, last = "", 0
        names = [page.add(test) for test in tests]
        for offset, piece in page.insertions():
            result += text[last:offset] + piece.replace("\n", newline)
            last = offset
        result += text[last:]
        _must_have(result, names)
        whole = (_BOM if before.startswith(_BOM) else "") + result
        return Rendered(whole, tuple(f"{file.path}::{name}" for name in names))


class _Page:
    """A test file while tests are put into it."""

    def __init__(self, writing: Writing, path: str, text: str, target: Target) -> None:
        self._writing = writing
        self._style = writing.style
        self._text = text
        self._tree = tree_of(text)
        self._names = Names(self._tree, _package(path, writing.root))
        self._blocks: list[str] = []
        self._renamed = self._name_of_target(target)
        self._is_method = self._style.form is not Form.FUNCTIONS
        self._class = self._class_for(target) if self._is_method else None
        self._class_name = self._class.name if self._class else self._new_class_name(target)
        self._base = self._base_of_tests() if self._style.form is Form.TEST_CASES and not self._class else ""
        inside = self._class or (ast.Module([], []) if self._is_method else self._tree)
        self._taken = {each.name for each in ast.walk(inside) if hasattr(each, "name") and each.name}
        width = self._style.line_length - len(self._style.indent) * (2 if self._is_method else 1)
        self._checks = Checks(self._style, self._names, width)

    def add(self, test: Test) -> str:
        """Add a test, and return its name in the file (``TestCart::test_total``)."""
        style = self._style
        name = self._free(style.named(test.name[:_MOST_NAME_CHARS]))
        names = dict(self._renamed)
        for wanted in [each for statement in test.imports for each in imports_of(statement)]:
            called = (self._names.of([wanted.origin]) if wanted.name else None) or self._names.need(wanted)
            if called != wanted.reads:
                names[wanted.reads] = called
        lines = _comments(test, self._checks.width)
        if test.body:
            lines.append(renamed(test.body.strip("\n"), names))
        else:
            lines += [quoted(renamed(each, names), style.quote) for each in test.statements]
            lines += [self._checks.written(_with_names(check, names)) for check in test.checks]
        body = indented("\n".join(lines), style.indent)
        parameters = ", ".join([*(["self"] if self._is_method else []), *test.fixtures])
        result = " -> None" if style.is_annotated else ""
        self._blocks.append(f"{self._head_of(body)}def {name}({parameters}){result}:\n{body}\n")
        return f"{self._class_name}::{name}" if self._is_method else name

    def insertions(self) -> list[tuple[int, str]]:
        """What is put at which offsets of the text, in order."""
        offsets = [*line_offsets(self._text), len(self._text)]
        if not self._blocks:
            return []
        own = set(self._writing.own_packages)
        added = insertions(self._text, self._tree, self._names.added, own, self._style.line_length)
        return sorted([*added, self._block(offsets)], key=lambda each: each[0])

    def _block(self, offsets: list[int]) -> tuple[int, str]:
        """The tests, and the offset at which they are put."""
        style = self._style
        if self._class is not None:
            first = self._text[offsets[self._class.body[0].lineno - 1] :]
            indent = first[: len(first) - len(first.lstrip(" \t"))] or style.indent
            at = offsets[min(self._class.end_lineno or 0, len(offsets) - 1)]
            return at, "".join("\n" + indented(text, indent) for text in self._blocks)
        block = "\n\n".join(self._blocks)
        if self._is_method:
            head = f"class {self._class_name}{f'({self._base})' if self._base else ''}:\n"
            block = head + "\n".join(indented(text, style.indent) for text in self._blocks)
        at = self._end(offsets)
        above, has_more = self._text[:at], bool(self._text[at:].strip())
        blank = above[len(above.rstrip()) :].replace("\r\n", "\n").replace("\r", "\n").count("\n") - 1
        if not above.strip():
            blank = 0 if self._names.added else _N_BLANK_LINES
        gap = "\n" * _N_BLANK_LINES
        return at, gap[max(blank, 0) :] + block + (gap if has_more else "")

    def _end(self, offsets: list[int]) -> int:
        """Where the file ends, or where it begins to run its tests itself."""
        for node in reversed(self._tree.body):
            if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
                return offsets[node.lineno - 1]
        return len(self._text)

    def _head_of(self, body: str) -> str:
        """What stands before ``def``; raises NotWritten for a coroutine that nothing would run."""
        waits = (ast.Await, ast.AsyncFor, ast.AsyncWith)
        if not any(isinstance(each, waits) for each in ast.walk(tree_of(f"async def _():\n{body}\n"))):
            return ""
        if self._style.form is Form.TEST_CASES or not self._writing.async_mark:
            raise NotWritten("the test waits for something, and nothing here runs tests that do")
        return f"@{self._names.need(Import('pytest'))}.mark.{self._writing.async_mark}\nasync "

    def _name_of_target(self, target: Target) -> dict[str, str]:
        """What the file calls what is tested, where that isn't its name; it is imported if it isn't yet."""
        name = target.symbol.partition(".")[0]
        called = self._names.of([f"{module}.{name}" for module in self._writing.modules])
        called = called or self._names.need(Import(self._writing.modules[0], name))
        return {name: called} if called != name else {}

    def _class_for(self, target: Target) -> ast.ClassDef | None:
        """The class in which tests of the target are, or of the class that it is in."""
        is_cases = self._style.form is Form.TEST_CASES
        found: dict[str, ast.ClassDef] = {}
        for node in self._tree.body:
            if isinstance(node, ast.ClassDef) and is_test_case(node) is is_cases and self._has_block(node):
                name = _letters(node.name)
                bare = re.sub(r"^tests?|(?:tests?|testcase)$", "", name)
                if bare != name:
                    found.setdefault(bare, node)
        names = (target.symbol, target.symbol.partition(".")[0], target.definition.name)
        return next((found[_letters(name)] for name in names if _letters(name) in found), None)

    def _has_block(self, node: ast.ClassDef) -> bool:
        """Whether the body of a class has lines of its own, below which a method can be put."""
        start = line_offsets(self._text)[node.body[0].lineno - 1]
        return not self._text[start:].encode()[: node.body[0].col_offset].strip()

    def _new_class_name(self, target: Target) -> str:
        words = [word for word in re.split(r"[\W_]+", target.symbol) if word]
        name = self._style.class_prefix + "".join(word[:1].upper() + word[1:] for word in words)
        return _unique(name, "", self._names.all)

    def _base_of_tests(self) -> str:
        """The class that tests of unittest derive from, as the file calls it."""
        return self._names.of(["unittest.TestCase"]) or f"{self._names.need(Import('unittest'))}.TestCase"

    def _free(self, name: str) -> str:
        taken = self._taken if self._is_method else self._taken | self._names.all
        free = _unique(name, "" if self._style.is_camel else "_", taken)
        self._taken.add(free)
        return free


def _unique(name: str, separator: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}{separator}{number}", number + 1
    return free


def _with_names(check: Check, names: dict[str, str]) -> Check:
    return evolve(check, actual=renamed(check.actual, names), expected=renamed(check.expected, names))


def _comments(test: Test, width: int) -> list[str]:
    """What a reader should know of a test before its statements."""
    said = [] if test.is_reasoned or test.body else [RECORDED]
    if test.doubt:
        said.append(f"Doubtful: {' '.join(test.doubt.split())}")
    lines: list[str] = []
    for sentence in said:
        lines.append("#")
        for word in sentence.split():
            if len(lines[-1]) + len(word) + 1 > width and lines[-1] != "#":
                lines.append("#")
            lines[-1] += f" {word}"
    return lines


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _package(path: str, root: str) -> str:
    """The dotted name of the package that a test file would be in, seen from a folder."""
    folder = path.rpartition("/")[0]
    if root and not f"{folder}/".startswith(f"{root}/"):
        return ""
    return folder.removeprefix(root).strip("/").replace("/", ".")


def _must_have(text: str, names: Sequence[str]) -> None:
    """Raise NotWritten unless the text has tests of these names, each once."""
    found: list[str] = []
    for node in tree_of(text).body:
        if isinstance(node, ast.ClassDef):
            found += [f"{node.name}::{each.name}" for each in node.body if hasattr(each, "name")]
        elif hasattr(node, "name"):
            found.append(node.name)
    if missing := next((name for name in names if found.count(name) != 1), None):
        raise NotWritten(f"{missing} can't be put into the file")
