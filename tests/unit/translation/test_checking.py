"""The verdict on a translation, and its evidence, from outcomes that are given."""

from collections.abc import Sequence

import pytest

from codenook.server.translation.checking import Verdict, check, judge
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.outcome import Call, How, Origin, Outcome
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter, Signature
from codenook.server.translation.values import Value

INT = Shape(Kind.INT)
INT_32 = Shape(Kind.INT, bits=32)
FLOAT = Shape(Kind.FLOAT, bits=32)


def function(shape: Shape = INT, result: Shape = INT, raises: tuple[str, ...] = ()) -> Signature:
    """A function of one parameter."""
    return Signature("f", (Parameter("a", shape),), result, raises=raises)


class Scripted:
    """Runs nothing: answers with outcomes that it is given."""

    def __init__(self, *outcomes: Outcome, refusal: Refusal | None = None) -> None:
        self.ran = Ran(outcomes, refusal)
        self.calls: list[Call] = []

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        return "scripted 1"

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        return self.ran.refusal

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        self.calls = list(calls)
        return self.ran


def gave(value: Value) -> Outcome:
    """An outcome with a value."""
    return Outcome(How.RETURNED, value)


def call(value: Value, origin: Origin) -> Call:
    """A call with one argument."""
    return Call((value,), origin)


SHOWN = [call(value, Origin.DOCUMENTATION) for value in (1, 2, 3)]
RAISED = Outcome(How.RAISED, error="ValueError")


def test_what_agrees_is_counted_by_origin() -> None:
    """And the tolerance is told."""
    calls = [*SHOWN, call(4, Origin.VARIED), call(5, Origin.TYPES)]
    outcomes = [gave(each) for each in range(5)]
    checked = judge((function(result=FLOAT), function()), calls, (outcomes, outcomes))
    assert checked.verdict is Verdict.AGREES
    assert checked.agreed == {Origin.DOCUMENTATION: 3, Origin.VARIED: 1, Origin.TYPES: 1}
    assert checked.tolerance == 1e-6
    assert checked.differences == ()


@pytest.mark.parametrize("origin", [Origin.DOCUMENTATION, Origin.TESTS])
def test_one_difference_in_what_was_shown_counts(origin: Origin) -> None:
    """The difference has both outcomes."""
    calls = [*SHOWN, call(4, origin)]
    mine, theirs = [gave(each) for each in (1, 2, 3, 4)], [gave(each) for each in (1, 2, 3, 5)]
    checked = judge((function(), function()), calls, (mine, theirs))
    assert checked.verdict is Verdict.DIFFERS
    (difference,) = checked.counting
    assert (difference.call, difference.original, difference.translation) == (calls[3], gave(4), gave(5))
    assert difference.why == "4 and 5"


def test_what_no_example_has_does_not_count() -> None:
    """But it is told, with the property."""
    calls = [*SHOWN, call(-4, Origin.TYPES)]
    mine, theirs = [gave(each) for each in (1, 2, 3, 4)], [gave(each) for each in (1, 2, 3, 5)]
    checked = judge((function(), function()), calls, (mine, theirs))
    assert checked.verdict is Verdict.AGREES
    assert [each.excuse for each in checked.differences] == ["no example has a negative number in argument 1"]
    assert checked.counting == ()


@pytest.mark.parametrize(
    ("n_agreed", "n_differing", "verdict"),
    [
        (10, 1, Verdict.AGREES),
        (9, 1, Verdict.DIFFERS),
        (30, 2, Verdict.DIFFERS),
    ],
)
def test_one_difference_alone_counts_only_beside_few(
    n_agreed: int, n_differing: int, verdict: Verdict
) -> None:
    """One that was not shown, among many that agree, is told and excused."""
    calls = [call(1, Origin.DOCUMENTATION), *[call(2, Origin.VARIED)] * (n_agreed + n_differing - 1)]
    mine = [gave(1)] * len(calls)
    theirs = [gave(1)] * n_agreed + [gave(2)] * n_differing
    checked = judge((function(), function()), calls, (mine, theirs))
    assert checked.verdict is verdict
    assert len(checked.differences) == n_differing


