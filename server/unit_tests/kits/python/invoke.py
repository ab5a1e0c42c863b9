"""A call as an expression, and what it is made of."""

import ast
import keyword
import re
from collections.abc import Container, Iterable

from attrs import evolve, frozen

from codenook.server.unit_tests.case import Call
from codenook.server.unit_tests.kits.python.subject import Form, Subject, parsed

RESULT = "result"
_ISLICE = "from itertools import islice"
_ASYNCIO = "import asyncio"
_FEW = 5


@frozen
class Shaped:
    """A call expression with what brings its value into the form that is compared."""

    text: str
    imports: tuple[str, ...] = ()


def expression(subject: Subject, call: Call) -> str:
    """The call as it stands in a test.

    The receiver of a call of a whole class is the method (``Cart([1]).add``), empty for its constructor.
    """
    if subject.form is Form.PROPERTY:
        return f"{call.receiver}.{subject.name}"
    if subject.form is Form.METHOD and subject.name == "__init__":
        return f"{subject.class_name}({call.arguments})"
    if subject.form is Form.METHOD:
        return f"{call.receiver}.{subject.name}({call.arguments})"
    if subject.form is Form.CLASS and call.receiver:
        return f"{call.receiver}({call.arguments})"
    return f"{subject.symbol}({call.arguments})"


def shaped(text: str, form: str) -> Shaped:
    """The expression, run when it is a coroutine, and as a list when it is gone through once."""
    imports: list[str] = []
    if form.startswith("run"):
        text, imports = f"asyncio.run({text})", [_ASYNCIO]
    if form.endswith("list"):
        text = f"list({text})"
    elif form.endswith("islice"):
        text = f"list(islice({text}, {_FEW}))"
        imports.append(_ISLICE)
    return Shaped(text, tuple(imports))


def split(arguments: str) -> list[tuple[str, str]] | None:
    """Each argument: what stands before it (``key=``, ``*``), and its expression; None for nonsense."""
    try:
        tree = ast.parse(f"f({arguments})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return None
    found = []
    for each in tree.args:
        is_starred = isinstance(each, ast.Starred)
        inner = each.value if isinstance(each, ast.Starred) else each
        found.append(("*" if is_starred else "", ast.unparse(inner)))
    named = [(f"{each.arg}=" if each.arg else "**", ast.unparse(each.value)) for each in tree.keywords]
    return found + named


def joined(parts: Iterable[tuple[str, str]]) -> str:
    """Arguments as they stand between parentheses."""
    return ", ".join(before + text for before, text in parts)


@frozen
class Bound:
    """A call whose receiver and arguments have names: ``values`` by name, as they are evaluated."""

    call: Call
    values: tuple[tuple[str, str], ...]

    def keeping(self, names: Container[str]) -> Call:
        """The call with these names bound before it, and the other values in their place again."""
        texts = {name: text for name, text in self.values if name not in names}
        call = self.call
        receiver, dot, method = call.receiver.partition(".")
        parts = [(before, texts.get(name, name)) for before, name in split(call.arguments) or ()]
        bindings = (f"{name} = {text}" for name, text in self.values if name in names and name != text)
        return evolve(
            call,
            setup=(*call.setup, *bindings),
            receiver=texts.get(receiver, receiver) + dot + method,
            arguments=joined(parts),
        )


def bound(subject: Subject, call: Call, names: Iterable[str]) -> Bound | None:
    """Name the receiver and the arguments, these after the parameters ``names``; None for nonsense."""
    parts = split(call.arguments)
    if parts is None or not all(map(parsed, call.setup)):
        return None
    taken = {subject.symbol.partition(".")[0], RESULT, *call.fixtures, *_assigned(call.setup)}
    values: list[tuple[str, str]] = []
    receiver = call.receiver
    if receiver and not receiver.isidentifier():
        owner, dot, method = _method_of_class(subject, receiver)
        name = _free(_snake(subject.class_name.rpartition(".")[2]), taken)
        values.append((name, owner))
        receiver = f"{name}{dot}{method}"
    elif receiver:
        values.append((receiver, receiver))
    positional = iter(names)
    renamed = []
    for before, text in parts:
        wanted = before.removesuffix("=") if before.endswith("=") else next(positional, "argument")
        name = _free(wanted.strip("*") or "argument", taken)
        values.append((name, text))
        renamed.append((before, name))
    return Bound(evolve(call, receiver=receiver, arguments=joined(renamed)), tuple(values))


def _method_of_class(subject: Subject, receiver: str) -> tuple[str, str, str]:
    if subject.form is not Form.CLASS:
        return receiver, "", ""
    return receiver.rpartition(".")


def _assigned(statements: Iterable[str]) -> set[str]:
    found = set()
    for statement in statements:
        for node in ast.walk(parsed(statement) or ast.Module([], [])):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return found


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_") or "instance"


def _free(name: str, taken: set[str]) -> str:
    while name in taken or keyword.iskeyword(name) or not name.isidentifier():
        name += "_"
    taken.add(name)
    return name
