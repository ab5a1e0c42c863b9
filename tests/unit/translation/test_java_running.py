"""Programs of Java, compiled and run in the real sandbox."""

import asyncio

import pytest
from compiled_programs import needs, ran, signature

from codenook.server.translation.languages.java.reading import JavaReading
from codenook.server.translation.languages.java.running import JavaRunning
from codenook.server.translation.languages.language import Program, Stage
from codenook.server.translation.outcome import Call, How
from codenook.server.translation.values import Elements, Opaque, Pairs

pytestmark = needs("javac")

SAME = """
package a.b;
import java.math.BigInteger;
import java.util.*;

class Odd {}

public class Same<T> {
    Object same(boolean a, byte b, short c, int d, long e, float f, double g, char h, String i, Integer j,
            BigInteger k, int[] l, List<List<Integer>> m, byte[] n, String[][] o, Map<String, Integer> p,
            Set<Long> q, Optional<String> r, Object s, T t, Collection<? extends Number> u, Deque<Integer> v,
            TreeMap<Integer, List<Double>> w, StringBuilder x, List<T> y) {
        return Arrays.asList(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y);
    }
}
"""
NAMES = "abcdefghijklmnopqrstuvwxy"
PLAIN = (
    *(True, -128, -32768, -(2**31), -(2**63), 0.5, -0.0, "ä", 'ä"\\\n\x01😀', None, 10**30, (1, -2)),
    *(((1,), ()), b"\x00\xff", (("a",), ()), Pairs((("b", 1), ("a", 2))), Elements((2**40,)), None, 5),
    *("any", (1, 2.5), (1, 2), Pairs(((1, (0.5,)),)), "built", ("x", 1)),
)


def with_one(name: str, value) -> tuple:
    at = NAMES.index(name)
    return (*PLAIN[:at], value, *PLAIN[at + 1 :])


HELD = {
    "f": (float("inf"), 1),
    "g": (5e-324, 0.1, float("-inf"), 7),
    "i": ("", None, "\x00"),
    "j": (2**31 - 1,),
    "l": ((), None),
    "p": (Pairs(), None),
    "r": ("x",),
    "s": (None, 2**40, 10**30, True, 1.5, (1,), Pairs(((1, 2),)), Elements(("a",))),
}
NOT_HELD = {
    "a": (1, None, "true"),
    "b": (128,),
    "d": (2**31, 1.0, True, None, "1"),
    "e": (2**63, 10**30),
    "f": (1e300, 2**24 + 1),
    "g": (2**53 + 1, None),
    "h": ("", "ab", "😀", 65),
    "i": (1,),
    "l": ((1, 2.5), (None,), Elements((1,))),
    "p": ((1,), Pairs((("a", "b"),))),
    "q": ((1,),),
    "s": (Opaque("X"),),
}
ACT = """
import java.util.*;

class Bad extends RuntimeException { Bad(String text) { super(text); } }

class Solution {
    static int calls = 0;
    private final int start;

    Solution(int start) { this.start = start; }

    private int act(String how, List<Integer> some, int... rest) throws Exception {
        calls++;
        System.out.println("{\\"how\\": \\"returned\\"}");
        System.err.println("noise");
        switch (how) {
            case "exit": System.exit(3);
            case "halt": Runtime.getRuntime().halt(0);
            case "hang": while (true) { System.out.println("endless"); }
            case "memory": List<long[]> all = new ArrayList<>(); while (true) { all.add(new long[1 << 20]); }
            case "recursion": return act(how, some) + 1;
            case "throw": throw new Bad("no\\nway");
            case "checked": throw new java.io.IOException();
            case "outside": return some.get(some.size());
            case "change": some.add(rest.length);
            default: return start + calls + rest.length;
        }
    }

    public static void main(String[] arguments) { System.out.println("own main"); }
}
"""
WAYS = (*("exit", "halt", "hang", "memory", "recursion", "throw", "checked", "outside"), "change", "nothing")


