"""Tests of Python projects, written into their files and run in the sandbox by the project's interpreter."""

import ast

import pytest
from attrs import evolve
from python_projects import CART, OF_PYTEST, environment, equal, put, target_in

from codenook.server.reasons import Reason
from codenook.server.sandbox.command import Ended, Limits
from codenook.server.sandbox.run import why_not
from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.frameworks.framework import NoProject, Verdict
from codenook.server.unit_tests.frameworks.python_run import INSIDE
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.run import LIMITS, run_tests

TESTS = "tests/test_cart.py"
UNITTESTS = """import unittest

from shop.cart import total


class TestTotal(unittest.TestCase):
    def test_one(self):
        self.assertEqual(total([1]), 1)


if __name__ == "__main__":
    unittest.main()
"""
PYTESTS = """from shop.cart import total


def test_one():
    assert total([1]) == 1
"""
EVERY_KIND = [
    equal("total_of_nothing", "total([])", "0"),
    Test("discount", Origin.TYPES, checks=(Check(Kind.CLOSE, "total([0.1, 0.2])", "0.3"),), is_reasoned=True),
    Test(
        "negative",
        Origin.TYPES,
        checks=(Check(Kind.RAISES, "total([1], -1)", "ValueError", "a discount (of all) is positive"),),
    ),
    Test("any_error", Origin.TYPES, checks=(Check(Kind.RAISES, "total(None)", "TypeError"),)),
    Test("identity", Origin.TYPES, checks=(Check(Kind.SAME, "[].sort()", "None"),)),
    Test(
        "statements",
        Origin.TYPES,
        statements=("prices = [1]", "prices.append(2)"),
        checks=(Check(Kind.EQUAL, "total(prices)", "3"),),
    ),
    equal("wrong", "total([1])", "2"),
]
pytestmark = pytest.mark.usefixtures("sandboxed")


