"""Where something else could stand, in every language that is read; and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.parse import encode, language_named, parse
from codenook.server.review.sources.surprise.instead import Kind
from codenook.server.review.sources.surprise.sites import sites

PYTHON = '''\
class Wheel:
    def turn(self, rim: Rim, *, size=3, other=None) -> Wheel:
        """Turn rim and size."""
        rest = self.frob(rim, size)
        for part in rest:
            if part.name in self.names and part.size < size - 1:
                total += max(part.size, other)
            elif not part.ok:
                self.spin(key=part)
        return total[size]

    async def spin(self, key):
        self.frob(key)
        return self.turn(key)
'''


def found(text, language="python", lines=None):
    parsed = parse(language_named(language), encode(text))
    every = sites(parsed, frozenset(lines or range(1, text.count("\n") + 2)))
    return {(one.line, one.kind, parsed.source[one.start : one.end].decode(), one.text) for one in every}


@pytest.mark.parametrize(
    "expected",
    [
        (6, Kind.COMPARISON, "<", "<="),
        (6, Kind.COMPARISON, "in", "not in"),
        (6, Kind.LOGIC, "and", "or"),
        (6, Kind.ARITHMETIC, "-", "+"),
        (7, Kind.ARITHMETIC, "+=", "-="),
        (6, Kind.CONSTANT, "1", "2"),
        (7, Kind.CALL, "max", "min"),
        (8, Kind.NEGATION, "not ", ""),
        (10, Kind.OFF_BY_ONE, "", " - 1"),
        (4, Kind.SWAPPED, "rim, size", "size, rim"),
        (4, Kind.NAME, "rim", "other"),
        (7, Kind.NAME, "other", "size"),
        (6, Kind.MEMBER, "size", "name"),
        (9, Kind.CALL, "spin", "frob"),
        (9, Kind.NAME, "part", "rest"),
        (13, Kind.RESULT, "", "await "),
    ],
    ids=lambda expected: f"{expected[1]} {expected[2]} {expected[3]}".replace("/", "over"),
)
def test_what_could_stand_there(expected):
    assert expected in found(PYTHON)


@pytest.mark.parametrize(
    ("line", "text", "why"),
    [
        (4, "rest", "only what is read is meant, and `rest` is bound there"),
        (4, "part", "it isn't there yet"),
        (2, "Wheel", "a type is no value"),
        (9, "key", "the name of an argument is a label"),
        (3, "size", "it is documentation"),
        (12, "rim", "it is another function's"),
    ],
)
def test_what_could_not(line, text, why):
    assert not [one for one in found(PYTHON) if one[0] == line and text in one[2:]], why


EXPRESSIONS = """\
def turn(rim, size, hub):
    rest = len(hub)
    pair = [rim, size]
    for i in range(1, size - hub):
        if rim % i == 0 and size:
            rest += rim - size
    word = "-" if rest else "+"
    return turn(rim) + rest
"""


@pytest.mark.parametrize(
    "expected",
    [
        (2, Kind.UNWRAPPED, "len(hub)", "hub"),
        (3, Kind.SWAPPED, "rim, size", "size, rim"),
        (4, Kind.EXCESS, "1, ", ""),
        (4, Kind.EXCESS, " - hub", ""),
        (4, Kind.OFF_BY_ONE, "", " + 1"),
        (5, Kind.OPERANDS, "rim % i", "i % rim"),
        (5, Kind.EXCESS, " and size", ""),
        (5, Kind.EXCESS, "rim % i == 0 and ", ""),
        (6, Kind.OPERANDS, "rim - size", "size - rim"),
        (6, Kind.WRAPPED, "rim - size", "abs(rim - size)"),
        (7, Kind.TEXT, '"-"', '"+"'),
        (7, Kind.TEXT, '"-"', '""'),
        (8, Kind.WRAPPED, "rest", "turn(rest)"),
    ],
    ids=lambda expected: f"{expected[1]} {expected[2]} {expected[3]}",
)
def test_what_could_be_too_much_or_missing(expected):
    assert expected in found(EXPRESSIONS)


def test_what_uses_of_names_say():
    text = "def turn(rim, size, hub):\n    rest = rim * rim\n    return rest + hub + size * hub\n"
    parsed = parse(language_named("python"), encode(text))
    of = {(one.start, one.text): one for one in sites(parsed, frozenset({2, 3}))}
    rim = text.index("rim * rim")
    assert (of[rim, "hub"].twins, of[rim, "size"].twins) == (1, 1), "it stands beside itself"
    hub = text.rindex("hub")
    assert of[hub, "size"].twins == -1, "the other one would"
    unread = parse(language_named("python"), encode("def turn(rim, size):\n    return rim + rim\n"))
    (size,) = {one.unread for one in sites(unread, frozenset({2})) if one.text == "size"}
    assert size == 1, "nothing reads it"
    only = parse(language_named("python"), encode("def turn(rim, size):\n    return rim + size\n"))
    assert {one.unread for one in sites(only, frozenset({2})) if one.text == "rim"} == {-1}


def test_only_changed_lines_are_looked_at():
    assert {one[0] for one in found(PYTHON, lines=[6, 8])} == {6, 8}
    assert found(PYTHON, lines=[3]) == set()


def test_self_is_never_meant_otherwise():
    assert not [one for one in found(PYTHON) if "self" in one[2:]]


CURLY = {
    "javascript": "function f(a, b) { if (!a && b.c) { g(a, b); return a[i - 1] + 1; } }",
    "typescript": "function f(a: number, b: B) { if (!a && b.c) { g(a, b); return a[i - 1] + 1; } }",
    "java": "class A { int f(int a, B b) { if (!a && b.c) { g(a, b); return a[i - 1] + 1; } } }",
    "go": "package m\nfunc f(a int, b B) int { if !a && b.c { g(a, b); return a[i - 1] + 1 }; return 0 }",
    "rust": "fn f(a: i32, b: B) -> i32 { if !a && b.c { g(a, b); return a[i - 1] + 1; } 0 }",
    "c": "int f(int a, B b) { if (!a && b.c) { g(a, b); return a[i - 1] + 1; } }",
    "cpp": "int f(int a, B b) { if (!a && b.c) { g(a, b); return a[i - 1] + 1; } }",
}


@pytest.mark.parametrize("language", CURLY)
def test_other_languages(language):
    told = {one[1:] for one in found(CURLY[language], language)}
    assert {
        (Kind.LOGIC, "&&", "||"),
        (Kind.NEGATION, "!", ""),
        (Kind.ARITHMETIC, "+", "-"),
        (Kind.CONSTANT, "1", "0"),
        (Kind.SWAPPED, "a, b", "b, a"),
        (Kind.NAME, "b", "a"),
    } <= told
    assert (Kind.OFF_BY_ONE, " - 1", "") in told or language == "c"
    assert not [one for one in told if one[2] in {"//", "**", "and", "not "}]


@settings(max_examples=60, deadline=None)
@given(st.text("abc =+-<>()[]:.,1\n\té\"'", max_size=60), st.sets(st.integers(1, 6), max_size=4))
def test_any_text_gives_places_inside_of_it(text, lines):
    parsed = parse(language_named("python"), encode(text))
    for one in sites(parsed, frozenset(lines)):
        assert one.line in lines
        assert 0 <= one.start <= one.end <= len(parsed.source)
        assert parsed.source[one.start : one.end] != one.text.encode()
        parsed.source[: one.start].decode()
        assert parsed.source[: one.end].count(b"\n") + 1 >= one.line
