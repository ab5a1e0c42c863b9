"""Imports that are added to those that a Python file has."""

import ast
import re
import sys
from collections.abc import Sequence

from attrs import frozen

from codenook.server.unit_tests.frameworks.python_layout import NotWritten, line_offsets, tree_of

_FUTURE, _STANDARD, _OTHERS, _OWN = range(4)


@frozen
class Import:
    """One imported name: ``name`` of a module, or the module (None); ``alias`` where it has another name."""

    module: str
    name: str | None = None
    alias: str = ""

    @property
    def origin(self) -> str:
        """The dotted name of what is imported."""
        return f"{self.module}.{self.name}" if self.name else self.module

    @property
    def binds(self) -> str:
        """The name that it gives to the file."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def reads(self) -> str:
        """How code names what is imported."""
        return self.binds if self.name or self.alias else self.module

    @property
    def part(self) -> str:
        """What stands behind ``import``."""
        name = self.name or self.module
        return f"{name} as {self.alias}" if self.alias and self.alias != name else name

    @property
    def statement(self) -> str:
        """The statement that imports it alone."""
        return f"from {self.module} import {self.part}" if self.name else f"import {self.part}"


def imports_of(statement: str) -> list[Import]:
    """The names that import statements import; raises NotWritten for anything else."""
    found: list[Import] = []
    for node in tree_of(statement).body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            raise NotWritten(f"this is no import: {statement[:80]!r}")
        found += names_of(node)
    if any(each.name == "*" or each.module.startswith(".") for each in found):
        raise NotWritten(f"this import can't be added: {statement[:80]!r}")
    return found


def names_of(node: ast.Import | ast.ImportFrom, package: str = "") -> list[Import]:
    """The names that a statement imports, in a module of ``package``."""
    if isinstance(node, ast.Import):
        return [Import(alias.name, None, alias.asname or "") for alias in node.names]
    parts = package.split(".") if package else []
    around = parts[: len(parts) - node.level + 1] if node.level and node.level <= len(parts) else []
    dots = "." * node.level if node.level and not around else ""
    module = dots + ".".join([*around, *([node.module] if node.module else [])])
    return [Import(module, alias.name, alias.asname or "") for alias in node.names]


def insertions(
    text: str, tree: ast.Module, added: Sequence[Import], own: set[str], width: int
) -> list[tuple[int, str]]:
    """What is put at which offsets of a text so that it has the imports; ``own`` are packages of the project.

    A name joins a statement in one line for the same module, if it has room; else it gets a line of its own,
    after the imports of its kind.
    """
    offsets = [*line_offsets(text), len(text)]
    found: list[tuple[int, str]] = []
    grown: dict[int, str] = {}
    left: list[Import] = []
    for each in added:
        if each.name is None or not (node := _joined(text, offsets, tree, each.module)):
            left.append(each)
            continue
        end = offsets[node.lineno - 1] + len(text[offsets[node.lineno - 1] : offsets[node.lineno]].rstrip())
        joining = grown.get(end, "") + f", {each.part}"
        if end - offsets[node.lineno - 1] + len(joining) <= width:
            grown[end] = joining
        else:
            left.append(each)
    found += grown.items()
    return found + _lines(text, offsets, tree, left, own)


def _joined(text: str, offsets: list[int], tree: ast.Module, module: str) -> ast.ImportFrom | None:
    """The statement of one plain line that imports names of a module."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
            line = text[offsets[node.lineno - 1] : offsets[node.lineno]]
            if node.lineno == node.end_lineno and re.fullmatch(r"from [\w.]+ import [\w, ]+", line.rstrip()):
                return node
    return None


@frozen(order=True)
class _Place:
    """Where an import stands among others: those of one kind together, ``import x`` before ``from x``."""

    kind: int
    is_from: bool
    module: str


def _lines(
    text: str, offsets: list[int], tree: ast.Module, added: Sequence[Import], own: set[str]
) -> list[tuple[int, str]]:
    """New statements, each kind of import together and in the order that imports usually have."""
    merged: dict[_Place, list[Import]] = {}
    for each in added:
        module = each.module if each.name else each.part
        merged.setdefault(_Place(_kind(each.module, own), each.name is not None, module), []).append(each)
    there = _places(tree, own)
    found: dict[int, str] = {}
    last: dict[int, int] = {}
    for place, names in sorted(merged.items(), key=lambda each: each[0]):
        parts = ", ".join(dict.fromkeys(each.part for each in sorted(names, key=lambda each: each.part)))
        statement = f"from {place.module} import {parts}" if place.is_from else names[0].statement
        of_kind = [each for each in there if each[0].kind == place.kind]
        smaller = [end for each, _, end in of_kind if each <= place]
        if of_kind:
            line = max(smaller) if smaller else min(start for _, start, _ in of_kind) - 1
            above = ""
        else:
            lower = [end for each, _, end in there if each.kind < place.kind]
            line = max(lower) if lower else _head(text, tree)
            above = "\n" if line and last.get(line) != place.kind else ""
        if line in last and last[line] != place.kind:
            above = "\n"
        found[line] = found.get(line, "") + f"{above}{statement}\n"
        last[line] = place.kind
    return [
        (offsets[line], written + _gap(text[offsets[line] :], last[line], line, there))
        for line, written in found.items()
    ]


def _gap(behind: str, kind: int, line: int, there: Sequence[tuple[_Place, int, int]]) -> str:
    """The blank line between new imports and what is behind them, where that is of another kind."""
    is_blank = not behind.strip() or behind.startswith(("\n", "\r"))
    is_among_its_kind = any(place.kind == kind and line in {start - 1, end} for place, start, end in there)
    return "" if is_blank or is_among_its_kind else "\n"


def _places(tree: ast.Module, own: set[str]) -> list[tuple[_Place, int, int]]:
    """The imports before the first definition, with their first and last lines."""
    found: list[tuple[_Place, int, int]] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            break
        if isinstance(node, ast.Import | ast.ImportFrom):
            is_from = isinstance(node, ast.ImportFrom)
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
            is_relative = isinstance(node, ast.ImportFrom) and node.level > 0
            kind = _OWN if is_relative else _kind(module, own)
            found.append((_Place(kind, is_from, module), node.lineno, node.end_lineno or node.lineno))
    return found


def _head(text: str, tree: ast.Module) -> int:
    """The last line of a file's docstring, or of the comment that it begins with; 0 without one."""
    first = tree.body[0] if tree.body else None
    value = first.value if isinstance(first, ast.Expr) else None
    if first and isinstance(value, ast.Constant) and isinstance(value.value, str):
        return first.end_lineno or 0
    lines = re.split(r"\r\n|\r|\n", text)
    return next((number for number, line in enumerate(lines) if not line.startswith("#")), 0)


def _kind(module: str, own: set[str]) -> int:
    top = module.partition(".")[0]
    if top == "__future__":
        return _FUTURE
    if top in own:
        return _OWN
    return _STANDARD if top in sys.stdlib_module_names else _OTHERS
