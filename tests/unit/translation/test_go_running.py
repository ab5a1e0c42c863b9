"""Programs of Go, compiled and run in the real sandbox where there is a go; else what needs none."""

import asyncio
import math

import pytest
from called_programs import needs, ran, read

from codenook.context.parse import encode, language_named, parse
from codenook.server.translation.languages.go.calling import calling, in_package
from codenook.server.translation.languages.go.reading import GoReading
from codenook.server.translation.languages.go.running import GoRunning
from codenook.server.translation.languages.language import Program, Stage
from codenook.server.translation.outcome import How
from codenook.server.translation.values import Elements, Pairs

needs_go = needs("go")

SAME = """package main

type Grid [][]int

func main() {}

func same(a int8, b uint64, c float64, d float32, e bool, f rune, g string, h []byte, i []int, j [2]string,
	k map[string][]int, l map[int]struct{}, m map[string]bool, n *int, o interface{}, p Grid, q []rune,
	r int32, rest ...string) (int8, uint64, float64, float32, bool, rune, string, []byte, []int, [2]string,
	map[string][]int, map[int]struct{}, map[string]bool, *int, interface{}, Grid, []rune, int32, []string) {
	return a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, rest
}
"""
PLAIN = (
    *(-128, 2**64 - 1, -0.0, 0.1, True, "é", 'ä"\\\n\x00<😀', b"\x00\xff", (1, -(2**63)), ("a", "")),
    *(Pairs((("a", (1,)), ("b", ()))), Elements((1, 2)), Pairs((("x", False),)), None, ("any", 1, None)),
    *(((1, 2), ()), ("a", "😀"), -7),
)
HELD = [
    PLAIN,
    *((*PLAIN[:2], value, *PLAIN[3:]) for value in (1e308, 5e-324, math.inf, -math.inf)),
    (*PLAIN[:13], 5, *PLAIN[14:]),
    (*PLAIN[:6], b"\xff", *PLAIN[7:]),
]
NOT_HELD = [(128, *PLAIN[1:]), ("a", *PLAIN[1:]), (*PLAIN[:9], ("a",), *PLAIN[10:]), PLAIN[:-1]]

ENDS = """package main

import (
	"errors"
	"fmt"
	"os"
)

var calls int

func main() { fmt.Println("it has a main of its own") }

func deep(n int) int { return 1 + deep(n+1) }

func ends(how string, xs []int) (int, error) {
	fmt.Println("ready")
	calls++
	xs[0] = 9
	switch how {
	case "panic":
		panic("no")
	case "index":
		return xs[len(xs)], nil
	case "error":
		return 0, errors.New("bad")
	case "exit":
		os.Exit(3)
	case "stack":
		return deep(0), nil
	case "hang":
		for {
		}
	case "endless":
		for {
			fmt.Println("noise")
		}
	case "memory":
		return len(make([]byte, 1<<40)), nil
	}
	return calls, nil
}

type Stack struct{ all []int }

func NewStack(all []int) (*Stack, error) {
	if len(all) == 0 {
		return nil, errors.New("empty")
	}
	return &Stack{all}, nil
}

func (s *Stack) push(rest ...int) int { s.all = append(s.all, rest...); return len(s.all) }
"""


def program(text, symbol, *calls, made_with=()):
    return ran(GoRunning(), read(GoReading(), "a.go", text, symbol), text, *calls, made_with=made_with)


@needs_go
def test_values_of_each_type_come_back_as_they_were():
    found = program(SAME, "same", *((*each, "x", "") for each in HELD), *NOT_HELD)
    assert found.refusal is None
    for given, outcome in zip(HELD, found.outcomes, strict=False):
        assert outcome.how is How.RETURNED, outcome
        assert list(map(repr, outcome.value)) == list(map(repr, (*given, ("x", ""))))
        assert list(map(repr, outcome.after)) == list(map(repr, (*given, "x", "")))
    rest = found.outcomes[len(HELD) :]
    assert [each.how for each in rest] == [How.NOT_RUN] * len(NOT_HELD)
    assert rest[0].why == "128 does not fit int8"


@pytest.fixture(scope="module")
def ends():
    names = ("fine", "panic", "index", "error", "exit", "stack", "hang", "endless", "memory", "fine again")
    found = program(ENDS, "ends", *((name, (1,)) for name in names))
    assert found.refusal is None
    return dict(zip(names, found.outcomes, strict=True))


@needs_go
def test_how_a_call_ends_is_told_and_costs_no_other(ends):
    assert {name: outcome.how for name, outcome in ends.items()} == {
        **dict.fromkeys(("fine", "fine again"), How.RETURNED),
        **dict.fromkeys(("panic", "index", "error"), How.RAISED),
        **dict.fromkeys(("exit", "stack", "memory"), How.CRASHED),
        **dict.fromkeys(("hang", "endless"), How.TIMED_OUT),
    }
    assert (ends["fine again"].value, ends["fine again"].after) == (1, ("fine again", (9,)))
    assert (ends["panic"].error, ends["panic"].message) == ("panic", "no")
    assert ends["index"].message == "runtime error: index out of range [1] with length 1"
    assert (ends["error"].error, ends["error"].message) == ("error", "bad")


@needs_go
def test_methods_have_an_object():
    (pushed,) = program(ENDS, "Stack.push", (1, 2), made_with=((5,),)).outcomes
    assert pushed.value == 3
    (raised,) = program(ENDS, "Stack.push", (1,), made_with=((),)).outcomes
    assert (raised.how, raised.message) == (How.RAISED, "empty")


@needs_go
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('package main\n\nfunc f() int {\n\treturn "a"\n}\n', 4),
        ('package main\n\nimport "os"\n\nfunc f() {}\n', 3),
        ("package main\n\nfunc f() {", 3),
        ("func f() {}\n", 1),
    ],
)
def test_what_does_not_compile_is_refused_with_its_line(text, line):
    refusal = asyncio.run(GoRunning().refusal(text))
    assert (refusal.stage, refusal.line) == (Stage.COMPILE, line)


@needs_go
def test_what_is_generic_is_not_run():
    (outcome,) = program("package p\n\nfunc f[T any](x T) {}\n", "f", (1,)).outcomes
    assert outcome.how is How.NOT_RUN
    assert outcome.why.startswith("it can't be called with plain data: ")


@pytest.mark.parametrize("symbol", ["ends", "Stack.push"])
def test_what_calls_a_function_parses(symbol):
    text = calling(Program(ENDS, read(GoReading(), "a.go", ENDS, symbol)))
    assert not parse(language_named("go"), encode(text)).root.has_error


def test_a_program_is_put_in_a_package_with_the_same_rows():
    text = "// é\npackage main // main\n\nfunc main() {}\n"
    assert in_package(text) == "// é\npackage program // main\n\nfunc main() {}\n"
    assert in_package("func f() {}") == "func f() {}"


def test_without_a_compiler_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert GoRunning().toolchain() == ""
    for refusal in (asyncio.run(GoRunning().refusal("")), program(ENDS, "ends", ()).refusal):
        assert (refusal.stage, refusal.message) == (
            Stage.TOOLCHAIN,
            "there is no go on PATH: https://go.dev/dl installs it",
        )
