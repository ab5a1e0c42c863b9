"""Overlap with what follows the cursor, and loops."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.server.verify.brackets import n_unmatched
from codenook.server.verify.duplicates import repeats_itself, repeats_suffix, trim_overlap

CODE = st.text("ab1 .,=()[]{}:\"'#\n", max_size=40)


@pytest.mark.parametrize(
    ("prefix", "candidate", "suffix", "expected"),
    [
        ("foo(", "x, y)", ")\n", "x, y"),
        ("foo(", "x, y", ")\n", "x, y"),
        ("foo(", "bar(x)", ")\n", "bar(x)"),
        ("foo(bar(", "x)", ")\n", "x)"),
        ("foo(bar(", "x)", "))\n", "x"),
        ("foo(bar(", "x))", ")\n", "x)"),
        ("foo(bar(x", ")", ")\n", ")"),
        ("foo(x", ")", ")\n", ""),
        ("a[b[", "0]]", "]]\n", "0"),
        ("d = {", "'a': [1]}", "}\n", "'a': [1]"),
        ('print("', 'hello")', '")\n', "hello"),
        ("def f(", "a, b):", "):\n    pass\n", "a, b"),
        ("def f(", "a, b):\n    return a", "):\n", "a, b"),
        ("def f(", "a, b):\n    pass\n", "):\n    pass\n", "a, b"),
        ("x = ", "a + b", " + b\n", "a"),
        ("x = f(", "name", "e)\n", "name"),
        ("    ", "x = 1\n    return x", "\n    return x\n", "x = 1"),
        ("    ", "x = 1\n    return x\n\n", "\n\n    return x\n", "x = 1"),
        ("    ", "x = 1\n    y = 2\n    ret", "\n    y = 2\n    return x\n", "x = 1"),
        ("    ", "x = 1\n    return x", "\nreturn x\n", "x = 1\n    return x"),
        ("    ", "return x", "\n    return x\n", ""),
        ("g(\n", "foo(\n    a,\n)", "\n)\n", "foo(\n    a,\n)"),
        ("foo(\n    ", "a,\n)", "\n)\n", "a,"),
        ("", "x = 'é😀'", "\nx = 'é😀'\n", ""),
        ("x = ", "1", "", "1"),
        ("f(a[0", "][0], b)\n    g(", ")\n    h()\n", "][0], b)\n    g("),
        ("x = ", "a /", "// 3\n", "a /"),
        ("x = ", "[\n    1,\n    2", ",\n]\n", "[\n    1,\n    2"),
        ("x = 'a", "b'", "'\n", "b"),
    ],
)
def test_what_follows_the_cursor_is_cut_off(prefix: str, candidate: str, suffix: str, expected: str) -> None:
    assert trim_overlap(candidate, suffix, prefix) == expected


@pytest.mark.parametrize(
    ("candidate", "suffix", "expected"),
    [("x, y)", ")\n", "x, y"), ("bar(x)", ")\n", "bar(x)"), ("bar(x))", ")\n", "bar(x)")],
)
def test_without_a_prefix_the_document_is_taken_to_be_balanced(
    candidate: str, suffix: str, expected: str
) -> None:
    assert trim_overlap(candidate, suffix) == expected


def test_doubled_lines_in_the_middle_are_found() -> None:
    suffix = "\n    a = 1\n    b = 2\n    c = 3\n"
    assert repeats_suffix("x = 0\n    a = 1\n    b = 2\n    d = 4", suffix)
    assert repeats_suffix("x = 0\n    a = 1", suffix)
    assert not repeats_suffix("x = 0\n    a = 2", suffix)
    assert not repeats_suffix("bar(x)", ")\n", "foo(")


@pytest.mark.parametrize(
    "candidate",
    [
        "x = 1\nx = 1\nx = 1",
        "a()\n\n    a()\n  a()\n",
        "return a.b.c.a.b.c.a.b.c.a.b.c",
        "x, x, x, x, x, x, x, x",
        "if a:\n    b(1)\nif a:\n    b(1)\nif a:\n    b(1)\n",
    ],
)
def test_loops_are_found(candidate: str) -> None:
    assert repeats_itself(candidate)


@pytest.mark.parametrize(
    "candidate",
    [
        "",
        "x = 1\nx = 1",
        "x = [\n    [0, 0, 0],\n    [0, 0, 0],\n]",
        "# ------------------------------",
        "}\n}\n}",
        "a = b\nc = d\ne = f",
        "return None",
    ],
)
def test_ordinary_repetition_is_no_loop(candidate: str) -> None:
    assert not repeats_itself(candidate)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("foo(bar[1], {})", 0),
        ("foo((", 2),
        ("))", 2),
        ("(]", 2),
        ("([)", 1),
        ("'(' + \"[\" # {", 0),
        ("x = '\\'('", 0),
        ("don't (", 0),
        ("x = 'é😀('\n(", 1),
    ],
)
def test_brackets_without_a_partner(text: str, expected: int) -> None:
    assert n_unmatched(text) == expected


@settings(deadline=None)
@given(CODE, CODE, st.none() | CODE)
def test_trimming_yields_a_prefix_and_is_final(candidate: str, suffix: str, prefix: str | None) -> None:
    trimmed = trim_overlap(candidate, suffix, prefix)
    assert candidate.startswith(trimmed)
    assert trim_overlap(trimmed, suffix, prefix) == trimmed


@settings(deadline=None)
@given(CODE, CODE)
def test_trimming_never_leaves_more_brackets_alone(candidate: str, suffix: str) -> None:
    assert n_unmatched(trim_overlap(candidate, suffix)) <= n_unmatched(candidate)


@settings(deadline=None)
@given(CODE)
def test_nothing_to_repeat_means_nothing_to_trim(candidate: str) -> None:
    assert trim_overlap(candidate, "") == candidate
    assert not repeats_suffix(candidate, "")
