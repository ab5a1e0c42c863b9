"""What Python files offer and ask: outlines, chains, and the stubs that are shown."""

import ast

import pytest

from codenook.context.outline import Import, Kind
from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import spelled, steps

PYTHON = language_named("python")
READER = PYTHON.reader

SHAPES = '''\
"""Shapes."""
from __future__ import annotations
from dataclasses import dataclass

PI: float = 3.14159
TABLE = {
    1: 2,
}
type Pair = tuple[int, int]

@dataclass(frozen=True)
class Point:
    """A point in the plane.

    With details.
    """

    x: float
    y: float = 0.0

    def moved(
        self,
        dx: float,  # to the right
        dy: float,
    ) -> Point:
        return Point(self.x + dx, self.y + dy)

    def _secret(self): ...

class Canvas(Base, metaclass=Meta):
    def __init__(self, size: int) -> None:
        self.size = size
        self._dirty = False
        if size:
            self.points: list[Point] = []

    @property
    def area(self) -> int:
        return self.size ** 2

async def draw(canvas: Canvas, *points: Point, colour="é", **options) -> None:
    """Draw points on a canvas."""
    def inner(): ...
    for point in points:
        pass

if PI:
    LATE = draw
'''


def outline(text):
    return READER.outline(parse(PYTHON, encode(text)))


def symbols(text):
    return {definition.symbol: definition for definition in outline(text).definitions}


def chains(text):
    parsed = parse(PYTHON, encode(text))
    return [spelled(reference.chain) for reference in READER.references(parsed, (0, len(parsed.source)))]


def test_definitions_of_a_file_and_of_its_classes() -> None:
    assert {symbol: found.kind for symbol, found in symbols(SHAPES).items()} == {
        "PI": Kind.CONSTANT,
        "TABLE": Kind.CONSTANT,
        "Pair": Kind.TYPE,
        "Point": Kind.CLASS,
        "Point.x": Kind.FIELD,
        "Point.y": Kind.FIELD,
        "Point.moved": Kind.METHOD,
        "Point._secret": Kind.METHOD,
        "Canvas": Kind.CLASS,
        "Canvas.__init__": Kind.METHOD,
        "Canvas.size": Kind.FIELD,
        "Canvas._dirty": Kind.FIELD,
        "Canvas.points": Kind.FIELD,
        "Canvas.area": Kind.METHOD,
        "draw": Kind.FUNCTION,
        "LATE": Kind.CONSTANT,
    }


def test_a_definition_says_where_it_is_and_what_it_is_of() -> None:
    found = symbols(SHAPES)
    point, moved, draw = found["Point"], found["Point.moved"], found["draw"]
    assert (point.start_line, point.end_line, point.doc) == (11, 28, "A point in the plane.")
    assert (moved.parent, moved.name, moved.type, moved.is_public) == ("Point", "moved", "Point()", True)
    assert (draw.type, draw.doc) == ("", "Draw points on a canvas.")
    assert found["Canvas"].bases == ("Base",)
    assert found["Canvas.points"].type == "Point()"
    assert not found["Point._secret"].is_public


def test_stubs_have_signatures_and_no_bodies() -> None:
    found = symbols(SHAPES)
    members = [found["Point.x"], found["Point.y"], found["Point.moved"]]
    assert READER.stub(found["Point"], members) == (
        "@dataclass(frozen=True)\n"
        "class Point:\n"
        '    """A point in the plane."""\n'
        "    x: float\n"
        "    y: float = 0.0\n"
        "    def moved(self, dx: float, dy: float) -> Point: ..."
    )
    assert READER.stub(found["Canvas"], [found["Canvas.points"], found["Canvas.area"]]) == (
        "class Canvas(Base, metaclass=Meta):\n"
        "    points: list[Point] = []\n"
        "    @property\n"
        "    def area(self) -> int: ..."
    )
    assert READER.stub(found["draw"]) == (
        'async def draw(canvas: Canvas, *points: Point, colour="é", **options) -> None:\n'
        '    """Draw points on a canvas."""\n'
        "    ..."
    )
    assert [READER.stub(found[name]) for name in ("PI", "TABLE", "Pair")] == [
        "PI: float = 3.14159",
        "TABLE = ...",
        "type Pair = tuple[int, int]",
    ]


