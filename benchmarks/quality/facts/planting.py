"""Slips planted in the new text of a change: what somebody forgets who changes a definition.

Sites are found with CPython's own parser and by names that are unique in a package, so that nothing of what
is measured decides what there is to find. Choices are made by a fixed seed.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from random import Random

from attrs import frozen

SEED = 20
N_OF_A_KIND = 3
_NEW_PARAMETER = "strictness"
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@frozen
class Slip:
    """One slip: edits of a file as (start line, start column, end line, end column, new text).

    Lines count from 1, columns from 0 and in bytes, as `ast` has them. ``told_as`` are the rules that it
    breaks, and ``name`` is in the message of a finding about it.
    """

    kind: str
    path: str
    name: str
    told_as: tuple[str, ...]
    edits: tuple[tuple[int, int, int, int, str], ...]


@frozen(eq=False)
class _Package:
    """The trees of the new release by path, and how often something defines, calls or imports a name."""

    trees: Mapping[str, ast.Module]
    defined: Counter[str]
    called: Counter[str]
    named: Counter[tuple[str, str]]
    imported: Counter[str]
    old: Mapping[str, str]
    new: Mapping[str, str]
    changed: Mapping[str, "_Function"]
    """Functions of the new release, each the only one of its name, whose parameters were others before."""

    @classmethod
    def of(cls, old: Mapping[str, str], new: Mapping[str, str]) -> "_Package":
        trees = {path: ast.parse(text) for path, text in new.items()}
        defined, called, named = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
        imported = Counter[str]()
        for node in (node for tree in trees.values() for node in ast.walk(tree)):
            if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                defined[node.name] += 1
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                defined[node.id] += 1
            elif isinstance(node, ast.ImportFrom):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called[node.func.id] += 1
                named.update((node.func.id, each.arg) for each in node.keywords if each.arg)
        was = {
            node.name: ast.dump(node.args) for text in old.values() for node in _functions(ast.parse(text))
        }
        changed = {
            node.name: node
            for tree in trees.values()
            for node in _functions(tree)
            if defined[node.name] == 1 and was.get(node.name, ast.dump(node.args)) != ast.dump(node.args)
        }
        return cls(trees, defined, called, named, imported, old, new, changed)


def planted(old: Mapping[str, str], new: Mapping[str, str], seed: str) -> tuple[dict[str, str], list[Slip]]:
    """The new texts with slips in files that the change has, and the slips."""
    package = _Package.of(old, new)
    changed = sorted(path for path in new if path in old and old[path] != new[path])
    random = Random(f"{SEED} {seed}")
    chosen: list[Slip] = []
    for make in _KINDS:
        sites = [slip for path in changed for slip in make(package, path)]
        random.shuffle(sites)
        n = 0
        for slip in sites:
            is_apart = not any(_touch(slip, other) for other in chosen)
            if n < N_OF_A_KIND and is_apart and _is_python(_edited(new[slip.path], list(slip.edits))):
                chosen.append(slip)
                n += 1
    texts = dict(new)
    for path in {slip.path for slip in chosen}:
        edits = [edit for slip in chosen if slip.path == path for edit in slip.edits]
        texts[path] = _edited(new[path], edits)
    return texts, chosen


def _removed(package: _Package, path: str) -> Iterator[Slip]:
    """Remove a function or class that another file imports by its name, which no other has."""
    for node in package.trees[path].body:
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and package.defined[node.name] == 1:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if package.imported[node.name]:
                edit = (first, 0, (node.end_lineno or first) + 1, 0, "")
                yield Slip("removed definition", path, node.name, ("removed-name",), (edit,))


def _renamed(package: _Package, path: str) -> Iterator[Slip]:
    """Rename a parameter in its function, and not in the calls that name it."""
    for function in _plain(package, path):
        nested = (*_FUNCTIONS, ast.JoinedStr)  # the parser of Python 3.11 doesn't place what is in f-strings
        if function.args.kwarg or any(isinstance(node, nested) for node in _inside(function)):
            continue
        for given in (*function.args.args, *function.args.kwonlyargs):
            if package.named[function.name, given.arg]:
                new = f"{given.arg}_value"
                uses = [node for node in _inside(function) if isinstance(node, ast.Name)]
                places = [(given.lineno, given.col_offset)] + [
                    (use.lineno, use.col_offset) for use in uses if use.id == given.arg
                ]
                edits = tuple((row, at, row, at + len(given.arg.encode()), new) for row, at in places)
                yield Slip("renamed parameter", path, function.name, ("unknown-argument",), edits)


def _needed(package: _Package, path: str) -> Iterator[Slip]:
    """Add a parameter that callers must name, and that the function reads."""
    for function in _plain(package, path):
        if package.called[function.name] and not function.args.vararg and not function.args.kwonlyargs:
            header = _at_end_of_parameters(function, f", *, {_NEW_PARAMETER}")
            body = next((each for each in function.body if not _is_text(each)), None)
            if header and body is not None and body.lineno > header[0]:
                row, at = body.lineno, body.col_offset
                read = (row, at, row, at, f"print({_NEW_PARAMETER})\n{' ' * at}")
                yield Slip(
                    "new parameter without callers",
                    path,
                    function.name,
                    ("missing-argument",),
                    (header, read),
                )


def _unread(package: _Package, path: str) -> Iterator[Slip]:
    """Add a parameter with a default that nothing reads, as an unfinished change has it."""
    for function in _plain(package, path):
        header = _at_end_of_parameters(function, f", {_NEW_PARAMETER}=None")
        if header and not function.args.vararg and not function.args.kwonlyargs:
            yield Slip("parameter never read", path, f"`{function.name}`", ("unread-parameter",), (header,))


def _raised(package: _Package, path: str) -> Iterator[Slip]:
    """Raise an exception by a name that nothing has."""
    for node in ast.walk(package.trees[path]):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = node.exc.func
            if isinstance(name, ast.Name):
                row, at = name.lineno, name.end_col_offset or 0
                edit = (row, at, row, at, "Failure")
                yield Slip("unknown exception", path, f"{name.id}Failure", ("unknown-exception",), (edit,))


def _left_behind(package: _Package, path: str) -> Iterator[Slip]:
    """Take a caller's lines back to what they were, where they don't fit the signature of today."""
    changed = package.changed
    for node in ast.walk(ast.parse(package.old[path])) if changed else ():
        name = _called(node)
        if not isinstance(node, ast.Call) or name not in changed or _fits(node, changed[name]):
            continue
        before, after = (side[path].split("\n") for side in (package.old, package.new))
        blocks = SequenceMatcher(None, before, after).get_opcodes()
        for kind, start, end, first, last in blocks:
            if kind == "replace" and start < node.lineno <= (node.end_lineno or 0) <= end:
                lines = "".join(f"{row}\n" for row in before[start:end])
                edit = (first + 1, 0, last + 1, 0, lines)
                told_as = ("unknown-argument", "missing-argument", "extra-argument")
                yield Slip("caller left behind", path, name, told_as, (edit,))


def _functions(tree: ast.Module) -> Iterator[_Function]:
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            yield node


def _called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _fits(call: ast.Call, function: _Function) -> bool:
    """Whether a call may be right: it is certain only where neither side has stars."""
    arguments = function.args
    given = {each.arg for each in call.keywords}
    is_starred = None in given or any(isinstance(each, ast.Starred) for each in call.args)
    if is_starred or arguments.vararg or arguments.kwarg or function.decorator_list:
        return True
    places = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    places = places[1:] if places[:1] in (["self"], ["cls"]) else places
    needed = places[: len(places) - len(arguments.defaults)]
    by_name = {each.arg for each in arguments.kwonlyargs}
    is_filled = all(name in given for name in needed[len(call.args) :])
    return is_filled and len(call.args) <= len(places) and given <= {*places, *by_name}


def _plain(package: _Package, path: str) -> Iterator[_Function]:
    """The functions of a file that nothing decorates, and that are the only ones of their name."""
    for node in package.trees[path].body:
        if isinstance(node, _FUNCTIONS) and package.defined[node.name] == 1 and not node.decorator_list:
            yield node


def _inside(function: _Function) -> Iterator[ast.AST]:
    for statement in function.body:
        yield from ast.walk(statement)


def _at_end_of_parameters(function: _Function, text: str) -> tuple[int, int, int, int, str] | None:
    """An insertion after the last parameter; None where there is none, or more follows than these."""
    arguments = function.args
    if not arguments.args or arguments.kwarg:
        return None
    last = max(
        (*arguments.args, *arguments.defaults),
        key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0),
    )
    row, at = last.end_lineno or 0, last.end_col_offset or 0
    return row, at, row, at, text


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _touch(slip: Slip, other: Slip) -> bool:
    if slip.name.strip("`") == other.name.strip("`"):
        return True
    return slip.path == other.path and any(
        one[:2] <= two[2:4] and two[:2] <= one[2:4] for one in slip.edits for two in other.edits
    )


def _edited(text: str, edits: list[tuple[int, int, int, int, str]]) -> str:
    rows = [row.encode() + b"\n" for row in text.split("\n")]
    for start, at, end, until, new in sorted(edits, reverse=True):
        rows[start - 1 : end] = [rows[start - 1][:at] + new.encode() + rows[end - 1][until:]]
    return b"".join(rows).decode().removesuffix("\n")


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


_KINDS: tuple[Callable[[_Package, str], Iterator[Slip]], ...] = (
    _left_behind,
    _removed,
    _renamed,
    _needed,
    _unread,
    _raised,
)
