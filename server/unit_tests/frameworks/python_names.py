"""What the names at the top of a Python file stand for."""

import ast
from collections.abc import Iterable, Sequence

from attrs import define, evolve, field

from codenook.server.unit_tests.frameworks.python_imports import Import, names_of


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
        self._imports = [each for node in own for each in names_of(node, self.package)]
        self._taken = {name for node in self.tree.body if node not in own for name in _bound(node)}

    @property
    def all(self) -> set[str]:
        """Every name that is bound at the top of the file."""
        return self._taken | {each.binds for each in [*self._imports, *self.added]}

    def of(self, origins: Sequence[str]) -> str | None:
        """What the file calls one of these: its own name for it, or an attribute of a module."""
        known = [each for each in (*self.added, *reversed(self._imports)) if each.binds not in self._taken]
        for each in known:
            if each.origin in origins and each.name:
                return each.binds
        for each in known:
            for origin in origins:
                module, _, name = origin.rpartition(".")
                if module == each.origin:
                    return f"{each.reads}.{name}"
        return None

    def need(self, wanted: Import) -> str:
        """What the file calls it; it is imported if it isn't yet, by another name if its own is taken."""
        known = [each for each in (*self.added, *reversed(self._imports)) if each.binds not in self._taken]
        for each in known:
            if each.origin == wanted.origin and (each.name is not None) is (wanted.name is not None):
                return each.reads
        others = {each.module for each in known if each.binds == wanted.binds}
        is_shared = wanted.reads == wanted.module and all(
            module.partition(".")[0] == wanted.binds for module in others
        )
        if wanted.binds in self._taken or (others and not is_shared):
            wanted = evolve(wanted, alias=self._free(wanted.origin.replace(".", "_")))
        self.added.append(wanted)
        return wanted.reads

    def _free(self, name: str) -> str:
        while name in self.all:
            name += "_"
        return name


def _bound(node: ast.AST) -> Iterable[str]:
    """The names that a statement at the top binds, also within its branches."""
    found: list[str] = []
    left = [node]  # no recursion: an expression may be deeper than the stack
    while left:
        each = left.pop()
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(each.name)
            continue
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            found.append(each.id)
        elif isinstance(each, ast.alias):
            found.append(each.asname or each.name.partition(".")[0])
        elif isinstance(each, ast.ExceptHandler) and each.name:
            found.append(each.name)
        left += ast.iter_child_nodes(each)
    return found
