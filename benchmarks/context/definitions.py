"""Baselines that know definitions: what the file imports, and what is called like names in the file.

`Definitions.imported` shows the signatures of all that the file imports from its workspace: definitions by
name (re-exports are followed) and, of imported modules, the attributes that the file reads. First comes what
the file does not use yet, then what stands near the cursor.

`Definitions.imported_and_named` goes on with definitions anywhere in the workspace, methods included, whose
name the file mentions: names with few definitions first, as aider's map of a repository values them, and of
equals those that stand more often in the 60 lines around the cursor.

Both are for Python.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from textwrap import dedent

from attrs import Factory, define, frozen
from excerpts import Excerpt
from holes import Question
from windows import WORD, words_around

MAX_HOPS = 8
MAX_VALUE_LINES = 3

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@frozen
class Imported:
    """One name that an import binds: ``name`` of ``module``, or the module itself where ``name`` is empty."""

    module: str
    name: str
    binds: str


@define
class Module:
    """What a file defines at its top, and what it imports."""

    definitions: dict[str, Excerpt] = Factory(dict)
    imports: list[Imported] = Factory(list)


class Definitions:
    """The definitions of a Python workspace."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._packages = {PurePosixPath(path).parent for path in texts if path.endswith("/__init__.py")}
        self._modules: dict[str, Module] = {}
        self._by_name: defaultdict[str, list[Excerpt]] = defaultdict(list)
        for path, text in texts.items():
            tree = _parsed(text)
            if tree is None:
                continue
            module = self._modules.setdefault(_dotted(PurePosixPath(path), self._packages), Module())
            module.imports += self._imports(path, tree)
            lines = text.split("\n")
            for name, node, is_at_top in _definitions(tree):
                excerpt = Excerpt(path, node.lineno, node.end_lineno or 0, _stub(node, lines))
                self._by_name[name].append(excerpt)
                if is_at_top:
                    module.definitions.setdefault(name, excerpt)

    def imported(self, question: Question) -> Iterator[Excerpt]:
        """The signatures of what the file imports from the workspace."""
        tree = _parsed(f"{question.text[: question.offset]}pass{question.text[question.offset :]}")
        if tree is None:
            return
        mentions, near = Counter(WORD.findall(question.text)), Counter(words_around(question))
        ranks: dict[Excerpt, tuple[bool, int]] = {}
        for imported in self._imports(question.path, tree):
            is_used = mentions[imported.binds.rpartition(".")[2]] != 1
            for name, found in self._meant(imported, tree):
                if found and found.path != question.path:
                    ranks.setdefault(found, (is_used, -near[name]))
        yield from sorted(ranks, key=ranks.__getitem__)

    def imported_and_named(self, question: Question) -> Iterator[Excerpt]:
        """The same, then definitions whose name stands in the file, rare names first."""
        shown = list(self.imported(question))
        yield from shown
        own = {name for name, found in self._by_name.items() if any(e.path == question.path for e in found)}
        near = Counter(words_around(question))
        names = {name for name in WORD.findall(question.text) if name in self._by_name and name not in own}
        for name in sorted(names, key=lambda name: (len(self._by_name[name]), -near[name], name)):
            yield from (found for found in self._by_name[name] if found not in shown)

    def _meant(self, imported: Imported, tree: ast.Module) -> Iterator[tuple[str, Excerpt | None]]:
        """What an import stands for, with the name by which the file reads it."""
        if imported.name == "*":
            module = self._modules.get(imported.module, Module())
            read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            yield from ((name, found) for name, found in module.definitions.items() if name in read)
        elif imported.name and (found := self._member(imported.module, imported.name)):
            yield imported.binds, found
        else:
            module_name = f"{imported.module}.{imported.name}" if imported.name else imported.module
            for name in _attributes(tree, imported.binds):
                yield name, self._member(module_name, name)

    def _member(self, module_name: str, name: str, hops: int = 0) -> Excerpt | None:
        module = self._modules.get(module_name)
        if module is None or hops > MAX_HOPS:
            return None
        if name in module.definitions:
            return module.definitions[name]
        sources = [i for i in module.imports if i.name and i.binds in (name, "*")]
        found = (self._member(i.module, name if i.name == "*" else i.name, hops + 1) for i in sources)
        return next(filter(None, found), None)

    def _imports(self, path: str, tree: ast.Module) -> Iterator[Imported]:
        name = _dotted(PurePosixPath(path), self._packages)
        package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Imported(alias.name, "", alias.asname or alias.name)
            elif isinstance(node, ast.ImportFrom):
                parts = package.split(".")
                base = parts[: len(parts) - node.level + 1] if node.level else []
                module = ".".join([*base, *filter(None, [node.module])])
                for alias in node.names:
                    yield Imported(module, alias.name, alias.asname or alias.name)


def _dotted(path: PurePosixPath, packages: set[PurePosixPath]) -> str:
    """The name by which a file is imported: seen from its first parent folder that is no package."""
    top = path.parent
    while top in packages:
        top = top.parent
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _attributes(tree: ast.Module, module: str) -> list[str]:
    """What is read as an attribute of ``module``, each name once, in the order of the text."""
    return list(
        dict.fromkeys(
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == module
        )
    )


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt, bool]]:
    """Yield name, node and whether it stands at the top: of all but what is local to functions."""
    to_visit: list[tuple[ast.AST, bool]] = [(tree, True)]
    while to_visit:
        parent, is_at_top = to_visit.pop(0)
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, (*Function, ast.ClassDef)):
                yield node.name, node, is_at_top
                if isinstance(node, ast.ClassDef):
                    to_visit.append((node, False))
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, node, is_at_top
            elif isinstance(node, ast.stmt | ast.ExceptHandler):
                to_visit.append((node, is_at_top))


def _stub(node: ast.stmt, lines: Sequence[str]) -> str:
    """Signatures of a function, or of a class with its methods and fields; the first lines of a value."""
    if isinstance(node, ast.ClassDef):
        members = [
            _own_lines(child, lines)
            for child in node.body
            if isinstance(child, (*Function, ast.AnnAssign, ast.Assign))
        ]
        return dedent("\n".join([_own_lines(node, lines), *members]))
    return dedent(_own_lines(node, lines))


def _own_lines(node: ast.stmt, lines: Sequence[str]) -> str:
    if not isinstance(node, (*Function, ast.ClassDef)):
        last = min(node.end_lineno or 0, node.lineno + MAX_VALUE_LINES - 1)
        return "\n".join(lines[node.lineno - 1 : last])
    first = min([node.body[0].lineno, *(d.lineno for d in getattr(node.body[0], "decorator_list", ()))])
    return "\n".join(lines[node.lineno - 1 : max(node.lineno, first - 1)]).rstrip()


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None
