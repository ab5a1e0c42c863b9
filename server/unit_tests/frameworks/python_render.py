"""Puts tests into a Python test file: what is there keeps every byte, and the tests are as its own are."""

import ast
import re
from collections.abc import Sequence

from attrs import evolve, frozen

from codenook.server.unit_tests.case import Check, Kind, Test
from codenook.server.unit_tests.frameworks.framework import Rendered, TestFile
from codenook.server.unit_tests.frameworks.python_imports import Import, Names, imports_of, insertions
from codenook.server.unit_tests.frameworks.python_layout import (
    NotWritten,
    expression,
    indented,
    line_offsets,
    literal,
    operand,
    quoted,
    renamed,
    tree_of,
    wrapped,
)
from codenook.server.unit_tests.frameworks.python_style import Form, Style, is_test_case
from codenook.server.unit_tests.target import Target

RECORDED = "Records current behaviour."
_BOM = "\ufeff"
_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")
_MOST_NAME_CHARS = 60


@frozen
class Writing:
    """How tests of a target are written.

    ``modules`` are the dotted names under which the target's file can be imported, the one that tests use
    first: what is around it may export the target as well. ``root`` is the folder that these are seen from.
    """

    style: Style
    modules: tuple[str, ...]
    root: str = ""
    own_packages: frozenset[str] = frozenset()

    def render(self, file: TestFile, target: Target, tests: Sequence[Test]) -> Rendered:
        """See `Framework.render`; raises NotWritten."""
        before = file.text or ""
        text = before.removeprefix(_BOM)
        newline = "\r\n" if "\r\n" in text else "\n"
        if text and not text.endswith(("\n", "\r")):
            text += newline
        page = _Page(self, file.path, text, target)
        blocks = [page.test(test) for test in tests]
        added = page.with_blocks(blocks)
        result, last = "", 0
        for offset, piece in sorted(added, key=lambda each: each[0]):
            result += text[last:offset] + piece.replace("\n", newline)
            last = offset
        result += text[last:]
        names = tuple(f"{file.path}::{page.holder}{name}" for name, _ in blocks)
        _must_have(result, [f"{page.holder}{name}" for name, _ in blocks])
        return Rendered((_BOM if before.startswith(_BOM) else "") + result, names)


