"""Names that a candidate reads and nobody defines."""

import pytest

from codenook.server.verify.excerpt import Excerpt
from codenook.server.verify.names import unresolved

CURSOR = "|"


def missing(
    marked: str, candidate: str, known: tuple[str, ...] = (), language: str = "python"
) -> tuple[str, ...]:
    offset = marked.index(CURSOR)
    return unresolved(Excerpt.around(language, marked.replace(CURSOR, "", 1), offset), candidate, known)


def test_unknown_names_are_told_in_the_order_of_the_text() -> None:
    assert missing("def f(a):\n    |\n", "return zeta(a, alpha) + zeta(beta)") == ("zeta", "alpha", "beta")


@pytest.mark.parametrize(
    ("marked", "candidate"),
    [
        ("import os\n|\n", "os.path.join(os.sep)"),
        ("|\n", "print(len(str(__name__)), __file__)"),
        ("def f(a): ...\n|\n", "f(1).attribute"),
        ("def f(**options): ...\n|\n", "f(keyword=1)"),
        ("|\n\ndef later(): ...\n", "later()"),
        ("|\n", "x = 1\nx += 1\ny, (z, *w) = x\nprint(y, z, w)"),
        ("|\n", "for i, j in (): print(i, j)"),
        ("|\n", "with open('f') as file, open('g') as (a, b): file, a, b"),
        ("|\n", "try: ...\nexcept ValueError as error: raise error"),
        ("|\n", "import a.b, c as d\nfrom .e import f as g, h\na, d, g, h"),
        ("|\n", "def f(a, b: int, c=1, d: str = '', *e, **g): return f, a, b, c, d, e, g"),
        ("|\n", "lambda p, *q, r=1: (p, q, r)"),
        ("|\n", "[x + y for x in () for y in ()]"),
        ("|\n", "if (n := 1): n"),
        (
            "|\n",
            "match 1:\n  case [a, *b] | {'k': c, **d}: a, b, c, d\n  case int(real=e) as g: e\n  case h: h",
        ),
        ("|\n", "class A:\n    x = 1\nA.x"),
        ("|\n", "def f[T: int, *Us](a: T) -> list[Us]: ..."),
        ("|\n", "type Pair[T] = tuple[T, T]\nPair"),
        ("|\n", "global g\nprint(g)"),
        ("|\n", "'unknown' # unknown"),
        ("größe = 1\n|\n", "print(größe, '😀')"),
        ("from os import *\n|\n", "anything(goes)"),
    ],
)
def test_defined_names_are_not_flagged(marked: str, candidate: str) -> None:
    assert missing(marked, candidate) == ()


@pytest.mark.parametrize(
    ("marked", "candidate", "expected"),
    [
        ("x.name = 1\n|\n", "name", ("name",)),
        ("f = 'name'  # name\n|\n", "name", ("name",)),
        ("dict(name=1)\n|\n", "name", ("name",)),
        ("names = surname = 1\n|\n", "name", ("name",)),
        ("|\n", "x: list[Missing] = []", ("Missing",)),
        ("|\n", "match 1:\n  case Missing(a): a", ("Missing",)),
        ("x = mis|\n", "sing()", ("missing",)),
        ("x = |sing\n", "mis", ("missing",)),
        ("x = '😀'; |\n", "größe", ("größe",)),
        ("|\n", "f'{missing}'", ("missing",)),
    ],
)
def test_only_names_count(marked: str, candidate: str, expected: tuple[str, ...]) -> None:
    assert missing(marked, candidate) == expected


def test_known_names_and_other_languages_are_not_flagged() -> None:
    assert missing("|\n", "helper()", known=("helper",)) == ()
    assert missing("|\n", "helper()", language="cobol") == ()
