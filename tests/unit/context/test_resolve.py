"""From names to definitions, in small Python workspaces: what the call at the cursor calls."""

import os

import pytest

from codenook.context.code import Code
from codenook.context.document import Documents
from codenook.context.libraries import site_packages
from codenook.context.offers import scope_of
from codenook.context.parse import language_named
from codenook.context.resolve import Module, Resolution

PYTHON = language_named("python")
CURSOR = "^"

SHAPES = """\
from __future__ import annotations
from base import Base as Root

class Shape(Root):
    area: Area
    def __init__(self):
        self.edge = Edge()
        self.corner: Corner | None = None
    def moved(self, by: int) -> Shape: ...
    def parts(self) -> list[Edge]: ...
    @property
    def centre(self) -> Corner: ...
    @classmethod
    def unit(cls) -> "Shape": ...
    class Style:
        def colour(self): ...

class Square(Shape): ...

class Area:
    def grow(self): ...

class Edge:
    def bend(self): ...

class Corner:
    def round(self): ...

def make() -> Shape: ...
def several() -> dict[str, Corner]: ...
DEFAULT = Shape()
"""
FILES = {
    "shapes.py": SHAPES,
    "base.py": "class Base:\n    def close(self): ...\n    def __enter__(self): ...\n",
}


@pytest.fixture
def resolve(write, tmp_path):
    """Resolve the call that the cursor is in: what each step of its chain stands for that is known."""

    def resolve(marked, path="main.py", files=FILES):
        write(files)
        code, offset = Code(os.path.realpath(tmp_path)), marked.index(CURSOR)
        place = Documents().place(PYTHON, path, marked.replace(CURSOR, "", 1), offset)
        code.show(place.view)
        *_, last = place.near
        resolution = Resolution(code, PYTHON.resolver(code))
        return resolution.values(scope_of(place, PYTHON.reader), last.chain[:-1])

    return resolve


def symbols(values):
    return ["module" if isinstance(value, Module) else value.definition.symbol for value in values]


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ("def f(s: shapes.Shape):\n    s.moved(^)", "Shape.moved"),
        ("def f(s: 'shapes.Shape'):\n    s.moved(^)", "Shape.moved"),
        ("def f(s: shapes.Shape | None = None):\n    s.moved(^)", "Shape.moved"),
        ("def f(s: list[shapes.Shape]):\n    s[0].moved(^)", "Shape.moved"),
        ("def f():\n    s = shapes.Shape()\n    s.moved(^)", "Shape.moved"),
        ("def f():\n    s = shapes.make()\n    s.moved(^)", "Shape.moved"),
        ("def f():\n    s = shapes.make()\n    t = s.moved(1)\n    t.parts(^)", "Shape.parts"),
        ("def f():\n    s: shapes.Shape = load()\n    s.moved(^)", "Shape.moved"),
        ("def f():\n    if s := shapes.make():\n        s.moved(^)", "Shape.moved"),
        ("def f():\n    with shapes.make() as s:\n        s.moved(^)", "Shape.moved"),
        ("def f():\n    for edge in shapes.make().parts():\n        edge.bend(^)", "Edge.bend"),
        ("def f():\n    for corner in shapes.several():\n        corner.round(^)", "Corner.round"),
        ("def f(s: shapes.Shape):\n    s.edge.bend(^)", "Edge.bend"),
        ("def f(s: shapes.Shape):\n    s.corner.round(^)", "Corner.round"),
        ("def f(s: shapes.Shape):\n    s.area.grow(^)", "Area.grow"),
        ("def f(s: shapes.Shape):\n    s.centre.round(^)", "Corner.round"),
        ("def f():\n    shapes.Shape.unit().moved(^)", "Shape.moved"),
        ("def f():\n    shapes.Shape.Style.colour(^)", "Shape.Style.colour"),
        ("def f(s: shapes.Square):\n    s.moved(^)", "Shape.moved"),
        ("def f(s: shapes.Square):\n    s.close(^)", "Base.close"),
        ("def f():\n    shapes.DEFAULT.moved(^)", "Shape.moved"),
        ("def f():\n    (shapes.make()).moved(^)", "Shape.moved"),
        ("class Own(shapes.Square):\n    def f(self):\n        self.moved(^)", "Shape.moved"),
        ("class Own(shapes.Square):\n    def f(self):\n        super().moved(^)", "Shape.moved"),
        ("class Own(shapes.Area, shapes.Square):\n    def f(self):\n        self.moved(^)", "Shape.moved"),
        ("class Own(shapes.Square, shapes.Area):\n    def f(self):\n        self.grow(^)", "Area.grow"),
        ("class Own(shapes.Square):\n    @classmethod\n    def f(cls):\n        cls.unit(^)", "Shape.unit"),
        (
            "class C:\n    def g(self):\n        self.s = shapes.Edge()\n    def f(self): self.s.bend(^)",
            "Edge.bend",
        ),
        ("class Own:\n    s: shapes.Shape\n    def f(self):\n        self.s.moved(^)", "Shape.moved"),
        (
            "class Own:\n    class In(shapes.Square):\n        def f(self):\n            self.moved(^)",
            "Shape.moved",
        ),
    ],
)
def test_members_are_found_by_what_names_stand_for(resolve, body, last):
    values = resolve(f"import shapes\n\n{body}\n")
    assert symbols(values)[-1] == last


