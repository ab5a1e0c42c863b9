"""Types of parameters that say none: by default, name, documentation, and what the body does with them."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from codenook.server.unit_tests.kits.python.customs import OF_FUNCTIONS, OF_METHODS, OF_NAMES, UNKNOWN
from codenook.server.unit_tests.kits.python.subject import Function, Parameter

_MOST = 3

_DOCUMENTED = (
    r":type\s+{0}:\s*(?P<type>[^\n]+)",
    r":param\s+(?P<type>[\w\[\], .|]+?)\s+{0}:",
    r"^\s*\*{{0,2}}{0}\s*\((?P<type>[^)\n]+)\)\s*:",
    r"^\s*{0}\s*:\s*(?P<type>[\w\[\], .|]+)$",
)
_WORDS = {
    "string": "str",
    "integer": "int",
    "boolean": "bool",
    "iterable": "list[int]",
    "function": "Callable",
}
_WORDS |= {"callable": "Callable", "sequence": "list[int]", "number": "float", "dictionary": "dict[str, int]"}


def kinds(function: Function, parameter: Parameter) -> list[str]:
    """Types (as annotations) that a parameter probably has, the likeliest first; the usual ones for none."""
    votes = _votes(function, parameter)
    for kind in [kind for kind in votes if not _is_expression(kind)]:
        del votes[kind]
    if not votes:
        spec = function.args
        others = [_of_default(default) for default in (*spec.defaults, *filter(None, spec.kw_defaults))]
        return list(dict.fromkeys([*filter(None, others), *UNKNOWN]))
    return [kind for kind, _ in votes.most_common(_MOST)]


def _votes(function: Function, parameter: Parameter) -> Counter[str]:
    votes: Counter[str] = Counter()
    for kind in _documented(function, parameter.name):
        votes[kind] += 6
    if kind := _of_default(parameter.default):
        votes[kind] += 5
    for kind in _used(function, parameter.name):
        votes[kind] += 2
    for pattern, kind in OF_NAMES:
        if re.search(pattern, parameter.name.strip("_").lower()):
            votes[kind] += 3
    return votes


def _is_expression(kind: str) -> bool:
    """Whether it can be read: documentation says ``class``, and code ``isinstance(x, (*TYPES,))``."""
    try:
        ast.parse(kind, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _of_default(default: ast.expr | None) -> str:
    if isinstance(default, ast.Constant) and default.value is not None:
        return type(default.value).__name__
    kinds_of = {ast.List: "list[int]", ast.Tuple: "tuple[int, ...]", ast.Dict: "dict[str, int]"}
    return next((kind for node, kind in kinds_of.items() if isinstance(default, node)), "")


def _documented(function: Function, name: str) -> Iterator[str]:
    doc = ast.get_docstring(function) or ""
    for pattern in _DOCUMENTED:
        for found in re.finditer(pattern.format(re.escape(name)), doc, re.MULTILINE):
            written = re.split(r",\s*optional|\s+or\s+None", found["type"].strip())[0].strip()
            text = _WORDS.get(written.lower(), written)
            if re.fullmatch(r"[\w.]+(\[.*\])?", text):
                yield text


def _used(function: Function, name: str) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield from _of_call(node, name)
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_is(side, name) for side in sides):
                yield from (_of_constant(side) for side in sides if isinstance(side, ast.Constant))
                if isinstance(node.ops[0], ast.In | ast.NotIn) and not _is(node.left, name):
                    yield "list[str]"
        elif isinstance(node, ast.BinOp):
            yield from _of_operator(node, name)
        elif isinstance(node, ast.For | ast.comprehension) and _is(node.iter, name):
            yield "list[int]"
        elif isinstance(node, ast.Subscript) and _is(node.value, name):
            yield "str" if isinstance(node.slice, ast.Slice) else "list[int]"
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                yield "dict[str, int]"


def _of_call(node: ast.Call, name: str) -> Iterator[str]:
    callee = node.func
    if _is(callee, name):
        yield "Callable"
        yield "Callable"
    if isinstance(callee, ast.Attribute) and _is(callee.value, name) and callee.attr in OF_METHODS:
        yield OF_METHODS[callee.attr]
        yield OF_METHODS[callee.attr]
    called = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
    given = [n for n, argument in enumerate(node.args) if _is(argument, name)]
    if called == "isinstance" and given == [0] and len(node.args) > 1:
        types = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
        yield from (ast.unparse(each) for each in types)
    elif (
        called in {"map", "filter", "partial", "reduce", "takewhile", "dropwhile", "callable"} and 0 in given
    ):
        yield "Callable"
    elif called in {"map", "filter", "reduce", "takewhile", "dropwhile"} and given:
        yield "list[int]"
    elif called in {"sub", "match", "search", "findall", "split", "fullmatch"} and given:
        yield "str"
    elif given and called in OF_FUNCTIONS and not (called in {"max", "min"} and len(node.args) > 1):
        yield OF_FUNCTIONS[called]


def _of_operator(node: ast.BinOp, name: str) -> Iterator[str]:
    if not (_is(node.left, name) or _is(node.right, name)):
        return
    other = node.right if _is(node.left, name) else node.left
    if isinstance(other, ast.Constant):
        yield _of_constant(other)
    elif isinstance(other, ast.JoinedStr):
        yield "str"
    if isinstance(node.op, ast.Sub | ast.Mult | ast.Div | ast.FloorDiv | ast.Pow | ast.LShift | ast.BitAnd):
        yield "int"
    elif isinstance(node.op, ast.Mod):
        yield "int" if _is(node.left, name) else "str"


def _of_constant(node: ast.Constant) -> str:
    return "None" if node.value is None else type(node.value).__name__


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
