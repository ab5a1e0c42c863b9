"""Constants of a body that conditions compare with: each is a boundary, with its neighbours."""

import ast
from collections.abc import Iterator

from codenook.server.unit_tests.kits.python.subject import Function

_MOST = 8
_MOST_CHARS = 60


def steering(function: Function, name: str, kind: type) -> list[str]:
    """Expressions of values of ``kind`` (str, int, float) that conditions on a parameter look at.

    Those that its own conditions have come first, then all others in the body.
    """
    own = list(_compared(function, name))
    others = [value for value in _all(function) if value not in own]
    found = [text for value in [*own, *others] for text in _around(value, kind)]
    return list(dict.fromkeys(found))[:_MOST]


def _compared(function: Function, name: str) -> Iterator[object]:
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_mentions(side, name) for side in sides):
                for side in sides:
                    yield from _constants(side)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if _mentions(node.func.value, name):
                for argument in node.args:
                    yield from _constants(argument)
        elif isinstance(node, ast.Match) and _mentions(node.subject, name):
            for case in node.cases:
                yield from _constants(case.pattern)


def _all(function: Function) -> Iterator[object]:
    for statement in function.body:
        is_doc = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_doc:
            yield from _constants(statement)


def _constants(node: ast.AST) -> Iterator[object]:
    left: list[ast.AST] = [node]
    while left:
        each = left.pop(0)
        if isinstance(each, ast.Raise | ast.JoinedStr):
            continue
        if isinstance(each, ast.Constant) and isinstance(each.value, str | int | float):
            yield each.value
        left = [*ast.iter_child_nodes(each), *left]


def _around(value: object, kind: type) -> Iterator[str]:
    if isinstance(value, str) and kind is str and value and len(value) <= _MOST_CHARS:
        yield repr(value)
        yield repr(f"a{value}b")
        yield repr(f"{value} x")
    elif isinstance(value, bool):
        return
    elif isinstance(value, int) and kind is int and abs(value) < 10**6:
        yield from (str(value), str(value + 1), str(value - 1))
    elif isinstance(value, int | float) and kind is float and abs(value) < 10**6:
        yield from (repr(float(value)), repr(value + 0.5), repr(value - 0.5))


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))
