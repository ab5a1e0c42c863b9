"""Solutions offered as translations of each other: right ones should be accepted, wrong ones caught."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING

from attrs import define, field, frozen
from kept_outcomes import Outcomes, key
from pack_solutions import Solution

from codenook.server.translation.checking import Checked, Verdict, handed, judge, refused
from codenook.server.translation.inputs.make import Inputs, inputs, joint_shapes
from codenook.server.translation.inputs.workspace import in_texts
from codenook.server.translation.inputs.written import Wanted
from codenook.server.translation.languages.language import Program, Ran

if TYPE_CHECKING:
    from codenook.server.translation.outcome import Call

Pair = tuple[str, str]
Solutions = Mapping[str, Mapping[int, Solution]]


@frozen
class Offered:
    """A solution of one language that was offered as a translation of another one's."""

    number: int
    pair: Pair
    is_right: bool
    checked: Checked

    @property
    def refusal(self) -> str:
        """Why there was nothing to compare; empty where there was."""
        return self.checked.why if self.checked.verdict is Verdict.NOT_CHECKED else ""

    @property
    def is_judged_well(self) -> bool:
        """Whether what is right was accepted, or what is wrong caught."""
        return self.checked.verdict is (Verdict.AGREES if self.is_right else Verdict.DIFFERS)


@define
class Share:
    """How many of those offered were judged well, and how many couldn't be checked."""

    offered: int = 0
    well: int = 0
    refused: int = 0

    def add(self, each: Offered) -> None:
        """Count one."""
        self.offered += 1
        self.well += each.is_judged_well
        self.refused += bool(each.refusal)


@define
class Measured:
    """All that was offered."""

    offered: list[Offered] = field(factory=list)

    def share(self, *, is_right: bool, pair: Pair | None = None) -> Share:
        """The share of right or wrong solutions, of one pair or all."""
        share = Share()
        for each in self.offered:
            if each.is_right is is_right and pair in {None, each.pair}:
                share.add(each)
        return share

    def refusals(self) -> Counter[str]:
        """Reasons why right solutions couldn't be checked."""
        return Counter(_short(each.refusal) for each in self.offered if each.is_right and each.refusal)


async def measure(
    solutions: Solutions,
    pairs: Sequence[Pair],
    outcomes: Outcomes,
    told: Callable[[Offered], None],
    *,
    with_tests: bool = False,
    n_jobs: int = 1,
) -> Measured:
    """Offer each solution of the second language of a pair as a translation of the first's."""
    measured, turn = Measured(), asyncio.Semaphore(n_jobs)

    async def one(number: int) -> list[Offered]:
        async with turn:
            problem = {language: of[number] for language, of in solutions.items()}
            return await _problem(problem, pairs, outcomes, with_tests=with_tests)

    numbers = sorted(set.intersection(*(set(of) for of in solutions.values())))
    for done in [asyncio.ensure_future(one(number)) for number in numbers]:
        for each in await done:
            measured.offered.append(each)
            told(each)
    return measured


def all_pairs(languages: Sequence[str]) -> list[Pair]:
    """Every ordered pair."""
    return list(permutations(languages, 2))


async def _problem(
    problem: Mapping[str, Solution], pairs: Sequence[Pair], outcomes: Outcomes, *, with_tests: bool
) -> list[Offered]:
    """One problem in all pairs: each program is run once, on the calls of all pairs."""
    made = {pair: _inputs(problem, pair, with_tests=with_tests) for pair in pairs}
    wanted: dict[str, dict[str, Call]] = {language: {} for language in problem}
    for pair, given in made.items():
        for language in pair:
            program = problem[language].right
            for call in handed(given.calls, program.signature) if program else ():
                wanted[language].setdefault(key(call), call)
    results: dict[tuple[str, bool], tuple[Ran, dict[str, int]]] = {}
    for language, solution in problem.items():
        calls = list(wanted[language].values())
        places = {each: place for place, each in enumerate(wanted[language])}
        for is_right, program in ((True, solution.right), (False, solution.wrong)):
            if program is not None and calls and (is_right or any(pair[1] == language for pair in pairs)):
                results[language, is_right] = (await outcomes.of(language, program, calls), places)
    return [
        Offered(
            problem[pair[0]].number, pair, is_right, _judged(problem, pair, is_right, made[pair], results)
        )
        for pair in pairs
        for is_right in (True, False)
    ]


def _judged(
    problem: Mapping[str, Solution],
    pair: Pair,
    is_right: bool,  # noqa: FBT001 - which of two
    made: Inputs,
    results: Mapping[tuple[str, bool], tuple[Ran, dict[str, int]]],
) -> Checked:
    for language in pair:
        if problem[language].refused:
            return Checked(Verdict.NOT_CHECKED, f"{language}: {problem[language].refused}")
    if not made.calls:
        return Checked(Verdict.NOT_CHECKED, made.why)
    sides = ((pair[0], True), (pair[1], is_right))
    signatures, outcomes = [], []
    for name, side in zip(("the original", "the translation"), sides, strict=True):
        program = _program(problem, side)
        ran, places = results[side]
        if ran.refusal is not None:
            return refused(name, ran.refusal)
        signatures.append(program.signature)
        outcomes.append([ran.outcomes[places[key(call)]] for call in handed(made.calls, program.signature)])
    return judge((signatures[0], signatures[1]), made.calls, (outcomes[0], outcomes[1]))


def _program(problem: Mapping[str, Solution], side: tuple[str, bool]) -> Program:
    solution = problem[side[0]]
    program = solution.right if side[1] else solution.wrong
    assert program is not None  # noqa: S101 - it is not refused
    return program


def _inputs(problem: Mapping[str, Solution], pair: Pair, *, with_tests: bool) -> Inputs:
    original, translation = (problem[language].right for language in pair)
    if original is None or translation is None:
        return Inputs()
    wanted = Wanted(original.signature, pair[0], joint_shapes(original.signature, translation.signature))
    seen = in_texts([("tests", problem[pair[0]].tests)], wanted) if with_tests else []
    return inputs(original, pair[0], translation.signature, seen)


def _short(reason: str) -> str:
    return reason.partition("\n")[0][:100]
