"""The context manager on small Python workspaces."""

import ast
import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path

import pytest

from codenook.context.manager import ContextManager
from codenook.context.snippets import Context, Dropped, Why

CURSOR = "|"

SHAPES = '''\
"""Shapes."""
from dataclasses import dataclass

PI: float = 3.14159

@dataclass(frozen=True)
class Point:
    """A point in the plane."""

    x: float
    y: float = 0.0

    def moved(self, dx: float, dy: float) -> "Point":
        return Point(self.x + dx, self.y + dy)

    def _secret(self): ...

class Canvas:
    def __init__(self, size: int) -> None:
        self.origin = Point(0, 0)

    @property
    def centre(self) -> Point: ...

def draw(canvas: Canvas, *points: Point, colour="é") -> None:
    """Draw points on a canvas."""
'''


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ContextManager]:
    manager = ContextManager(tmp_path)
    yield manager
    manager.close()


async def count_words(texts: Sequence[str]) -> Sequence[int]:
    return [len(text.split()) for text in texts]


def context(manager, marked: str, path: str = "main.py", budget: int = 1_000, **options) -> Context:
    offset = marked.index(CURSOR)
    asked = {"language": "python", "count_tokens": count_words, **options}
    text = marked.replace(CURSOR, "", 1)
    return asyncio.run(
        manager.for_completion(path=Path(path), text=text, offset=offset, budget=budget, **asked)
    )


def shown(manager, marked: str, path: str = "main.py") -> str:
    return "".join(context(manager, marked, path).blocks)


def paths(manager, marked: str, path: str = "main.py") -> set[str]:
    return {snippet.path for snippet in context(manager, marked, path).snippets}


def test_a_definition_that_is_used_is_shown_with_its_reason(manager, write) -> None:
    write({"shapes.py": SHAPES})
    found = context(manager, "from shapes import draw\n\ndef f():\n    draw(|)\n")
    (draw,) = (snippet for snippet in found.snippets if snippet.symbol == "draw")
    assert (draw.path, draw.start_line, draw.end_line) == ("shapes.py", 25, 26)
    assert draw.reason is Why.USED_NEAR
    assert draw.text == (
        'def draw(canvas: Canvas, *points: Point, colour="é") -> None:\n'
        '    """Draw points on a canvas."""\n'
        "    ..."
    )
    assert "".join(found.blocks).startswith("shapes.py\n")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("def f(p: shapes.Point):\n    p.|", "def moved(self, dx: float, dy: float)"),
        ("def f():\n    p = shapes.Point(1)\n    p.|", "def moved(self, dx: float, dy: float)"),
        ("def f(c: shapes.Canvas):\n    c.centre.|", "def moved(self, dx: float, dy: float)"),
        ("def f(c: shapes.Canvas):\n    c.origin.|", "def moved(self, dx: float, dy: float)"),
        ("def f():\n    shapes.|", "def draw(canvas: Canvas"),
        ("class Own(shapes.Point):\n    def f(self):\n        |", "def moved(self, dx: float, dy: float)"),
        (
            "class Own(shapes.Point):\n    def f(self):\n        self.|",
            "def moved(self, dx: float, dy: float)",
        ),
        ("class Own(shapes.Point):\n    def f(self):\n        self.|", "def _secret(self)"),
    ],
)
def test_what_may_be_written_next_is_shown(manager, write, body: str, line: str) -> None:
    write({"shapes.py": SHAPES})
    assert line in shown(manager, f"import shapes\n\n{body}\n")


def test_what_is_imported_and_not_used_yet_is_shown(manager, write) -> None:
    write({"shapes.py": SHAPES, "pkg/__init__.py": "", "pkg/core.py": SHAPES})
    found = context(manager, "from shapes import draw\n\ndef f():\n    |\n")
    assert ("draw", Why.NOT_USED_YET) in {(snippet.symbol, snippet.reason) for snippet in found.snippets}
    assert "def moved(self" in shown(manager, "from shapes import Point\n\ndef f():\n    |\n")
    assert context(manager, "from .core import draw\n|\n", "pkg/__init__.py").snippets == ()


