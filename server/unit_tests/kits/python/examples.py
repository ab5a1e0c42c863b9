"""Calls in examples: doctests, and blocks of code in the README."""

import ast
import doctest
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import evolve

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.kits.python.bindings import imported
from codenook.server.unit_tests.kits.python.names import File
from codenook.server.unit_tests.kits.python.reading import Reader
from codenook.server.unit_tests.kits.python.standing import Scope
from codenook.server.unit_tests.kits.python.subject import Subject, dotted, parsed
from codenook.server.unit_tests.kits.python.written import by_name

_READMES = ("README.md", "README.rst", "README.txt", "README")
_MOST_BYTES = 1 << 18
_BLOCK = re.compile(r"^```(?:python|py|pycon)\s*\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)
_ERROR = "Traceback"


def of_docstrings(subject: Subject, file: File, names: Mapping[str, str]) -> list[Call]:
    """The doctests of the target, of the class around it and of the module."""
    nodes: Sequence[ast.AST | None] = (subject.node, subject.owner, subject.tree)
    found: list[Call] = []
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            line = getattr(node, "lineno", 1)
            found += _doctests(ast.get_docstring(node) or "", subject, names, f"{file.path}:{line}")
    return found


def of_readme(subject: Subject, root: Path, names: Mapping[str, str]) -> list[Call]:
    """The examples of the README: sessions of an interpreter, and blocks of code."""
    found: list[Call] = []
    for path in (root / name for name in _READMES):
        if not path.is_file() or path.is_symlink() or path.stat().st_size > _MOST_BYTES:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += _doctests(text, subject, names, path.name)
        for block in _BLOCK.finditer(text):
            tree = parsed(block["code"])
            if tree is not None and ">>>" not in block["code"]:
                line = text.count("\n", 0, block.start("code")) + 1
                found += [
                    evolve(call, evidence=f"{path.name}:{line}") for call in _read(tree, subject, names)
                ]
    return found


def _doctests(text: str, subject: Subject, names: Mapping[str, str], evidence: str) -> Iterator[Call]:
    """The calls in a text's examples; the example's value is what is expected of it."""
    try:
        examples = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return
    scope = Scope(imports=names, own=subject.symbol.partition(".")[0])
    reader = Reader(subject, by_name(subject), Origin.DOCTEST)
    for example in examples:
        tree = parsed(example.source)
        if tree is None:
            continue
        scope.imports = {**scope.imports, **imported(tree)}
        calls = list(reader.read(tree.body, scope))
        want = example.want.strip()
        is_whole = len(calls) == 1 and not example.exc_msg and not want.startswith(_ERROR)
        for call in calls:
            expected = call.expected or (_wanted(tree, want, subject) if is_whole else "")
            yield evolve(call, expected=expected, evidence=evidence)


def _wanted(tree: ast.Module, want: str, subject: Subject) -> str:
    """What an example expects of the call in it: nothing, where it shows anything else than what it gives."""
    statement = tree.body[0]
    if len(tree.body) != 1 or not isinstance(statement, ast.Expr) or not want:
        return ""
    node = statement.value
    around = dotted(node.func) if isinstance(node, ast.Call) else ""
    if isinstance(node, ast.Call) and around in {"print", "list"} and len(node.args) == 1:
        node = node.args[0]
    if isinstance(node, ast.Call):
        node = node.func
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    if name not in {subject.name, subject.class_name.rpartition(".")[2]}:
        return ""
    text = repr(want) if around == "print" else want
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return text


def _read(tree: ast.Module, subject: Subject, names: Mapping[str, str]) -> Iterator[Call]:
    scope = Scope(imports={**names, **imported(tree)}, own=subject.symbol.partition(".")[0])
    return Reader(subject, by_name(subject), Origin.DOCTEST).read(tree.body, scope)
