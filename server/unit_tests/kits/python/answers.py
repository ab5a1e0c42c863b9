"""What the sandbox says of calls, read with suspicion: the project's code may have written it."""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import cattrs
from attrs import evolve, field, frozen

from codenook.server.terminal import printable
from codenook.server.unit_tests.kits.python.makers import makes_values, may_be_imported

_MOST_CHARS = 2000
_MOST_PARTS = 8
_MOST_DEEP = 60
_DOTTED = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
_IMPORT = re.compile(rf"(?:import {_DOTTED}|from {_DOTTED} import [A-Za-z_]\w*)\Z")
_ACTUAL = re.compile(
    r"(?:len|str)\(\{\}\)|\{\}\[-?\d+:?\d*\]|\{\}\[:\d+\]|\{\}(?:\.[a-zA-Z]\w*)?|type\(\{\}\).__name__"
)
_NODES = (
    *(ast.Expression, ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Load, ast.Call, ast.keyword),
    *(ast.Name, ast.Attribute, ast.UnaryOp, ast.USub, ast.UAdd, ast.BinOp, ast.Add, ast.Sub),
)
_FORBIDDEN = frozenset(
    {"eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "input", "breakpoint"}
)


@frozen
class Written:
    """An expression: ``actual`` says of what (``{}.total``), ``bound`` of which argument."""

    kind: str
    text: str
    imports: list[str] = field(factory=list)
    actual: str = "{}"
    bound: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it is a value and no more."""
        return (
            self.kind in {"equal", "same", "close", "nan"}
            and are_imports(self.imports)
            and is_value(self.text, self.imports)
            and _ACTUAL.fullmatch(self.actual) is not None
        )


@frozen
class Answer:
    """What came of one call; ``problem`` is instead of it."""

    call: int = -1
    problem: str = ""
    form: str = ""
    value: Written | None = None
    why: str = ""
    parts: list[Written] = field(factory=list)
    changed: list[Written] = field(factory=list)
    error: str = ""
    message: str = ""
    imports: list[str] = field(factory=list)
    place: tuple[str, int, str] = ("", 0, "")
    entered: bool = False
    agrees: bool | None = None
    lines: list[int] = field(factory=list)
    drawn: list[dict[str, Written]] = field(factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether all that would stand in a test is as it should be."""
        drawn = [each for row in self.drawn for each in row.values()]
        written = [*([self.value] if self.value else []), *self.parts, *self.changed, *drawn]
        return (
            all(each.is_sound for each in written)
            and all(name.isidentifier() for row in self.drawn for name in row)
            and len(self.parts) + len(self.changed) <= 2 * _MOST_PARTS
            and self.form in {"", "run", "list", "islice", "run list", "run islice"}
            and (not self.error or re.fullmatch(_DOTTED, self.error) is not None)
            and are_imports(self.imports)
        )


def answers_in(output: bytes, secret: str) -> Iterator[Answer]:
    """What was said, line by line; what is not in the right form is left out."""
    for line in output.split(b"\n"):
        mine, _, content = line.partition(b" ")
        if mine.decode("ascii", "replace") != secret:
            continue
        try:
            answer = cattrs.structure(_strict(json.loads(content)), Answer)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, cattrs.BaseValidationError):
            continue
        if answer.is_sound:
            yield evolve(answer, problem=printable(answer.problem[:_MOST_CHARS]), why=printable(answer.why))
        else:
            yield Answer(answer.call, "what came of it isn't a plain value")


def _strict(said: Any) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise TypeError("no object")
    return {key: value for key, value in said.items() if value is not None}


def are_imports(statements: Sequence[str]) -> bool:
    """Whether these are import statements, of modules that do nothing of their own."""
    return all(_IMPORT.match(each) and may_be_imported(each) for each in statements)


def is_value(text: str, imports: Sequence[str] = ()) -> bool:
    """Whether an expression only makes values: literals, names, and calls of what makes values.

    ``imports`` are the statements before it.
    """
    if len(text) > _MOST_CHARS:
        return False
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(depth <= _MOST_DEEP and _is_plain(node, imports) for node, depth in _with_depth(tree))


def _with_depth(tree: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """All nodes, and how deep each is: what is too deep can't be written again."""
    left = [(tree, 0)]
    while left:
        node, depth = left.pop()
        yield node, depth
        left += [(child, depth + 1) for child in ast.iter_child_nodes(node)]


def _is_plain(node: ast.AST, imports: Sequence[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id not in _FORBIDDEN and not node.id.startswith("__")
    if isinstance(node, ast.Attribute):
        return not node.attr.startswith("_")
    if isinstance(node, ast.Call):
        return makes_values(node.func, imports)
    return isinstance(node, _NODES)


def steady(first: str, second: str) -> str:
    """What two messages begin with, as long as it says something."""
    if first == second:
        return first
    n_same = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
    common = first[:n_same].rpartition(" ")[0]
    return common if len(common) > len("an error") else ""


def are_the_same(first: Answer, second: Answer) -> bool:
    """Whether two processes came to the same."""
    return (
        first.problem == second.problem
        and first.form == second.form
        and first.error == second.error
        and first.value == second.value
        and _by_actual(first.parts) == _by_actual(second.parts)
        and first.changed == second.changed
    )


def _by_actual(parts: Sequence[Written]) -> dict[str, str]:
    return {part.actual: part.text for part in parts}