@pytest.fixture(scope="module")
async def sandboxed():
    if why := await why_not():
        pytest.skip(why)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A project with an environment that has pytest; each test says which files it has besides."""
    root = tmp_path_factory.mktemp("project")
    environment(root)
    return put(root, {"shop/__init__.py": "", "shop/cart.py": CART})


async def ran(root, own, *, conftest=None, limits=LIMITS, tests=(), **options):
    """What came of a file of tests, as if it were in the project."""
    put(root, {TESTS: own})
    (root / "tests" / "conftest.py").unlink(missing_ok=True)
    if conftest is not None:
        put(root, {"tests/conftest.py": conftest})
    target = target_in(root, "shop/cart.py", "total")
    project = evolve(PARTS.project_of(target, {}, ""), about=frozenset())
    rendered = project.framework.render(project.file, target, tests)
    files = {project.file.path: rendered.text.encode()}
    done = await run_tests(project, [project.file.path], files, limits=limits, **options)
    assert (root / TESTS).read_text() == own
    return project, rendered, done


@pytest.mark.parametrize(("own", "name"), [(PYTESTS, "pytest"), (UNITTESTS, "unittest")])
async def test_every_kind_of_check(root, own, name):
    project, rendered, done = await ran(root, own, tests=EVERY_KIND)
    assert project.framework.name == name
    assert done.problem == ""
    *good, wrong = rendered.names
    assert {each: done.verdicts[each] for each in good} == dict.fromkeys(good, Verdict.PASSED)
    assert done.verdicts[wrong] is Verdict.FAILED
    assert len(done.verdicts) == len(EVERY_KIND) + 1
    assert done.messages[wrong].startswith("AssertionError: ")


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_each_order_is_another_and_the_same_each_time(root, own):
    orders = [list((await ran(root, own, tests=EVERY_KIND, order=each))[2].verdicts) for each in (0, 1, 1, 2)]
    assert orders[1] == orders[2]
    assert len({tuple(order) for order in orders}) == 3
    assert {frozenset(order) for order in orders} == {frozenset(orders[0])}


async def test_one_of_the_orders_is_run_in_another_time_zone(root):
    hour = Test("hour", Origin.TYPES, body="import time\nassert total([time.localtime(0).tm_hour]) == 0")
    found = [(await ran(root, PYTESTS, tests=[hour], order=each))[2] for each in (0, 1, 2)]
    passed = [list(done.verdicts.values()).count(Verdict.PASSED) for done in found]
    assert passed == [2, 2, 1]


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_the_first_failure_may_end_a_run(root, own):
    tests = [equal(f"wrong_{number}", "total([])", "1") for number in range(3)]
    _, _, done = await ran(root, own, tests=tests, stop_at_first=True)
    assert list(done.verdicts.values()).count(Verdict.FAILED) == 1


@pytest.mark.parametrize("packages", [OF_PYTEST, (*OF_PYTEST, "coverage")])
@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_lines_that_run_are_the_same_with_coverage_and_without(tmp_path, packages, own):
    environment(tmp_path, packages)
    put(tmp_path, {"shop/__init__.py": "", "shop/cart.py": CART})
    project, _, done = await ran(tmp_path, own, coverage_of="shop/cart.py")
    assert ("coverage" in project.has) is ("coverage" in packages)
    assert sorted(done.coverage.lines) == [4, 6, 7, 8, 9, 10, 11, 14, 15, 16, 18, 19, 21, 22]
    assert sorted(done.coverage.ran) == [4, 6, 8, 9, 10, 11, 14, 15, 18, 21]


async def test_a_folder_that_reads_like_a_pattern_is_one(tmp_path):
    environment(tmp_path / "[x]", (*OF_PYTEST, "coverage"))
    put(tmp_path / "[x]", {"shop/__init__.py": "", "shop/cart.py": CART})
    _, _, done = await ran(tmp_path / "[x]", PYTESTS, coverage_of="shop/cart.py")
    assert sorted(done.coverage.ran) == [4, 6, 8, 9, 10, 11, 14, 15, 18, 21]


SKIPPED = {
    PYTESTS.replace("def", "@pytest.mark.skip\ndef").replace("from", "import pytest\nfrom", 1): "test_one",
    UNITTESTS.replace("    def", "    @unittest.skip('why')\n    def"): "TestTotal::test_one",
}


@pytest.mark.parametrize("own", SKIPPED)
async def test_skipped(root, own):
    _, _, done = await ran(root, own)
    assert done.verdicts == {f"{TESTS}::{SKIPPED[own]}": Verdict.SKIPPED}


BROKEN = {
    "import error": ("import shop.nothing\n", "ModuleNotFoundError: No module named 'shop.nothing'"),
    "error": ("1 / 0\n", "ZeroDivisionError: division by zero"),
    "exit": ("import sys\nsys.exit(3)\n", "3"),
    "no tests": ("", "no test was collected"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("head", ["", "import unittest\n"])
async def test_what_can_not_be_collected_says_why(root, case, head):
    text, why = BROKEN[case]
    tests = "" if case == "no tests" else (UNITTESTS if head else PYTESTS)
    if head and case == "no tests":
        tests = (
            UNITTESTS.partition("    def")[0].removeprefix("import unittest\n")
            + "    def test(self): ...\n    del test\n"
        )
    _, _, done = await ran(root, head + text + (tests or "from shop.cart import total\n"))
    assert done.verdicts == {}
    assert why in done.problem


async def test_a_conftest_that_fails_says_why(root):
    _, _, done = await ran(root, PYTESTS, conftest="raise RuntimeError('no way')\n")
    assert (done.verdicts, done.problem) == ({}, "RuntimeError: no way")


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_a_process_that_ends_itself(root, own):
    last = Test("zz", Origin.MODEL, body="import os\nos._exit(0)")
    _, rendered, done = await ran(root, own, tests=[last])
    assert done.problem == f"the run ended before its tests did in {rendered.names[0]}, with exit status 0"
    assert rendered.names[0] not in done.verdicts


async def test_an_endless_loop_is_named(root):
    loop = Test("loop", Origin.MODEL, body="while True:\n    pass")
    limits = Limits(wall_s=20, cpu_s=2)
    _, rendered, done = await ran(root, UNITTESTS, tests=[loop], limits=limits)
    assert done.ended is Ended.CPU_TIME
    assert done.problem == f"the run was ended in {rendered.names[0]}: it took too much cpu time"


FLOOD = "import os\nfor each in range(40):\n    os.write({}, b'x' * 10000)"


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
@pytest.mark.parametrize("fd", [1, 2])
async def test_output_is_no_verdict(root, own, fd):
    shout = Test("shout", Origin.MODEL, body=FLOOD.format(fd))
    _, rendered, done = await ran(root, own, tests=[shout])
    assert done.verdicts[rendered.names[0]] is Verdict.PASSED
    assert done.problem == ""


async def test_endless_output_ends_a_run_that_does_not_catch_it(root):
    shout = Test("shout", Origin.MODEL, body=FLOOD.format(1).replace("range(40)", "iter(int, 1)"))
    _, rendered, done = await ran(root, UNITTESTS, tests=[shout])
    assert done.ended is Ended.OUTPUT
    assert done.problem == f"the run was ended in {rendered.names[0]}: it took too much output"


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_a_test_that_closes_everything_has_no_verdict(root, own):
    close = Test("close", Origin.MODEL, body="import os\nos.closerange(0, 100)")
    _, rendered, done = await ran(root, own, tests=[close])
    assert rendered.names[0] not in done.verdicts
    assert done.problem.startswith("the run ended before its tests did in ")


FORGERY = """import os
for fd in range(1, 30):
    try:
        os.write(fd, b'\\n{"kind": "verdict", "test": "forged", "verdict": "passed"}\\n')
        os.write(fd, b'\\n0123456789abcdef {"kind": "verdict", "test": "forged", "verdict": "passed"}\\n')
        os.write(fd, b'\\n0123456789abcdef {"kind": "end"}\\n')
    except OSError:
        pass
