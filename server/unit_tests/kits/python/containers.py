"""Values of types that hold or take others: short and empty ones, and with an item twice."""

import ast
from collections.abc import Sequence

from codenook.server.unit_tests.kits.python import plain
from codenook.server.unit_tests.kits.python.plain import Value


def needs(values: Sequence[Value]) -> tuple[str, ...]:
    """The statements that values need, each once."""
    return tuple(dict.fromkeys(statement for value in values for statement in value.imports))


def collections(kind: str, items: Sequence[Value]) -> list[Value]:
    """Lists, or what is made from lists, of a type with this name."""
    if not items:
        return []
    rows = [items[:3], [], items[:1], [items[0], *items[:2]], items[1:6]]
    return [_collection(kind, row) for row in rows]


def _collection(kind: str, row: Sequence[Value]) -> Value:
    inside = ", ".join(value.text for value in row)
    text, imports = f"[{inside}]", needs(row)
    if kind == "tuple":
        text = _tuple(row)
    elif kind in plain.SETS:
        text = "{" + inside + "}" if row else "set()"
    elif kind in {"frozenset", "FrozenSet"}:
        text = f"frozenset({text})"
    elif kind in plain.ITERATORS:
        text = f"iter({text})"
    elif kind in {"deque", "Counter"}:
        text, imports = f"{kind}({text})", (*imports, f"from collections import {kind}")
    return Value(text, imports)


def tuples(columns: Sequence[Sequence[Value]]) -> list[Value]:
    """Tuples with an item from each column."""
    if not all(columns):
        return []
    rows = [[column[row % len(column)] for column in columns] for row in range(3)]
    return [Value(_tuple(row), needs(row)) for row in rows]


def dicts(keys: Sequence[Value], items: Sequence[Value]) -> list[Value]:
    """Dictionaries of these."""
    if not keys or not items:
        return []
    pairs = [(key, items[number % len(items)]) for number, key in enumerate(keys)]
    return [
        Value(
            "{" + ", ".join(f"{k.text}: {v.text}" for k, v in row) + "}",
            needs([v for pair in row for v in pair]),
        )
        for row in (pairs[:2], [], pairs[:1], pairs[:4])
    ]


def functions(n_takes: int, gives: Sequence[Value], *, is_condition: bool) -> list[Value]:
    """Functions that give what they take, a truth of it, or always the same."""
    names = "abcdefgh"[:n_takes]
    head = f"lambda {', '.join(names)}".strip()
    found = [f"{head}: bool({names[0]})" if is_condition else f"{head}: {names[0]}"] if names else []
    return [
        *map(Value, found),
        *(Value(f"{head}: {value.text}", value.imports) for value in gives[:2]),
    ] or list(plain.FUNCTIONS)


def _tuple(row: Sequence[Value]) -> str:
    text = ast.unparse(ast.Tuple([ast.parse(value.text, mode="eval").body for value in row], ast.Load()))
    return text if text.startswith("(") else f"({text})"
