"""Runs of one project's tests, as a file would be and with a fault in the target."""

import asyncio
import math
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from attrs import define, evolve, field

from codenook.server.sandbox.command import Ended, Limits, SandboxFailed
from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.frameworks.files import Files
from codenook.server.unit_tests.frameworks.framework import Project, Ran, RunsMany, Variant, Verdict
from codenook.server.unit_tests.run import LIMITS, in_sandbox, run_tests
from codenook.server.unit_tests.side_by_side import N_AT_ONCE, side_by_side
from codenook.server.unit_tests.target import Target

LEAST_S = 10.0
"""What a run may take also when the time is up: the last ones show that what is kept holds."""

_LOADING_S = 15.0
"""What many runs in one may take besides the time for themselves."""

ORDERS = (0, 1, 2)
"""The order of the file, and two shuffled ones."""

N_PROCESSORS = os.cpu_count() or 1

_CPU_TIMES, _CPU_PLUS_S = 2, 1
_WALL_TIMES, _WALL_PLUS_S = 4, 5
"""With a fault, a run may take so many times as long as without, and so many seconds more.

That it computes for too long tells sooner, and also when the machine is busy.
"""


@define(eq=False)
class Runs:
    """Runs test files of ``project``, and counts how often.

    ``files`` are what isn't as on disk, by paths relative to the root. One takes no longer than ``clock`` has
    time left, or `LEAST_S`.
    """

    project: Project
    target: Target
    files: Mapping[str, bytes | None] = field(factory=dict)
    clock: Clock = field(factory=lambda: Clock(LIMITS.wall_s))
    n: int = field(default=0, init=False)
    _turns: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(N_AT_ONCE), init=False)

    async def __call__(
        self,
        paths: Sequence[str],
        *,
        text: str | None = None,
        source: str | None = None,
        order: int = 0,
        with_coverage: bool = False,
        stop_at_first: bool = False,
        limits: Limits = LIMITS,
    ) -> Ran:
        """Run ``paths``, with ``text`` as the test file and ``source`` as that of the target.

        Raises NoProject without a sandbox.
        """
        files = self.files_with(text)
        if source is not None:
            files[self.target.path] = source.encode()
        async with self._turns:
            self.n += 1
            most_s = max(self.clock.left_s, LEAST_S)
            ran = await run_tests(
                self.project,
                paths,
                files,
                order=order,
                coverage_of=self.target.path if with_coverage else "",
                stop_at_first=stop_at_first,
                limits=evolve(limits, wall_s=min(limits.wall_s, most_s)),
            )
        is_ours = most_s < limits.wall_s and ran.ended is Ended.WALL_TIME
        return evolve(ran, is_run=False) if is_ours else ran

    def put_beside(self) -> None:
        """Let tests belong in another file beside the one where they would: named for the target, too."""
        path = PurePosixPath(self.project.file.path)
        base, *more = path.name.split(".")
        names = self.target.symbol.replace(".", "_").lower()
        if path.suffix == ".py":  # tests.py, cart_tests.py: pytest takes those with other names
            base = f"_{base}_".replace("_tests_", "_test_")[1:-1]
        is_last = base.endswith("_test")
        own = f"{base.removesuffix('_test')}_{names}_test" if is_last else f"{base}_{names}"
        beside = path.with_name(".".join([own, *more])).as_posix()
        opened = {name: content.decode() for name, content in self.files.items() if content is not None}
        text = Files(self.project.root, opened, frozenset({path.suffix})).text(beside)
        self.project = evolve(self.project, file=evolve(self.project.file, path=beside, text=text))

    def files_with(self, text: str | None) -> dict[str, bytes | None]:
        """What a run sees otherwise than it is on disk, with ``text`` as the test file."""
        own = {} if text is None else {self.project.file.path: text.encode()}
        return {**self.files, **own}

    async def in_orders(self, text: str, *, with_coverage: bool = False) -> list[Ran]:
        """Run ``text`` as the test file in each order; only in the first when that has no verdicts.

        Without coverage that may be one process for each order, or one that is forked.
        """
        path = [self.project.file.path]
        if not with_coverage:
            many = await self.many(path, [Variant(order=order) for order in ORDERS], text=text)
            if len(many) == len(ORDERS):
                took = sum(each.wall_s for each in many)  # alone, each would load what is loaded once here
                return [evolve(each, wall_s=took) for each in many]
        found = {ORDERS[0]: await self(path, text=text, order=ORDERS[0], with_coverage=with_coverage)}

        async def run(order: int) -> None:
            found[order] = await self(path, text=text, order=order)

        if found[ORDERS[0]].verdicts:
            await side_by_side(run, ORDERS[1:])
        return [found[order] for order in sorted(found)]

    async def many(
        self,
        paths: Sequence[str],
        variants: Sequence[Variant],
        *,
        text: str | None = None,
        within_s: float = LIMITS.wall_s,
        stop_at_first: bool = False,
    ) -> Sequence[Ran]:
        """Run ``paths`` once for each variant, as far as it goes; not at all where the framework can't."""
        framework, target = self.project.framework, self.target
        if not isinstance(framework, RunsMany) or within_s <= 0:
            return ()
        files = {target.path: target.text.encode(), **self.files_with(text)}
        command = framework.command_for_many(
            self.project,
            paths,
            files,
            variants,
            of=target.path,
            within_s=within_s,
            stop_at_first=stop_at_first,
        )
        most = min(within_s, max(self.clock.left_s, LEAST_S)) + _LOADING_S
        async with self._turns:
            started = time.perf_counter()
            try:
                outcome = await in_sandbox(
                    command, evolve(LIMITS, wall_s=most, cpu_s=int(most * max(2, N_PROCESSORS)))
                )
            except SandboxFailed:
                return ()
            took = time.perf_counter() - started
        found = framework.read_many(self.project, outcome)
        self.n += len(found)
        return [evolve(each, wall_s=took / len(found)) for each in found]


def limits_after(wall_s: float) -> Limits:
    """What a run with a fault may take, when without it took ``wall_s``: then it hangs.

    It may have computed on all processors for so long.
    """
    wall, cpu = _WALL_PLUS_S + _WALL_TIMES * wall_s, _CPU_PLUS_S + _CPU_TIMES * wall_s * N_PROCESSORS
    return evolve(LIMITS, wall_s=wall, cpu_s=math.ceil(cpu))


def first_failure(ran: Ran) -> str:
    """What is wrong with a run, in one line; empty when all that ran passed."""
    if ran.problem:
        return ran.problem
    failed = (name for name, verdict in ran.verdicts.items() if verdict is Verdict.FAILED)
    return next((f"{name}: {ran.messages.get(name, '')}".rstrip(": ") for name in failed), "")
