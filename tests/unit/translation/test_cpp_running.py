"""Programs of C++, compiled and run in the real sandbox."""

import asyncio
import math
import random

import pytest
from compiled_programs import needs, ran, signature

from codenook.server.sandbox.command import NoSandbox
from codenook.server.translation.languages.cpp.reading import CppReading
from codenook.server.translation.languages.cpp.running import CppRunning
from codenook.server.translation.languages.language import Program, Stage
from codenook.server.translation.outcome import Call, How
from codenook.server.translation.values import Elements, Opaque, Pairs

pytestmark = needs("g++")

SAME = """
#include <any>
#include <array>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>
using namespace std;
#define ll long long
struct Odd {};
template <class... T> tuple<T...> all(T... each) { return {each...}; }
auto same(bool &a, signed char &b, short &c, int &d, ll &e, unsigned &f, size_t &g, float &h, double &i,
          char &j, string &k, vector<int> &l, vector<vector<string>> &m, vector<unsigned char> &n,
          vector<bool> &o, array<int, 2> &p, pair<int, string> &q, tuple<int, bool, double> &r,
          map<string, int> &s, unordered_map<int, vector<int>> &t, set<int> &u, unordered_set<string> &v,
          optional<int> &w, list<double> &x, any &y) {
    return all(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y);
}
"""
PLAIN = (
    *(True, -128, -32768, -(2**31), -(2**63), 2**32 - 1, 2**64 - 1, 0.5, -0.0, "~", 'ä"\\\n\x01😀', (1, -2)),
    *((("a", ""), ()), b"\x00\xff", (True, False), (3, 4), (5, "x"), (6, False, 1e308)),
    *(Pairs((("a", 1), ("b", 2))), Pairs(((1, (2, 3)),)), Elements((1, 2)), Elements(("x",)), None),
    *((1.5,), "any"),
)
NAMES = "abcdefghijklmnopqrstuvwxy"


def with_one(name: str, value) -> tuple:
    at = NAMES.index(name)
    return (*PLAIN[:at], value, *PLAIN[at + 1 :])


CHANCE = random.Random(0)  # noqa: S311 - the same each time
HELD = {
    "b": (127,),
    "e": (2**63 - 1, 0),
    "g": (0,),
    "h": (math.inf, -math.inf, 1),
    "i": (5e-324, 0.1, 7, -math.inf, *(CHANCE.uniform(-1e9, 1e9) for _ in range(20))),
    "j": ("\x00",),
    "k": ("", "\x00", b"\xff\xfe", *(chr(CHANCE.randrange(0xE000, 0x110000)) for _ in range(20))),
    "l": ((),),
    "n": (b"",),
    "s": (Pairs(),),
    "u": (Elements(),),
    "w": (2**31 - 1,),
    "y": (None, True, 5, 2**40, 1.5, (1, "a")),
}
NOT_HELD = {
    "a": (1, None, "true"),
    "b": (128, -129),
    "d": (2**31, 1.0, True, "1", None, Opaque("X")),
    "e": (2**63, 10**30, -(10**30)),
    "f": (-1, 2**32),
    "g": (-1, 2**64),
    "h": (1e300, 2**24 + 1, "1"),
    "i": (2**53 + 1, None),
    "j": ("ä", "", "ab", 65),
    "k": (None, 1),
    "l": ((1, 2.5), None, Elements((1,))),
    "p": ((1,), (1, 2, 3)),
    "q": ((1,),),
    "s": (Pairs((("a", "b"),)), (("a", 1),)),
    "u": ((1,),),
    "w": (2**31,),
}
ACT = """
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>
struct Bad : std::runtime_error { using std::runtime_error::runtime_error; };
int calls = 0;
int deep(int n) { volatile int room[64]; room[n % 64] = n; return n < 0 ? 0 : deep(n + 1) + room[n % 64]; }
int act(const std::string &how) {
    ++calls;
    std::cout << "{\\"how\\": \\"returned\\", \\"value\\": null}\\n" << std::flush;
    std::cerr << "noise\\n";
    std::vector<int> some{1, 2, 3};
    int n = how.size();
    if (how == "abort") std::abort();
    if (how == "exit") std::exit(0);
    if (how == "hang") while (true) std::cout << "endless\\n";
    if (how == "memory") { std::vector<std::string> all; while (true) all.emplace_back(64 << 20, 'x'); }
    if (how == "recursion") return deep(0);
    if (how == "throw") throw Bad("no\\nway");
    if (how == "throw text") throw "text";
    if (how == "throw int") throw 7;
    if (how == "at") return some.at(n + 7);
    if (how == "outside") return some[n];
    if (how == "array") { int few[3] = {1, 2, 3}; return few[n]; }
    if (how == "overflow") return n + 2147483647;
    if (how == "divide") return 1 / (n - 6);
    if (how == "null") return *(int *)nullptr;
    if (how == "fork") { if (fork() == 0) while (true) pause(); return calls; }
    return calls;
}
int main() { std::cout << "own main"; return 1; }
"""
WAYS = (
    *("abort", "exit", "hang", "memory", "recursion", "throw", "throw text", "throw int", "at", "outside"),
    *("array", "overflow", "divide", "null", "fork", "nothing"),
)
METHODS = """
#include <string>
#include <vector>
namespace shop {
class Cart {
public:
    explicit Cart(const std::vector<int> &prices, long more = 1) : prices_(prices), more_(more) {}
    long total(int each, const std::string &mark = "abc") const;
    long total(double) const { return -1; }
private:
    std::vector<int> prices_;
    long more_;
};
long Cart::total(int each, const std::string &mark) const {
    long sum = more_ + static_cast<long>(mark.size());
    for (int price : prices_) sum += price * each;
    return sum;
}
}
"""


