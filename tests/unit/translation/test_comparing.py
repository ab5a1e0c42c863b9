"""Two outcomes are the same, or not, or nobody can say."""

import math

import pytest

from codenook.server.translation.comparing import TOLERANCE, Answer, compare, same, tolerance
from codenook.server.translation.outcome import How, Outcome
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.values import Elements, Opaque, Pairs, Value

INT = Shape(Kind.INT, bits=32)
TEXT = Shape(Kind.TEXT)
FLOAT = Shape(Kind.FLOAT, bits=64)


def returned(value: Value, after: tuple[Value, ...] | None = None) -> Outcome:
    """An outcome with a value."""
    return Outcome(How.RETURNED, value, after=after)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (0.1 + 0.2, 0.3),
        (math.nan, math.nan),
        (0.0, -0.0),
        ((1, 2), (1, 2)),
        (("a", "b"), "ab"),
        ("é", "é".encode()),
        (Elements((1, 2)), Elements((2, 1))),
        (Elements((1, 2)), (2, 1)),
        (Elements((None, 1)), Elements((1, None))),
        (Pairs(((1, "a"), (2, "b"))), Pairs(((2, "b"), (1, "a")))),
        (Pairs(((1, "a"),)), Pairs((("1", "a"),))),
        (10**400, 10**400),
    ],
)
def test_the_same(one: Value, other: Value) -> None:
    """By value, without the order of sets and maps, as far as the languages' types go."""
    assert same(one, other).answer is Answer.AGREE
    assert same(other, one).answer is Answer.AGREE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, True),
        (1, "1"),
        (1.0, 1.0001),
        (math.nan, 0.0),
        (math.inf, -math.inf),
        ((1, 2), (2, 1)),
        ((1, 2), (1,)),
        (Elements((1, 2)), Elements((1, 3))),
        (Elements((1, None)), Elements((2, None))),
        (Elements((1, 1, 2)), Elements((1, 2, 2))),
        (Pairs(((1, "a"),)), Pairs(((1, "b"),))),
        (Pairs(((1, "a"),)), Pairs(((2, "a"),))),
        ("a", "A"),
        (None, 0),
        (10**400, 10**400 + 1),
    ],
)
def test_not_the_same(one: Value, other: Value) -> None:
    """Another value, another kind, another order where that counts; the reason names both."""
    compared = same(one, other)
    assert compared.answer is Answer.DIFFER
    assert compared.why
    assert same(other, one).answer is Answer.DIFFER


def test_what_a_type_can_not_say_is_not_compared() -> None:
    """Where a type has no nothing, something stands for it."""
    option = Shape(Kind.OPTION, (INT,))
    assert same(None, -1, (option, INT)).answer is Answer.NOT_COMPARABLE
    lists = (Shape(Kind.LIST, (option,)), Shape(Kind.LIST, (INT,)))
    assert same((None, 1), (0, 1), lists).answer is Answer.NOT_COMPARABLE
    assert same(None, -1, (option, option)).answer is Answer.DIFFER
    assert same(None, 7, (option, INT)).answer is Answer.DIFFER
    assert same("ab", None, (TEXT, Shape(Kind.OPTION, (TEXT,)))).answer is Answer.DIFFER
    assert same("", None, (TEXT, Shape(Kind.OPTION, (TEXT,)))).answer is Answer.NOT_COMPARABLE
    assert same((None, 1), (0, 2), lists).answer is Answer.DIFFER
    assert same(Opaque("Cart"), 1).answer is Answer.NOT_COMPARABLE


def test_a_number_stands_for_a_bool_where_the_type_is_one() -> None:
    """C's functions answer with an int."""
    true: Value = True
    assert same(true, 1, (Shape(Kind.BOOL), INT)).answer is Answer.AGREE
    assert same(true, 2, (Shape(Kind.BOOL), INT)).answer is Answer.DIFFER
    assert same(true, 1, (Shape(Kind.BOOL), UNKNOWN)).answer is Answer.DIFFER


def test_a_mixed_list_may_be_one_of_texts() -> None:
    """Where a language's list holds one type, what isn't a text is written as one."""
    shapes = (Shape(Kind.LIST, (UNKNOWN,)), Shape(Kind.LIST, (TEXT,)))
    true: Value = True
    assert same(("ab", true, 3), ("ab", "True", "3"), shapes).answer is Answer.AGREE
    assert same(("ab", true), ("ab", "False"), shapes).answer is Answer.DIFFER
    assert same((1, 2), ("1", "2"), shapes).answer is Answer.DIFFER
    assert same(("ab", true), ("ab", "true")).answer is Answer.DIFFER


def test_floats_of_32_bits_have_a_tolerance_of_their_own() -> None:
    """The wider one, wherever such a float is in a type."""
    short = Shape(Kind.LIST, (Shape(Kind.FLOAT, bits=32),))
    assert tolerance(FLOAT, INT) == TOLERANCE
    within = tolerance(FLOAT, short)
    assert same(0.1, 0.10000000149, within=within).answer is Answer.AGREE
    assert same(0.1, 0.10000000149).answer is Answer.DIFFER
    assert same(0.1, 0.10001, within=within).answer is Answer.DIFFER


def test_errors() -> None:
    """Two errors agree; an error and a value don't; what was not run says nothing."""
    raised = Outcome(How.RAISED, error="ValueError", message="no")
    crashed = Outcome(How.CRASHED)
    assert compare(raised, Outcome(How.RAISED, error="Error")).answer is Answer.AGREE
    assert compare(raised, crashed).answer is Answer.AGREE
    assert compare(raised, returned(1)).answer is Answer.DIFFER
    assert compare(returned(1), crashed).answer is Answer.DIFFER
    assert "returns 1, the translation raises ValueError" in compare(returned(1), raised).why
    assert compare(returned(1), Outcome(How.TIMED_OUT)).answer is Answer.DIFFER
    assert compare(Outcome(How.TIMED_OUT), returned(1)).answer is Answer.NOT_COMPARABLE
    not_run = compare(Outcome(How.NOT_RUN, why="too wide"), returned(1))
    assert not_run.answer is Answer.NOT_COMPARABLE
    assert not_run.why == "the original was not run: too wide"


def test_a_procedure_is_compared_by_what_it_changes() -> None:
    """Its arguments afterwards; where those aren't known of both sides, nobody can say."""
    nothing = (Shape(Kind.NOTHING), Shape(Kind.NOTHING))
    assert compare(returned(None, ((1, 2),)), returned(None, ((1, 2),)), nothing).answer is Answer.AGREE
    assert compare(returned(None, ((1, 2),)), returned(None, ((2, 1),)), nothing).answer is Answer.DIFFER
    assert compare(returned(None, ((1, 2),)), returned(None), nothing).answer is Answer.NOT_COMPARABLE
    assert compare(returned(3, ((1,),)), returned(3, ((2,),)), (INT, INT)).answer is Answer.AGREE
