"""Calls of a target in code that somebody wrote, and what is said there to come of them."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import define, evolve

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.kits.python.standing import Needs, Scope, StandsNotAlone
from codenook.server.unit_tests.kits.python.subject import Form, Function, Subject, dotted

_MOST_ROWS = 6
_EQUALITIES = frozenset({"assertEqual", "assertEquals", "assertListEqual", "assertDictEqual", "assertIs"})
Is = Callable[[str], bool]
"""Whether a dotted name at the place means the target, or for a method its class."""


@define(eq=False)
class Reader:
    """Reads calls of one target; ``means`` decides by the name."""

    subject: Subject
    means: Is
    origin: Origin
    place: str = ""
    """The file's path, before the line in the evidence."""
    lines: frozenset[int] | None = None
    """Where the name occurs, when that is known: other functions aren't looked at."""

    def read(self, statements: Sequence[ast.stmt], scope: Scope) -> Iterator[Call]:
        """The calls in a block, in order, that stand for themselves."""
        said = _said_of_variables(statements)
        for statement in statements:
            if isinstance(statement, Function | ast.ClassDef) and self._is_elsewhere(statement):
                continue
            if isinstance(statement, Function):
                for inner in self._scopes_of(statement, scope):
                    yield from self.read(statement.body, inner)
            elif isinstance(statement, ast.ClassDef):
                yield from self.read(statement.body, scope)
            elif isinstance(statement, ast.For):
                for given in _rows(statement.target, statement.iter):
                    yield from self.read(statement.body, scope.inside(given, given))
            elif isinstance(statement, ast.With | ast.If | ast.Try):
                yield from self.read(_blocks(statement), evolve(scope))
            else:
                yield from self._in_statement(statement, scope, said)
            scope.bind(statement)

    def _is_elsewhere(self, node: ast.stmt) -> bool:
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        return self.lines is not None and self.lines.isdisjoint(lines)

    def _in_statement(
        self, statement: ast.stmt, scope: Scope, said: Mapping[str, ast.expr]
    ) -> Iterator[Call]:
        expected = _expected(statement)
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            is_said = said.get(statement.targets[0].id)
            expected |= {id(_bare(statement.value)): is_said} if is_said else {}
        for node in ast.walk(statement):
            if isinstance(node, ast.Call | ast.Attribute):
                call = self._call(node, scope)
                value = expected.get(id(node))
                if call is not None:
                    evidence = f"{self.place}:{node.lineno}" if self.place else ""
                    yield evolve(call, evidence=evidence, expected=_standing(value, scope))

    def _call(self, node: ast.Call | ast.Attribute, scope: Scope) -> Call | None:
        try:
            return (
                self._of_property(node, scope)
                if isinstance(node, ast.Attribute)
                else self._of_call(node, scope)
            )
        except (StandsNotAlone, RecursionError):
            return None

    def _of_property(self, node: ast.Attribute, scope: Scope) -> Call | None:
        if self.subject.form is not Form.PROPERTY or node.attr != self.subject.name:
            return None
        receiver = self._receiver(node.value, scope)
        return None if receiver is None else self._made("", receiver, scope.needs(node.value))

    def _of_call(self, node: ast.Call, scope: Scope) -> Call | None:
        receiver = self._on(node, scope)
        if receiver is None:
            return None
        text, needs = receiver
        for each in (*node.args, *(keyword.value for keyword in node.keywords)):
            needs += scope.needs(each)
        given = [scope.text(each) for each in node.args]
        given += [
            f"{k.arg}={scope.text(k.value)}" if k.arg else f"**{scope.text(k.value)}" for k in node.keywords
        ]
        return self._made(", ".join(given), text, needs)

    def _on(self, node: ast.Call, scope: Scope) -> tuple[str, Needs] | None:
        """What the target is called on (empty: nothing), None where it is another's call."""
        subject, name = self.subject, dotted(node.func)
        is_own_name = bool(name) and name.partition(".")[0] not in scope.variables and self.means(name)
        is_called_itself = subject.form in {Form.FUNCTION, Form.CLASS} or subject.name == "__init__"
        if is_called_itself and is_own_name:
            return "", Needs()
        if not isinstance(node.func, ast.Attribute) or subject.form in {Form.FUNCTION, Form.PROPERTY}:
            return None
        method, owner = node.func.attr, node.func.value
        if subject.form is Form.OF_CLASS:
            return ("", Needs()) if method == subject.name and self.means(dotted(owner)) else None
        is_ours = method == subject.name or (subject.form is Form.CLASS and not method.startswith("_"))
        receiver = self._receiver(owner, scope) if is_ours else None
        if receiver is None:
            return None
        return f"{receiver}.{method}" if subject.form is Form.CLASS else receiver, scope.needs(owner)

    def _receiver(self, node: ast.expr, scope: Scope) -> str | None:
        """The text of an object of the target's class; None for any other."""
        made: ast.AST | None = node
        if isinstance(node, ast.Name):
            if (
                scope.fixtures.get(node.id, "").rpartition(".")[2]
                == self.subject.class_name.rpartition(".")[2]
            ):
                return node.id
            first = next(iter(scope.variables.get(node.id, ())), None)
            made = first.value if isinstance(first, ast.Assign | ast.AnnAssign) else None
        if isinstance(made, ast.Call) and self.means(dotted(made.func)):
            return scope.text(node)
        return None

    def _made(self, arguments: str, receiver: str, needs: Needs) -> Call:
        return Call(arguments, self.origin, receiver, needs.setup, needs.imports, needs.fixtures)

    @staticmethod
    def _scopes_of(function: Function, scope: Scope) -> Iterator[Scope]:
        """What a function's parameters stand for: nothing that is known, or each row of a table."""
        names = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
        names -= scope.fixtures.keys()
        tables = [
            each
            for each in function.decorator_list
            if isinstance(each, ast.Call) and dotted(each.func).endswith("parametrize") and len(each.args) > 1
        ]
        if len(tables) != 1:
            yield scope.inside(names)
            return
        for given in _rows(_named(tables[0].args[0]), tables[0].args[1]):
            yield scope.inside(names, given)


