"""What a Python file's names stand for, and imports that are added to those that it has."""

import ast
import re
import sys
from collections.abc import Iterable, Sequence

from attrs import define, field, frozen

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
        found += _names(node, "")
    if any(each.name == "*" or each.module.startswith(".") for each in found):
        raise NotWritten(f"this import can't be added: {statement[:80]!r}")
    return found


def _names(node: ast.Import | ast.ImportFrom, package: str) -> list[Import]:
    if isinstance(node, ast.Import):
        return [Import(alias.name, None, alias.asname or "") for alias in node.names]
    parts = package.split(".") if package else []
    around = parts[: len(parts) - node.level + 1] if node.level and node.level <= len(parts) else []
    dots = "." * node.level if node.level and not around else ""
    module = dots + ".".join([*around, *([node.module] if node.module else [])])
    return [Import(module, alias.name, alias.asname or "") for alias in node.names]


@define
class Names:
    """The names of a file whose module is in ``package``, and the imports that tests in it need besides."""

    tree: ast.Module
    package: str = ""
    added: list[Import] = field(factory=list)
    _imports: list[Import] = field(init=False)
    _taken: set[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Read them: imports at the top of the file, and all that is bound in it besides."""
        own = [node for node in self.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        self._imports = [each for node in own for each in _names(node, self.package)]
        self._taken = {name for node in self.tree.body if node not in own for name in _bound(node)}

    @property
    def all(self) -> set[str]:
        """Every name that is bound at the top of the file."""
        return self._taken | {each.binds for each in [*self._imports, *self.added]}

    def of(self, origins: Sequence[str]) -> str | None:
        """What the file calls one of these: a name of its own, or an attribute of what it imports."""
        known = [each for each in [*self._imports, *self.added] if each.binds not in self._taken]
        for each in reversed(known):
            if each.origin in origins and (each.name or each.alias or "." not in each.module):
                return each.binds
        for each in reversed(known):
            for origin in origins:
                if origin == each.origin:
                    return origin
                if origin.startswith(f"{each.origin}.") and (not each.name or self._is_module(each, origin)):
                    rest = origin.removeprefix(each.origin)
                    return (each.binds if each.name or each.alias else each.module) + rest
        return None

    def _is_module(self, imported: Import, origin: str) -> bool:
        return origin.rpartition(".")[0] == imported.origin

    def need(self, wanted: Import) -> str:
        """What the file calls it; it is imported if it isn't yet, by another name if its own is taken."""
        if (found := self._same(wanted)) is not None:
            return found
        name = wanted.binds
        binders = {each.origin for each in [*self._imports, *self.added] if each.binds == name}
        is_parent = (
            not wanted.name
            and not wanted.alias
            and all(origin.partition(".")[0] == name for origin in binders)
        )
        if name in self._taken or (binders and not is_parent):
            alias = self._free(wanted.origin.replace(".", "_"))
            wanted = Import(wanted.module, wanted.name, alias)
        self.added.append(wanted)
        return wanted.binds if wanted.name or wanted.alias else wanted.module

    def _same(self, wanted: Import) -> str | None:
        for each in reversed([*self._imports, *self.added]):
            if each.binds in self._taken or each.origin != wanted.origin:
                continue
            if bool(each.name) == bool(wanted.name) or each.alias:
                return each.binds if each.name or each.alias else each.module
        return None

    def _free(self, name: str) -> str:
        while name in self.all:
            name += "_"
        return name


def _bound(node: ast.AST) -> Iterable[str]:
    """The names that a statement at the top binds, also within its branches."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    found: list[str] = []
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            found.append(each.id)
        elif isinstance(each, ast.alias):
            found.append(each.asname or each.name.partition(".")[0])
        elif isinstance(each, ast.ExceptHandler) and each.name:
            found.append(each.name)
        found += _bound(each)
    return found


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
        smaller = [end for each, _, end in of_kind if each < place]
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
