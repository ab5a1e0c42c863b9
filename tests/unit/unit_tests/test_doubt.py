"""Doubt in observed values: what could have come instead, and when that is told."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making_parts import material_of

from codenook.models.engine.errors import EngineDied, ScoringUnsupported
from codenook.models.engine.messages import Counters, ScoredAlternative, ScoredToken, Scores, Timings
from codenook.models.prompts.fim import Special
from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.making.doubt import LEAST, TIMES, doubted
from codenook.server.unit_tests.making.instead import MAX_CHARACTERS, N_ALTERNATIVES, alternatives


class Expecting:
    """Finds the texts of ``likely`` so likely (from 0 to 1), and all others hardly."""

    def __init__(self, likely, error=None):
        self.likely, self.error, self.requests = likely, error, []

    async def count_tokens(self, texts):
        return [len(text) // 4 + 1 for text in texts]

    async def score(self, request):
        self.requests.append(request)
        if self.error:
            raise self.error
        own = self._token(request.text.rstrip("\n"))
        others = [self._token(each.text) for each in request.alternatives]
        alternatives = tuple(
            ScoredAlternative(0, token.logprob, own.logprob, len(request.text), (token,)) for token in others
        )
        return Scores((own,), alternatives, Timings(), Counters())

    def _token(self, text):
        return ScoredToken(0, math.log(self.likely.get(text, 1e-9)))


def a_test(expected, call="slugify('A b')", kind=Kind.EQUAL, **more):
    return Test("it", Origin.TYPES, checks=(Check(kind, call, expected),), **more)


async def doubts(engine, *tests):
    return [test.doubt for test in await doubted(material_of(engine), tests)]


async def test_a_value_that_the_model_expects_much_more_is_told():
    engine = Expecting({"'A-B'": 0.6, "'a-b'": 0.0001})
    assert await doubts(engine, a_test("'a-b'")) == [
        "the model expects 'A-B' (60.0% likely) rather than this (less than 0.1%)"
    ]


async def test_it_is_read_behind_the_function_and_the_call():
    engine = Expecting({})
    await doubts(engine, a_test("'a-b'"))
    (request,) = engine.requests
    prompt = "".join(part for part in request.prompt if not isinstance(part, Special))
    assert prompt.endswith("    assert slugify('A b') == ")
    assert '"-".join(words)' in prompt
    assert request.text == "'a-b'\n"
    assert {(each.start, each.end) for each in request.alternatives} == {(0, 5)}


@pytest.mark.parametrize(
    "likely",
    [
        {},
        {"'A-B'": LEAST - 0.01, "'a-b'": 1e-9},
        {"'A-B'": 0.6, "'a-b'": 0.7 / TIMES},
        {"'a-b'": 0.9, "'A-B'": 0.05},
    ],
)
async def test_without_both_nothing_is_told(likely):
    assert await doubts(Expecting(likely), a_test("'a-b'")) == [""]


async def test_what_came_of_other_calls_could_have_come_of_this():
    engine = Expecting({"'other'": 0.6})
    found = await doubts(engine, a_test("'a-b'"), a_test("'other'", call="slugify('Other')"))
    assert found[0].startswith("the model expects 'other' (60.0% likely)")
    assert found[1] == ""


async def test_only_what_was_merely_observed_is_doubted():
    engine = Expecting({"'A-B'": 0.6})
    tests = [
        a_test("'a-b'", is_reasoned=True),
        Test("it", Origin.MODEL, body="assert slugify('A b') == 'a-b'"),
        a_test("ValueError", kind=Kind.RAISES),
        Test("it", Origin.TYPES),
        a_test("'" + "a-b" * MAX_CHARACTERS + "'"),
    ]
    assert await doubts(engine, *tests) == [""] * 5
    assert engine.requests == []


async def test_an_engine_that_cannot_tell_has_no_doubts():
    engine = Expecting({}, ScoringUnsupported("no"))
    assert await doubts(engine, a_test("'a-b'"), a_test("'c'")) == ["", ""]
    assert len(engine.requests) == 1


async def test_failures_of_the_engine_are_told():
    with pytest.raises(EngineDied):
        await doubts(Expecting({}, EngineDied("gone")), a_test("'a-b'"))


@pytest.mark.parametrize(
    ("value", "some"),
    {
        "3": {"4", "2", "-3", "0", "6"},
        "-1.5": {"-0.5", "1.5", "0.0"},
        "True": {"False", "None"},
        "None": {"True", "False"},
        "'Ab'": {"'bA'", "'aB'", "''", "'ab'"},
        "[1, 2]": {"[2, 1]", "[2, 2]", "[]"},
        "(1, 'a')": {"('a', 1)", "(2, 'a')", "()"},
    }.items(),
)
def test_values_near_a_value(value, some):
    found = alternatives(value, (), "python")
    assert some <= {*found}
    assert value not in found


def test_values_near_a_value_of_a_script():
    assert {"4", "2"} <= {*alternatives("3", (), "javascript")}
    assert {"false", "null", "undefined"} == {*alternatives("true", (), "typescript")}
    assert '"bA"' in alternatives('"Ab"', (), "javascript")


def test_a_value_that_is_no_literal_has_what_came_of_other_calls():
    assert alternatives("Cart(1)", ("Cart(2)", "Cart(1)"), "python") == ["Cart(2)"]


@given(st.recursive(st.integers() | st.floats() | st.text() | st.none(), st.lists, max_leaves=5), st.text())
def test_any_value_has_few_that_are_short(value, other):
    for found in (alternatives(repr(value), (other,), "python"), alternatives(other, (), "javascript")):
        assert len(found) <= N_ALTERNATIVES
        assert all(0 < len(each) <= MAX_CHARACTERS for each in found)
