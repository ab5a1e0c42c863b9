"""The context manager on small Python workspaces."""

import ast
import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import pytest

from codenook.context.manager import ContextManager
from codenook.context.snippets import Context, Dropped, Snippet, Why

CURSOR = "|"

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files, given as ``{path: text}``, below the workspace root."""

    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ContextManager]:
    manager = ContextManager(tmp_path)
    yield manager
    manager.close()


def snippets(manager: ContextManager, marked: str, path: str = "main.py") -> list[Snippet]:
    offset = marked.index(CURSOR)
    text = marked.replace(CURSOR, "", 1)
    return manager.snippets_for(path=Path(path), text=text, offset=offset, language="python")


def symbols(manager: ContextManager, marked: str, path: str = "main.py") -> list[str]:
    return [snippet.symbol for snippet in snippets(manager, marked, path)]


async def count_words(texts: Sequence[str]) -> Sequence[int]:
    return [len(text.split()) for text in texts]


def context(manager: ContextManager, marked: str, budget: int) -> Context:
    offset = marked.index(CURSOR)
    return asyncio.run(
        manager.for_completion(
            path=Path("main.py"),
            text=marked.replace(CURSOR, "", 1),
            offset=offset,
            language="python",
            budget=budget,
            count_tokens=count_words,
        )
    )


SHAPES = '''
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
    for point in points:
        pass
'''


def test_function_is_shown_as_signature_and_first_doc_line(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": SHAPES})
    (snippet,) = snippets(manager, "from shapes import draw\n\ndraw(|)\n")
    assert snippet.text == (
        'async def draw(canvas: Canvas, *points: Point, colour="é", **options) -> None:\n'
        '    """Draw points on a canvas."""\n'
        "    ..."
    )
    assert (snippet.path, snippet.start_line, snippet.end_line) == ("shapes.py", 42, 45)
    assert snippet.reason is Why.IMPORTED
    assert snippet.block.startswith("shapes.py\nasync def draw")


def test_class_is_shown_with_fields_and_method_signatures(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": SHAPES})
    (point,) = snippets(manager, "from shapes import Point\n\nPoint(|)\n")
    assert point.text == (
        "@dataclass(frozen=True)\n"
        "class Point:\n"
        '    """A point in the plane."""\n'
        "    x: float\n"
        "    y: float = 0.0\n"
        "    def moved(self, dx: float, dy: float) -> Point: ..."
    )
    (canvas,) = snippets(manager, "from shapes import Canvas\n\nCanvas(|)\n")
    assert canvas.text == (
        "class Canvas(Base, metaclass=Meta):\n"
        "    def __init__(self, size: int) -> None:\n"
        "        self.size = size\n"
        "        self.points: list[Point] = []\n"
        "    @property\n"
        "    def area(self) -> int: ..."
    )


def test_large_classes_are_shown_in_part(manager: ContextManager, write: Write) -> None:
    methods = "".join(f"    def method_{i}(self, argument: int) -> None:\n        pass\n" for i in range(200))
    write({"large.py": f"class Large:\n    size: int\n{methods}"})
    (large,) = snippets(manager, "from large import Large\n\nLarge(|)\n")
    lines = large.text.split("\n")
    assert lines[:3] == [
        "class Large:",
        "    size: int",
        "    def method_0(self, argument: int) -> None: ...",
    ]
    assert lines[-1] == "    ..."
    assert len(large.text) < 2_000


def test_constants_take_one_line(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": SHAPES})
    found = snippets(manager, "from shapes import PI, TABLE, Pair\n\nprint(PI, TABLE, Pair, |)\n")
    assert [snippet.text for snippet in found] == [
        "PI: float = 3.14159",
        "TABLE = ...",
        "type Pair = tuple[int, int]",
    ]


@pytest.mark.parametrize(
    ("statement", "use"),
    [
        ("import pkg.shapes", "pkg.shapes.draw"),
        ("import pkg.shapes as s", "s.draw"),
        ("from pkg import shapes", "shapes.draw"),
        ("from pkg import shapes as s", "s.draw"),
        ("from pkg.shapes import draw", "draw"),
        ("from pkg.shapes import draw as d", "d"),
        ("from pkg.shapes import *", "draw"),
        ("from pkg import draw", "draw"),
        ("from pkg import paint", "paint"),
        ("import pkg", "pkg.draw"),
        ("from .pkg import draw", "draw"),
        ("from . import pkg", "pkg.shapes.draw"),
        ("from .pkg.shapes import draw as d", "d"),
    ],
)
def test_every_way_to_import_finds_the_definition(
    manager: ContextManager, write: Write, statement: str, use: str
) -> None:
    write(
        {
            "pkg/__init__.py": "from .inner import draw, draw as paint\n",
            "pkg/inner/__init__.py": "from ..shapes import *\n",
            "pkg/shapes.py": SHAPES,
        }
    )
    assert "draw" in symbols(manager, f"{statement}\n\n{use}(1)\n|\n")


def test_relative_levels_and_own_package_root(manager: ContextManager, write: Write) -> None:
    write(
        {
            "lib/app/__init__.py": "",
            "lib/app/a/__init__.py": "",
            "lib/app/shared.py": "def helper(x): ...\n",
            "lib/other.py": "def outside(y): ...\n",
            "src/util.py": "def tool(z): ...\n",
        }
    )
    marked = (
        "from ..shared import helper\nfrom other import outside\nimport util\n\n"
        "util.tool(outside(helper(|)))\n"
    )
    assert set(symbols(manager, marked, "lib/app/a/mod.py")) == {"helper", "outside", "tool"}


def test_import_cycles_end(manager: ContextManager, write: Write) -> None:
    write({"a.py": "from b import x\n", "b.py": "from a import x\nfrom a import *\n"})
    assert symbols(manager, "from a import x\nx(|)\n") == []


def test_a_thicket_of_star_imports_is_searched_once(manager: ContextManager, write: Write) -> None:
    everything = "".join(f"from m{i} import *\n" for i in range(30))
    write({f"m{i}.py": everything for i in range(30)})
    assert symbols(manager, "from m0 import nothing\nnothing(|)\n") == []


def test_modules_outside_the_workspace_give_nothing(manager: ContextManager) -> None:
    assert symbols(manager, "import os\nfrom json import loads\n\nos.path.join(loads(|))\n") == []


def test_imported_but_unused_names_are_offered(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": SHAPES, "pkg/__init__.py": "", "pkg/core.py": SHAPES})
    assert symbols(manager, "from shapes import draw\n\n|\n") == ["draw"]
    assert symbols(manager, "from .core import draw\n|\n", "pkg/__init__.py") == []


def test_uses_near_the_cursor_come_first(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": SHAPES})
    marked = (
        "from shapes import Canvas, Point, draw, PI\n\n"
        "class Editor:\n"
        "    def one(self):\n        return draw, draw\n"
        "    def two(self):\n        return Point(|)\n\n"
        "x = Canvas\n"
    )
    assert symbols(manager, marked) == ["Point", "PI", "draw", "Canvas"]


def test_bases_of_the_edited_class_show_private_members(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": SHAPES})
    first, *_ = snippets(
        manager,
        "import shapes\n\nclass Own(shapes.Point): ...\n\nclass Mine(Own):\n    def f(self):\n        |\n",
    )
    assert (first.symbol, first.reason) == ("Point", Why.BASE_CLASS)
    assert "def _secret(self): ..." in first.text


def test_bases_of_shown_classes_come_last(manager: ContextManager, write: Write) -> None:
    write({"base.py": "class Base:\n    name: str\n", "shapes.py": f"from base import Base\n{SHAPES}"})
    assert symbols(manager, "from shapes import Canvas\n\nCanvas(|)\n") == ["Canvas", "Base"]


def test_members_of_the_module_at_the_cursor(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": SHAPES})
    everything = {"PI", "TABLE", "Pair", "Point", "Canvas", "draw"}
    assert set(symbols(manager, "import shapes\n\nx = shapes.|\n")) == everything
    assert set(symbols(manager, "from shapes import dr|\n")) == everything


@pytest.mark.parametrize("word", ["", "d", "dra", "draw", "PI", "é", "if", "1"])
def test_the_word_at_the_cursor_has_no_influence(manager: ContextManager, write: Write, word: str) -> None:
    write({"shapes.py": SHAPES})
    before = "from shapes import Point, draw, PI\n\n# 😀\ndef f(p: Point):\n    x = PI\n    return "
    after = "\n\ndraw(1)\n"
    expected = snippets(manager, f"{before}{CURSOR}{after}")
    assert snippets(manager, f"{before}{word}{CURSOR}{after}") == expected
    assert snippets(manager, f"{before}{word[:1]}{CURSOR}{word[1:]}{after}") == expected
    assert [snippet.symbol for snippet in expected] == ["PI", "Point", "draw"]


def test_stubs_are_valid_python(manager: ContextManager, write: Write) -> None:
    odd = (
        "def quotes(a='\\'', *, b=(\n  1,\n)):\n    '''Ends with \"\"\" quotes\"'''\n\n"
        "def raw():\n    r'''A \\d regex.'''\n\n"
        "def continued():\n    '''\\\n    Starts below.\n    '''\n\n"
        "class Empty: pass\n\n"
        "class Generic[T: (int, str)](list[T]):\n    '''G.'''\n    def m[U](self, u: U, /) -> U: return u\n\n"
        "@decorate(\n    1,  # one\n)\ndef decorated(*args: int, **kw: str) -> (\n  int | None\n): ...\n"
    )
    write({"odd.py": odd})
    names = ["quotes", "raw", "continued", "Empty", "Generic", "decorated"]
    found = snippets(manager, f"from odd import {', '.join(names)}\n|\n")
    assert [snippet.symbol for snippet in found] == names
    for snippet in found:
        if snippet.symbol != "Generic":
            ast.parse(snippet.text)


def test_changes_on_disk_are_seen(manager: ContextManager, write: Write, tmp_path: Path) -> None:
    write({"shapes.py": "def draw(a): ...\n"})
    marked = "from shapes import draw\n\ndraw(|)\n"
    assert snippets(manager, marked)[0].text == "def draw(a): ..."
    write({"shapes.py": "def draw(a, b): ...\n"})
    assert snippets(manager, marked)[0].text == "def draw(a, b): ..."
    (tmp_path / "shapes.py").unlink()
    assert snippets(manager, marked) == []


@pytest.mark.parametrize(
    "content",
    [
        b"def draw(): ...\n\xff\xfe",
        b"def draw(): ...\n\0",
        b"def draw(): ...\n" + b"#" * 1_000_000,
        b"# Generated by a tool. DO NOT EDIT.\ndef draw(): ...\n",
        b"def draw(): ...\nKEY = 'ghp_" + b"a1B2" * 9 + b"'\n",
        b"",
        b"(" * 100_000,
    ],
    ids=["not utf-8", "binary", "too big", "generated", "secret", "empty", "unbalanced"],
)
def test_weird_files_count_as_absent(manager: ContextManager, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shapes.py").write_bytes(content)
    assert symbols(manager, "from shapes import draw\n\ndraw(|)\n") == []


def test_links_out_of_the_workspace_are_not_followed(
    manager: ContextManager, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.py").write_text("def draw(): ...\n")
    (tmp_path / "secret.py").symlink_to(outside / "secret.py")
    (tmp_path / "folder").symlink_to(outside)
    assert symbols(manager, "import secret, folder.secret\nsecret.draw(folder.secret.draw(|))\n") == []


@pytest.mark.parametrize(
    "text", ["\ud800 = |1\n", "|", "\0|\0", "def f(:\n  |", "x = '\n|", "from . import |", "import |"]
)
def test_weird_documents_do_not_raise(manager: ContextManager, text: str) -> None:
    assert symbols(manager, text) == []


def test_no_workspace_or_unknown_language_gives_nothing(tmp_path: Path) -> None:
    for root, language in ((None, "python"), (tmp_path, "cobol"), (tmp_path / "missing", "python")):
        manager = ContextManager(root)
        assert (
            manager.snippets_for(path=Path("a.py"), text="import b\nb.c", offset=0, language=language) == []
        )
        manager.close()


def test_the_best_that_fit_are_kept_in_stable_order(manager: ContextManager, write: Write) -> None:
    write({"z.py": "def near(): ...\n", "a.py": f"def far({', '.join('abcdefgh')}): ...\nONE = 1\n"})
    marked = "from z import near\nfrom a import far, ONE\n\ndef f():\n    near()\n    |\n\nfar(ONE)\n"
    everything = context(manager, marked, 1_000)
    assert [snippet.symbol for snippet in everything.snippets] == ["far", "ONE", "near"]
    assert everything.tokens == sum(len(snippet.block.split()) for snippet in everything.snippets)
    little = context(manager, marked, 8)
    assert [snippet.symbol for snippet in little.snippets] == ["ONE", "near"]
    assert [(dropped.snippet.symbol, dropped.why) for dropped in little.dropped] == [
        ("far", Dropped.OVER_BUDGET)
    ]
    assert context(manager, marked, 0).snippets == ()


def test_prices_come_from_one_call(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": SHAPES})
    calls: list[Sequence[str]] = []

    def count_tokens(texts: Sequence[str]) -> Awaitable[Sequence[int]]:
        calls.append(texts)
        return count_words(texts)

    text = "from shapes import Point, draw\n"
    kept = asyncio.run(
        manager.for_completion(
            path=Path("m.py"),
            text=text,
            offset=len(text),
            language="python",
            budget=99,
            count_tokens=count_tokens,
        )
    ).snippets
    assert calls == [[snippet.block for snippet in kept]]


def test_paths_are_relative_to_the_workspace(manager: ContextManager, write: Write, tmp_path: Path) -> None:
    write({"src/pkg/__init__.py": "", "src/pkg/core.py": "def run(): ...\n"})
    marked = "from pkg.core import run\nrun(|)\n"
    (snippet,) = snippets(manager, marked, os.fspath(tmp_path / "tests" / "test_core.py"))
    assert snippet.path == "src/pkg/core.py"


def test_a_line_is_read_again_when_it_names_something_else(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": "def draw(a): ...\ndef fill(b): ...\n"})
    head = "import shapes\n\ndef main():\n    "
    assert symbols(manager, head + "|\n") == []
    assert symbols(manager, head + "x = sha|\n") == []
    assert symbols(manager, head + "x = shapes.|\n") == ["draw", "fill"]
    assert symbols(manager, head + "x = shapes.dr|\n") == ["draw", "fill"]
    assert symbols(manager, head + "x = shapes.draw(|\n") == ["draw"]


def test_an_import_is_read_again_with_every_key(manager: ContextManager, write: Write) -> None:
    write({"shapes.py": "def draw(a): ...\n", "sounds.py": "def play(b): ...\n"})
    assert symbols(manager, "from shapes import |\n") == ["draw"]
    assert symbols(manager, "from sounds import |\n") == ["play"]
