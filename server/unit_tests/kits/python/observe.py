"""From what the sandbox said twice of a call to the checks of a test."""

import ast
from collections.abc import Sequence

from attrs import evolve

from codenook.server.unit_tests.case import Call, Check, Kind, Observed
from codenook.server.unit_tests.kits.python.answers import Answer, Written, are_the_same, steady
from codenook.server.unit_tests.kits.python.invoke import RESULT, Bound, expression, shaped
from codenook.server.unit_tests.kits.python.subject import Subject

_KINDS = {"equal": Kind.EQUAL, "same": Kind.SAME, "close": Kind.CLOSE}
_OF_WRONG_TYPES = frozenset(
    {
        *("TypeError", "AttributeError", "NameError", "UnboundLocalError", "ImportError"),
        *("ModuleNotFoundError", "RecursionError", "MemoryError", "SystemError", "NotImplementedError"),
        *("SystemExit", "KeyboardInterrupt", "AssertionError", "PermissionError", "FileExistsError"),
    }
)
"""Errors that say more about an argument or a machine than about the code, unless it raises them itself."""


def is_noise(answer: Answer, root: str) -> bool:
    """Whether an error only says that an argument makes no sense."""
    if not answer.error:
        return False
    if not answer.entered:
        return True
    return answer.error in _OF_WRONG_TYPES and not _is_deliberate(answer, root)


def _is_deliberate(answer: Answer, root: str) -> bool:
    """Whether the last line of the traceback is a ``raise`` in the project."""
    file, _, line = answer.place
    return file.startswith(root) and line.startswith("raise") and answer.error != "NotImplementedError"


def observed_from(
    subject: Subject, call: Call, bound: Bound | None, twice: Sequence[Answer], root: str
) -> Observed:
    """What came of a call, from the answers of two processes."""
    first, second = twice
    problem = first.problem or second.problem or _problem(first, second, root)
    if bound is None:
        problem = "the arguments can't be read"
    if problem or bound is None:
        return Observed(call, problem=problem)
    changed = {each.bound for each in first.changed} & dict(bound.values).keys()
    kept = bound.keeping(changed)
    whole = shaped(expression(subject, kept), first.form)
    effects = [_check(each, each.bound) for each in first.changed if each.bound in changed]
    imports = list(whole.imports)
    for each in first.changed:
        imports += each.imports
    if first.error:
        message = steady(first.message, second.message)
        checks = [Check(Kind.RAISES, whole.text, first.error, message)]
        imports += first.imports
    elif first.value is None:
        checks = [_check(part, RESULT) for part in first.parts]
        kept = _with(kept, f"{RESULT} = {whole.text}")
        imports += [statement for part in first.parts for statement in part.imports]
    elif first.value.text == "None" and effects:
        checks = []
        kept = _with(kept, whole.text)
    else:
        checks = [_check(first.value, whole.text)]
        imports += [*first.value.imports, *(["import math"] if first.value.kind == "nan" else [])]
    return Observed(
        kept,
        (*checks, *effects),
        tuple(dict.fromkeys(imports)),
        agrees=first.agrees if call.expected else None,
    )


def _problem(first: Answer, second: Answer, root: str) -> str:
    if not are_the_same(first, second):
        return "what came of it isn't the same twice"
    if is_noise(first, root):
        return f"it only says that an argument makes no sense: {first.error}"
    if not (first.error or first.value or first.parts):
        return f"what came of it can't be written down: {first.why}"
    return ""


def _check(written: Written, name: str) -> Check:
    actual = written.actual.replace("{}", name)
    if written.kind == "nan":
        return Check(Kind.SAME, f"math.isnan({actual})", "True")
    return Check(_KINDS[written.kind], actual, ast.unparse(ast.parse(written.text, mode="eval")))


def _with(call: Call, statement: str) -> Call:
    return evolve(call, setup=(*call.setup, statement))
