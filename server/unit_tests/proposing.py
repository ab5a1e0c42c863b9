"""Tests that might be worth something: calls by rule and from a model, and what was seen to come of them."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TypeVar

from attrs import define, evolve, field, frozen

from codenook.context.manager import ContextManager
from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.case import Call, Observed, Test
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.kit import Kit
from codenook.server.unit_tests.making.maker import Made
from codenook.server.unit_tests.result import Thrown, ThrownFor
from codenook.server.unit_tests.target import Target

Item = TypeVar("Item")

N_CALLS = 48
"""Calls by rule of one function, at most."""

N_CALLS_OF_CLASS = 96
"""The same of all methods of a class together."""


@frozen
class Proposed:
    """Calls of one target and the tests that they gave."""

    target: Target
    calls: tuple[Call, ...] = ()
    tests: tuple[Test, ...] = ()


@define(eq=False)
class Proposing:
    """Observes calls in the sandbox; what is no test for it is ``thrown``."""

    kit: Kit
    project: Project
    known: ContextManager
    clock: Clock
    note: str = field(default="", init=False)
    """What went wrong, in one line for a person."""
    thrown: list[Thrown] = field(factory=list, init=False)
    _seen: dict[Test, tuple[Target, Observed]] = field(factory=dict, init=False)

    async def by_rule(self, targets: Sequence[Target]) -> list[Proposed]:
        """Calls by types, doctests and call sites, for each target; raises NoProject without a sandbox."""
        n_each = min(N_CALLS, max(1, N_CALLS_OF_CLASS // len(targets)))
        found = []
        for target in targets:
            made = self.kit.calls(target, self.project, self.known)
            calls = (await self._in_time(made, target))[:n_each]
            found.append(Proposed(target, tuple(calls), await self.observed(target, calls)))
        return found

    async def made(self, target: Target, made: Made) -> tuple[Test, ...]:
        """The tests of what a model proposed."""
        return (*made.tests, *await self.observed(target, made.calls))

    async def observed(self, target: Target, calls: Sequence[Call]) -> tuple[Test, ...]:
        """The tests of what comes of calls, of each that differs once."""
        if not calls:
            return ()
        made = self.kit.observed(target, self.project, calls)
        observed = await self._in_time(made, target)
        for each in observed:
            if not each.checks:
                what = f"{target.definition.name}({each.call.arguments})"
                self.thrown.append(Thrown(what, ThrownFor.NOT_WRITTEN_DOWN, each.problem))
        checked = [each for each in observed if each.checks]
        tests = self.kit.tests(target, checked)
        self._seen.update(zip(tests, ((target, each) for each in checked), strict=False))
        return tuple(dict.fromkeys(tests))

    async def _in_time(self, work: Coroutine[None, None, Sequence[Item]], target: Target) -> Sequence[Item]:
        try:
            async with asyncio.timeout(self.clock.left_s):
                return await work
        except TimeoutError:
            self.note = f"{target.symbol} can't be called in time: it, or importing it, takes too long"
            return ()

    def named(self, tests: Sequence[Test]) -> list[Test]:
        """The tests with names that are told apart from each other's alone."""
        found = dict(zip(tests, tests, strict=True))
        seen = {test: self._seen[test] for test in tests if test in self._seen}
        for target in dict.fromkeys(target for target, _ in seen.values()):
            own = [test for test, (of, _) in seen.items() if of == target]
            anew = self.kit.tests(target, [seen[test][1] for test in own])
            if len(anew) == len(own):
                names = zip(own, anew, strict=True)
                found.update((test, evolve(test, name=each.name)) for test, each in names)
        return list(found.values())
