import ast
from pathlib import Path

import pytest
from attrs import evolve
from shops import project, target, workspace

from codenook.context.manager import ContextManager
from codenook.server.unit_tests.case import Call, Check, Kind, Observed, Origin, Test
from codenook.server.unit_tests.frameworks.framework import Fixture
from codenook.server.unit_tests.kits.python.inside import script as script_module
from codenook.server.unit_tests.kits.python.kit import PythonKit

SHOP = """
import random
import time
from dataclasses import dataclass, field
from enum import Enum


class Size(Enum):
    SMALL = 1
    LARGE = 2


@dataclass
class Item:
    name: str
    price: float = 1.5
    size: Size = Size.SMALL


class Cart:
    def __init__(self, items: list[Item] | None = None):
        self.items = list(items or [])
        self.closed = False

    def add(self, item: Item) -> None:
        if self.closed:
            raise RuntimeError("the cart is closed")
        self.items.append(item)

    @property
    def total(self) -> float:
        return sum(item.price for item in self.items)

    def __len__(self):
        return len(self.items)


def slugify(text: str, sep: str = "-") -> str:
    if text == "magic":
        return "found"
    return sep.join(text.lower().split())


def clamp(value, low=0, high=10):
    if low > high:
        raise ValueError(f"low {low} is above high {high}")
    return max(low, min(value, high))


def upgraded(item: Item) -> Item:
    return Item(item.name, item.price * 2, Size.LARGE)


def empty(items: list[int]) -> None:
    items.clear()


def numbers(n: int):
    for i in range(n):
        yield i * i


async def later(n: int) -> int:
    return n + 1


def doubled(n: int) -> int:
    '''Twice the number.

    >>> doubled(4)
    8
    >>> doubled(5)
    11
    '''
    return n * 2


def thrown() -> int:
    return random.randrange(1)


def now() -> float:
    return time.time()


def day(form: str) -> str:
    return time.strftime(form)


def date() -> tuple[str, str]:
    return time.ctime()[-4:], time.asctime()[-4:]


def hour(seconds: float) -> str:
    return time.ctime(seconds)


def shuffled(words: set[str]) -> list[str]:
    return list(words)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return workspace(tmp_path_factory.mktemp("shop"), {"shop.py": SHOP})


async def calls(root: Path, symbol: str) -> list[Call]:
    known = ContextManager(root)
    found = await PythonKit().calls(target(root, symbol), project(root), known)
    known.close()
    return list(found)


async def made(root: Path, symbol: str) -> list[Test]:
    kit, of = PythonKit(), target(root, symbol)
    return list(kit.tests(of, await kit.observed(of, project(root), await calls(root, symbol))))


async def observed(root: Path, symbol: str, *arguments: str) -> list[Observed]:
    asked = [Call(text, Origin.MODEL) for text in arguments]
    return list(await PythonKit().observed(target(root, symbol), project(root), asked))


async def test_the_first_test_is_of_a_usual_text_and_one_is_steered_by_a_constant(root):
    tests = await made(root, "slugify")

    assert Check(Kind.EQUAL, "slugify('magic')", "'found'") in [test.checks[0] for test in tests]
    assert Check(Kind.EQUAL, "slugify('')", "''") in [test.checks[0] for test in tests]
    assert len({test.name for test in tests}) == len(tests)
    assert list(map(str, await calls(root, "slugify"))) == list(map(str, await calls(root, "slugify")))


async def test_without_annotations_the_body_tells(root):
    checks = [test.checks[0] for test in await made(root, "clamp")]

    assert any(check.kind is Kind.RAISES and check.expected == "ValueError" for check in checks)
    assert not any(check.expected == "TypeError" for check in checks)
    assert Check(Kind.EQUAL, "clamp(100)", "10") in checks


async def test_objects_are_made_and_written_with_their_fields(root):
    tests = await made(root, "upgraded")

    first = tests[0]
    assert first.checks[0].expected == "Item(name='Hello World', price=3.0, size=Size.LARGE)"
    assert set(first.imports) == {"from shop import Item", "from shop import Size"}


async def test_what_a_call_changes_is_checked(root):
    tests = await made(root, "empty")

    cleared = next(test for test in tests if test.statements[0] == "items = [3, 0, 1]")
    assert cleared.statements[1] == "empty(items)"
    assert cleared.checks == (Check(Kind.EQUAL, "items", "[]"),)


async def test_a_method_changes_its_object(root):
    tests = await made(root, "Cart.add")

    assert any("cart.add(" in test.statements[-1] and test.checks[0].actual == "cart.items" for test in tests)


async def test_a_property_is_read(root):
    checks = [test.checks[0] for test in await made(root, "Cart.total")]

    assert Check(Kind.EQUAL, "Cart().total", "0") in checks


@pytest.mark.parametrize(
    ("symbol", "actual", "expected"),
    [("numbers", "list(numbers(3))", "[0, 1, 4]"), ("later", "asyncio.run(later(3))", "4")],
)
async def test_generators_and_coroutines_are_run(root, symbol, actual, expected):
    checks = [test.checks[0] for test in await made(root, symbol)]

    assert Check(Kind.EQUAL, actual, expected) in checks


@pytest.mark.parametrize(
    ("symbol", "arguments"),
    [
        ("now", ""),
        ("day", "'%Y'"),
        ("date", ""),
        ("hour", "0"),
        ("thrown", ""),
        ("shuffled", '{"a", "b", "c", "d", "e", "f"}'),
    ],
)
async def test_what_is_not_the_same_twice_is_no_test(root, symbol, arguments):
    (found,) = await observed(root, symbol, arguments)

    assert found.checks == ()
    assert found.problem in {"what came of it isn't the same twice", "it draws random numbers"}


async def test_nonsense_is_a_problem(root):
    found = await observed(root, "slugify", "(", "nobody", "1", '"a b"')

    assert [bool(each.problem) for each in found] == [True, True, True, False]


def test_the_modules_of_the_script_share_no_names():
    names = [
        node.name
        for node in ast.parse(script_module.script()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]

    assert {"relay", "main"} < set(names)
    assert len(names) == len(set(names))


def test_the_script_is_python_3_8():
    ast.parse(script_module.script(), feature_version=(3, 8))


async def test_what_a_doctest_says_is_reasoned_when_it_is_so(root):
    tests = await made(root, "doubled")

    reasoned = {test.checks[0].actual: test.is_reasoned for test in tests if test.origin is Origin.DOCTEST}
    assert reasoned == {"doubled(4)": True, "doubled(5)": False}


async def test_hypothesis_draws_where_the_project_has_it(root):
    of, known = target(root, "doubled"), ContextManager(root)
    kit, without = PythonKit(), project(root)

    drawn = await kit.calls(of, project(root, has=frozenset({"hypothesis"})), known)
    others = await kit.calls(of, without, known)

    known.close()
    assert {call.origin for call in drawn} >= {Origin.PROPERTIES, Origin.TYPES, Origin.DOCTEST}
    assert Origin.PROPERTIES not in {call.origin for call in others}
    assert all(call.arguments.lstrip("-").isdigit() for call in drawn if call.origin is Origin.PROPERTIES)


async def test_of_a_class_the_methods_are_called(root):
    tests = await made(root, "Cart")

    statements = {statement.partition("(")[0] for test in tests for statement in test.statements}
    assert {"cart = Cart", "cart.add", "result = Cart"} <= statements
    assert any(check.actual == "result.closed" for test in tests for check in test.checks)


async def test_a_fixture_gives_the_object(tmp_path):
    fixture = "import pytest\nfrom shop import Cart\n\n@pytest.fixture\ndef full():\n    return Cart(['x'])\n"
    workspace(tmp_path, {"shop.py": SHOP, "conftest.py": fixture})
    of, place = target(tmp_path, "Cart.total"), project(tmp_path, fixtures=(Fixture("full"),))
    call = Call("", Origin.TYPES, "full", fixtures=("full",))
    item = evolve(call, arguments="Item('a')", imports=("from shop import Item",))

    failing, unknown = await PythonKit().observed(of, place, [call, evolve(call, fixtures=("other",))])
    (added,) = await PythonKit().observed(target(tmp_path, "Cart.add"), place, [item])

    assert failing.problem.startswith("it only says that an argument makes no sense")
    assert unknown.problem == "what the call needs isn't known"
    assert added.call.fixtures == ("full",)
    assert added.call.setup == ("full.add(Item('a'))",)
    assert added.checks[0].actual == "full.items"
