"""Calls are found in documentation and tests, varied within what was seen, and made by type."""

import json
from collections import Counter
from pathlib import Path

import pytest

from codenook.context.code import Code
from codenook.server.translation.inputs.domain import Domain
from codenook.server.translation.inputs.make import N_CALLS, constructions, inputs
from codenook.server.translation.inputs.workspace import in_texts, in_workspace
from codenook.server.translation.inputs.written import Wanted
from codenook.server.translation.languages.language import Program
from codenook.server.translation.outcome import Call, Origin
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.signature import Parameter, Signature
from codenook.server.translation.values import Value, encode

INT = Shape(Kind.INT)
INT_32 = Shape(Kind.INT, bits=32)
TEXT = Shape(Kind.TEXT)
FLOAT = Shape(Kind.FLOAT, bits=64)


def signature(*shapes: Shape, doc: str = "", names: str = "abcd", owner: str = "") -> Signature:
    """A function whose parameters have these shapes."""
    parameters = tuple(Parameter(name, shape) for name, shape in zip(names, shapes, strict=False))
    return Signature("count_of", parameters, doc=doc, owner=owner)


def made(
    text: str, of: Signature, language: str = "python", other: Signature | None = None
) -> tuple[Call, ...]:
    """The calls of a program."""
    return inputs(Program(text, of), language, other).calls


def of(calls: tuple[Call, ...], origin: Origin) -> list[tuple[Value, ...]]:
    """The arguments of calls from one place."""
    return [call.arguments for call in calls if call.origin is origin]


@pytest.mark.parametrize(
    "doc",
    [
        "Counts.\n\n>>> count_of([1, 2], 3)\n5",
        "count_of([1, 2], 3) => 5",
        "* `count_of([1, 2], 3)` returns 5.",
        "countOf([1, 2], 3) -> 5",
        "For a = [1, 2], b = 3 the result is 5",
        "Input: a = [1,2], b = 3\nOutput: 5",
        "assert count_of([1, 2],\n    3) == 5",
    ],
)
def test_examples_in_documentation(doc: str) -> None:
    """In whatever form they are written."""
    calls = made("", signature(Shape(Kind.LIST, (INT,)), INT, doc=doc))
    assert of(calls, Origin.DOCUMENTATION) == [((1, 2), 3)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("javascript", "/* Counts.\n  >>> countOf('ab')\n*/\nconst count_of = (a) => { return 1 }\n"),
        ("java", 'class A {\n  // countOf("ab") is 2\n  static int count_of(String a) { return 1; }\n}\n'),
        (
            "cpp",
            '/*\n>>> count_of("ab")\n2\n*/\n#include <string>\nint count_of(std::string a) { return 1; }\n',
        ),
        ("c", '/** count_of("ab") == 2 */\nint count_of(const char *a) { return 1; }\n'),
        ("rust", '/// assert_eq!(count_of("ab"), 2);\nfn count_of(a: &str) -> i32 { 1 }\n'),
        ("go", 'package p\n\n// count_of("ab") // 2\nfunc count_of(a string) int { return 1 }\n'),
        ("python", "# count_of('ab')\ndef count_of(a):\n    return 1\n"),
    ],
)
def test_examples_in_comments(language: str, text: str) -> None:
    """Above the definition, whether its language takes them for documentation or not."""
    owner = "A" if language == "java" else ""
    calls = made(text, signature(TEXT, owner=owner), language)
    assert of(calls, Origin.DOCUMENTATION) == [("ab",)]


def test_comments_of_others_are_not_its_own() -> None:
    """What stands above the definition before it says nothing of this one, but where it calls it."""
    text = "# a = 5\ndef other(a):\n    return 1\n\n# a = 7\ndef count_of(a):\n    return 1\n"
    assert of(made(text, signature(INT)), Origin.DOCUMENTATION) == [(7,)]


def test_bare_words_are_texts_where_one_is_asked_for() -> None:
    """A name of a parameter is none."""
    doc = "count_of(abc) => 3\ncount_of(a) counts"
    assert of(made("", signature(TEXT, doc=doc)), Origin.DOCUMENTATION) == [("abc",)]
    assert made("", signature(UNKNOWN, doc=doc)) == ()


