"""Runs unittest, and tells what came of each test."""

# Methods are named by unittest.
# ruff: noqa: N802

from __future__ import annotations

import importlib
import os
import sys
import unittest
from typing import TYPE_CHECKING, Any

from .choice import counts, left_out
from .telling import first_line, relative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .job import Job
    from .telling import Telling


def run(job: Job, telling: Telling) -> int:
    """Run the files; 0 when no test failed."""
    loader = unittest.TestLoader()
    tests: list[unittest.TestCase] = []
    files: dict[str, str] = {}
    is_whole = True
    for named in job.paths:
        path, _, inner = named.partition("::")
        path = os.path.abspath(path)  # noqa: PTH100 - links stay as they are
        try:
            module = _imported(path)
        except BaseException as error:  # noqa: BLE001 - also sys.exit, which a module may call
            telling.tell("not_collected", message=_said((type(error), error, None)))
            is_whole = False
            continue
        files[module.__name__] = relative(path, job.root)
        found = _cases(loader.loadTestsFromModule(module))
        tests += (test for test in found if not inner or _name_in_file(test) == inner)
    is_whole = is_whole and not loader.errors
    for problem in loader.errors:
        telling.tell("not_collected", message=first_line(str(problem).strip().splitlines()[-1]))
    result = _Result(telling, files)
    chosen = [test for test in tests if _counts(job, result, test)]
    if len(chosen) < len(tests):
        names = ([result.name(test) for test in each] for each in (tests, chosen))
        telling.tell("left_out", tests=left_out(*names))
    if job.when_loaded is not None:
        job.when_loaded(is_whole=is_whole)
    ordered = job.shuffled(chosen, lambda test: (type(test).__module__, type(test).__qualname__))
    result.failfast = job.stop_at_first
    unittest.TestSuite(ordered).run(result)
    return 0 if result.wasSuccessful() else 1


def _imported(path: str) -> Any:
    """The module of a test file, by the name that it has below the first folder that is no package."""
    folder, name = os.path.split(path[: -len(".py")])
    parts = [name]
    while os.path.isfile(os.path.join(folder, "__init__.py")):  # noqa: PTH113, PTH118
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = importlib.import_module(".".join(parts))
    found = getattr(module, "__file__", "") or ""
    if os.path.realpath(found) != os.path.realpath(path):
        raise ImportError(f"{found} is another module of this name")
    return module


def _cases(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from _cases(each)
        else:
            yield each


def _counts(job: Job, result: _Result, test: unittest.TestCase) -> bool:
    function = getattr(type(test), getattr(test, "_testMethodName", ""), None)
    return counts(job, result.name(test), function, owner=type(test))


def _name_in_file(test: Any) -> str:
    return f"{type(test).__qualname__}::{getattr(test, '_testMethodName', '')}"


class _Result(unittest.TestResult):
    def __init__(self, telling: Telling, files: dict[str, str]) -> None:
        super().__init__()
        self._telling = telling
        self._files = files
        self._bad = False

    def startTest(self, test: Any) -> None:
        super().startTest(test)
        self._bad = False
        self._telling.tell("begin", test=self.name(test))

    def addSuccess(self, test: Any) -> None:
        super().addSuccess(test)
        if not self._bad:
            self._tell(test, "passed")

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self._tell(test, "passed")

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self._tell(test, "failed", "it was expected to fail")

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        self._tell(test, "skipped")

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self._tell(test, "failed", _said(err))

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        self._tell(test, "failed", _said(err))

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._bad = True
            self._tell(test, "failed", _said(err))

    def _tell(self, test: Any, verdict: str, message: str = "") -> None:
        if isinstance(test, unittest.TestCase):
            self._telling.tell("verdict", test=self.name(test), verdict=verdict, message=message)
        elif verdict == "failed":  # what a class or a module sets up
            self._telling.tell("not_collected", message=message)

    def name(self, test: Any) -> str:
        """The test's name as the server knows it."""
        module = type(test).__module__
        return f"{self._files.get(module, module)}::{_name_in_file(test)}"


def _said(error: Any) -> str:
    kind, value, _ = error
    try:
        text = str(value)
    except BaseException:  # noqa: BLE001 - a test's own error may raise anything
        text = ""
    name = getattr(kind, "__name__", "error")
    return first_line(f"{name}: {text}" if text else name)
