"""The call in what a model wrote, as far as it makes sense."""

import ast
import re
import textwrap

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.kits.python.bindings import imported, offered
from codenook.server.unit_tests.kits.python.invoke import split
from codenook.server.unit_tests.kits.python.module import modules_of
from codenook.server.unit_tests.kits.python.names import File
from codenook.server.unit_tests.kits.python.reading import Is, Reader
from codenook.server.unit_tests.kits.python.standing import Scope
from codenook.server.unit_tests.kits.python.subject import Form, Subject, parsed, subject_of
from codenook.server.unit_tests.target import Target

_MOST_CHARS = 4000
_EXPECTED = re.compile(r"\s*(?:==|is)\s*(?P<value>[^\n]+)")


def read_call(target: Target, written: str) -> Call | None:
    """The first call of the target in statements that may be cut off anywhere; None without one."""
    subject = subject_of(target)
    if subject is None or len(written) > _MOST_CHARS:
        return None
    file = File(target.path, subject.tree, modules_of(target).own)
    reader = Reader(subject, by_name(subject), Origin.MODEL)
    for text in _readings(subject, textwrap.dedent(written)):
        tree = parsed(text)
        if tree is None:
            continue
        scope = Scope(imports={**offered(file), **imported(tree)}, own=subject.symbol.partition(".")[0])
        call = next((c for c in reader.read(tree.body, scope) if split(c.arguments) is not None), None)
        if call is not None:
            return call
    return None


def by_name(subject: Subject) -> Is:
    """Takes a name for the target's, or its class's, by its last parts alone."""
    wanted = subject.symbol if subject.form is Form.FUNCTION else subject.class_name
    last = wanted.rpartition(".")[2]
    return lambda name: name.rpartition(".")[2] == last


def _readings(subject: Subject, text: str) -> list[str]:
    """What the text may be: all of it, its whole lines, or the part around the call."""
    lines = text.splitlines()
    whole = ["\n".join(lines[:n]) for n in range(len(lines), 0, -1)]
    last = (subject.class_name if subject.name == "__init__" else subject.symbol).rpartition(".")[2]
    parts = []
    for found in re.finditer(rf"[\w.]*(?:\([^()]*\))?\.?\b{re.escape(last)}\(", text):
        end = _closing(text, found.end())
        if end:
            said = _EXPECTED.match(text, end)
            before = "\n".join(line for line in text[: found.start()].splitlines()[:-1])
            call = text[found.start() : end]
            parts += [f"{before}\n{call} == {said['value']}"] if said else []
            parts += [f"{before}\n{call}", call]
    return whole + parts


def _closing(text: str, start: int) -> int:
    """Behind the bracket that closes what was opened before ``start``; 0 when none does."""
    for found in re.finditer(r"\)", text[start:]):
        end = start + found.end()
        try:
            ast.parse(f"f({text[start:end]}", mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return end
    return 0
