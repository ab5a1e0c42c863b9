"""The kit for Python: inputs by rule, observed in the project's own interpreter, and tests of that."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from codenook.context.code import Code
from codenook.context.manager import ContextManager
from codenook.server.unit_tests.case import Call, Observed, Origin, Test
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.kits.python.bindings import offered
from codenook.server.unit_tests.kits.python.choose import chosen
from codenook.server.unit_tests.kits.python.examples import of_docstrings, of_readme
from codenook.server.unit_tests.kits.python.fixtures import Made, fixtures_of
from codenook.server.unit_tests.kits.python.invoke import Bound, bound, expression
from codenook.server.unit_tests.kits.python.module import modules_of
from codenook.server.unit_tests.kits.python.names import Names as Scopes
from codenook.server.unit_tests.kits.python.naming import Names
from codenook.server.unit_tests.kits.python.observe import observed_from
from codenook.server.unit_tests.kits.python.properties import of_strategies
from codenook.server.unit_tests.kits.python.sandboxed import APART, TOGETHER, TRIAL, Asked, answers
from codenook.server.unit_tests.kits.python.sites import Sites
from codenook.server.unit_tests.kits.python.standing import Needs
from codenook.server.unit_tests.kits.python.subject import (
    Form,
    Function,
    Subject,
    definitions,
    has_receiver,
    parameters,
    subject_of,
)
from codenook.server.unit_tests.kits.python.typed import Typed
from codenook.server.unit_tests.kits.python.values import Values
from codenook.server.unit_tests.kits.python.written import read_call
from codenook.server.unit_tests.target import Target

MOST_CALLS = 48
_MOST_ON_FIXTURES = 16


class PythonKit:
    """See `Kit`."""

    async def calls(self, target: Target, project: Project, known: ContextManager) -> Sequence[Call]:
        """Calls of the target, those that lead to different lines and outcomes first.

        They are tried once in the sandbox for that; without one they come as they were made.
        """
        subject = subject_of(target)
        if subject is None:
            return ()
        try:
            found = await known.ask(lambda code: made(target, subject, project, code))
        except RecursionError:  # code that is nested too deeply to be read
            return ()
        if not found:
            return ()
        try:
            receiver = next((call.receiver for call in found if not call.setup), "")
            found += await of_strategies(target, project, subject, receiver)
        except NoProject:
            return tuple(found[:MOST_CALLS])
        fixtures = await asyncio.to_thread(fixtures_of, project, modules_of(target, project))
        asked = [_asked(subject, call, fixtures) for call in found]
        readable = [(call, ask) for call, ask in zip(found, asked, strict=True) if ask is not None]
        try:
            tried = await answers(target, project, [ask for _, ask in readable], TRIAL)
        except NoProject:
            return tuple(found[:MOST_CALLS])
        return chosen([call for call, _ in readable], tried, str(target.root), MOST_CALLS)

    def read_call(self, target: Target, written: str) -> Call | None:
        """The first call of the target in what a model wrote."""
        return read_call(target, written)

    async def observed(self, target: Target, project: Project, calls: Sequence[Call]) -> Sequence[Observed]:
        """What came of each call twice: alone, and after the others with other seeds and another clock."""
        subject = subject_of(target)
        if subject is None:
            return [Observed(call, problem="the file can't be parsed") for call in calls]
        fixtures = await asyncio.to_thread(fixtures_of, project, modules_of(target, project))
        asked = [_asked(subject, call, fixtures) for call in calls]
        readable = [ask for ask in asked if ask is not None]
        apart = await answers(target, project, readable, APART)
        together = await answers(target, project, readable[::-1], TOGETHER)
        pairs = zip(apart, together[::-1], strict=True)
        root = str(target.root)
        return [
            Observed(call, problem="what the call needs isn't known")
            if ask is None
            else observed_from(subject, call, ask.bound, next(pairs), root)
            for call, ask in zip(calls, asked, strict=True)
        ]

    def tests(self, target: Target, observed: Sequence[Observed]) -> Sequence[Test]:
        """One test for each that has checks."""
        subject = subject_of(target)
        if subject is None:
            return ()
        names = Names(subject)
        return [
            Test(
                names.name(each),
                each.call.origin,
                statements=each.call.setup,
                checks=each.checks,
                imports=tuple(dict.fromkeys((*each.call.imports, *each.imports))),
                fixtures=each.call.fixtures,
                evidence=each.call.evidence,
                is_reasoned=each.agrees is True,
            )
            for each in observed
            if each.checks
        ]


def made(target: Target, subject: Subject, project: Project, code: Code) -> list[Call]:
    """Calls by rule: those with a value that somebody expects, those that somebody made, those by types."""
    modules = modules_of(target, project)
    scopes = Scopes(modules, code)
    file = scopes.show(target.path, subject.tree)
    names = offered(file)
    types = {name: made.type for name, made in fixtures_of(project, modules).items()}
    made = [
        *of_docstrings(subject, file, names),
        *of_readme(subject, target.root, names),
        *Sites(subject, file, scopes, code, project, types).calls(),
        *(typed := Typed(subject, file, Values(scopes)).calls()),
        *_on_fixtures(subject, typed, types),
    ]
    by_text: dict[tuple[str, ...], Call] = {}
    for call in made:
        by_text.setdefault((call.receiver, call.arguments, *call.setup), call)
    return list(by_text.values())


def _on_fixtures(subject: Subject, typed: Sequence[Call], types: Mapping[str, str]) -> Iterator[Call]:
    """The first calls of a method, on what the project's fixtures give."""
    if subject.form not in {Form.METHOD, Form.PROPERTY}:
        return
    for name, kind in types.items():
        if kind == subject.class_name.rpartition(".")[2]:
            arguments = dict.fromkeys(call.arguments for call in typed)
            for call in list(arguments)[:_MOST_ON_FIXTURES]:
                yield Call(call, Origin.TYPES, name, fixtures=(name,))


def _bound(subject: Subject, call: Call) -> Bound | None:
    function: Function | None = None
    if isinstance(subject.node, Function):
        function = subject.node
    elif subject.form is Form.CLASS:
        method = call.receiver.rpartition(".")[2] or "__init__"
        own = {each.name: each for each in definitions(subject.node) if isinstance(each, Function)}
        function = own.get(method)
    takes = (
        parameters(function, has_receiver=subject.form is Form.CLASS or has_receiver(subject))
        if function
        else []
    )
    return bound(subject, call, [each.name for each in takes if not each.is_keyword and not each.is_variadic])


def _asked(subject: Subject, call: Call, fixtures: Mapping[str, Made]) -> Asked | None:
    named = _bound(subject, call)
    if named is None:
        return None
    if not fixtures.keys() >= set(call.fixtures):
        return None
    needs = sum((fixtures[name].needs for name in call.fixtures), Needs()) + Needs(call.setup, call.imports)
    return Asked(expression(subject, named.call), named, needs.setup, needs.imports, call.expected)