@pytest.mark.parametrize("word", ["", "d", "dra", "draw", "PI", "é", "if", "1"])
def test_the_word_at_the_cursor_has_no_influence(manager, write, word: str) -> None:
    write({"shapes.py": SHAPES})
    before = "from shapes import Point, draw, PI\n\n# 😀\ndef f(p: Point):\n    x = PI\n    return "
    after = "\n\ndraw(1)\n"
    expected = context(manager, f"{before}{CURSOR}{after}")
    assert {snippet.symbol for snippet in expected.snippets} >= {"PI", "Point", "draw"}
    assert context(manager, f"{before}{word}{CURSOR}{after}") == expected
    assert context(manager, f"{before}{word[:1]}{CURSOR}{word[1:]}{after}") == expected


def test_what_is_shown_is_valid_python(manager, write) -> None:
    write({"shapes.py": SHAPES})
    found = context(manager, "from shapes import *\n\ndef f(c: Canvas, p: Point):\n    draw(c, p, PI, |)\n")
    assert len(found.snippets) >= 3
    for snippet in found.snippets:
        ast.parse(snippet.text)


def test_changes_on_disk_are_seen(manager, write, tmp_path: Path) -> None:
    write({"shapes.py": "def draw(a): ...\n"})
    marked = "from shapes import draw\n\ndef f():\n    draw(|)\n"
    assert "def draw(a): ..." in shown(manager, marked)
    write({"shapes.py": "def draw(a, b): ...\n"})
    assert "def draw(a, b): ..." in shown(manager, marked + "\n")
    (tmp_path / "shapes.py").unlink()
    assert shown(manager, marked) == ""


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
def test_weird_files_count_as_absent(manager, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shapes.py").write_bytes(content)
    assert shown(manager, "from shapes import draw\n\ndef f():\n    draw(|)\n") == ""


def test_ignored_files_secrets_and_the_own_file_are_never_shown(manager, write) -> None:
    write(
        {
            ".gitignore": "hidden.py\nbuild/\n",
            "hidden.py": SHAPES,
            "build/made.py": SHAPES,
            ".env.py": SHAPES,
            "seen.py": SHAPES,
            "main.py": SHAPES,
        }
    )
    marked = (
        "import hidden, build.made, seen, main\n\n"
        "def draw(): ...\n\ndef f(p: hidden.Point, q: build.made.Point, r: main.Point):\n"
        "    hidden.draw(), build.made.draw(), main.draw(), seen.draw(|)\n"
    )
    assert paths(manager, marked) == {"seen.py"}


def test_links_out_of_the_workspace_are_not_followed(manager, tmp_path, tmp_path_factory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.py").write_text("def draw(): ...\n")
    (tmp_path / "secret.py").symlink_to(outside / "secret.py")
    (tmp_path / "folder").symlink_to(outside)
    marked = "import secret, folder.secret\n\ndef f():\n    secret.draw(folder.secret.draw(|))\n"
    assert shown(manager, marked) == ""


def test_one_file_is_shown_once_through_links(manager, write, tmp_path: Path) -> None:
    write({"real/__init__.py": "", "real/shapes.py": SHAPES, "pkg/__init__.py": ""})
    (tmp_path / "pkg" / "linked").symlink_to("../real")
    imports = "from pkg.linked import shapes as a\nfrom real import shapes as b\n"
    marked = f"{imports}\ndef f():\n    a.draw(b.draw(|))\n"
    found = context(manager, marked).snippets
    assert {snippet.path for snippet in found} == {"real/shapes.py"}
    assert [snippet.symbol for snippet in found].count("draw") == 1
    own = "from real.shapes import draw\n\ndef f():\n    draw(|)\n"
    assert shown(manager, own, "pkg/linked/shapes.py") == ""


@pytest.mark.parametrize(
    "text", ["\ud800 = |1\n", "|", "\0|\0", "def f(:\n  |", "x = '\n|", "from . import |", "import |"]
)
def test_weird_documents_do_not_raise(manager, text: str) -> None:
    assert context(manager, text) == Context()


def test_no_workspace_or_unknown_language_gives_nothing(tmp_path: Path) -> None:
    for root, language in ((None, "python"), (tmp_path, "cobol"), (tmp_path / "missing", "python")):
        manager = ContextManager(root)
        assert context(manager, "import b\nb.c|", language=language) == Context()
        manager.close()


def test_the_best_that_fit_are_kept_in_stable_order(manager, write) -> None:
    write({"z.py": "def near(): ...\n", "a.py": f"def far({', '.join('abcdefgh')}): ...\nONE = 1\n"})
    marked = "from z import near\nfrom a import far, ONE\n\ndef f():\n    near()\n    |\n\nfar(ONE)\n"
    everything = context(manager, marked)
    assert [snippet.symbol for snippet in everything.snippets] == ["far", "ONE", "near"]
    assert everything.tokens == sum(len(block.split()) for block in everything.blocks)
    little = context(manager, marked, budget=everything.tokens - 1)
    assert "near" in [snippet.symbol for snippet in little.snippets]
    assert [dropped.why for dropped in little.dropped] == [Dropped.OVER_BUDGET]
    assert context(manager, marked, budget=0).snippets == ()


def test_what_counting_raises_is_passed_on(manager, write) -> None:
    write({"shapes.py": SHAPES})

    def count_tokens(texts: Sequence[str]) -> Awaitable[Sequence[int]]:
        raise LookupError(texts)

    with pytest.raises(LookupError):
        context(manager, "from shapes import draw\n\ndef f():\n    draw(|)\n", count_tokens=count_tokens)


def test_paths_are_relative_to_the_workspace(manager, write, tmp_path: Path) -> None:
    write({"src/pkg/__init__.py": "", "src/pkg/core.py": "def run(): ...\n"})
    marked = "from pkg.core import run\n\ndef f():\n    run(|)\n"
    assert paths(manager, marked, os.fspath(tmp_path / "tests" / "test_core.py")) == {"src/pkg/core.py"}


def test_a_line_is_read_again_when_it_names_something_else(manager, write) -> None:
    write({"shapes.py": "def draw(a): ...\n", "sounds.py": "def play(b): ...\n"})
    head = "import shapes, sounds\n\ndef main():\n    "
    assert "def draw(a): ..." in shown(manager, head + "x = shapes.|\n")
    assert "def draw(a): ..." in shown(manager, head + "x = shapes.dr|\n")
    assert "def play(b): ..." in shown(manager, head + "x = sounds.|\n")


SCRIPT = """\
import asyncio, sys
from pathlib import Path
from codenook.context.manager import ContextManager

async def count(texts):
    return [len(text) // 4 for text in texts]

async def main():
    manager = ContextManager(Path(sys.argv[1]))
    text = "from shapes import *\\n\\ndef f(c: Canvas, p: Point):\\n    c.centre.moved(draw(PI, ))\\n"
    at = {"path": Path("main.py"), "text": text, "offset": len(text) - 3, "language": "python"}
    for budget in (20, 60, 500):
        context = await manager.for_completion(**at, budget=budget, count_tokens=count)
        print(context.blocks)
    manager.close()

asyncio.run(main())
"""


def test_the_order_does_not_depend_on_hashes(write, tmp_path: Path) -> None:
    write({"shapes.py": SHAPES})
    printed = {
        subprocess.run(
            [sys.executable, "-P", "-c", SCRIPT, tmp_path],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    (blocks,) = printed
    assert "def draw" in blocks
