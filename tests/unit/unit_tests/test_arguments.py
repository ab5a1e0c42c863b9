"""Arguments as text: where one ends, what could stand in their places, and whether a function takes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making_parts import CODE, material_of

from codenook.server.unit_tests.making.arguments import end_of_first, fit, holes, split


@pytest.mark.parametrize(
    ("text", "end"),
    {
        "1, 2)": 1,
        "1)": 1,
        "'a, b', 2)": 6,
        "f(1, 2)[0])": 10,
        '"\\", )")': 7,
        "[1, (2, 3)]]": 11,
        "`a, b`)": 6,
        "'a": None,
        "f(1": None,
        "": None,
    }.items(),
)
def test_the_first_argument_ends_at_a_comma_or_a_bracket(text, end):
    assert end_of_first(text) == end


@pytest.mark.parametrize(
    ("text", "parts"),
    {
        "1, b=[2, 3],c": ["1", "b=[2, 3]", "c"],
        "": [],
        " ": [],
        "'a, b'": ["'a, b'"],
        "f(1": [],
        "1)": [],
    }.items(),
)
def test_arguments_are_split(text, parts):
    assert split(text) == parts


@pytest.mark.parametrize(
    ("text", "found"),
    {
        "3, 'a'": [("", "", ", 'a'"), ("3, ", "'", "")],
        "a=None": [("a=", "", "")],
        "G": [],
        "''": [("", "", "")],
        "[1, 'a']": [("[", "", ", 'a']"), ("[1, ", "'", "]"), ("", "[", "")],
        "Path('a'), x": [("Path(", "'", "), x")],
        "new Map([1])": [("new Map([", "", "])"), ("new Map(", "[", ")")],
    }.items(),
)
def test_values_have_places(text, found):
    assert [(hole.before, hole.opening, hole.rest) for hole in holes(text)] == found


@pytest.mark.parametrize(
    ("arguments", "fits"),
    {
        "'a'": True,
        "'a', 2": True,
        "'a', limit=2": True,
        "text='a'": True,
        "": False,
        "'a', 2, 3": False,
        "limit=2": False,
        "'a', other=2": False,
        "*parts": True,
        "x == 2": True,
    }.items(),
)
def test_a_function_takes_so_many(arguments, fits):
    assert fit(split(arguments), material_of(None).subject()) is fits
    assert fit(split(arguments), None)


def test_a_function_that_takes_any_number():
    code = CODE.replace("limit: int = 0", "*limits: int")
    assert fit(["'a'", "1", "2", "3"], material_of(None, code=code).subject())


@given(st.text(alphabet="ab1 ,()[]'\"\\=.", max_size=40))
def test_any_text_has_places_that_make_the_same_text_again(text):
    for hole in holes(text):
        assert hole.before or hole.opening or hole.rest or split(text)
        assert len(hole.before) + len(hole.opening) + len(hole.rest) <= 2 * len(text) + 4