@pytest.mark.parametrize(
    "code",
    [
        "def quotes(a='\\'', *, b=(\n  1,\n)):\n    '''Ends with \"\"\" quotes\"'''\n",
        "def raw():\n    r'''A \\d regex.'''\n",
        "def continued():\n    '''\\\n    Starts below.\n    '''\n",
        "def formatted():\n    f'''No doc.'''\n",
        "class Empty: pass\n",
        "class Sub(list[int], metaclass=type):\n    '''S.'''\n    def m(self, u, /) -> int: return u\n",
        "@decorate(\n    1,  # one\n)\ndef decorated(*args: int, **kw: str) -> (\n  int | None\n): ...\n",
        "async def waits(x: 'list[int]' = [1, # one\n 2]) -> None: await x\n",
        "class Fields:\n    '''F.'''\n    a: int = 1\n    b = {\n  1: 2}\n    def f(self): self.c = 1\n",
    ],
)
def test_stubs_are_valid_python(code: str) -> None:
    found = outline(code).definitions
    (top,) = (definition for definition in found if not definition.parent)
    stub = READER.stub(top, [definition for definition in found if definition.parent == top.symbol])
    (statement,) = ast.parse(stub).body
    assert statement.name == top.name


def test_of_overloads_the_implementation_is_kept() -> None:
    code = (
        "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\n"
        "def f(a: object) -> object: ...\n"
        "class C:\n    x = None\n    def f(self):\n        self.x: int = 1\n        self.x: str = 2\n"
    )
    found = symbols(code)
    assert found["f"].signature == "def f(a: object) -> object"
    assert found["C.x"].type == "int()"


def test_a_class_has_all_its_bases_and_is_one() -> None:
    found = symbols("class C(A, b.B, metaclass=M):\n    x: int\n    def f(self): ...\n")
    assert list(found) == ["C", "C.x", "C.f"]
    assert found["C"].bases == ("A", "b.B")


def test_imports_bind_names() -> None:
    code = (
        "import a.b\nimport c.d as e\nfrom f import g, h as i\nfrom . import j\nfrom ..k import *\n"
        "def late():\n    from l import m\n"
    )
    assert outline(code).imports == (
        Import("a", None, "a", is_exported=True),
        Import("c.d", None, "e", is_exported=True),
        Import("f", "g", "g", is_exported=True),
        Import("f", "h", "i", is_exported=True),
        Import(".", "j", "j", is_exported=True),
        Import("..k", "*", "*", is_exported=True),
        Import("l", "m", "m", is_exported=True),
    )


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("a.b.c()", ["a.b.c()"]),
        ("a().b[0].c", ["a().b.c"]),
        ("f(x.y, k=z)", ["f()", "x.y", "z"]),
        ("(await a.b()).c", ["a.b().c"]),
        ("a.b + c", ["a.b", "c"]),
        ("(a or b).c", ["a", "b.c"]),
        ("del a.b", ["a.b"]),
        ("@a.b\ndef f(x: c.D): ...", ["a.b", "x", "c.D"]),
        ("class C(a.B, metaclass=D): ...", ["a.B", "D"]),
        ("f'{a.b}'", ["a.b"]),
        ("'a.b'  # c.d", []),
    ],
)
def test_chains_are_names_read_one_from_the_other(code: str, read: list[str]) -> None:
    assert chains(code) == read


@pytest.mark.parametrize("chain", [("a",), ("a", "()"), ("a", "b", "()", "c"), ()])
def test_chains_are_kept_as_text(chain) -> None:
    assert steps(spelled(chain)) == chain


@pytest.mark.parametrize(
    "text", ["", "\0", "def f(:\n  ", "x = '\n", "from . import ", "(" * 30_000, "class :\n"]
)
def test_what_is_no_python_has_no_definitions(text: str) -> None:
    assert outline(text).definitions == ()
