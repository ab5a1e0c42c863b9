"""Reads the statements of a Python test, by CPython's parser."""

import ast
import textwrap
import warnings
from collections.abc import Iterator, Sequence

from codenook.server.unit_tests.making.bodies.body import Body, NoBody

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_RAISES = {"raises", "warns", "assertRaises", "assertRaisesRegex", "assertWarns", "deprecated_call"}


def read_body(text: str, imports: Sequence[str]) -> Body:
    """What the statements do; raises NoBody. A function around them is taken off."""
    text = textwrap.dedent(text).strip("\n")
    tree = _parsed(text)
    parameters: tuple[str, ...] = ()
    if len(tree.body) == 1 and isinstance(wrapper := tree.body[0], _Function):
        if isinstance(wrapper, ast.AsyncFunctionDef) or wrapper.decorator_list:
            raise NoBody("Write the statements of the test only, without a decorated or async function.")
        parameters = tuple(each.arg for each in wrapper.args.args if each.arg != "self")
        text = _inside(text, wrapper)
        tree = _parsed(text)
    if not tree.body:
        raise NoBody("There are no statements.")
    imported = dict(_imported(tree))
    for line in imports:
        imported |= dict(_imported(_parsed(line)))
    nodes = list(ast.walk(tree))
    return Body(
        text,
        read=frozenset(_read(nodes)),
        called=frozenset(filter(None, (_dotted(n.func) for n in nodes if isinstance(n, ast.Call)))),
        made=frozenset(_made(nodes)),
        stored=frozenset(
            filter(
                None,
                (
                    _dotted(node)
                    for node in nodes
                    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
                ),
            )
        ),
        imported=imported,
        checks=tuple(_checks(nodes)),
        parameters=parameters,
        is_endless=any(isinstance(n, ast.While) and isinstance(n.test, ast.Constant) for n in nodes),
    )


def is_import(text: str) -> bool:
    """Whether a line is one plain import statement, absolute and of names."""
    try:
        tree = _parsed(text)
    except NoBody:
        return False
    match tree.body:
        case [ast.Import()]:
            return True
        case [ast.ImportFrom(level=0, names=names)]:
            return all(each.name != "*" for each in names)
    return False


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes are the model's affair
        try:
            return ast.parse(text)
        except SyntaxError as error:
            raise NoBody(f"Line {error.lineno} is no Python: {error.msg}.") from None
        except (ValueError, RecursionError, MemoryError):
            raise NoBody("It can't be read as Python.") from None


def _inside(text: str, function: _Function) -> str:
    """The statements of a function, with the margin taken off."""
    start = function.body[0].lineno - 1
    lines = text.splitlines(keepends=True)[start : function.end_lineno]
    if start == function.lineno - 1:  # on the line of the name
        return "\n".join(ast.unparse(each) for each in function.body)
    return textwrap.dedent("".join(lines)).strip("\n")


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                whole = each.asname is not None
                name = each.asname or each.name.partition(".")[0]
                yield name, each.name if whole else name
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, f"{'.' * node.level}{node.module or ''}.{each.name}"


def _dotted(node: ast.AST) -> str:
    """A name with its members; members of anything else begin with a dot."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""


def _read(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield _dotted(node)


def _made(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names


def _checks(nodes: Sequence[ast.AST]) -> Iterator[frozenset[str]]:
    """The names that each check reads: of an assertion, and of what has to raise an error."""
    for node in nodes:
        if isinstance(node, ast.Assert):
            yield _names(node.test)
        elif isinstance(node, ast.Call):
            name = _dotted(node.func).rpartition(".")[2]
            if name.startswith("assert") and name not in _RAISES:
                yield frozenset().union(*map(_names, [*node.args, *(k.value for k in node.keywords)]))
            elif name in _RAISES and len(node.args) > 1:
                yield frozenset().union(*map(_names, node.args[1:]))
        elif isinstance(node, ast.With) and any(_is_raising(item.context_expr) for item in node.items):
            yield frozenset().union(*map(_names, node.body))


def _is_raising(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _dotted(node.func).rpartition(".")[2] in _RAISES


def _names(node: ast.AST) -> frozenset[str]:
    return frozenset(_read(list(ast.walk(node))))
