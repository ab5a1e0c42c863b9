"""A process in which the tests are loaded: it is forked for each run, so that nothing is loaded twice."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .faults import LoadedFile
from .forking import End, forked, limited

if TYPE_CHECKING:
    from collections.abc import Callable

    from .forking import Limits
    from .job import Job
    from .telling import Telling

    Run = Callable[[Job, Telling], int]

_LOADS_WITHIN_S = 30.0
_GRACE_S = 5.0
_PIECE = 1 << 16


class Loaded:
    """That process, seen from the one that started it. Whatever goes wrong with it, it is asked no more."""

    def __init__(self, job: Job, telling: Telling, run: Run) -> None:
        """Start it, and wait until the tests are loaded."""
        asking, self._asking = os.pipe()
        self._answers, answering = os.pipe()
        self._left = b""
        self._pid = os.fork()
        if not self._pid:
            os.close(self._asking)
            os.close(self._answers)
            _load(job, telling, run, asking, answering)
        os.close(asking)
        os.close(answering)
        self.is_there = True
        self._answer(_LOADS_WITHIN_S)

    def run(
        self, edit: tuple[int, int, str] | None, order: int, limits: Limits, *, aloud: bool
    ) -> End | None:
        """Run the tests. None where that has to be done anew."""
        if not self.is_there:
            return None
        asked = {"edit": edit, "order": order, "cpu_s": limits[0], "wall_s": limits[1], "aloud": aloud}
        try:
            os.write(self._asking, json.dumps(asked).encode("ascii") + b"\n")
        except OSError:
            self.end()
            return None
        answer = self._answer(limits[1] + _GRACE_S)
        if answer is None or "took" not in answer:
            return None
        return End(str(answer["ended"]), float(answer["took"]), float(answer["cpu"]))

    def end(self) -> None:
        """End it, and all that it started."""
        self.is_there = False
        with suppress(OSError):
            os.killpg(self._pid, signal.SIGKILL)
        with suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
        with suppress(OSError):
            os.waitpid(self._pid, 0)

    def _answer(self, within_s: float) -> dict[str, Any] | None:
        """What it says next; None, and the end of it, when that isn't said in time."""
        until = time.monotonic() + within_s
        while b"\n" not in self._left:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(self._answers, _PIECE) if ready else b""
            if not piece:
                self.end()
                return None
            self._left += piece
        line, _, self._left = self._left.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self.end()
            return None
        return answer


def _load(job: Job, telling: Telling, run: Run, asking: int, answering: int) -> None:
    """Load the tests, and run them in forks of this process; it ends here, and so do they."""
    try:
        os.setsid()
        telling.take_over(aloud=False)
        job.when_loaded = _Waiting(job, telling, asking, answering)
        telling.end(run(job, telling))
    finally:
        os._exit(1)


class _Waiting:
    """What a runner calls when it has loaded the tests: it returns in forks that are to run them."""

    def __init__(self, job: Job, telling: Telling, asking: int, answering: int) -> None:
        self._job, self._telling = job, telling
        self._asking, self._answering = asking, answering

    def __call__(self, *, is_whole: bool) -> None:
        """Fork for each run that is asked for; end where the tests can't all be loaded."""
        if not is_whole:
            os._exit(1)
        file = LoadedFile(self._job.mutated, self._job.source)
        self._say({})
        with os.fdopen(self._asking, "rb", closefd=False) as lines:
            for line in lines:
                if self._is_fork(file, json.loads(line)):
                    return
        os._exit(0)

    def _is_fork(self, file: LoadedFile, asked: dict[str, Any]) -> bool:
        """Fork, if the fault can be put in; whether this is the fork."""
        changes = file.changes(self._job.mutant(asked["edit"])) if asked["edit"] else []
        if changes is None:
            self._say({})
            return False

        def start() -> None:
            limited(asked["cpu_s"])
            self._telling.speak(aloud=asked["aloud"])
            self._job.order = asked["order"]
            for function, code in changes or ():
                function.__code__ = code

        found = forked(start, asked["wall_s"])
        if found is None:
            return True
        self._say({"ended": found.ended, "took": found.took_s, "cpu": found.cpu_s})
        return False

    def _say(self, what: dict[str, Any]) -> None:
        os.write(self._answering, json.dumps(what).encode("ascii") + b"\n")