def test_an_original_without_an_answer_says_little() -> None:
    """It returns nothing where no example does."""
    calls = [*SHOWN, *[call(4, Origin.VARIED)] * 2]
    mine, theirs = [*map(gave, (1, 2, 3, None, None))], [*map(gave, (1, 2, 3, 0, 0))]
    dynamic = Signature("f", (Parameter("a"),))
    checked = judge((dynamic, dynamic), calls, (mine, theirs))
    assert checked.verdict is Verdict.AGREES
    assert {each.excuse for each in checked.differences} == {
        "the original returns nothing, as it does in no example"
    }


def test_an_original_that_fails_says_nothing_unless_on_purpose() -> None:
    """Errors that its body raises are what it does; any others aren't."""
    calls = [*SHOWN, call(4, Origin.VARIED)]
    mine, theirs = [*map(gave, (1, 2, 3)), RAISED], [*map(gave, (1, 2, 3)), gave(0)]
    checked = judge((function(), function()), calls, (mine, theirs))
    assert checked.verdict is Verdict.AGREES
    assert checked.not_compared == {"the original fails (ValueError)": 1}
    on_purpose = (function(raises=("ValueError",)), function())
    shown = [*SHOWN, call(4, Origin.DOCUMENTATION)]
    assert judge(on_purpose, shown, (mine, theirs)).verdict is Verdict.DIFFERS


def test_integer_widths_are_called_out() -> None:
    """What doesn't fit on one side, and overflows that are errors, count against nobody."""
    calls = [*SHOWN, call(30, Origin.DOCUMENTATION)]
    mine = [*map(gave, (1, 2, 3)), gave(2**40)]
    wrapped = [*map(gave, (1, 2, 3)), gave(0)]
    checked = judge((function(), function(result=INT_32)), calls, (mine, wrapped))
    assert checked.verdict is Verdict.AGREES
    assert checked.differences[0].excuse == f"{2**40} of the original doesn't fit into 32 bits"
    panicked = [*wrapped[:3], Outcome(How.RAISED, error="panic", message="attempt to add with overflow")]
    checked = judge((function(), function(result=INT_32)), calls, ([*mine[:3], gave(5)], panicked))
    assert checked.differences[0].excuse == "an integer overflows in the translation"


def test_nothing_to_compare_is_no_agreement() -> None:
    """Whatever the reason."""
    assert judge((function(), function()), [], ([], [])).verdict is Verdict.NOT_CHECKED
    failed = judge((function(), function()), SHOWN, ([RAISED] * 3, [gave(1)] * 3))
    assert failed.verdict is Verdict.NOT_CHECKED
    assert "the original fails (ValueError)" in failed.why
    strange = [call(each, Origin.TYPES) for each in (-1, -2, -3)]
    other = judge((function(), function()), strange, ([gave(1)] * 3, [gave(2)] * 3))
    assert other.verdict is not Verdict.AGREES


async def test_both_sides_are_run_on_the_calls() -> None:
    """Each with arguments that its signature takes."""
    original, translation = Scripted(*map(gave, (1, 2, 3))), Scripted(*map(gave, (1.0, 2.0, 3.0)))
    programs = Program("", function()), Program("", function(FLOAT, FLOAT))
    checked = await check(*programs, SHOWN, (original, translation))
    assert checked.verdict is Verdict.AGREES
    assert [type(each.arguments[0]) for each in original.calls] == [int, int, int]
    assert [type(each.arguments[0]) for each in translation.calls] == [float, float, float]


async def test_a_side_that_does_not_run_is_named() -> None:
    """With the message of its compiler."""
    refusal = Refusal(Stage.COMPILE, "expected ;", 3)
    programs = Program("", function()), Program("", function())
    checked = await check(*programs, SHOWN, (Scripted(*map(gave, (1, 2, 3))), Scripted(refusal=refusal)))
    assert checked.verdict is Verdict.NOT_CHECKED
    assert (checked.refused, checked.refusal) == ("the translation", refusal)
    assert "expected ;" in checked.why