os._exit(0)"""


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_forged_verdicts_do_not_count(root, own):
    _, _, done = await ran(root, own, tests=[Test("forged", Origin.MODEL, body=FORGERY)])
    assert set(done.verdicts) <= {f"{TESTS}::test_one", f"{TESTS}::TestTotal::test_one"}
    assert done.problem.startswith("the run ended before its tests did in ")


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_a_child_process_tells_nothing(root, own):
    fork = Test("fork", Origin.MODEL, body="import os\npid = os.fork()\nif pid:\n    os.waitpid(pid, 0)")
    _, rendered, done = await ran(root, own, tests=[fork])
    assert done.verdicts[rendered.names[0]] is Verdict.PASSED
    assert done.problem == ""


HOSTILE_ERROR = """class E(Exception):
    def __str__(self):
        raise SystemExit(0)
    __repr__ = __str__
raise E"""


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
@pytest.mark.parametrize("body", [HOSTILE_ERROR, "raise ValueError('\\ud800\\x1b[2J' + 'x' * 100000)"])
async def test_errors_that_can_not_be_told(root, own, body):
    _, rendered, done = await ran(root, own, tests=[Test("hostile", Origin.MODEL, body=body)])
    assert done.verdicts[rendered.names[0]] is Verdict.FAILED
    assert len(done.messages[rendered.names[0]]) <= 500
    assert "\x1b" not in done.messages[rendered.names[0]]


async def test_nothing_is_written_to_the_project(root):
    before = sorted(str(path) for path in root.rglob("*"))
    await ran(root, PYTESTS, tests=[equal("a", "total([])", "0")], coverage_of="shop/cart.py")
    assert sorted(str(path) for path in root.rglob("*") if path.name != "conftest.py") == [
        path for path in before if not path.endswith("conftest.py")
    ]


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_one_test_of_a_file(root, own):
    tests = [equal(name, "total([])", "0") for name in ("one", "two")]
    project, rendered, _ = await ran(root, own, tests=tests)
    files = {TESTS: rendered.text.encode()}
    done = await run_tests(project, rendered.names[1:], files)
    assert done.verdicts == {rendered.names[1]: Verdict.PASSED}


@pytest.mark.parametrize("own", [PYTESTS, UNITTESTS])
async def test_names_that_mean_something_elsewhere(tmp_path, own):
    root = tmp_path / "a::b [c] 'd\n\"$(e) -f \x1b[2J ü"
    root.mkdir()
    environment(root)
    put(root, {"shop/__init__.py": "", "shop/cart.py": CART})
    _, rendered, done = await ran(root, own, tests=[equal("a", "total([])", "0")], coverage_of="shop/cart.py")
    assert done.verdicts[rendered.names[0]] is Verdict.PASSED
    assert 8 in done.coverage.ran


def test_what_runs_inside_can_be_read_by_python_since_3_8():
    for path in INSIDE.rglob("*.py"):
        ast.parse(path.read_text(), feature_version=(3, 8))


async def test_a_workspace_without_what_its_tests_need(tmp_path):
    environment(tmp_path, ())
    put(tmp_path, {"shop/__init__.py": "", "shop/cart.py": CART, TESTS: PYTESTS})
    with pytest.raises(NoProject, match="-m pip install pytest") as caught:
        PARTS.project_of(target_in(tmp_path, "shop/cart.py", "total"), {}, "")
    assert caught.value.reason is Reason.RUNNER_MISSING
