"""Signatures of Go, read from the syntax tree."""

import pytest
from called_programs import read

from codenook.server.translation.languages.go.reading import GoReading
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

INT, TEXT = Shape(Kind.INT, bits=64), Shape(Kind.TEXT)


def signature(text, symbol="f"):
    return read(GoReading(), "a.go", f"package p\n\n{text}\n", symbol)


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("int", INT),
        ("uint8", Shape(Kind.INT, bits=8, is_signed=False)),
        ("rune", Shape(Kind.CHAR)),
        ("int32", Shape(Kind.INT, bits=32)),
        ("float32", Shape(Kind.FLOAT, bits=32)),
        ("string", TEXT),
        ("[]byte", Shape(Kind.BYTES)),
        ("[][]int", Shape(Kind.LIST, (Shape(Kind.LIST, (INT,)),))),
        ("[2]int", Shape(Kind.LIST, (INT,))),
        ("map[string]int", Shape(Kind.MAP, (TEXT, INT))),
        ("map[string]bool", Shape(Kind.MAP, (TEXT, Shape(Kind.BOOL)))),
        ("map[string]struct{}", Shape(Kind.SET, (TEXT,))),
        ("*int", Shape(Kind.OPTION, (INT,))),
        ("*Point", Shape(Kind.CLASS, name="Point")),
        ("pkg.Point", Shape(Kind.CLASS, name="Point")),
        ("[]interface{}", Shape(Kind.LIST, (UNKNOWN,))),
        ("any", UNKNOWN),
        ("T", UNKNOWN),
        ("func(int) int", UNKNOWN),
    ],
)
def test_a_type_has_a_shape_and_stays_as_it_is_written(written, shape):
    found = signature(f"func f[T any](a, b {written}) {{}}").parameters
    assert [(each.name, each.written, each.shape) for each in found] == [
        ("a", written, shape),
        ("b", written, shape),
    ]


@pytest.mark.parametrize(
    ("written", "result", "raises"),
    [
        ("", Shape(Kind.NOTHING), ()),
        ("int", INT, ()),
        ("error", Shape(Kind.NOTHING), ("error",)),
        ("(int, error)", INT, ("error",)),
        ("(n, m int, err error)", Shape(Kind.TUPLE, (INT, INT)), ("error",)),
        ("(string, int)", Shape(Kind.TUPLE, (TEXT, INT)), ()),
    ],
)
def test_results_are_one_value_and_the_error_is_raised(written, result, raises):
    found = signature(f"func f() {written} {{ return }}")
    assert (found.result, found.written, found.raises) == (result, written, raises)


def test_methods_and_the_rest_of_the_arguments():
    text = '// Add adds.\n// Twice.\nfunc (s *Stack[T]) Add(_ T, rest ...string) { panic("no") }'
    found = signature(text, "Stack.Add")
    assert (found.owner, found.is_static, found.is_public, found.doc) == (
        "Stack",
        False,
        True,
        "Add adds.\nTwice.",
    )
    first, rest = found.parameters
    assert (first.name, first.shape) == ("argument1", UNKNOWN)
    assert (rest.name, rest.shape, rest.written, rest.is_rest) == ("rest", TEXT, "...string", True)
    assert found.raises == ("panic",)
