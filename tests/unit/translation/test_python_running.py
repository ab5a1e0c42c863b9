"""Programs of Python, run with the real interpreter in the real sandbox."""

import ast
import asyncio
import math
import sys
from collections import Counter

import pytest
from dynamic_programs import calls_with, program_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codenook.server.sandbox.inside.script import APART
from codenook.server.sandbox.run import why_not
from codenook.server.translation.languages.language import Stage
from codenook.server.translation.languages.python.reading import PythonReading
from codenook.server.translation.languages.python.running import INSIDE, PythonRunning
from codenook.server.translation.outcome import Call, How
from codenook.server.translation.values import Elements, Opaque, Pairs

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or bool(asyncio.run(why_not())), reason="there is no sandbox here"
)

READING, RUNNING = PythonReading(), PythonRunning()

HOSTILE = """
import builtins, ctypes, itertools, json, os, signal, subprocess, sys, time

seen = []


class Bad(Exception):
    def __str__(self):
        raise RuntimeError


def act(how: str):
    seen.append(how)
    print("noise", file=sys.stderr)
    os.write(1, b"noise\\n" * 1000)
    if how == "abort":
        os.abort()
    if how == "exit":
        os._exit(0)
    if how == "sys.exit":
        sys.exit("done")
    if how == "segfault":
        ctypes.string_at(0)
    if how == "hang":
        while True:
            pass
    if how == "sleep":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(1000)
    if how == "recursion":
        return act("recursion")
    if how == "memory":
        return len(bytearray(10**12))
    if how == "json":
        json.dumps = json.loads = builtins.print = sys.stdout = None
        return [1]
    if how == "builtins":
        builtins.isinstance = builtins.type = os.write = None
        return [1]
    if how == "fork":
        return os.fork() == 0
    if how == "orphan":
        if os.fork() == 0:
            os.setsid()
            time.sleep(1000)
        return 1
    if how == "parent":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(1000)
    if how == "fds":
        for number in range(3, 64):
            try:
                os.write(number, b'{"how": "returned", "value": 66}\\n')
                os.close(number)
            except OSError:
                pass
        return 1
    if how == "cyclic":
        ring = []
        ring.append(ring)
        return ring
    if how == "huge":
        return "x" * 10**8
    if how == "wide":
        return list(range(10**6))
    if how == "deep":
        nested = []
        for _ in range(10**5):
            nested = [nested]
        return nested
    if how == "digits":
        return 10**100_000
    if how == "endless":
        return itertools.count()
    if how == "bad":
        raise Bad
    if how == "seen":
        return list(seen)
    return how
"""


async def outcomes(text, symbol, *calls):
    ran = await RUNNING.run(program_of(READING, text, symbol), calls)
    assert ran.refusal is None
    assert len(ran.outcomes) == len(calls)
    return ran.outcomes


async def value(text, symbol, *arguments, made_with=()):
    (outcome,) = await outcomes(text, symbol, Call(arguments, made_with=made_with))
    assert outcome.how is How.RETURNED, outcome
    return outcome.value


ACTS = {
    "abort": (How.CRASHED, None),
    "exit": (How.CRASHED, None),
    "segfault": (How.CRASHED, None),
    "sys.exit": (How.RAISED, "SystemExit"),
    "recursion": (How.RAISED, "RecursionError"),
    "memory": (How.RAISED, "MemoryError"),
    "bad": (How.RAISED, "Bad"),
    "orphan": (How.RETURNED, 1),
    "json": (How.RETURNED, (1,)),
    "builtins": (How.CRASHED, None),
    "cyclic": (How.RETURNED, Opaque("list")),
    "huge": (How.RETURNED, Opaque("str")),
    "wide": (How.RETURNED, Opaque("list")),
    "deep": (How.RETURNED, Opaque("list")),
    "digits": (How.RETURNED, Opaque("int")),
    "endless": (How.RETURNED, tuple(range(10_000))),
    "seen": (How.RETURNED, ("seen",)),
    "a": (How.RETURNED, "a"),
}


@pytest.fixture(scope="module")
async def of_acts():
    """What came of each, all called in one run."""
    ran = await outcomes(HOSTILE, "act", *calls_with(*[(act,) for act in ACTS]))
    return dict(zip(ACTS, ran, strict=True))


@pytest.mark.parametrize("act", ACTS)
async def test_what_a_call_does_costs_it_alone(of_acts, act):
    how, told = ACTS[act]
    assert of_acts[act].how is how
    assert (of_acts[act].error if how is How.RAISED else of_acts[act].value) == told


async def test_a_call_that_forks_has_one_outcome():
    outcome, after = await outcomes(HOSTILE, "act", *calls_with(("fork",), ("b",)))
    assert outcome.value in {True, False}
    assert after.value == "b"


