"""Which of the project's tests are run: those that name the target, whichever way they do."""

from types import ModuleType, SimpleNamespace
from unittest import mock

import pytest
from python_projects import environment, put, target_in

from codenook.server.sandbox.run import why_not
from codenook.server.unit_tests.existing import existing_tests
from codenook.server.unit_tests.frameworks.inside.codenook_inside.choice import counts
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.runs import Runs

TESTS = """\
import functools
from unittest import mock

from hypothesis import given, strategies


def slugify(text):
    return text


s = slugify
slugify_not = other = str.lower


def helper(text):
    return deeper(text)


def deeper(text):
    return slugify(text)


def again(text):
    return again(text)


def with_slug(function):
    @functools.wraps(function)
    def inner():
        function(slugify("a"))
    return inner


def test_direct(): assert slugify("a") == "a"
def test_alias(): assert s("a") == "a"
def test_helper(): assert helper("a") == "a"
@mock.patch("os.getcwd")
def test_patched(getcwd): assert slugify("a") == "a"
@mock.patch("os.getcwd")
def test_patched_helper(getcwd): assert helper("a") == "a"
@given(strategies.text())
def test_given(text): assert slugify(text) == text
@given(strategies.text())
@mock.patch("os.getcwd")
def test_given_patched(getcwd, text): assert helper(text) == text
@with_slug
def test_decorated(slug): assert slug == "a"
def test_inside(): assert [slugify(each) for each in "a"] == ["a"]

def test_slugify_by_name(): assert other("a") == "a"
def test_other(): assert other("a") == "a"
def test_again(): assert again is not None
def test_similar(): assert slugify_not("a") == "a"
@mock.patch("os.getcwd")
def test_other_patched(getcwd): assert other("a") == "a"
@given(strategies.text())
def test_other_given(text): assert other(text)


class Cases:
    def check(self): slugify("a")
    def test_of_class(self): self.check()
    def test_alone(self): pass


class Ready(Cases):
    def setUp(self): self.slug = helper("a")
"""
NAMED = {
    "direct",
    "alias",
    "helper",
    "patched",
    "patched_helper",
    "given",
    "given_patched",
    "decorated",
    "inside",
}


@pytest.fixture(scope="module")
def module():
    found = ModuleType("tests_of_slugs")
    exec(compile(TESTS, "tests_of_slugs.py", "exec"), vars(found))  # noqa: S102 - the text above
    return found


def job(*about, without=()):
    return SimpleNamespace(about=list(about), without=frozenset(without))


def test_tests_count_that_name_the_target_whichever_way(module):
    names = [name for name in vars(module) if name.startswith("test_")]
    counted = {name for name in names if counts(job("slugify"), f"t.py::{name}", vars(module)[name])}
    assert counted == {*(f"test_{name}" for name in NAMED), "test_slugify_by_name"}


def test_the_class_of_a_test_counts(module):
    def counted(owner, name):
        return counts(job("slugify"), f"t.py::{owner.__name__}::{name}", getattr(owner, name), owner=owner)

    assert counted(module.Cases, "test_of_class")
    assert not counted(module.Cases, "test_alone")
    assert counted(module.Ready, "test_alone")


def test_the_fixtures_of_a_test_count(module):
    def counted(*fixtures):
        return counts(job("slugify"), "t.py::test_other", module.test_other, fixtures=fixtures)

    assert counted(module.other, module.helper)
    assert not counted(module.again, None, 1)


def test_odd_values_that_tests_are_called_with_are_nothing(module):
    class Odd:
        __hash__ = None

        def __getattr__(self, name):
            raise RuntimeError("no context")

    class Named:
        __name__ = 5

    def counted(*values):
        return counts(job("slugify"), "t.py::test_other", module.test_other, values=values)

    assert not counted(Odd(), Named(), mock.call, mock.MagicMock(), {}, None)
    assert counted(Odd(), module.slugify)


def test_odd_things_that_tests_name_are_nothing(module):
    class Odd:
        def __getattr__(self, name):
            raise RuntimeError("no context")

    odd = ModuleType("odd")
    odd.__name__, odd.current, odd.called = 5, Odd(), mock.MagicMock()
    exec("def test_it(): return current, called, missing", vars(odd))  # noqa: S102
    assert not counts(job("slugify"), "t.py::test_it", odd.test_it)


def test_what_fails_or_has_no_code_of_its_own(module):
    assert not counts(job(without={"t.py::test_a"}), "t.py::test_a[1]", module.test_direct)
    assert counts(job("slugify"), "t.md::t.md", None)
    assert counts(job(), "t.py::test_other", module.test_other)


SLUGS = {"shop/__init__.py": "", "shop/slugs.py": "def slugify(text):\n    return text.lower()\n"}
OF_PYTEST = (
    "from shop.slugs import slugify as s\n\n\ndef test_alias():\n    assert s('A') == 'a'\n\n\n"
    "def test_fixture(slug):\n    assert slug == 'a'\n\n\ndef test_other(tmp_path):\n    assert tmp_path\n"
)
OF_UNITTEST = (
    "import unittest\nfrom shop.slugs import slugify as s\n\n\nclass TestIt(unittest.TestCase):\n"
    "    def setUp(self):\n        self.slug = s('A')\n\n"
    "    def test_set_up(self):\n        self.assertEqual(self.slug, 'a')\n\n\n"
    "class TestOther(unittest.TestCase):\n    def test_other(self):\n        self.assertEqual(1, 1)\n"
)
FIXTURE = (
    "import pytest\nfrom shop.slugs import slugify\n\n\n"
    "@pytest.fixture\ndef slug():\n    return slugify('A')\n"
)
RUN = {
    "pytest": (
        {"tests/test_slugs.py": OF_PYTEST, "tests/conftest.py": FIXTURE},
        {"test_alias", "test_fixture"},
    ),
    "unittest": ({"tests/test_slugs.py": OF_UNITTEST}, {"test_set_up"}),
}


@pytest.mark.parametrize("runner", RUN)
async def test_fixtures_and_what_is_set_up_are_found_by_runners(tmp_path, runner):
    if why := await why_not():
        pytest.skip(why)
    files, passed = RUN[runner]
    put(tmp_path, SLUGS | files)
    environment(tmp_path)
    target = target_in(tmp_path, "shop/slugs.py", "slugify")
    runs = Runs(PARTS.project_of(target, {}, ""), target)
    assert runs.project.framework.name == runner
    existing = await existing_tests(runs)
    assert {name.rpartition("::")[2] for name in existing.passed} == passed
    told = "tests of the project that were not run, as they name nothing of the target: 1"
    assert existing.notes == (told,)
