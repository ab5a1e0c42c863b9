"""Calls whose outcome somebody tells: in documentation, or a model."""

import pytest

from codenook.context.code import outline_of
from codenook.server.unit_tests.case import Origin
from codenook.server.unit_tests.kits.claimed import ClaimedKit
from codenook.server.unit_tests.target import Target

KIT = ClaimedKit()


def target_in(tmp_path, text, symbol, language="go"):
    path = f"m.{language}"
    definitions = outline_of(path, text.encode()).definitions
    return Target(tmp_path, path, text, language, next(each for each in definitions if each.symbol == symbol))


GO = """package shop

// Fit cuts: Fit("a b", 1) returns "a", and of nothing it makes nothing.
//
//\tFit("a)", 2) // => "a)"
//\tFit("", 0) == ""
//\tFit(other thing
// Call Fit(text, n) with care: Fit(x) is not for you.
func Fit(text string, n int) string {
\treturn text
}

// Both(1) == 2
func Both(a int) (int, error) {
\treturn a, nil
}
"""

JAVA = """class Cart {
    /**
     * Adds.
     * <pre>{@code Cart.add(1, 2) == 3}</pre>
     * assertEquals(4, Cart.add(2, 2));
     */
    static int add(int a, int b) { return a + b; }
}
"""


async def test_what_documentation_says_comes_of_calls(tmp_path):
    calls = await KIT.calls(target_in(tmp_path, GO, "Fit"), None, None)
    assert [(call.arguments, call.expected, call.evidence) for call in calls] == [
        ('"a b", 1', '"a"', "m.go:3"),
        ('"a)", 2', '"a)"', "m.go:5"),
        ('"", 0', '""', "m.go:6"),
    ]
    assert {call.origin for call in calls} == {Origin.DOCTEST}


async def test_a_function_with_two_results_has_no_single_value(tmp_path):
    assert await KIT.calls(target_in(tmp_path, GO, "Both"), None, None) == ()


async def test_a_method_of_a_class_is_called_by_its_name(tmp_path):
    target = target_in(tmp_path, JAVA, "Cart.add", "java")
    calls = await KIT.calls(target, None, None)
    tests = KIT.tests(target, await KIT.observed(target, None, calls))
    assert [(test.name, test.checks[0].actual, test.checks[0].expected) for test in tests] == [
        ("add_of_1_2", "Cart.add(1, 2)", "3"),
        ("add_of_2_2", "Cart.add(2, 2)", "4"),
    ]
    assert all(test.is_reasoned for test in tests)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('if got := Fit("a", 1); got != "b" {', ('"a", 1', '"b"')),
        ('assert.Equal(t, "b", Fit("a", 1))', ('"a", 1', '"b"')),
        ('assert.Equal(t, Fit("a", 1), "b")', ('"a", 1', '"b"')),
        ('Fit("a", 1)', None),
        ('Fit("a', None),
        ("Unfit(1) == 2", None),
        ("Fit(1) == the usual one", None),
    ],
)
def test_what_a_model_wrote(tmp_path, written, expected):
    call = KIT.read_call(target_in(tmp_path, GO, "Fit"), written)
    assert (call and (call.arguments, call.expected)) == expected


async def test_a_call_of_which_nobody_says_anything_is_no_test(tmp_path):
    target = target_in(tmp_path, GO, "Fit")
    (call, *_) = await KIT.calls(target, None, None)
    (observed,) = await KIT.observed(target, None, [type(call)(call.arguments, Origin.MODEL)])
    assert (observed.checks, observed.problem) == ((), "nobody says what comes of it")
