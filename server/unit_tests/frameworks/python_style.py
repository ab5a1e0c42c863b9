"""How the tests of a Python project are written: functions or classes, names, quotes, indentation."""

import ast
import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from attrs import evolve, frozen

from codenook.server.unit_tests.frameworks.python_settings import Settings

Written = tuple[str, ast.Module]
"""A text and its syntax tree."""


class Form(StrEnum):
    """What tests are."""

    FUNCTIONS = "functions"
    CLASSES = "classes"
    """Methods of plain classes."""
    TEST_CASES = "test_cases"
    """Methods of classes of unittest."""


_INDENT = re.compile(r"^(?:def|class)\b.*:[ ]*\r?\n([ \t]+)\S", re.MULTILINE)
_QUOTE = re.compile(r"\"\"\"|\'\'\'|[\"\']")


@frozen
class Style:
    """How tests are written; ``prefix`` begins their names, ``class_prefix`` those of plain classes."""

    form: Form = Form.FUNCTIONS
    quote: str = '"'
    indent: str = "    "
    line_length: int = 88
    is_camel: bool = False
    is_annotated: bool = False
    prefix: str = "test_"
    class_prefix: str = "Test"

    def named(self, name: str) -> str:
        """The name of a test that is about ``name``."""
        words = [word for word in re.split(r"\W+|_", name) if word] or ["it"]
        if self.is_camel:
            return self.prefix.rstrip("_") + "".join(word[:1].upper() + word[1:] for word in words)
        return self.prefix + "_".join(words)


def uses_pytest(tree: ast.Module) -> bool:
    """Whether a file imports pytest, or has tests that are plain functions or methods of plain classes."""
    forms = _forms(tree)
    return bool(forms[Form.FUNCTIONS] or forms[Form.CLASSES]) or any(
        (isinstance(node, ast.Import) and any(alias.name == "pytest" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "pytest")
        for node in ast.walk(tree)
    )


def uses_unittest(tree: ast.Module) -> bool:
    """Whether a file has tests in classes of unittest."""
    return bool(_forms(tree)[Form.TEST_CASES])


def style_of(own: Written | None, others: Sequence[Written], settings: Settings, form: Form) -> Style:
    """The style of a file, or where it has no tests, of others; ``form`` holds where none have."""
    style = Style(form, line_length=settings.line_length)
    if settings.pytest:
        style = evolve(style, prefix=_prefix(settings.pytest.functions, "test_", "test"))
        style = evolve(style, class_prefix=_prefix(settings.pytest.classes, "Test", "Test"))
    for written in ([own] if own else [], others):
        forms = sum((_forms(tree) for _, tree in written), Counter[Form]())
        if forms.total():
            return _as_in(style, written, forms)
    return style


def _prefix(patterns: Sequence[str], usual: str, default: str) -> str:
    """The beginning of a name that one of pytest's patterns takes; the usual one where any does."""
    heads = [pattern.partition("*")[0] for pattern in patterns]
    if not heads or any(usual.startswith(head) for head in heads if head) or default in heads:
        return usual
    return next((head for head in heads if head.isidentifier()), usual)


def _as_in(style: Style, written: Sequence[Written], forms: Counter[Form]) -> Style:
    functions = [
        node
        for _, tree in written
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]
    n_camel = sum(bool(re.match(r"test[A-Z]", node.name)) for node in functions)
    n_annotated = sum(node.returns is not None for node in functions)
    indents = Counter(found for text, _ in written for found in _INDENT.findall(text))
    quotes = Counter(found for text, _ in written for found in _QUOTE.findall(text))
    return evolve(
        style,
        form=max(forms, key=lambda each: forms[each]),
        is_camel=2 * n_camel > len(functions),
        is_annotated=2 * n_annotated > len(functions),
        indent=indents.most_common(1)[0][0] if indents else style.indent,
        quote="'" if quotes["'"] > quotes['"'] else '"',
    )


def _forms(tree: ast.Module) -> Counter[Form]:
    """How many tests of a file have each form."""
    found: Counter[Form] = Counter()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            found[Form.FUNCTIONS] += 1
        elif isinstance(node, ast.ClassDef):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
            n_tests = sum(each.name.startswith("test") for each in methods)
            form = Form.TEST_CASES if is_test_case(node) else Form.CLASSES
            if form is Form.TEST_CASES or node.name.startswith("Test"):
                found[form] += n_tests
    return found


def is_test_case(node: ast.ClassDef) -> bool:
    """Whether a class is one of unittest, as far as the names of its bases tell."""
    return any(ast.unparse(base).rpartition(".")[2].endswith(("TestCase", "Case")) for base in node.bases)