def _named(names: ast.expr) -> ast.expr:
    """The names of a table's columns as the target of a loop."""
    listed = names.elts if isinstance(names, ast.Tuple | ast.List) else [names]
    texts = [each.value for each in listed if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    parts = [ast.Name(part.strip(), ast.Store()) for text in texts for part in text.split(",")]
    return parts[0] if len(parts) == 1 else ast.Tuple(list(parts), ast.Store())


def _rows(target: ast.expr, values: ast.expr) -> Iterator[dict[str, ast.expr]]:
    """What the variables of a loop over a table are, for the first rows."""
    rows = values.elts if isinstance(values, ast.List | ast.Tuple) else []
    names = [t.id if isinstance(t, ast.Name) else "" for t in getattr(target, "elts", [target])]
    for row in rows[:_MOST_ROWS]:
        inner = row.args if isinstance(row, ast.Call) and dotted(row.func).endswith("param") else None
        cells = inner or (row.elts if isinstance(row, ast.Tuple | ast.List) and len(names) > 1 else [row])
        if len(cells) == len(names):
            yield dict(zip(names, cells, strict=True))


def _blocks(statement: ast.stmt) -> list[ast.stmt]:
    return [each for each in ast.iter_child_nodes(statement) if isinstance(each, ast.stmt)]


def _expected(statement: ast.stmt) -> dict[int, ast.expr]:
    """What calls in a statement are said to equal, by the call's node."""
    found: dict[int, ast.expr] = {}
    for node in ast.walk(statement):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.Is) and len(node.ops) == 1:
            sides = node.left, node.comparators[0]
        elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _EQUALITIES:
            if len(node.args) < 2:  # noqa: PLR2004 - two sides
                continue
            sides = node.args[0], node.args[1]
        else:
            continue
        for side, other in (sides, sides[::-1]):
            found.setdefault(id(_bare(side)), other)
    return found


def _said_of_variables(statements: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """What a block says that variables equal."""
    found: dict[str, ast.expr] = {}
    for statement in statements:
        if not isinstance(statement, ast.Assert | ast.Expr):
            continue
        nodes = {id(node): node for node in ast.walk(statement)}
        for number, other in _expected(statement).items():
            node = nodes[number]
            if isinstance(node, ast.Name):
                found.setdefault(node.id, other)
    return found


def _bare(node: ast.expr) -> ast.expr:
    """The call in ``list(call)``, ``asyncio.run(call)`` or ``await call``: tests do the same."""
    while True:
        if isinstance(node, ast.Await):
            node = node.value
        elif (
            isinstance(node, ast.Call)
            and dotted(node.func) in {"list", "asyncio.run"}
            and len(node.args) == 1
        ):
            node = node.args[0]
        else:
            return node


def _standing(node: ast.expr | None, scope: Scope) -> str:
    if node is None:
        return ""
    try:
        needs = scope.needs(node)
        return scope.text(node) if not (needs.setup or needs.fixtures) else ""
    except (StandsNotAlone, RecursionError):
        return ""