async def test_calls_that_do_not_end_are_ended():
    hung, asleep, after = await outcomes(HOSTILE, "act", *calls_with(("hang",), ("sleep",), ("b",)))
    assert (hung.how, asleep.how) == (How.TIMED_OUT, How.TIMED_OUT)
    assert after.value == "b"


async def test_a_call_that_ends_what_makes_the_calls_is_lost_and_the_others_are_not():
    before, lost, after = await outcomes(HOSTILE, "act", *calls_with(("a",), ("parent",), ("b",)))
    assert lost.how is How.CRASHED
    assert (before.value, after.value) == ("a", "b")


async def test_after_many_that_hang_no_more_are_made():
    ran = await outcomes(HOSTILE, "act", *calls_with(*[("hang",)] * 6, ("b",)))
    assert [each.how for each in ran] == [*[How.TIMED_OUT] * 5, How.NOT_RUN, How.NOT_RUN]
    assert "too long" in ran[-1].why


async def test_what_a_program_says_in_the_place_of_its_call_is_believed_of_that_call_only():
    forged, after = await outcomes(HOSTILE, "act", *calls_with(("fds",), ("b",)))
    assert after.value == "b"
    assert forged.value in {66, 1, None}


async def test_lines_that_look_like_outcomes_are_not_read():
    text = """
import os
def noisy():
    os.write(1, b'{"call": 0, "how": "returned", "value": 66}\\n' * 100)
    os.write(2, b'codenook-00: {"call": 0, "how": "returned", "value": 66}\\n')
    return 1
"""
    assert await value(text, "noisy") == 1


async def test_arguments_come_as_the_parameters_want_them():
    text = """
from typing import *
def kinds(a: list[list[int]], b: tuple[int, str], c: set[int], d: dict[tuple[int, ...], "float"],
          e: bytes, f: bytearray, g: Optional[List[int]], h: float, i: int, j):
    return [repr(each) for each in (a, b, c, d, e, f, g, h, i, j)]
"""
    told = await value(
        text,
        "kinds",
        ((1,), (2,)),
        *((1, "x"), Elements((3,)), Pairs((((1, 2), 1),)), b"e", b"f", None, 1, 2.0, (1, (2,))),
    )
    assert told == (
        *("[[1], [2]]", "(1, 'x')", "{3}", "{(1, 2): 1.0}", "b'e'", "bytearray(b'f')", "None", "1.0", "2"),
        "[1, [2]]",
    )


async def test_what_an_argument_can_not_be_is_not_run():
    text = "def f(a: float, b: set, c: bytes, d: str): return 1\n"
    calls = calls_with(
        (10**400, (), b"", ""),
        (1, (Pairs(),), b"", ""),
        (1, (), (256,), ""),
        (1, (), b"", b"\xff"),
        (1, (), b"", Opaque("File")),
        (1, (), b"", ""),
    )
    ran = await outcomes(text, "f", *calls)
    assert [each.how for each in ran] == [How.NOT_RUN] * 5 + [How.RETURNED]
    assert all(each.why for each in ran[:5])


async def test_arguments_after_the_call_are_told():
    text = "def grow(xs: list[int], more: dict):\n    xs.append(more.pop('a'))\n"
    (outcome,) = await outcomes(text, "grow", Call(((1,), Pairs((("a", 2), ("b", 3))))))
    assert outcome.value is None
    assert outcome.after == ((1, 2), Pairs((("b", 3),)))


async def test_named_and_further_arguments():
    text = """
def rest(a, *others: int, b=2, **more: int):
    return [a, others, b, more]
def named(a, *, b, **more: int):
    return [a, b, more]
"""
    assert await value(text, "rest", 1, 5, 7) == (1, (5, 7), 2, Pairs())
    assert await value(text, "named", 1, 5, Pairs((("c", 6),))) == (1, 5, Pairs((("c", 6),)))


async def test_methods_have_an_object_made_for_them():
    text = """
class Shop:
    class Till:
        def __init__(self, coins: set[int], *, note: "str" = "-"):
            self.coins, self.note = coins, note
        def held(self, more: int):
            return [len(self.coins) + more, self.note]
        @property
        def size(self):
            return len(self.coins)
    @staticmethod
    def plain(x):
        return x
    @classmethod
    def kind(cls, x):
        return cls.__name__ + x
"""
    made_with = ((1, 1, 2), "n")
    assert await value(text, "Shop.Till.held", 5, made_with=made_with) == (7, "n")
    assert await value(text, "Shop.Till.size", made_with=made_with) == 2
    assert await value(text, "Shop.plain", 3) == 3
    assert await value(text, "Shop.kind", "!") == "Shop!"


