"""Calls with arguments that the project's own hypothesis draws."""

import ast

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.python import guess
from codenook.server.unit_tests.kits.python.sandboxed import drawn
from codenook.server.unit_tests.kits.python.subject import (
    Form,
    Function,
    Subject,
    has_receiver,
    parameters,
)
from codenook.server.unit_tests.target import Target


async def of_strategies(target: Target, project: Project, subject: Subject, receiver: str) -> list[Call]:
    """What is drawn for a function or method, on ``receiver``; none for classes and properties."""
    node = subject.node
    if not isinstance(node, Function) or subject.form is Form.PROPERTY or node.name.startswith("__"):
        return []
    takes = [
        each
        for each in parameters(node, has_receiver=has_receiver(subject))
        if not each.is_variadic and not (each.default is not None and each.is_keyword)
    ]
    if not takes or (subject.form is Form.METHOD and not receiver):
        return []
    kinds = {each.name: [k for k in guess.kinds(node, each) if _is_simple(k)] for each in takes}
    if any(not kinds[each.name] and each.annotation is None for each in takes):
        return []
    named = {each.name for each in takes if each.is_keyword}
    found = []
    for row in await drawn(target, project, subject.symbol, kinds):
        values = [(name, row[name]) for name in kinds if name in row]
        if len(values) < len(kinds):
            continue
        arguments = ", ".join(f"{n}={v.text}" if n in named else v.text for n, v in values)
        imports = tuple(dict.fromkeys(statement for _, v in values for statement in v.imports))
        evidence = "hypothesis"
        found.append(Call(arguments, Origin.PROPERTIES, receiver, imports=imports, evidence=evidence))
    return found


def _is_simple(kind: str) -> bool:
    """Whether the names of a guessed type are those of builtins."""
    names = {node.id for node in ast.walk(ast.parse(kind)) if isinstance(node, ast.Name)}
    return names <= {"str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple", "None"}