def test_defaults_stand_for_what_is_left_out() -> None:
    """As the source has them; what has none makes no call."""
    parameters = (Parameter("a", INT), Parameter("b", INT, default="4"))
    calls = made("", Signature("count_of", parameters, doc="count_of(1) is 5; count_of() fails"))
    assert of(calls, Origin.DOCUMENTATION) == [(1, 4)]


def test_variations_stay_in_what_was_seen() -> None:
    """Numbers within the range, characters that are there."""
    doc = "count_of([3, 9], 'ab)')\ncount_of([5, 7, 4], 'b')"
    varied = of(made("", signature(Shape(Kind.LIST, (INT,)), TEXT, doc=doc)), Origin.VARIED)
    assert len(varied) > 20
    numbers = {number for items, _ in varied if isinstance(items, tuple) for number in items}
    assert numbers > {3, 9, 5, 7, 4}
    assert min(numbers) >= 3
    assert max(numbers) <= 9
    assert {character for _, text in varied if isinstance(text, str) for character in text} == set("ab)")


def test_calls_by_type_begin_with_boundaries() -> None:
    """Small numbers, empty and other texts, width limits where there is a width; none twice."""
    calls = made("", signature(INT_32, TEXT))
    assert len(calls) == N_CALLS
    assert len({json.dumps([encode(each) for each in call.arguments]) for call in calls}) == N_CALLS
    first, second = zip(*(call.arguments for call in calls), strict=True)
    assert {0, 1, -1, 2**31 - 1} <= set(first)
    assert {"", "a", "éß"} <= set(second)
    assert made("", signature(INT_32, TEXT)) == calls


def test_calls_fit_both_sides() -> None:
    """The narrower width, the characters of a char, and integers where one side has floats."""
    wide = signature(
        INT, TEXT, FLOAT, doc="count_of(5000000000, 'a', 1)\ncount_of(5, 'ab', 1)\ncount_of(6, 'a', 2)"
    )
    narrow = signature(INT_32, Shape(Kind.CHAR), INT_32)
    calls = made("", wide, "python", narrow)
    assert of(calls, Origin.DOCUMENTATION) == [(6, "a", 2)]
    for number, character, whole in (call.arguments for call in calls):
        assert isinstance(number, int)
        assert number < 2**31
        assert isinstance(character, str)
        assert len(character) == 1
        assert isinstance(whole, int)


def test_unknown_types_are_those_that_were_seen() -> None:
    """Where nothing was, the reason is told."""
    assert "has no type, and no call" in inputs(Program("", signature(UNKNOWN)), "python").why
    calls = made("", signature(UNKNOWN, doc="count_of([1.5])"))
    by_type = of(calls, Origin.TYPES)
    assert by_type
    assert all(
        isinstance(items, tuple) and all(isinstance(each, float) for each in items) for (items,) in by_type
    )


def test_a_class_is_no_plain_data() -> None:
    """The reason names the parameter and its type."""
    cart = Shape(Kind.LIST, (Shape(Kind.CLASS, name="Cart"),))
    found = inputs(Program("", Signature("f", (Parameter("carts", cart, written="list[Cart]"),))), "python")
    assert found.calls == ()
    assert found.why == "`carts` is no plain data: `list[Cart]`"


def test_a_function_without_parameters_is_called_once() -> None:
    """There is nothing to vary."""
    assert made("", signature()) == (Call((), Origin.TYPES),)


def test_objects_are_made_by_their_constructor() -> None:
    """Varied and made calls take turns with its arguments; calls of tests keep their own."""
    method = signature(INT, owner="Cart")
    objects = constructions(Signature("__init__", (Parameter("size", INT),)))
    assert objects == ((2,), (1,), (0,))
    seen = [Call((5,), Origin.TESTS, (9,))]
    calls = inputs(Program("", method), "python", seen=seen, made_with=objects).calls
    assert calls[0].made_with == (9,)
    assert {call.made_with for call in calls[1:]} == set(objects)
    assert constructions(None) == ((),)
    assert constructions(Signature("__init__", (Parameter("size"),))) == ()
    assert "what a Cart can be made with" in inputs(Program("", method), "python", made_with=()).why
    nothing = inputs(Program("", signature(owner="Cart")), "python", made_with=objects).calls
    assert [call.made_with for call in nothing] == list(objects)