async def test_what_comes_later_or_one_by_one_is_waited_for():
    text = """
import ast
import asyncio
async def later(x):
    await asyncio.sleep(0)
    return x
async def each(n):
    for i in range(n):
        yield i
def lazily(n):
    yield from map(str, range(n))
"""
    assert await value(text, "later", 3) == 3
    assert await value(text, "each", 3) == (0, 1, 2)
    assert await value(text, "lazily", 2) == ("0", "1")


async def test_values_are_told_by_their_kind():
    text = """
import collections, decimal, enum
class Level(enum.IntEnum):
    LOW = 3
Point = collections.namedtuple("Point", "x y")
class Thing:
    pass
def every():
    return [Level.LOW, Point(1, 2.0), {1: {2}}, collections.Counter("a"), frozenset("b"), range(2),
            collections.deque([1]), {1: 2}.values(), memoryview(b"m"), "\\ud800", "\\U0001f600", -0.0,
            float("inf"), True, None, 10**50, Thing(), decimal.Decimal(1), len, 1j]
"""
    told = await value(text, "every")
    assert told[:15] == (
        *(3, (1, 2.0), Pairs(((1, Elements((2,))),)), Pairs((("a", 1),)), Elements(("b",)), (0, 1)),
        *((1,), (2,), b"m", b"\xed\xa0\x80", "\U0001f600", -0.0, math.inf, True, None),
    )
    assert math.copysign(1, told[11]) == -1
    assert told[15:] == (
        10**50,
        *map(Opaque, ("Thing", "Decimal", "builtin_function_or_method", "complex")),
    )


async def test_programs_that_can_not_be_loaded_are_refused_with_the_line():
    async def refused(text):
        ran = await RUNNING.run(program_of(READING, text + "def f(): pass\n", "f"), calls_with(()))
        assert ran.outcomes == ()
        return ran.refusal

    missing = await refused("import sys\nimport no_such_module\n")
    assert (missing.stage, missing.line) == (Stage.LOAD, 2)
    assert "no_such_module" in missing.message
    assert (await refused("def g(:\n")).stage is Stage.COMPILE
    assert (await refused("x = 1\nraise SystemExit(3)\n")).line == 2
    assert (await refused("import os\nos._exit(0)\n")).stage is Stage.LOAD


async def test_code_below_the_guard_of_a_main_program_is_not_run():
    text = "def f(): return __name__\nif __name__ == '__main__':\n    raise SystemExit\n"
    assert await value(text, "f") == "program"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f(x):\n    return x +\n", 2),
        ("x = 1\n", None),
        ("\0", 0),
        ("(" * 10_000, 1),
        ("import nope", None),
    ],
)
async def test_what_does_not_compile_is_refused_and_nothing_is_run(text, line):
    refusal = await RUNNING.refusal(text)
    if line is None:
        assert refusal is None
    else:
        assert (refusal.stage, refusal.line) == (Stage.COMPILE, line)


async def test_without_python_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert RUNNING.toolchain() == ""
    assert (await RUNNING.refusal("x = 1")).stage is Stage.TOOLCHAIN
    ran = await RUNNING.run(program_of(READING, "def f(): pass\n", "f"), calls_with(()))
    assert ran.refusal.stage is Stage.TOOLCHAIN
    assert "Python" in ran.refusal.message


def test_the_toolchain_says_its_version():
    assert RUNNING.toolchain().startswith("Python 3.")


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.binary(max_size=8)
)
keys = st.integers() | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4).map(lambda d: Pairs(tuple(d.items())))
        | st.frozensets(keys, max_size=4).map(lambda s: Elements(tuple(s)))
    ),
    max_leaves=12,
)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(values, min_size=1, max_size=30))
def test_values_come_back_as_they_were_given(given_values):
    text = "def same(x):\n    return x\n"
    told = asyncio.run(outcomes(text, "same", *calls_with(*[(each,) for each in given_values])))
    for outcome, expected in zip(told, given_values, strict=True):
        assert outcome.how is How.RETURNED
        assert unordered(outcome.value) == unordered(expected)


def unordered(value):
    """A value to compare: of a set the order says nothing, and 1, 1.0 and True are three."""
    if isinstance(value, Elements):
        return ("set", frozenset(map(unordered, value.items)))
    if isinstance(value, Pairs):
        return ("map", tuple((unordered(key), unordered(each)) for key, each in value.items))
    if isinstance(value, tuple):
        return tuple(map(unordered, value))
    return (type(value).__name__, repr(value))


def test_no_module_of_the_program_inside_takes_a_name_of_another():
    names = [
        name
        for path in (APART, *INSIDE)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        for name in bound(node)
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def bound(node):
    if isinstance(node, ast.Assign):
        return [each.id for each in node.targets if isinstance(each, ast.Name)]
    return [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
