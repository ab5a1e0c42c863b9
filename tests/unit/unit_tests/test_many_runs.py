"""Many runs in one: the same verdicts as one by one, and what ends one of them ends no other."""

import py_compile

import pytest
from python_projects import environment, put, target_in

from codenook.server.sandbox.command import Ended
from codenook.server.sandbox.run import why_not
from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.fault_runs import FaultRuns
from codenook.server.unit_tests.frameworks.framework import Variant, Verdict
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.runs import Runs

SOURCE = """\
import os


def count(n: int) -> int:
    found = 0
    while found < n:
        found += 1
    return found
"""
HEADS = {
    "pytest": "from shop.count import count\n\n\ndef test_a():\n    assert count(2) == 2\n\n\n"
    "def test_b():\n    assert count(0) == 0\n",
    "unittest": "import unittest\n\nfrom shop.count import count\n\n\nclass TestCount(unittest.TestCase):\n"
    "    def test_a(self):\n        self.assertEqual(count(2), 2)\n\n"
    "    def test_b(self):\n        self.assertEqual(count(0), 0)\n",
}


def mutant(before, after):
    start = SOURCE.index(before)
    return Mutant("any", SOURCE.count("\n", 0, start) + 1, start, start + len(before), after)


MORE = mutant("return found", "return found + 1")
HANGS = mutant("found += 1", "pass")
EXITS = mutant("found = 0", "os._exit(3)")
BREAKS = mutant("import os", "import nothing")
KILLS = mutant("found = 0", "os.kill(os.getppid(), 9)")
SAME = mutant("found < n", "n > found")


@pytest.fixture(params=HEADS)
async def runs(request, tmp_path):
    if why := await why_not():
        pytest.skip(why)
    put(
        tmp_path,
        {"shop/__init__.py": "", "shop/count.py": SOURCE, "tests/test_count.py": HEADS[request.param]},
    )
    environment(tmp_path)
    py_compile.compile(str(tmp_path / "shop" / "count.py"))  # which must not be taken for a mutant
    target = target_in(tmp_path, "shop/count.py", "count")
    found = Runs(PARTS.project_of(target, {}, ""), target)
    assert found.project.framework.name == request.param
    return found


def verdicts(ran):
    return {name.rpartition("test_")[2]: verdict for name, verdict in ran.verdicts.items()}


PASSED = {"a": Verdict.PASSED, "b": Verdict.PASSED}
FAILED = {"a": Verdict.FAILED, "b": Verdict.FAILED}


async def test_each_run_has_its_own_verdicts_and_none_ends_another(runs):
    orders = [Variant(order=order) for order in (0, 1)]
    mutants = [Variant(each) for each in (MORE, HANGS, EXITS, BREAKS, SAME)]
    *ordered, more, hangs, exits, breaks, same = await runs.many(
        [runs.project.file.path], [*orders, *mutants], within_s=60
    )
    assert [verdicts(ran) for ran in ordered] == [PASSED, PASSED]
    assert (verdicts(more), verdicts(same)) == (FAILED, PASSED)
    assert verdicts(hangs) == {}
    assert hangs.ended in {Ended.CPU_TIME, Ended.WALL_TIME}  # the latter on a busy machine
    assert "it took too much" in hangs.problem
    assert verdicts(exits) == verdicts(breaks) == {}
    assert (exits.has_begun, breaks.has_begun) == (True, False)
    assert exits.problem.startswith("the run ended before its tests did in ")
    assert "nothing" in breaks.problem
    assert runs.n == 7


async def test_what_ends_all_of_them_is_run_alone_and_the_others_too(runs):
    found = {}
    await FaultRuns(runs, lambda: 60.0)([MORE, KILLS, SAME], [runs.project.file.path], found.__setitem__)
    assert sorted(found) == [0, 1, 2]
    assert (verdicts(found[0]), verdicts(found[2])) == (FAILED, PASSED)


async def test_a_run_that_our_own_time_ends_says_nothing_of_the_fault(runs, monkeypatch):
    monkeypatch.setattr("codenook.server.unit_tests.runs.LEAST_S", 0.5)
    runs.clock = Clock(0.0)
    found = {}
    await FaultRuns(runs, lambda: 60.0)([HANGS], [runs.project.file.path], found.__setitem__)
    assert (found, runs.n) == ({}, 1)


async def test_without_time_nothing_is_run(runs):
    found = {}
    await FaultRuns(runs, lambda: 0.0)([MORE, SAME], [runs.project.file.path], found.__setitem__)
    assert (found, runs.n) == ({}, 0)
