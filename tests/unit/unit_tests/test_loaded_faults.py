"""A fault in a file that is loaded already: functions get other code, or it has to be loaded anew."""

import importlib.util

import pytest

from codenook.server.unit_tests.frameworks.inside.codenook_inside.faults import LoadedFile

SOURCE = """\
import functools

LIMIT = 3


def twice(function):
    @functools.wraps(function)
    def inner(*values):
        return function(*values) + function(*values)
    return inner


@twice
def add(one, other=1):
    return one + other


class Cart:
    size = 2

    def total(self):
        return sum(each * 2 for each in range(self.size))

    @staticmethod
    def empty():
        return []


def adder(n):
    def add_n(value):
        return value + n
    return add_n


plus_two = adder(2)
"""
TOLD = {
    "the body of a function with a decorator": ("one + other", "one - other", "add(3, 1)", 4),
    "a method": ("each * 2", "each * 3", "Cart().total()", 3),
    "a static method": ("return []", "return [1]", "Cart.empty()", [1]),
    "what a decorator made": ("+ function", "- function", "add(3, 1)", 0),
    "a function inside of another, made later": ("value + n", "value - n", "adder(1)(3)", 2),
    "a removed line": ("    return one + other\n", "    pass\n", "add.__wrapped__(3)", None),
}
ANEW = {
    "a constant of the file": ("LIMIT = 3", "LIMIT = 4"),
    "a default value": ("other=1", "other=2"),
    "an attribute of a class": ("size = 2", "size = 3"),
    "a decorator": ("@twice\n", ""),
    "no Python": ("return []", "return ["),
    "a variable that a function made before reads no more": ("value + n", "value"),
}


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "shop.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("shop", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def changes(module, before, after):
    assert before in SOURCE
    return LoadedFile(module.__file__, SOURCE).changes(SOURCE.replace(before, after, 1))


@pytest.mark.parametrize("case", TOLD)
def test_what_differs_in_functions_is_put_into_them(module, case):
    before, after, called, expected = TOLD[case]
    for function, code in changes(module, before, after):
        function.__code__ = code
    assert eval(called, vars(module)) == expected  # noqa: S307 - calls of this file


@pytest.mark.parametrize("case", ANEW)
def test_what_ran_when_the_file_was_loaded_has_to_run_anew(module, case):
    before, after = ANEW[case]
    assert changes(module, before, after) is None


def test_the_same_text_and_other_blank_lines_change_nothing(module):
    assert changes(module, "LIMIT = 3\n", "LIMIT = 3\n\n\n") == []


def test_a_file_that_is_not_loaded_has_no_functions(tmp_path):
    path = tmp_path / "other.py"
    assert LoadedFile(str(path), SOURCE).changes(SOURCE.replace("[]", "[1]")) is None
