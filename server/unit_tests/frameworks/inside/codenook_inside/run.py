"""Where a run begins and ends."""

from __future__ import annotations

import sys

from .job import Job
from .lines import watcher
from .telling import Telling, first_line


def main() -> None:
    """Run what stdin says."""
    job = Job(sys.stdin.read())
    telling = Telling(job.word)
    sys.dont_write_bytecode = True
    sys.path[:1] = job.search
    if job.runner == "pytest":
        from .by_pytest import run  # noqa: PLC0415 - it imports pytest
    else:
        from .by_unittest import run  # noqa: PLC0415
    if job.variants:
        from .many import run_each  # noqa: PLC0415 - for many runs

        run_each(job, telling, run)
        telling.end(0)
    lines = watcher(job.lines_of, by_coverage=job.by_coverage) if job.lines_of else None
    if lines:
        lines.start()
    code = run(job, telling)
    if lines:
        try:
            known, ran = lines.stop()
        except Exception as error:  # noqa: BLE001 - what the tests did may have broken it
            telling.tell("no_lines", message=first_line(error))
        else:
            telling.tell("lines", lines=known, ran=ran)
    telling.end(code)
