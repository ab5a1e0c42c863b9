"""Runs pytest, and tells what came of each test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from .choice import counts, left_out
from .telling import first_line, relative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .job import Job
    from .telling import Telling


def run(job: Job, telling: Telling) -> int:
    """Run the files; what it returns is pytest's exit code."""
    return int(pytest.main([*job.arguments, *job.paths], plugins=[_Teller(job, telling)]))


class _Teller:
    """A plugin; ``verdicts`` counts each test by the worst of its phases."""

    def __init__(self, job: Job, telling: Telling) -> None:
        self._job = job
        self._telling = telling

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if self._counts(item)]
        if len(chosen) < len(items):
            names = ([self._name(item.nodeid) for item in each] for each in (items, chosen))
            self._telling.tell("left_out", tests=left_out(*names))
        items[:] = self._job.shuffled(chosen, lambda item: _places(item.nodeid))

    def _counts(self, item: pytest.Item) -> bool:
        return counts(
            self._job,
            self._name(item.nodeid),
            getattr(item, "function", None),
            values=getattr(getattr(item, "callspec", None), "params", {}).values(),
            owner=getattr(item, "cls", None),
            fixtures=_fixtures(item),
        )

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        if self._job.when_loaded is not None:
            self._job.when_loaded(is_whole=not session.testsfailed)
            session.items[:] = self._job.shuffled(session.items, lambda item: _places(item.nodeid))
        yield

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._telling.tell("not_collected", message=_said(report))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._telling.tell("begin", test=self._name(nodeid))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Iterator[None]:
        outcome: Any = yield
        report: pytest.TestReport = outcome.get_result()
        if report.when != "call" and not (report.failed or report.skipped):
            return
        message = ""
        if report.failed:
            message = _error(call.excinfo) if call.excinfo else _said(report)
        verdict = report.outcome if not hasattr(report, "wasxfail") or report.failed else "passed"
        self._telling.tell("verdict", test=self._name(item.nodeid), verdict=verdict, message=message)

    def pytest_internalerror(self, excrepr: Any) -> None:
        lines = [line for line in str(excrepr).splitlines() if line.strip()]
        self._telling.tell("not_collected", message=first_line(lines[-1] if lines else ""))

    def _name(self, nodeid: str) -> str:
        """The test's name as the server knows it: its file seen from the workspace, and what is in it."""
        path, separator, rest = nodeid.partition("::")
        return relative(os.path.join(self._start, path), self._job.root) + separator + rest  # noqa: PTH118

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self._start = str(config.rootpath)


def _fixtures(item: pytest.Item) -> list[Any]:
    """The functions of a test's fixtures, as far as this pytest says them."""
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", None)
    lists = known.values() if isinstance(known, dict) else ()
    return [getattr(each, "func", None) for fixtures in lists for each in fixtures]


def _places(nodeid: str) -> tuple[str, str]:
    """The file and the class of a test."""
    names = nodeid.partition("[")[0]
    return names.partition("::")[0], names.rpartition("::")[0]


def _error(caught: Any) -> str:
    try:
        return first_line(caught.exconly())
    except BaseException:  # noqa: BLE001 - a test's own error may raise anything
        return first_line(caught.typename)


def _said(report: Any) -> str:
    """What a failed collection says: the line of the error itself."""
    text = str(report.longrepr)
    errors = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    return first_line(errors[0] if errors else text)