class _Page:
    """A test file while tests are put into it."""

    def __init__(self, writing: Writing, path: str, text: str, target: Target) -> None:
        self._writing = writing
        self._text = text
        self._tree = tree_of(text)
        self._names = Names(self._tree, _package(path, writing.root))
        top, _, _ = target.symbol.partition(".")
        self._target_name = top
        self._style = writing.style
        self._class = self._class_for(target) if self._style.form is not Form.FUNCTIONS else None
        self._class_name = self._class.name if self._class else self._new_class_name(target)
        self._own = {
            each.name for each in ast.walk(self._class or self._tree) if hasattr(each, "name") and each.name
        }
        self._base = self._base_of_tests() if self._style.form is Form.TEST_CASES and not self._class else ""
        self._top = self._name_of_target() if _uses(target) else top

    @property
    def holder(self) -> str:
        """What stands before a test's name in a run."""
        return f"{self._class_name}::" if self._style.form is not Form.FUNCTIONS else ""

    def test(self, test: Test) -> tuple[str, str]:
        """The name of a test, and its text as it stands at the top of a file or of a class."""
        name = self._free(self._style.named(test.name[:_MOST_NAME_CHARS]))
        self._own.add(name)
        names = {self._target_name: self._top} if self._top != self._target_name else {}
        for wanted in [each for statement in test.imports for each in imports_of(statement)]:
            called = self._names.need(wanted)
            written = wanted.binds if wanted.name or wanted.alias else wanted.module
            if called != written:
                names[written] = called
        style, is_method = self._style, self._style.form is not Form.FUNCTIONS
        width = style.line_length - len(style.indent) * (2 if is_method else 1)
        lines = _comments(test, width)
        if test.body:
            lines.append(renamed(test.body.strip("\n"), names))
        else:
            lines += [quoted(renamed(each, names), style.quote) for each in test.statements]
            lines += [self._check(evolve_names(check, names), width) for check in test.checks]
        body = indented("\n".join(lines), style.indent)
        is_async = any(
            isinstance(each, ast.Await | ast.AsyncFor | ast.AsyncWith) for each in ast.walk(_body(body))
        )
        parameters = ", ".join([*(["self"] if is_method else []), *test.fixtures])
        result = " -> None" if style.is_annotated else ""
        head = f"{'async ' if is_async else ''}def {name}({parameters}){result}:"
        return name, f"{head}\n{body}\n"

    def with_blocks(self, blocks: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
        """What is put at which offsets of the text."""
        style = self._style
        texts = [text for _, text in blocks]
        offsets = [*line_offsets(self._text), len(self._text)]
        if self._class is not None:
            inner = self._text[offsets[self._class.body[0].lineno - 1] :]
            indent = inner[: len(inner) - len(inner.lstrip(" \t"))] or style.indent
            at = offsets[min(self._class.end_lineno or 0, len(offsets) - 1)]
            block = "".join("\n" + indented(text, indent) for text in texts)
        else:
            at = self._end(offsets)
            block = "\n\n".join(texts)
            if style.form is not Form.FUNCTIONS:
                head = f"class {self._class_name}{f'({self._base})' if self._base else ''}:\n"
                block = head + "\n".join(indented(text, style.indent) for text in texts)
            block = self._apart(at, block)
        imports = insertions(
            self._text, self._tree, self._names.added, set(self._writing.own_packages), style.line_length
        )
        return [*imports, (at, block)]

    def _apart(self, at: int, block: str) -> str:
        """A block with the blank lines around it."""
        above = self._text[:at]
        n_newlines = len(
            re.findall(r"\n", above[len(above.rstrip()) :].replace("\r\n", "\n").replace("\r", "\n"))
        )
        has_more = bool(self._text[at:].strip())
        if not above.strip():
            n_newlines = 1 if self._names.added else 3
        return "\n" * max(3 - n_newlines, 0) + block + ("\n\n" if has_more else "")

    def _end(self, offsets: list[int]) -> int:
        """Where the file ends, or where it begins to run its tests itself."""
        for node in reversed(self._tree.body):
            if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
                return offsets[node.lineno - 1]
        return len(self._text)

    def _check(self, check: Check, width: int) -> str:
        quote = self._style.quote
        actual, expected = quoted(check.actual, quote), quoted(check.expected, quote)
        for each in (actual, expected):
            expression(each)
        written = self._unittest if self._style.form is Form.TEST_CASES else self._assert
        return written(evolve(check, actual=actual, expected=expected), width)

    def _assert(self, check: Check, width: int) -> str:
        indent = self._style.indent
        actual, expected = operand(check.actual), operand(check.expected)
        if check.kind is Kind.RAISES:
            self_pytest = self._names.need(Import("pytest"))
            matching = f", match={self._pattern(check.message)}" if check.message else ""
            head = wrapped(
                f"{self_pytest}.raises({check.expected}{matching})",
                before="with ",
                after=":",
                indent=indent,
                width=width,
            )
            return f"with {head}:\n{indented(check.actual, indent)}"
        if check.kind is Kind.CLOSE:
            expected = f"{self._names.need(Import('pytest'))}.approx({check.expected})"
        sign = " is " if check.kind is Kind.SAME else " == "
        shown = wrapped(expected, before=f"assert {actual}{sign}", after="", indent=indent, width=width)
        if "\n" in shown or len(f"assert {actual}{sign}{expected}") <= width:
            return f"assert {actual}{sign}{shown}"
        opened = wrapped(actual, before="assert ", after=f"{sign}{expected}", indent=indent, width=width)
        return f"assert {opened}{sign}{expected}"

    def _unittest(self, check: Check, width: int) -> str:
        indent = self._style.indent
        if check.kind is Kind.RAISES:
            name = "assertRaisesRegex" if check.message else "assertRaises"
            matching = f", {self._pattern(check.message)}" if check.message else ""
            head = wrapped(
                f"self.{name}({check.expected}{matching})",
                before="with ",
                after=":",
                indent=indent,
                width=width,
            )
            return f"with {head}:\n{indented(check.actual, indent)}"
        name = {Kind.CLOSE: "assertAlmostEqual", Kind.SAME: "assertIs"}.get(check.kind, "assertEqual")
        arguments = f"{_argument(check.actual)}, {_argument(check.expected)}"
        if check.kind is Kind.SAME and check.expected == "None":
            name, arguments = "assertIsNone", _argument(check.actual)
        return wrapped(f"self.{name}({arguments})", before="", after="", indent=indent, width=width)

    def _pattern(self, message: str) -> str:
        """An expression for a regular expression that finds this text."""
        text = literal(message, self._style.quote)
        return f"{self._names.need(Import('re'))}.escape({text})" if _SPECIAL.search(message) else text

    def _name_of_target(self) -> str:
        """What the file calls the function or class that is tested, which it imports if it doesn't yet."""
        origins = [f"{module}.{self._target_name}" for module in self._writing.modules]
        if found := self._names.of(origins):
            return found
        return self._names.need(Import(self._writing.modules[0], self._target_name))

    def _class_for(self, target: Target) -> ast.ClassDef | None:
        """The class in which tests of the target are."""
        words = {_letters(target.symbol), _letters(target.definition.name)}
        is_cases = self._style.form is Form.TEST_CASES
        for node in self._tree.body:
            if isinstance(node, ast.ClassDef) and is_test_case(node) is is_cases:
                named = re.sub(r"^tests?|(?:tests?|test_?case)$", "", node.name.lower().strip("_"))
                if _letters(named) in words and re.search(r"test", node.name, re.IGNORECASE):
                    return node
        return None

    def _new_class_name(self, target: Target) -> str:
        camel = "".join(word[:1].upper() + word[1:] for word in re.split(r"[\W_]+", target.symbol) if word)
        name = self._style.class_prefix + camel
        number = 2
        taken = self._names.all
        while name in taken:
            name = f"{self._style.class_prefix}{camel}{number}"
            number += 1
        return name

    def _base_of_tests(self) -> str:
        """The class that tests of unittest derive from, as the file calls it."""
        known = self._names.of(["unittest.TestCase"])
        return known or f"{self._names.need(Import('unittest'))}.TestCase"

    def _free(self, name: str) -> str:
        free, number = name, 2
        while free in self._own or (self._style.form is Form.FUNCTIONS and free in self._names.all):
            free = f"{name}{number}" if self._style.is_camel else f"{name}_{number}"
            number += 1
        return free


def evolve_names(check: Check, names: dict[str, str]) -> Check:
    """A check with other names for what its expressions name."""
    return evolve(check, actual=renamed(check.actual, names), expected=renamed(check.expected, names))


def _uses(target: Target) -> bool:
    return bool(target.symbol)


def _argument(code: str) -> str:
    """An expression as an argument among others."""
    node = expression(code)
    is_bare_tuple = isinstance(node, ast.Tuple) and not code.lstrip().startswith("(")
    return f"({code})" if is_bare_tuple or isinstance(node, ast.GeneratorExp | ast.NamedExpr) else code


def _comments(test: Test, width: int) -> list[str]:
    """What a reader should know of a test before its statements."""
    said = [] if test.is_reasoned or test.body else [RECORDED]
    if test.doubt:
        said.append(f"Doubtful: {' '.join(test.doubt.split())}")
    lines: list[str] = []
    for sentence in said:
        line = "#"
        for word in sentence.split():
            if len(line) + len(word) + 1 > width and line != "#":
                lines.append(line)
                line = "#"
            line += f" {word}"
        lines.append(line)
    return lines


def _body(body: str) -> ast.Module:
    """The tree of a test's body, which is the same as that of the statements; raises NotWritten."""
    return tree_of(f"async def _():\n{body}\n")


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
