"""How much time a job has, what its parts took, and how far it is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define, field

from codenook.server.tasks.jobs import Progress, Told, unheard

PER_CENT = 100


@define(eq=False)
class Clock:
    """Runs from when it is made; ``told`` hears what is being done, and how much of it is."""

    time_s: float
    told: Told = unheard
    seconds: dict[str, float] = field(factory=dict, init=False)
    _started: float = field(factory=time.perf_counter, init=False)

    @property
    def left_s(self) -> float:
        """How much of the time is left; nothing once it is up."""
        return max(0.0, self._started + self.time_s - time.perf_counter())

    @contextmanager
    def part(self, name: str, per_cent: int, what: str) -> Iterator[None]:
        """Measure a part of the work, of which a person is told ``what`` it is."""
        self.tell(per_cent, what)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def tell(self, per_cent: int, what: str) -> None:
        """Say how far all of it is."""
        self.told(Progress(per_cent, PER_CENT, what))
