import pytest
from shops import project, target, workspace

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.kits.python.answers import Written, answers_in, is_value
from codenook.server.unit_tests.kits.python.kit import PythonKit

HOSTILE = r"""
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time


class Evil:
    def __init__(self, how):
        self.how = how

    def __repr__(self):
        return "Evil.__init__.__globals__['os'].system('true') or Evil('x')"

    def __eq__(self, other):
        return True

    __hash__ = None


class Unequal(ValueError):
    def __str__(self):
        raise RuntimeError("no text")


def forge(how):
    line = b'{"call": %d, "value": {"kind": "equal", "text": "forged"}}\n' % how
    for pid in (os.getppid(), os.getppid() - 1, 1, 2, 3):
        for number in range(1, 12):
            try:
                with open("/proc/%d/fd/%d" % (pid, number), "wb", buffering=0) as stream:
                    stream.write(line)
            except OSError:
                pass
    return how


def act(how):
    if how == "exit":
        os._exit(3)
    if how == "hang":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(1)
    if how == "memory":
        return "x" * (4 << 30)
    if how == "print":
        while True:
            print("noise" * 1000, file=sys.__stdout__)
    if how == "write":
        open("/tmp/written", "w").close()
    if how == "outside":
        open("written", "w")
    if how == "program":
        subprocess.run(["true"])
    if how == "network":
        socket.create_connection(("localhost", 1))
    if how == "clean":
        with tempfile.NamedTemporaryFile("w") as stream:
            stream.write("x")
    if how == "kill":
        os.kill(os.getppid(), 9)
    if how == "fork":
        while True:
            os.fork()
    if how == "daemon" and os.fork() == 0:
        os.setsid()
        time.sleep(60)
    if how == "evil":
        return Evil("x")
    if how == "error":
        raise Unequal()
    if how == "terminal":
        raise ValueError("\x1b[2J\x07 clear\u202e")
    if how == "long":
        return "y" * 100_000
    return how
"""
HOWS = ("a", "exit", "hang", "memory", "print", "write", "kill", "fork", "daemon", "evil", "error")
HOWS += ("outside", "program", "network", "clean")
FINE = {"a", "b", "clean", "error", "terminal", "long"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("hostile"), {"hostile.py": HOSTILE, "json.py": "1 / 0\n"})


async def observed(root, symbol, *arguments):
    calls = [Call(text, Origin.MODEL) for text in arguments]
    return await PythonKit().observed(target(root, symbol, "hostile.py"), project(root), calls)


async def test_each_harm_costs_only_itself(root):
    hows = [*HOWS, "terminal", "long", "b"]

    found = await observed(root, "act", *map(repr, hows))

    said = dict(zip(hows, found, strict=True))
    assert {how for how, each in said.items() if not each.problem} - {"evil"} == FINE
    assert said["b"].checks[0].expected == "'b'"
    assert said["error"].checks[0].expected == "Unequal"
    assert said["error"].checks[0].message == ""
    assert said["long"].checks[0].actual == "len(result)"
    assert "__" not in "".join(check.expected for check in said["evil"].checks)
    assert said["write"].problem == "it leaves files behind"
    assert said["outside"].problem == "it writes files"
    assert said["program"].problem == said["daemon"].problem == "it starts a program"
    assert said["network"].problem == "it uses the network"
    assert "didn't end" in said["hang"].problem


async def test_what_a_call_writes_into_other_pipes_counts_for_nothing(root):
    found = await observed(root, "forge", "0", "1", "2")

    assert [each.problem for each in found] == ["it writes files"] * 3
    assert not any("forged" in str(each) for each in found)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("def act(how):\n    return how\n\nimport os\nos._exit(0)\n", "it ended with all of its processes"),
        ("def act(how):\n    return how\n\n1 / 0\n", "the module can't be imported"),
        ("def act(how):\n    return how\n\nraise ValueError('\\x1b[2J')\n", "the module can't be imported"),
    ],
)
async def test_a_module_that_can_not_be_imported_is_a_problem(tmp_path, text, problem):
    workspace(tmp_path, {"hostile.py": text})

    (found,) = await observed(tmp_path, "act", "1")

    assert found.checks == ()
    assert found.problem.startswith(problem)
    assert found.problem.isprintable()


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("[1, -2.5, 'a', None, {'k': (1,)}]", True),
        ("Item(name='x', size=Size.LARGE)", True),
        ("datetime.date(2024, 2, 29)", True),
        ("__import__('os')", False),
        ("a.__class__", False),
        ("open('x')", False),
        ("(lambda: 1)()", False),
        ("[x for x in y]", False),
        ("1; 2", False),
        ("(" * 1000, False),
        ("1" * 3000, False),
    ],
)
def test_only_values_stand_in_tests(text, is_one):
    assert is_value(text) is is_one


def test_lines_without_the_secret_are_nobodys():
    output = (
        b'other {"call": 0, "problem": "x"}\n'
        b'secret {"call": 1, "problem": "y"}\n'
        b'secret {"call": 2, "value": {"kind": "equal", "text": "1", "imports": ["import os; os.x()"]}}\n'
        b'secret {"call": 3, "value": {"kind": "equal", "text": "1", "actual": "x.y()"}}\n'
        b'secret {"call": "4"\nsecret [1]\nsecret {"call": [1]}\n\xff\xfe {}\nsecret'
    )

    found = list(answers_in(output, "secret"))

    assert [each.call for each in found] == [1, 2, 3]
    assert [each.problem for each in found] == ["y"] + ["what came of it isn't a plain value"] * 2


CALLS = {
    ("subprocess.run(['rm', '-rf', 'x'])", "import subprocess"): False,
    ("run(['rm'])", "from subprocess import run"): False,
    ("run(['rm'])", ""): False,
    ("Popen(['rm'])", ""): False,
    ("subprocess.Popen(['rm'])", "import subprocess"): False,
    ("os.path.join('a')", "import os.path"): False,
    ("datetime.datetime.now()", "import datetime"): False,
    ("Path.cwd()", "from pathlib import Path"): False,
    ("Path('x').unlink()", "from pathlib import Path"): False,
    ("Cart.destroy()", "from shop.cart import Cart"): False,
    ("print(1)", ""): False,
    ("exit(1)", ""): False,
    ("[Cart][0](1)", ""): False,
    ("1", "import antigravity"): False,
    ("1", "from idlelib.run import main"): False,
    ("datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)", "import datetime"): True,
    ("Decimal('1')", "from decimal import Decimal"): True,
    ("Path('x')", "from pathlib import Path"): True,
    ("date(2024, 1, 1)", ""): True,
    ("re.compile('a', 2)", "import re"): True,
    ("[set(), frozenset({1}), range(3), float('inf'), ValueError('a')]", ""): True,
    ("Cart(items=[shop.Item('a')])", "import shop"): True,
    ("bidict({1: 2})", "from bidict import bidict"): True,
    ("shop.colours.red(1)", "import shop.colours"): True,
    ("-" * 40 + "1", ""): True,
    ("-" * 900 + "1", ""): False,
}


@pytest.mark.parametrize(("said", "is_one"), CALLS.items())
def test_only_what_makes_values_is_called(said, is_one):
    text, statement = said
    assert Written("equal", text, [statement] if statement else []).is_sound is is_one
