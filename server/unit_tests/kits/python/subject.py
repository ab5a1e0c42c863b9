"""A target as its syntax tree tells it: what it is called with, and how."""

import ast
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache

from attrs import frozen

from codenook.server.unit_tests.target import Target

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Form(Enum):
    """How something is called."""

    FUNCTION = auto()
    METHOD = auto()
    OF_CLASS = auto()
    """A static method or a class method."""
    PROPERTY = auto()
    CLASS = auto()


@frozen
class Parameter:
    """One parameter, without the receiver."""

    name: str
    annotation: ast.expr | None = None
    default: ast.expr | None = None
    is_keyword: bool = False
    is_positional: bool = False
    """It can't be given by name."""
    is_variadic: bool = False
    """``*args`` or ``**kwargs``: left out."""


@frozen(eq=False)
class Subject:
    """The target (``node``) in the tree of its file, with the class around it."""

    tree: ast.Module
    node: Function | ast.ClassDef
    owner: ast.ClassDef | None
    form: Form
    symbol: str

    @property
    def name(self) -> str:
        """The last part of the symbol."""
        return self.node.name

    @property
    def class_name(self) -> str:
        """The qualified name of the class around, or of the class itself."""
        return self.symbol if self.form is Form.CLASS else self.symbol.rpartition(".")[0]


def subject_of(target: Target) -> Subject | None:
    """Read the target; None when its file doesn't parse, or it is inside of a function."""
    tree = parsed(target.text)
    return None if tree is None else subject_in(tree, target.symbol, target.definition.start_line)


@lru_cache(maxsize=16)
def parsed(text: str) -> ast.Module | None:
    """The tree of a file, None when there is none. It is everybody's: nobody changes it."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def subject_in(tree: ast.Module, symbol: str, line: int = 0) -> Subject | None:
    """The definition ``symbol``, of several the one at ``line`` or else the last."""
    nodes: list[tuple[ast.AST, ast.ClassDef | None]] = [(tree, None)]
    for part in symbol.split("."):
        nodes = [
            (inner, node if isinstance(node, ast.ClassDef) else None)
            for node, _ in nodes
            if isinstance(node, ast.Module | ast.ClassDef)
            for inner in definitions(node)
            if inner.name == part
        ]
    found = [(n, o) for n, o in nodes if isinstance(n, Function | ast.ClassDef)]
    here = [(n, o) for n, o in found if line in {n.lineno, *(d.lineno for d in n.decorator_list)}]
    for node, owner in reversed(here or found):
        return Subject(tree, node, owner, _form(node, owner), symbol)
    return None


def definitions(node: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """What is defined in a module or class, also under conditions."""
    left: list[ast.stmt] = list(reversed(node.body))
    while left:
        each = left.pop()
        if isinstance(each, Function | ast.ClassDef):
            yield each
        elif isinstance(each, ast.If | ast.Try | ast.With):
            inner = [child for child in ast.iter_child_nodes(each) if isinstance(child, ast.stmt)]
            left += reversed(inner)


def parameters(function: Function, *, has_receiver: bool) -> list[Parameter]:
    """What a function is called with, in order."""
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = [None] * (len(positional) - len(spec.defaults)) + list(spec.defaults)
    found = [
        Parameter(a.arg, a.annotation, d, is_positional=a in spec.posonlyargs)
        for a, d in zip(positional, defaults, strict=True)
    ]
    if has_receiver:
        found = found[1:]
    if spec.vararg:
        found.append(Parameter(spec.vararg.arg, spec.vararg.annotation, is_variadic=True))
    found += [
        Parameter(a.arg, a.annotation, d, is_keyword=True)
        for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    ]
    return found


def decorators(node: Function | ast.ClassDef) -> set[str]:
    """The last names of a definition's decorators."""
    found = set()
    for each in node.decorator_list:
        callee = each.func if isinstance(each, ast.Call) else each
        found.add(callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", ""))
    return found


def _form(node: Function | ast.ClassDef, owner: ast.ClassDef | None) -> Form:
    if isinstance(node, ast.ClassDef):
        return Form.CLASS
    if owner is None:
        return Form.FUNCTION
    names = decorators(node)
    if names & {"property", "cached_property"}:
        return Form.PROPERTY
    if names & {"staticmethod", "classmethod"} or node.name == "__new__":
        return Form.OF_CLASS
    return Form.METHOD


def has_receiver(subject: Subject) -> bool:
    """Whether the first parameter of the target's own function is ``self`` or ``cls``."""
    node = subject.node
    return subject.owner is not None and "staticmethod" not in decorators(node)


def dotted(node: ast.expr) -> str:
    """The name that an expression is (``a.b.c``); empty for any other."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""
