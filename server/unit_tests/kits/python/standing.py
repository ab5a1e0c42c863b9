"""Whether an expression stands for itself elsewhere, and what has to stand before it."""

import ast
import builtins
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import islice

from attrs import define, evolve, field, frozen

_NOT_OURS = frozenset({"input", "open", "exit", "quit", "breakpoint", "help", "eval", "exec", "print"})
"""Builtins that no input is made with."""

_FORBIDDEN = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_MOST_CHARS = 400
_MOST_NODES = 3 * _MOST_CHARS
"""What has more of them is longer than that: nodes are characters, but for operators and contexts."""
_MOST_STATEMENTS = 8


class StandsNotAlone(Exception):
    """An expression needs what can't be brought along."""


@frozen
class Needs:
    """Statements, imports and fixtures that an expression needs, in order."""

    setup: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()

    def __add__(self, other: "Needs") -> "Needs":
        return Needs(
            tuple(dict.fromkeys((*self.setup, *other.setup))),
            tuple(dict.fromkeys((*self.imports, *other.imports))),
            tuple(dict.fromkeys((*self.fixtures, *other.fixtures))),
        )


@define
class Scope:
    """What names stand for at a place: import statements, statements that made a variable, fixtures."""

    imports: Mapping[str, str] = field(factory=dict)
    variables: Mapping[str, Sequence[ast.stmt]] = field(factory=dict)
    fixtures: Mapping[str, str] = field(factory=dict)
    given: Mapping[str, ast.expr] = field(factory=dict)
    """Names in whose place an expression is put: of a loop, or of a test with parameters."""
    own: str = ""
    """The name that every test file has imported: the target's."""

    def inside(self, names: Iterable[str], given: Mapping[str, ast.expr] | None = None) -> "Scope":
        """The scope of a function or loop with variables of these names."""
        hidden = set(names)
        return evolve(
            self,
            imports={k: v for k, v in self.imports.items() if k not in hidden},
            variables={k: v for k, v in self.variables.items() if k not in hidden},
            given={**{k: v for k, v in self.given.items() if k not in hidden}, **(given or {})},
        )

    def bind(self, statement: ast.stmt) -> None:
        """Take note of what a statement does to variables."""
        variables = dict(self.variables)
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            nodes = [node for target in targets for node in ast.walk(target)]
            for node in nodes:
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    variables[node.id] = [statement]
            for root in filter(None, map(_root, targets)):
                if root in variables and not isinstance(targets[0], ast.Name):
                    variables[root] = [*variables[root], statement]
        elif isinstance(statement, ast.Expr | ast.AugAssign):
            changed = statement.value if isinstance(statement, ast.Expr) else statement.target
            if (root := _root(changed)) in variables:
                variables[root] = [*variables[root], statement]
        self.variables = variables

    def needs(self, node: ast.AST, seen: frozenset[str] = frozenset()) -> Needs:
        """What an expression needs; raises StandsNotAlone."""
        if any(isinstance(each, _FORBIDDEN) for each in ast.walk(node)):
            raise StandsNotAlone
        found = Needs()
        for name in _free_names(node):
            if name not in seen:
                found += self._of_name(name, seen | {name})
        if len(found.setup) > _MOST_STATEMENTS:
            raise StandsNotAlone
        return found

    def _of_name(self, name: str, seen: frozenset[str]) -> Needs:
        if name in self.variables:
            found = Needs()
            for statement in self.variables[name]:
                text = self.text(statement)
                found = found + self.needs(statement, seen) + Needs((text,))
            return found
        if name == self.own:
            return Needs()
        if name in self.fixtures:
            return Needs(fixtures=(name,))
        if name in self.given:
            return self.needs(self.given[name], seen)
        if name in self.imports:
            return Needs(imports=(self.imports[name],))
        if hasattr(builtins, name) and name not in _NOT_OURS and not name.startswith("_"):
            return Needs()
        raise StandsNotAlone

    def text(self, node: ast.AST) -> str:
        """The node's source text, with what is given in its place; raises StandsNotAlone."""
        if sum(1 for _ in islice(ast.walk(node), _MOST_NODES + 1)) > _MOST_NODES:
            raise StandsNotAlone
        try:
            text = ast.unparse(_Put(self.given).visit(deepcopy(node)))
        except (RecursionError, ValueError):  # too deep, or a number of too many digits
            raise StandsNotAlone from None
        if len(text) > _MOST_CHARS or "\n" in text:
            raise StandsNotAlone
        return text


class _Put(ast.NodeTransformer):
    def __init__(self, given: Mapping[str, ast.expr]) -> None:
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._given.get(node.id, node) if isinstance(node.ctx, ast.Load) else node


def _free_names(node: ast.AST) -> list[str]:
    bound = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    bound |= {
        name.id
        for each in ast.walk(node)
        if isinstance(each, ast.comprehension)
        for name in ast.walk(each.target)
        if isinstance(name, ast.Name)
    }
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    names.sort(key=lambda name: (getattr(name, "lineno", 0), getattr(name, "col_offset", 0)))
    return list(dict.fromkeys(name.id for name in names if name.id not in bound))


def _root(node: ast.expr) -> str:
    """The variable that ``cart.add(1)`` or ``cart[0]`` begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
