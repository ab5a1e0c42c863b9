"""Names of tests that read as English."""

import ast
import re
from collections.abc import Mapping

from codenook.server.unit_tests.case import Call, Kind, Observed
from codenook.server.unit_tests.kits.python.invoke import split
from codenook.server.unit_tests.kits.python.subject import Form, Subject

_MOST_CHARS = 60
_MOST_WORDS = 4
_MOST_CHARS_OF_TEXT = 24
_EMPTY = {"''": "an_empty_text", "b''": "empty_bytes", "[]": "an_empty_list", "{}": "an_empty_dict"}
_EMPTY |= {"()": "an_empty_tuple", "set()": "an_empty_set", "' '": "a_space", "'\\n'": "a_line_break"}


class Names:
    """Gives each test a name that no other has."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._taken: set[str] = set()

    def name(self, observed: Observed) -> str:
        """What the test is about."""
        wanted = self._wanted(observed)
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name

    def _wanted(self, observed: Observed) -> str:
        call = observed.call
        about = _arguments(call)
        name = self._called(call)
        error = next((check.expected for check in observed.checks if check.kind is Kind.RAISES), "")
        if error:
            return _cut(
                f"{name}_raises_{_snake(error.rpartition('.')[2])}" + (f"_for_{about}" if about else "")
            )
        if about:
            return _cut(f"{name}_of_{about}")
        if call.receiver and self._subject.form is not Form.CLASS:
            return _cut(f"{name}_of_{_words(_expression(call.receiver, _assignments(call)))}")
        return f"{name}_without_arguments" if self._subject.form is not Form.PROPERTY else name

    def _called(self, call: Call) -> str:
        subject = self._subject
        name = _snake(subject.name) or "call"
        if subject.name == "__init__":
            return _snake(subject.class_name)
        if subject.form is Form.CLASS and call.receiver:
            return f"{name}_{_snake(call.receiver.rpartition('.')[2])}"
        return name


def _arguments(call: Call) -> str:
    known = _assignments(call)
    found = []
    for before, text in split(call.arguments) or ():
        words = _words(_expression(text, known))
        name = before.rstrip("=").strip("*")
        found.append(f"{name.strip('_')}_{words}" if name else words)
    return "_and_".join(found)


def _assignments(call: Call) -> Mapping[str, ast.expr]:
    found = {}
    for statement in call.setup:
        for node in ast.parse(statement).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] = node.value
    return found


def _expression(text: str, known: Mapping[str, ast.expr]) -> ast.expr:
    node = ast.parse(text, mode="eval").body
    return known.get(node.id, node) if isinstance(node, ast.Name) else node


def _words(node: ast.expr) -> str:
    if (text := ast.unparse(node)) in _EMPTY:
        return _EMPTY[text]
    match node:
        case ast.UnaryOp(op=ast.USub()):
            words = f"minus_{_words(node.operand)}"
        case ast.Constant():
            words = _of_constant(node.value)
        case ast.List() | ast.Tuple() | ast.Set():
            inner = _words(node.elts[0]) if len(node.elts) == 1 else str(len(node.elts))
            words = f"a_{type(node).__name__.lower()}_of_{inner}"
        case ast.Dict():
            words = f"a_dict_of_{len(node.keys)}"
        case ast.Lambda():
            words = "a_function"
        case ast.Call():
            called = _words(node.func)
            words = f"{'an' if called[:1] in 'aeiou' else 'a'}_{called}"
        case ast.Attribute():
            words = _snake(node.attr)
        case ast.Name():
            words = _snake(node.id)
        case _:
            words = "a_value"
    return words


def _of_constant(value: object) -> str:
    if isinstance(value, str | bytes):
        text = value if isinstance(value, str) else value.decode("latin-1")
        if text.isspace():
            return "blanks"
        words = re.findall(r"[A-Za-z0-9]+", text.lower())
        return "_".join(words[:_MOST_WORDS])[:_MOST_CHARS_OF_TEXT].strip("_") or "a_text"
    return re.sub(r"\W+", "_", str(value).lower()).strip("_") or "a_value"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().strip("_")


def _cut(name: str) -> str:
    if len(name) <= _MOST_CHARS:
        return name
    return name[: _MOST_CHARS + 1].rpartition("_")[0].removesuffix("_of").removesuffix("_and")
