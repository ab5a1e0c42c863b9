"""Context for a definition or a change: who reads it, what it reads, what makes its objects, its tests."""

import asyncio
from pathlib import Path

import pytest

from codenook.context.git.hunks import Hunk
from codenook.context.index import store
from codenook.context.manager import ContextManager
from codenook.context.tasks import Task
from codenook.context.usage import is_test

FILES = {
    "pkg/__init__.py": "",
    "pkg/shapes.py": """\
from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


class Base:
    def area(self) -> int: ...


class Square(Base):
    def __init__(self, corner: Point, side: int) -> None:
        self.corner = corner
        self.side = side

    def area(self) -> int:
        return scaled(self.side)

    def moved(self, to: Point) -> "Square":
        return Square(to, self.side)


def scaled(n: int) -> int:
    return n
""",
    "pkg/use.py": """\
from pkg.shapes import Square


def total(square: Square) -> int:
    return square.area()


def elsewhere(thing):
    return thing.area()
""",
    "tests/conftest.py": """\
import pytest
from pkg.shapes import Point, Square


@pytest.fixture
def square():
    return Square(Point(1, 2), 3)


@pytest.fixture
def unused():
    return None
""",
    "tests/test_shapes.py": """\
from pkg.shapes import Point, Square


def test_area(square):
    assert Square(Point(0, 0), 2).area() == square.area()


def test_nothing():
    assert True
""",
}
SHAPES = "pkg/shapes.py"


@pytest.fixture
def root(tmp_path, tmp_path_factory, monkeypatch):
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(tmp_path_factory.mktemp("cache")))
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def manager(root):
    manager = ContextManager(root)
    assert manager.build()
    yield manager
    manager.close()


async def count_words(texts):
    return [len(text.split()) for text in texts]


async def found(manager, root, symbol, task, text=None):
    """Return what is shown for a definition of shapes.py, as (file, symbol, reason)."""
    context = await manager.for_definition(
        path=root / SHAPES,
        text=FILES[SHAPES] if text is None else text,
        language="python",
        symbol=symbol,
        task=task,
        budget=1_000,
        count_tokens=count_words,
    )
    return shown(context)


async def reviewed(manager, root, name, first, last, *, texts=None):
    context = await manager.for_changes(
        hunks=[Hunk(root / name, first, last)], texts=texts or {}, budget=1_000, count_tokens=count_words
    )
    return shown(context)


def shown(context):
    return {(Path(s.path).name, s.symbol, s.reason.value) for s in context.snippets}


async def test_a_comment_is_written_from_who_calls_and_what_is_called(manager, root):
    assert await found(manager, root, "Square.area", Task.COMMENT) == {
        ("shapes.py", "scaled", "callee"),
        ("shapes.py", "Square", "callee"),  # of which the field is shown
        ("shapes.py", "Base", "base_class"),
        ("use.py", "total", "caller"),
    }


async def test_unit_tests_are_written_from_constructors_tests_and_their_fixtures(manager, root):
    text = FILES[SHAPES]
    context = await manager.for_definition(
        path=root / SHAPES,
        text=text,
        language="python",
        symbol="Square.area",
        task=Task.UNIT_TESTS,
        budget=1_000,
        count_tokens=count_words,
    )
    assert {("conftest.py", "square", "test"), ("test_shapes.py", "test_area", "test")} <= shown(context)
    assert {"unused", "test_nothing"}.isdisjoint(snippet.symbol for snippet in context.snippets)
    (square,) = [snippet for snippet in context.snippets if snippet.symbol == "Square"]
    assert "def __init__(self, corner: Point, side: int)" in square.text


async def told(manager, root, symbol, task, budget):
    """Return the texts shown for a definition of shapes.py, by symbol."""
    context = await manager.for_definition(
        path=root / SHAPES,
        text=FILES[SHAPES],
        language="python",
        symbol=symbol,
        task=task,
        budget=budget,
        count_tokens=count_words,
    )
    return {snippet.symbol: snippet.text for snippet in context.snippets}


LONG_CALLER = """\
from pkg.shapes import Square


def report(square: Square, names: list[str]) -> None:
    for name in names:
        print(name)
        print(name.upper())
        print(name.lower())
        print(name.title())
        print(name.casefold())
        print(name.swapcase())
    print(square.moved(None))
"""


async def test_a_caller_is_shown_by_its_call_and_whole_where_there_is_room(manager, root):
    (root / "pkg" / "report.py").write_text(LONG_CALLER, encoding="utf-8")
    assert manager.build()
    signature = "def report(square: Square, names: list[str]) -> None:"
    call = "    print(square.moved(None))"
    assert (await told(manager, root, "Square.moved", Task.COMMENT, 40))["report"].split("\n") == [
        signature,
        "    # ...",
        call,
    ]
    whole = (await told(manager, root, "Square.moved", Task.COMMENT, 1_000))["report"]
    assert f"{whole}\n" == LONG_CALLER.partition("\n\n\n")[2]


async def test_a_test_is_shown_with_its_body_and_what_it_is_given_too(manager, root):
    texts = await told(manager, root, "Square.area", Task.UNIT_TESTS, 1_000)
    assert texts["test_area"].endswith("assert Square(Point(0, 0), 2).area() == square.area()")
    assert texts["square"] == "@pytest.fixture\ndef square():\n    return Square(Point(1, 2), 3)"


