"""What names in a file's annotations stand for: classes of the workspace, or dotted names of others."""

import ast
import builtins
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from attrs import define, field, frozen

from codenook.context.code import Code
from codenook.context.languages.python.modules import PythonModules
from codenook.server.unit_tests.kits.python.module import Modules
from codenook.server.unit_tests.kits.python.subject import Function, definitions, dotted, parsed

_MOST_HOPS = 8


@frozen(eq=False)
class File:
    """A file of the workspace or of its libraries: its tree, its path, and how others import it."""

    path: str
    tree: ast.Module
    module: str

    @cached_property
    def top(self) -> Mapping[str, ast.AST]:
        """The classes, functions and assigned expressions at the top by name."""
        found: dict[str, ast.AST] = {node.name: node for node in definitions(self.tree)}
        for statement in self.tree.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                found |= {each.id: statement.value for each in targets if isinstance(each, ast.Name)}
        return found

    @cached_property
    def imports(self) -> Mapping[str, tuple[str, str]]:
        """For each name the module that an import statement takes it from, and what it is there."""
        found: dict[str, tuple[str, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for each in node.names:
                    first = each.name.partition(".")[0]
                    found.setdefault(each.asname or first, (each.name if each.asname else first, ""))
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                for each in node.names:
                    found.setdefault(each.asname or each.name, (module, each.name))
        return found

    @cached_property
    def stars(self) -> Sequence[str]:
        """The modules that all names are taken from."""
        return [
            "." * node.level + (node.module or "")
            for node in self.tree.body
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        ]


@frozen(eq=False)
class Found:
    """What a name stands for: a definition (``node``) in a file with its qualified name there."""

    file: File
    node: ast.AST
    symbol: str

    @property
    def statement(self) -> str:
        """How it is imported."""
        return f"from {self.file.module} import {self.symbol.partition('.')[0]}"


@define(eq=False)
class Names:
    """Answers what dotted names stand for; files are read once."""

    modules: Modules
    code: Code | None
    _files: dict[str, File | None] = field(factory=dict, init=False)

    def show(self, path: str, tree: ast.Module) -> File:
        """Take a file as it is open."""
        shown = File(path, tree, self.modules.name(path))
        self._files[path] = shown
        return shown

    def find(self, file: File, name: str, hops: int = _MOST_HOPS) -> Found | str:
        """What ``name`` (``a.b.C``) is in a file: a definition, else its full dotted name."""
        first, _, rest = name.partition(".")
        if (node := file.top.get(first)) is not None:
            return self._inside(Found(file, node, first), rest, hops)
        bound = file.imports.get(first)
        if bound is None:
            return self._by_star(file, name, hops)
        module, original = bound
        if hops == 0:
            return ".".join(filter(None, (module, original, rest)))
        if original:
            return self._of_module(file, module, f"{original}.{rest}".rstrip("."), hops - 1)
        return self._of_module(file, module, rest, hops - 1)

    def _by_star(self, file: File, name: str, hops: int) -> Found | str:
        for module in file.stars if hops else ():
            found = self._of_module(file, module, name, hops - 1)
            if isinstance(found, Found):
                return found
        return name

    def _inside(self, found: Found, rest: str, hops: int) -> Found | str:
        """Go on into a class, or over another name for it."""
        node = found.node
        if isinstance(node, ast.Name | ast.Attribute) and hops:
            other = f"{dotted(node)}.{rest}".rstrip(".")
            if other.partition(".")[0] not in {"", found.symbol}:
                return self.find(found.file, other, hops - 1)
        for part in filter(None, rest.split(".")):
            inner = next(
                (d for d in (definitions(node) if isinstance(node, ast.ClassDef) else ()) if d.name == part),
                None,
            )
            if inner is None:
                return f"{found.file.module}.{found.symbol}.{rest}"
            node, found = inner, Found(found.file, inner, f"{found.symbol}.{part}")
        return found

    def _of_module(self, file: File, module: str, name: str, hops: int) -> Found | str:
        full = f"{module}.{name}".strip(".")
        parts = name.split(".")
        for other in self._files_of(file, module):
            if other is file:
                continue
            if parts[0] in other.top or parts[0] in other.imports:
                return self.find(other, name, hops)
            if isinstance(found := self._by_star(other, name, hops), Found):
                return found
        if len(parts) > 1:
            return self._of_module(file, f"{module}.{parts[0]}", ".".join(parts[1:]), hops)
        return full

    def _files_of(self, file: File, module: str) -> list[File]:
        if self.code is None or module.partition(".")[0] in {"typing", "collections", "builtins"}:
            return []
        found = PythonModules(self.code).module(file.path, module)
        files = [self.file(path) for path in (found.files if found else ())]
        return [each for each in files if each is not None]

    def file(self, path: str) -> File | None:
        """A file by its path, None when it can't be read."""
        if path not in self._files:
            source = self.code.source(path) if self.code else None
            tree = parsed(source.decode("utf-8", "replace")) if source is not None else None
            module = self.modules.name(path) if not Path(path).is_absolute() else _library(path)
            self._files[path] = File(path, tree, module) if tree is not None and module else None
        return self._files[path]


def _library(path: str) -> str:
    parts = Path(path).with_suffix("").parts
    if "site-packages" not in parts:
        return ""
    inner = parts[parts.index("site-packages") + 1 :]
    return ".".join(inner[:-1] if inner[-1] == "__init__" else inner)


def is_builtin(name: str) -> bool:
    """Whether every module knows this name."""
    return hasattr(builtins, name)


def initializer(node: ast.ClassDef) -> Function | None:
    """The function that a class's arguments go to, where it has its own."""
    own = {each.name: each for each in definitions(node) if isinstance(each, Function)}
    return own.get("__init__") or own.get("__new__")