@pytest.mark.parametrize(
    ("statement", "use"),
    [
        ("import pkg.shapes", "pkg.shapes.make"),
        ("import pkg.shapes as s", "s.make"),
        ("from pkg import shapes", "shapes.make"),
        ("from pkg import shapes as s", "s.make"),
        ("from pkg.shapes import make", "make"),
        ("from pkg.shapes import make as m", "m"),
        ("from pkg.shapes import *", "make"),
        ("from pkg import make", "make"),
        ("from pkg import build", "build"),
        ("import pkg", "pkg.make"),
        ("from .pkg import make", "make"),
        ("from . import pkg", "pkg.shapes.make"),
        ("from .pkg.shapes import make as m", "m"),
        ("from plain.folder import shapes", "shapes.make"),
        ("import plain.folder.shapes", "plain.folder.shapes.make"),
    ],
)
def test_every_way_to_import_finds_the_definition(resolve, statement, use):
    files = {
        "pkg/__init__.py": "from .inner import make, make as build\n",
        "pkg/inner/__init__.py": "from ..shapes import *\n",
        "pkg/shapes.py": SHAPES,
        "plain/folder/shapes.py": SHAPES,
    }
    values = resolve(f"{statement}\n\n{use}(^)\n", files=files)
    assert symbols(values)[-1] == "make"
    assert values[-1].path in {"pkg/shapes.py", "plain/folder/shapes.py"}


def test_imports_are_looked_up_from_the_file_own_package_and_src(resolve):
    files = {
        "lib/app/__init__.py": "",
        "lib/app/a/__init__.py": "",
        "lib/app/shared.py": "def helper(x): ...\n",
        "lib/other.py": "def outside(y): ...\n",
        "src/util.py": "def tool(z): ...\n",
    }
    for statement, path in {
        "from ..shared import helper as it": "lib/app/shared.py",
        "from other import outside as it": "lib/other.py",
        "from util import tool as it": "src/util.py",
    }.items():
        (value,) = resolve(f"{statement}\n\nit(^)\n", "lib/app/a/mod.py", files)
        assert value.path == path


def test_stubs_are_read_before_sources(resolve):
    files = {"shapes.pyi": "def make() -> int: ...\n", "shapes.py": "def make(): ...\ndef more(): ...\n"}
    assert resolve("import shapes\n\nshapes.make(^)\n", files=files)[-1].path == "shapes.pyi"
    assert resolve("import shapes\n\nshapes.more(^)\n", files=files)[-1].path == "shapes.py"


def test_libraries_of_the_workspace_are_found_by_their_absolute_paths(resolve, tmp_path):
    site = ".venv/lib/python3.12/site-packages"
    files = {
        ".venv/pyvenv.cfg": "",
        f"{site}/lib/__init__.py": "from .core import run\n",
        f"{site}/lib/core.py": "def run(): ...\n",
        f"{site}/typed/__init__.py": "def go(): ...\n",
        f"{site}/typed-stubs/__init__.pyi": "def go() -> int: ...\n",
    }
    site_packages.cache_clear()
    root = os.path.realpath(tmp_path)
    assert resolve("import lib\n\nlib.run(^)\n", files=files)[-1].path == f"{root}/{site}/lib/core.py"
    found = resolve("import typed\n\ntyped.go(^)\n", files=files)[-1]
    assert found.path == f"{root}/{site}/typed-stubs/__init__.pyi"


def test_one_file_has_one_name_through_links(resolve, tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "linked").symlink_to("../real")
    files = {"pkg/__init__.py": "", "real/__init__.py": "", "real/m.py": "class C:\n    def f(self): ...\n"}
    values = resolve("from pkg.linked.m import C\n\nC().f(^)\n", files=files)
    assert [value.path for value in values] == ["real/m.py"] * 3


def test_circles_end(resolve):
    files = {
        "a.py": "from b import x\nfrom b import *\nclass A(B): ...\nclass B(A): ...\nv = w\nw = v\n",
        "b.py": "from a import x\nfrom a import *\n",
    }
    assert resolve("from a import x\n\nx(^)\n", files=files) == []
    assert symbols(resolve("import a\n\na.A.missing(^)\n", files=files)) == ["module", "A"]
    assert symbols(resolve("import a\n\na.v.missing(^)\n", files=files)) == ["module", "v"]


def test_a_thicket_of_star_imports_is_searched_once(resolve):
    everything = "".join(f"from m{i} import *\n" for i in range(30))
    files = {f"m{i}.py": everything for i in range(30)}
    assert resolve("from m0 import nothing\n\nnothing(^)\n", files=files) == []


@pytest.mark.parametrize(
    "body",
    [
        "nothing.at.all(^)",
        "def f(x):\n    x.y(^)",
        "def f():\n    x = x\n    x.y(^)",
        "import os\nos.path.join(^)",
    ],
)
def test_what_nobody_knows_stands_for_nothing(resolve, body):
    assert resolve(f"{body}\n") == []