def program(text: str, symbol: str) -> Program:
    return Program(text, signature(CppReading(), "cpp", text, symbol))


def test_values_of_all_types_come_back_as_they_went_and_what_a_type_cannot_hold_is_not_called():
    held = [with_one(name, value) for name, values in HELD.items() for value in values]
    not_held = [with_one(name, value) for name, values in NOT_HELD.items() for value in values]
    found = ran(CppRunning(), program(SAME, "same"), PLAIN, *held, *not_held, PLAIN[:-1])
    assert found.refusal is None
    good, bad = found.outcomes[: len(held) + 1], found.outcomes[len(held) + 1 :]
    for arguments, outcome in zip([PLAIN, *held], good, strict=True):
        assert (outcome.how, outcome.value, outcome.after) == (How.RETURNED, arguments, arguments)
        assert math.copysign(1, outcome.value[NAMES.index("i")]) == math.copysign(1, arguments[8])
    assert {outcome.how for outcome in bad} == {How.NOT_RUN}
    assert len(bad) == sum(map(len, NOT_HELD.values())) + 1
    assert bad[0].why == "bool can't hold an integer"
    assert bad[-1].why == "24 arguments for 25"


@pytest.fixture(scope="module")
def acted():
    found = ran(CppRunning(), program(ACT, "act"), *[(way,) for way in WAYS])
    assert found.refusal is None
    return dict(zip(WAYS, found.outcomes, strict=True))


@pytest.mark.parametrize(
    ("way", "how", "error", "message"),
    [
        ("abort", How.CRASHED, "SIGABRT", "Aborted"),
        ("exit", How.CRASHED, "exit", "it ended the process with the status 0"),
        ("hang", How.TIMED_OUT, "", ""),
        ("memory", How.RAISED, "std::bad_alloc", "std::bad_alloc"),
        ("recursion", How.CRASHED, "SIGSEGV", "Segmentation fault"),
        ("throw", How.RAISED, "Bad", "no\nway"),
        ("throw text", How.RAISED, "char const*", "text"),
        ("throw int", How.RAISED, "int", "7"),
        ("outside", How.CRASHED, "undefined behaviour", "Assertion '__n < this->size()' failed."),
        (
            *("array", How.CRASHED, "undefined behaviour"),
            "index 5 out of bounds for type 'int [3]'",
        ),
        ("divide", How.CRASHED, "undefined behaviour", "division by zero"),
        ("null", How.CRASHED, "SIGSEGV", "Segmentation fault"),
    ],
)
def test_a_call_that_ends_badly_costs_its_own_outcome(acted, way, how, error, message):
    assert (acted[way].how, acted[way].error, acted[way].message) == (how, error, message)


def test_an_overflow_and_a_wrong_index_say_what_went_wrong(acted):
    assert acted["at"].error == "std::out_of_range"
    assert "which is 9" in acted["at"].message
    assert acted["overflow"].error == "undefined behaviour"
    assert acted["overflow"].message.startswith("signed integer overflow: 8 + 2147483647")


def test_each_call_finds_the_state_that_no_other_has_touched(acted):
    assert (acted["nothing"].how, acted["nothing"].value) == (How.RETURNED, 1)
    assert acted["fork"].value == 1


def test_methods_are_called_on_an_object_that_is_made_and_with_defaults():
    found = ran(
        CppRunning(),
        program(METHODS, "Cart.total"),
        Call((5,), made_with=((1, 2),)),
        Call((5, "x"), made_with=((1, 2),)),
        Call((), made_with=((1, 2),)),
    )
    assert found.refusal is None
    assert [outcome.value for outcome in found.outcomes[:2]] == [19, 17]
    assert found.outcomes[2].why == "0 arguments for 1"


def test_a_program_that_ends_before_the_first_call_is_refused():
    text = "#include <cstdlib>\nint x = (std::exit(3), 1);\nint f(int a) { return a + x; }\n"
    found = ran(CppRunning(), program(text, "f"), (1,))
    assert found.outcomes == ()
    assert (found.refusal.stage, found.refusal.message) == (Stage.LOAD, "the program ended before it")


def test_what_does_not_compile_is_refused_with_its_line():
    running = CppRunning()
    assert asyncio.run(running.refusal(METHODS)) is None
    refusal = asyncio.run(running.refusal("int f() {\n    return missing;\n}\n"))
    assert (refusal.stage, refusal.line) == (Stage.COMPILE, 2)
    assert refusal.message == "'missing' was not declared in this scope"
    assert asyncio.run(running.refusal("\0\udcff\x7fELF")).stage is Stage.COMPILE
    assert asyncio.run(running.refusal("#include <none.h>\n")).line == 1


def test_a_template_is_not_called():
    text = "template <class T> T twice(T value) { return value + value; }\n"
    found = ran(CppRunning(), program(text, "twice"), (1,))
    assert found.refusal.message == "twice is a template: which types it is for isn't known"


def test_the_compiler_is_named_and_what_is_missing_is_said(monkeypatch, tmp_path):
    running, other = CppRunning(), program(METHODS, "Cart.total")
    assert running.toolchain().startswith("g++ ")
    (tmp_path / "g++").symlink_to("/usr/bin/g++")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSandbox):
        asyncio.run(running.refusal("int a;\n"))
    monkeypatch.setenv("PATH", "/nonexistent")
    assert running.toolchain() == ""
    assert asyncio.run(running.refusal("int a;\n")).stage is Stage.TOOLCHAIN
    assert "apt install g++" in ran(running, other, Call((5,))).refusal.message
