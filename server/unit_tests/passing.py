"""Which tests pass: they are collected, and pass each time in different orders."""

from collections import Counter
from collections.abc import Sequence

from attrs import evolve, frozen

from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks.framework import Ran, Rendered, Verdict
from codenook.server.unit_tests.result import Thrown, ThrownFor
from codenook.server.unit_tests.runs import Runs


@frozen
class Passing:
    """The tests that pass in a file with them all, and why others don't.

    ``wall_s`` is the longest that a run of the file took.
    """

    tests: tuple[Test, ...] = ()
    thrown: tuple[Thrown, ...] = ()
    wall_s: float = 0.0


async def passing(runs: Runs, tests: Sequence[Test], clock: Clock) -> Passing:
    """Run a file with the tests, once for each of the orders; raises NoProject without a sandbox.

    When there are no verdicts, one of them breaks the file: then each half is looked at on its own, as long
    as there is time, and those that pass are run together again.
    """
    if not tests:
        return Passing()
    if not clock.left_s:
        late = (Thrown(test.name, ThrownFor.NOT_COLLECTED, "the time was up") for test in tests)
        return Passing(thrown=tuple(late))
    try:
        rendered = rendered_with(runs, tests)
    except ValueError as error:  # one of them has no form in this framework
        return await _halved(runs, tests, clock, str(error))
    ran = await runs.in_orders(rendered.text)
    if lacking := [each for each in ran if each.problem and _lacks(each, rendered)]:
        why = lacking[0].problem
        if lacking[0] is ran[0] and _has_verdicts(ran[0], rendered):
            return await _without_first_lacking(runs, tests, clock, ran[0], rendered)
        return await _halved(runs, tests, clock, why)
    thrown = [_thrown(test, name, ran) for test, name in zip(tests, rendered.names, strict=True)]
    return Passing(
        tuple(test for test, why in zip(tests, thrown, strict=True) if why is None),
        tuple(why for why in thrown if why is not None),
        max(each.wall_s for each in ran),
    )


def rendered_with(runs: Runs, tests: Sequence[Test]) -> Rendered:
    """The test file with the tests; raises ValueError where they can't be written into it."""
    rendered = runs.project.framework.render(runs.project.file, runs.target, tests)
    rendered.text.encode()  # a model may write half a character
    return rendered


def _has_verdicts(ran: Ran, rendered: Rendered) -> bool:
    return any(name in ran.verdicts for name in rendered.names)


def _lacks(ran: Ran, rendered: Rendered) -> bool:
    return any(name not in ran.verdicts for name in rendered.names)


async def _without_first_lacking(
    runs: Runs, tests: Sequence[Test], clock: Clock, ran: Ran, rendered: Rendered
) -> Passing:
    """Leave out the test at which a run in the file's order broke off."""
    at = next(place for place, name in enumerate(rendered.names) if name not in ran.verdicts)
    found = await passing(runs, [*tests[:at], *tests[at + 1 :]], clock)
    broke = Thrown(tests[at].name, ThrownFor.NOT_COLLECTED, ran.problem)
    return evolve(found, thrown=(*found.thrown, broke))


async def _halved(runs: Runs, tests: Sequence[Test], clock: Clock, why: str) -> Passing:
    if len(tests) == 1:
        return Passing(thrown=(Thrown(tests[0].name, ThrownFor.NOT_COLLECTED, why),))
    middle = len(tests) // 2
    halves = [await passing(runs, half, clock) for half in (tests[:middle], tests[middle:])]
    thrown = halves[0].thrown + halves[1].thrown
    left = halves[0].tests + halves[1].tests
    if len(left) == len(tests):  # each half passes, and both together don't
        lost = tuple(Thrown(test.name, ThrownFor.NOT_COLLECTED, why) for test in halves[1].tests)
        return Passing(halves[0].tests, thrown + lost, halves[0].wall_s)
    whole = await passing(runs, left, clock)
    return Passing(whole.tests, thrown + whole.thrown, whole.wall_s)


def _thrown(test: Test, name: str, ran: Sequence[Ran]) -> Thrown | None:
    """Why a test is thrown away; None when it passed each time."""
    verdicts = Counter(each.verdicts.get(name) for each in ran)
    message = next((each.messages[name] for each in ran if name in each.messages), "")
    n_passed = verdicts[Verdict.PASSED]
    if n_passed == len(ran):
        return None
    if n_passed:
        told = f"it passed {n_passed} of {len(ran)} times: {message}".rstrip(": ")
        return Thrown(test.name, ThrownFor.FLAKY, told)
    if verdicts[Verdict.FAILED]:
        return Thrown(test.name, ThrownFor.FAILED, message)
    return Thrown(test.name, ThrownFor.NOT_COLLECTED, message or "it was skipped, or not run")