async def test_types_inside_of_others_are_shown_to_who_writes_tests(manager, root):
    text = FILES[SHAPES].replace("def scaled(n: int)", "def scaled(n: dict[str, list[Point]] | None = None)")
    context = await manager.for_definition(
        path=root / SHAPES,
        text=text,
        language="python",
        symbol="scaled",
        task=Task.UNIT_TESTS,
        budget=1_000,
        count_tokens=count_words,
    )
    assert ("shapes.py", "Point", "type_in_scope") in shown(context)


async def test_a_body_that_the_disk_does_not_have_is_not_made_up(manager, root):
    open_tests = "\n\n\n" + FILES["tests/conftest.py"].replace("def square", "def shape")
    await manager.warm(path=root / "tests/conftest.py", text=open_tests, language="python")
    texts = await told(manager, root, "Square.area", Task.UNIT_TESTS, 1_000)
    assert "square" not in texts
    assert texts["test_area"].endswith("square.area()")


async def test_where_nothing_is_tested_yet_its_modules_tests_show_the_manner(manager, root):
    tests = {s for s in await found(manager, root, "scaled", Task.UNIT_TESTS) if s[2] == "test"}
    assert ("test_shapes.py", "test_area", "test") in tests


async def test_a_translation_needs_what_the_definition_depends_on(manager, root):
    names = {symbol for _, symbol, _ in await found(manager, root, "Square.moved", Task.TRANSLATION)}
    assert {"Point", "Square"} <= names
    assert names.isdisjoint({"total", "test_area"})


async def test_a_review_sees_who_uses_what_changed_and_its_tests(manager, root):
    line = FILES[SHAPES].splitlines().index("        return scaled(self.side)") + 1
    seen = await reviewed(manager, root, SHAPES, line, line)
    assert {
        ("use.py", "total", "caller"),
        ("test_shapes.py", "test_area", "test"),
        ("shapes.py", "scaled", "callee"),
    } <= seen
    assert not any(symbol == "elsewhere" for _, symbol, _ in seen)


async def test_removed_lines_count_where_they_stood(manager, root):
    line = FILES[SHAPES].splitlines().index("        return scaled(self.side)") + 1
    assert ("use.py", "total", "caller") in await reviewed(manager, root, SHAPES, line, line - 1)


async def test_a_review_takes_the_text_of_open_documents(manager, root):
    text = FILES[SHAPES].replace("def scaled", "# a new line\ndef scaled")
    await manager.warm(path=root / SHAPES, text=text, language="python")
    last = text.splitlines().index("    return n") + 1
    assert ("shapes.py", "Square.area", "caller") in await reviewed(
        manager, root, SHAPES, last, last, texts={root / SHAPES: text}
    )


async def test_without_an_index_callers_are_those_of_the_folder(root):
    manager = ContextManager(root)
    seen = await found(manager, root, "Square.area", Task.COMMENT)
    manager.close()
    assert ("use.py", "total", "caller") in seen


async def test_callers_of_a_method_in_go_are_found(root):
    (root / "go").mkdir()
    (root / "go/disc.go").write_text("package disc\ntype Disc struct{}\nfunc (d Disc) Spin() {}\n")
    (root / "go/use.go").write_text("package disc\nfunc play(d Disc) { d.Spin() }\nfunc stop(d Disc) {}\n")
    manager = ContextManager(root)
    assert manager.build()
    assert ("use.go", "play", "caller") in await reviewed(manager, root, "go/disc.go", 3, 3)
    manager.close()


async def test_what_is_not_there_has_no_context(manager, root):
    assert await found(manager, root, "Square.nothing", Task.COMMENT) == set()
    assert await reviewed(manager, root, "pkg/none.py", 1, 1) == set()
    assert await manager.definition_at(path=root / SHAPES, text="x\n", language="cobol", line=1) is None


async def test_the_innermost_definition_of_a_line(manager, root):
    for line, symbol in ((1, None), (6, "Point.x"), (14, "Square"), (19, "Square.area")):
        found = await manager.definition_at(
            path=root / SHAPES, text=FILES[SHAPES], language="python", line=line
        )
        assert (found.symbol if found else None) == symbol


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_shapes.py", True),
        ("shapes_test.go", True),
        ("shapes.test.ts", True),
        ("ShapesTest.java", True),
        ("tests/conftest.py", True),
        ("contest.py", False),
        ("latest.py", False),
        ("pkg/shapes.py", False),
    ],
)
def test_tests_are_known_by_their_names(path, expected):
    assert is_test(path) is expected


async def test_questions_are_answered_while_the_index_is_built(root, manager):
    """The build writes on another thread than the one that asks; every answer is whole."""
    for number in range(300):
        (root / f"pkg/m{number}.py").write_text(f"def f{number}(): ...\n", encoding="utf-8")
    main = "from pkg.shapes import Square\nfrom pkg.m299 import f299\n\n\ndef f():\n    "
    building = asyncio.ensure_future(manager.keep(watch=False))
    answers = []
    while not building.done():
        context = await manager.for_completion(
            path=root / f"main{len(answers)}.py",
            text=main,
            offset=len(main),
            language="python",
            budget=1_000,
            count_tokens=count_words,
        )
        answers.append({snippet.symbol for snippet in context.snippets})
        assert ("use.py", "total", "caller") in await found(manager, root, "Square.area", Task.COMMENT)
    assert await building
    assert manager.index.totals().files == len(FILES) + 300
    assert answers
    assert all({"Square", "f299"} <= answer for answer in answers)
