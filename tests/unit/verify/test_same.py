"""The same code in two spellings, and different code in similar ones."""

import pytest

from codenook.server.verify.excerpt import Excerpt
from codenook.server.verify.same import fingerprint

CURSOR = "|"


def same(marked: str, one: str, other: str, language: str = "python") -> bool:
    offset = marked.index(CURSOR)
    excerpt = Excerpt.around(language, marked.replace(CURSOR, "", 1), offset)
    return fingerprint(excerpt, one) == fingerprint(excerpt, other)


@pytest.mark.parametrize(
    ("marked", "one", "other"),
    [
        ("x = |\n", "f(1,2)", "f( 1, 2 )"),
        ("x = |\n", "f('a')", 'f("a")'),
        ("x = |\n", r"'it\'s'", '"it\'s"'),
        ("x = |\n", "f'{a}'", 'f"{a}"'),
        ("x = |\n", "1  # one", "1"),
        ("x = |\n", "f(\n    1,\n    2\n)", "f(1, 2)"),
        ("def f():\n    |\n", "# why\n    return 1", "return 1"),
        ("if a:\n    |\n", "for x in y:\n        x()", "for x in y:\n      x()"),
        ("x = '😀' + |\n", "'é'", '"é"'),
        ("x = val|\n", "ue", "ue "),
    ],
)
def test_spelling_makes_no_difference(marked: str, one: str, other: str) -> None:
    assert same(marked, one, other)


@pytest.mark.parametrize(
    ("marked", "one", "other"),
    [
        ("x = |\n", "f(1)", "f(2)"),
        ("x = |\n", "'a b'", "'a  b'"),
        ("x = |\n", "'a'", "b'a'"),
        ("x = |\n", "'# a'", "'# b'"),
        ("if a:\n    |\n", "if b:\n        c()\n    d()", "if b:\n        c()\n        d()"),
        ("x = |\n", "a", "a.b"),
    ],
)
def test_different_code_differs(marked: str, one: str, other: str) -> None:
    assert not same(marked, one, other)


def test_without_a_parser_only_layout_is_ignored() -> None:
    assert same("|", "f( a )", "f(a)", "cobol")
    assert not same("|", "f(a)", "f(b)", "cobol")