def test_what_a_workspace_says_may_be_anything() -> None:
    """Broken, huge, hostile: it makes no call, and takes no time."""
    wanted = Wanted(signature(UNKNOWN), "python", (UNKNOWN,))
    texts = [
        "count_of(" * 5_000,
        "count_of([" + "1, " * 100_000 + "])",
        "count_of(\0\ud800)",
        "count_of('a' * 10**9)",
    ]
    assert in_texts([("test_x.py", text) for text in texts], wanted) == []


def test_tests_of_a_workspace_come_first(tmp_path: Path) -> None:
    """Then other files, then its own; those of other languages say nothing."""
    (tmp_path / "shop.py").write_text("from count import count_of\n\nprint(count_of(2))\n")
    (tmp_path / "test_count.py").write_text("def test_count():\n    assert count_of(1) == 1\n")
    (tmp_path / "count.js").write_text("count_of(9)\n")
    text = "def count_of(a):\n    return a\n\ncount_of(3)\n"
    wanted = Wanted(signature(INT), "python", (INT,))
    calls = in_workspace(Code(str(tmp_path)), "count.py", text, wanted)
    assert [(call.arguments, call.evidence) for call in calls] == [
        ((1,), "test_count.py:2"),
        ((2,), "shop.py:3"),
        ((3,), "count.py:4"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "calls"),
    [
        (
            "python",
            "c = Cart(3)\nassert c.count_of(1)\nCart([2]).count_of(2)",
            [((1,), (3,)), ((2,), ((2,),))],
        ),
        ("java", "Cart c = new Cart(3);\nc.count_of(1); Cart.count_of(2);", [((1,), (3,)), ((2,), ())]),
        ("rust", "let c = Cart::new(3); assert_eq!(c.count_of(1), 2);", [((1,), (3,))]),
        ("cpp", "Cart c; c.count_of(1); unknown.count_of(2);", [((1,), ())]),
        ("javascript", "const n = 5; new Cart('a').count_of(n)", [((5,), ("a",))]),
    ],
)
def test_calls_of_methods_say_what_their_object_is_made_with(
    language: str, text: str, calls: list[tuple[tuple[Value, ...], tuple[Value, ...]]]
) -> None:
    """The constructor's arguments, beside those of the call; an object of unknown making makes no call."""
    wanted = Wanted(signature(UNKNOWN, owner="Cart"), language, (UNKNOWN,))
    found = in_texts([("tests/cart", text)], wanted)
    assert [(call.arguments, call.made_with) for call in found] == calls
    assert {call.origin for call in found} == {Origin.TESTS}
    assert found[0].evidence.startswith("tests/cart:")


def test_the_most_telling_calls_come_first() -> None:
    """Documentation, tests, variations, types; each has its share."""
    doc = "".join(f"count_of([{number}, 2])\n" for number in range(40))
    calls = made("", signature(Shape(Kind.LIST, (INT,)), doc=doc))
    order = [call.origin for call in calls]
    assert order == sorted(order, key=list(Origin).index)
    counts = Counter(order)
    assert counts[Origin.DOCUMENTATION] == 24
    assert counts[Origin.VARIED] == 28
    assert counts[Origin.TYPES] == 12


def test_domain() -> None:
    """What no example has is told; what one has is not."""
    domain = Domain.of([(((1, 5), "ab", 2), False), (((3, 3), "cd e", 2), False)])
    assert domain.unlike(((2, 2), "ba", 2)) == ""
    assert domain.unlike(((2, -2), "ba", 2)) == "a negative number in argument 1"
    assert domain.unlike(((2, 2), "", 2)).startswith("an empty text in argument 2")
    assert domain.unlike(((2, 2), "é", 2)) == "a character beyond ASCII in argument 2"
    assert Domain.of([]).unlike(((2, 2), 20)) == "argument 2 above the length of argument 1"
    assert Domain.of([]).unlike(((2, 2), "Ab 1")) == "argument 1 and argument 2 of different lengths"
    assert Domain.of([]).unlike(((2, 7),)) == ""
    assert Domain.of([]).unlike(((2, 700),)) == "so great a number"
    assert Domain.of([(("1/2",), False), (("3/4",), False)]).unlike(("12",)) == "no '/' in argument 1"
    assert domain.unlike(((2, 200), "ba", 2)) == "so great a number"
