"""How far one row of a long measurement is, on stderr."""

import sys
import time

from attrs import define, field

EVERY_S = 10.0


@define
class Progress:
    """Counts steps, and says now and then how many are done and about how long the others will take."""

    row: str
    total: int
    _done: int = field(default=0, init=False)
    _doing: str = field(default="", init=False)
    _began: float = field(factory=time.monotonic, init=False)
    _told: float = field(factory=time.monotonic, init=False)

    def begin(self, doing: str) -> None:
        """Say what comes next."""
        self._doing = doing
        self._tell()

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if time.monotonic() - self._told > EVERY_S:
            self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        rate = self._done / max(self._told - self._began, 1e-9)
        left = f", about {(self.total - self._done) / rate / 60:.0f} min left" if self._done else ""
        print(f"{self.row}: {self._done}/{self.total}, {self._doing}{left}", file=sys.stderr, flush=True)
