"""The benchmark of unit tests: what it draws, and what it counts."""

import asyncio
from types import SimpleNamespace

import pytest
from making import make
from python_projects import environment as make_environment
from solutions import Caught
from tested_packages import PackagesMissing, drawn, environment, installed, untested

from codenook.server.config import Settings
from codenook.server.sandbox.run import why_not

SHOP = '''\
from abc import abstractmethod
from typing import overload


@overload
def price(of: int) -> int: ...
def price(of):
    """What it costs."""
    if of > 10:
        return of * 9
    return of * 10


def short(a):
    return a


def _private(a):
    b = a
    return b


class Cart:
    @abstractmethod
    def total(self):
        count = 1
        return count

    def empty(self):
        raise NotImplementedError(
            "not yet"
        )

    def add(self, one):
        def inner():
            pass

        return inner
'''


@pytest.fixture
def package(tmp_path):
    root = tmp_path / "shop-1"
    (root / "shop").mkdir(parents=True)
    (root / "shop" / "__init__.py").write_text(SHOP)
    (root / "tests").mkdir()
    (root / "tests" / "test_shop.py").write_text("def test_nothing():\n    pass\n")
    return SimpleNamespace(name="shop", language="python", holes_in="shop"), root


def test_functions_are_drawn_that_have_something_to_run(package):
    found = drawn([package], 10)
    assert sorted(each.definition.symbol for each in found) == ["Cart.add", "price"]
    assert drawn([package], 1) == drawn([package], 1)


def test_functions_of_javascript_are_drawn_that_a_file_exports(tmp_path):
    (tmp_path / "a.js").write_text(
        "function own(a) {\n  return a;\n}\nfunction out(a) {\n  return a;\n}\nmodule.exports = out;\n"
    )
    package = SimpleNamespace(name="a", language="javascript", holes_in=".")
    assert [each.definition.symbol for each in drawn([(package, tmp_path)], 5)] == ["out"]


def test_a_packages_own_tests_come_back(package):
    _, root = package

    def stopped():
        with untested([root]):
            assert not (root / "tests").exists()
            raise ValueError("stopped")

    with pytest.raises(ValueError, match="stopped"):
        stopped()
    assert (root / "tests" / "test_shop.py").exists()


def test_without_an_environment_it_says_how_to_make_one(package):
    _, root = package
    with pytest.raises(PackagesMissing, match="--fetch"):
        installed(root, fetching=False)


def test_tests_are_noticed_by_what_fails():
    caught = Caught(asked=3)
    caught.add(passes_right=True, passes_wrong=False)
    caught.add(passes_right=True, passes_wrong=True)
    caught.add(passes_right=False, passes_wrong=False)
    assert (caught.with_tests, caught.right, caught.caught) == (3, 2, 1)


def test_a_function_gets_tests_that_pass_outside_and_leave_no_file(package, tmp_path):
    if why := asyncio.run(why_not()):
        pytest.skip(why)
    _, root = package
    make_environment(root)
    assert environment(root).exists()
    price = [each for each in drawn([package], 10) if each.definition.symbol == "price"]
    told = []
    made = asyncio.run(make(Settings(), price, told.append, with_model=False))
    assert [each.passed_outside for each in made.asked] == [True]
    assert made.asked == told
    assert made.killed >= 3
    assert sum(made.origins.values()) == len(made.asked[0].result.kept)
    assert not (root / "tests" / "test_price.py").exists()
    assert [path.name for path in (root / "tests").iterdir()] == ["test_shop.py"]