def program(text: str, symbol: str) -> Program:
    return Program(text, signature(JavaReading(), "java", text, symbol))


def test_values_of_all_types_come_back_as_they_went_and_what_a_type_cannot_hold_is_not_called():
    held = [with_one(name, value) for name, values in HELD.items() for value in values]
    not_held = [with_one(name, value) for name, values in NOT_HELD.items() for value in values]
    found = ran(JavaRunning(), program(SAME, "Same.same"), PLAIN, *held, *not_held, PLAIN[:-1])
    assert found.refusal is None
    good, bad = found.outcomes[: len(held) + 1], found.outcomes[len(held) + 1 :]
    for arguments, outcome in zip([PLAIN, *held], good, strict=True):
        assert (outcome.how, outcome.value, outcome.after) == (How.RETURNED, arguments, arguments)
    assert {outcome.how for outcome in bad} == {How.NOT_RUN}
    assert bad[0].why == "boolean can't hold 1"
    assert bad[-1].why == "no method same of a.b.Same takes 24 arguments"


@pytest.fixture(scope="module")
def acted():
    calls = [Call((way, (1, 2), 7, 8), made_with=(10,)) for way in WAYS]
    found = ran(JavaRunning(), program(ACT, "Solution.act"), *calls)
    assert found.refusal is None
    return dict(zip(WAYS, found.outcomes, strict=True))


@pytest.mark.parametrize(
    ("way", "how", "error", "message"),
    [
        ("exit", How.CRASHED, "exit", "it ended the process with the status 3"),
        ("halt", How.CRASHED, "exit", "it ended the process with the status 0"),
        ("hang", How.TIMED_OUT, "", ""),
        ("memory", How.CRASHED, "OutOfMemoryError", "Java heap space"),
        ("recursion", How.RAISED, "StackOverflowError", ""),
        ("throw", How.RAISED, "Bad", "no\nway"),
        ("checked", How.RAISED, "IOException", ""),
        ("outside", How.RAISED, "IndexOutOfBoundsException", "Index 2 out of bounds for length 2"),
    ],
)
def test_a_call_that_ends_badly_costs_its_own_outcome(acted, way, how, error, message):
    assert (acted[way].how, acted[way].error, acted[way].message) == (how, error, message)


def test_each_call_has_classes_of_its_own_and_tells_what_it_changed(acted):
    assert (acted["nothing"].value, acted["nothing"].after) == (13, ("nothing", (1, 2), 7, 8))
    assert (acted["change"].value, acted["change"].after) == (13, ("change", (1, 2, 2), 7, 8))


def test_a_class_that_does_not_load_is_refused():
    text = 'class A { static int x = Integer.parseInt("no"); static int f(int a) { return a + x; } }\n'
    found = ran(JavaRunning(), program(text, "A.f"), (1,))
    assert found.outcomes == ()
    assert found.refusal.stage is Stage.LOAD
    assert found.refusal.message == 'java.lang.NumberFormatException: For input string: "no"'


def test_what_does_not_compile_is_refused_with_its_line():
    text = "public class X {\n    int f() {\n        return missing;\n    }\n}\n"
    refusal = asyncio.run(JavaRunning().refusal(text))
    assert (refusal.stage, refusal.line) == (Stage.COMPILE, 3)
    assert refusal.message == "cannot find symbol: variable missing"
    assert asyncio.run(JavaRunning().refusal("\0\udcff\x7fELF")).stage is Stage.COMPILE


def test_the_compiler_is_named_and_what_is_missing_is_said(monkeypatch):
    running = JavaRunning()
    assert running.toolchain().startswith("javac ")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert running.toolchain() == ""
    assert asyncio.run(running.refusal("class A {}\n")).stage is Stage.TOOLCHAIN
    assert "install a JDK" in ran(running, program(ACT, "Solution.act"), ("x", ())).refusal.message
