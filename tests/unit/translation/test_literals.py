"""Plain values are read from literals of the eight languages; anything else is refused."""

import math

import pytest

from codenook.server.translation.inputs.literals import NotPlain, arguments_in, value_in
from codenook.server.translation.values import Elements, Pairs, Value

CASES: list[tuple[str, str, tuple[Value, ...]]] = [
    ("python", "-1, 1.5, 'a\\n' \"b\", [1, [2]], (1,)", (-1, 1.5, "a\nb", (1, (2,)), (1,))),
    ("python", "None, True, False", (None, True, False)),
    ("python", "{1: 'a'}, {1, 2}, set()", (Pairs(((1, "a"),)), Elements((1, 2)), Elements())),
    ("python", "b'a\\xff', r'\\n', 'ab' * 2", (b"a\xff", "\\n", "abab")),
    ("python", "[0] * 3, 3 + 5, 0x1F, 1_000, list(range(3))", ((0, 0, 0), 8, 31, 1000, (0, 1, 2))),
    ("javascript", "-1, 1.5, 'a', [1, 2], `b`, null, undefined", (-1, 1.5, "a", (1, 2), "b", None, None)),
    ("javascript", "{a: 1, 'b c': [2]}, new Set([1])", (Pairs((("a", 1), ("b c", (2,)))), Elements((1,)))),
    ("typescript", "new Map([[1, 'x']]), [] as number[], 10n", (Pairs(((1, "x"),)), (), 10)),
    ("java", "-1, 2.5f, 10L, \"a\", 'c', null, (long) 3", (-1, 2.5, 10, "a", "c", None, 3)),
    ("java", "List.of(1, 2), new int[]{1}, new ArrayList<>(Arrays.asList(3))", ((1, 2), (1,), (3,))),
    ("java", 'Map.of("a", 1), Set.of(2), Optional.empty()', (Pairs((("a", 1),)), Elements((2,)), None)),
    ("c", '-1, 2.5f, "a" "b", \'c\', (int[]){1, 2}, NULL', (-1, 2.5, "ab", "c", (1, 2), None)),
    ("cpp", "{1, 2}, {{1}, {2}}, vector<int>{3}", ((1, 2), ((1,), (2,)), (3,))),
    ("cpp", 'string("a"), std::nullopt, vector<int>({3})', ("a", None, (3,))),
    ("cpp", 'map<string, int>{{"a", 1}}, make_pair(1, 2)', (Pairs((("a", 1),)), (1, 2))),
    ("rust", "-1, 2f32, 10u64, \"a\".to_string(), 'c', Some(1), None", (-1, 2.0, 10, "a", "c", 1, None)),
    ("rust", 'vec![1, 2], vec![0; 2], &[3], (1, "b")', ((1, 2), (0, 0), (3,), (1, "b"))),
    ("rust", "vec![vec![1], vec![]], Vec::<i32>::new()", (((1,), ()), ())),
    ("rust", "HashMap::from([(1, 2)])", (Pairs(((1, 2),)),)),
    ("go", "-1, 1.5, \"a\", `b\\n`, 'c', nil", (-1, 1.5, "a", "b\\n", "c", None)),
    ("go", "[]int{1, 2}, [][]int{{1}, {}}", ((1, 2), ((1,), ()))),
    ("go", 'map[string]int{"a": 1}', (Pairs((("a", 1),)),)),
]


@pytest.mark.parametrize(("language", "written", "values"), CASES)
def test_literals_are_read(language: str, written: str, values: tuple[Value, ...]) -> None:
    """What stands between the brackets of a call, as values."""
    assert arguments_in(written, language) == values


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("python", "f(1)"),
        ("python", "f'{x}'"),
        ("python", "[x for x in y]"),
        ("python", "1) + f(2"),
        ("python", "'a' * 99999"),
        ("python", "2 ** 999999999"),
        ("javascript", "`a${b}`"),
        ("javascript", "() => 1"),
        ("java", "new Thing(1)"),
        ("java", "Files.of(1)"),
        ("cpp", "other(1)"),
        ("rust", 'std::fs::read("a")'),
        ("go", "Thing{1}"),
        ("python", "[" * 40 + "]" * 40),
        ("python", "'\\ud800'"),
        ("python", "1, " * 20_000),
        ("nonesuch", "1"),
    ],
)
def test_what_is_no_plain_literal_is_refused(language: str, written: str) -> None:
    """Calls, closures, pieces of other code, and what is too long or too deep."""
    with pytest.raises(NotPlain):
        arguments_in(written, language)


def test_named_floats_are_read() -> None:
    """NaN and infinity."""
    assert value_in("float('-inf')", "python") == -math.inf
    nan = value_in("NaN", "javascript")
    assert isinstance(nan, float)
    assert math.isnan(nan)
