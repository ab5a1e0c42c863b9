"""Where unit tests are offered: what a test could call, the innermost around the cursor."""

from pathlib import Path

import pytest

from codenook.server.tasks.document import MAX_CHARACTERS, Document
from codenook.server.tasks.unit_tests_offers import offer_at

PYTHON = """\
LIMIT = 3


def slugify(text):
    def inner(word):
        return word.lower()
    return inner(text)


class Cart:
    size: int = 0

    def add(self, item):
        return item

    def __hidden(self):
        return 1

    def __len__(self):
        return 2

    def _inner(self):
        return 3
"""
TYPESCRIPT = """\
export class Cart {
  #secret(): number { return 1 }
  private hidden() { return 2 }
  add(item: string, isPrivate = false) { return item }
}
export const total = (a: number) => a + 1;
"""
JAVA = "class Cart {\n  private int a(int b) { return b; }\n  int c(int privately) { return privately; }\n}\n"


def offer(text, at, language="python", path="cart.py", to=None):
    start = text.index(at)
    end = start if to is None else text.index(to)
    return offer_at(Document("file:///cart", Path("/shop") / path, text, language), start, end)


@pytest.mark.parametrize(
    ("at", "symbol"),
    [
        ("def slugify", "slugify"),
        ("return word", "slugify"),
        ("class Cart", "Cart"),
        ("size:", "Cart"),
        ("return item", "Cart.add"),
        ("return 2", "Cart.__len__"),
        ("return 3", "Cart._inner"),
    ],
)
def test_the_innermost_that_a_test_could_call_is_offered(at, symbol):
    found = offer(PYTHON, at)
    assert (found.symbol, found.why_not) == (symbol, "")
    assert found.title == f"Write unit tests for {symbol.rpartition('.')[2]}"


def test_of_a_selection_it_is_what_is_around_all_of_it():
    assert offer(PYTHON, "def add", to="return 2").symbol == "Cart"
    assert offer(PYTHON, "def slugify", to="class Cart") is None


@pytest.mark.parametrize(
    ("text", "at", "language", "is_offered"),
    [
        (PYTHON, "return 1", "python", False),
        (TYPESCRIPT, "return 1", "typescript", False),
        (TYPESCRIPT, "return 2", "typescript", False),
        (TYPESCRIPT, "return item", "typescript", True),
        (TYPESCRIPT, "a + 1", "typescript", True),
        (JAVA, "return b", "java", False),
        (JAVA, "return privately", "java", True),
    ],
)
def test_what_is_private_to_a_class_says_why_not(text, at, language, is_offered):
    found = offer(text, at, language, "cart")
    assert bool(found.why_not) is not is_offered
    assert is_offered or "private to a class" in found.why_not


@pytest.mark.parametrize(
    ("text", "language", "path"),
    [
        (PYTHON, "python", "tests/test_cart.py"),
        (PYTHON, "python", "conftest.py"),
        (PYTHON, "plaintext", "cart.py"),
        (PYTHON, "c", "cart.c"),
        (
            "LIMIT = 3\n" + PYTHON[10:].replace("def slugify", "LIMIT = 4 #") + "x" * MAX_CHARACTERS,
            "python",
            "cart.py",
        ),
    ],
)
def test_elsewhere_none_are_offered(text, language, path):
    assert offer(text, "return", language, path) is None


def test_nothing_is_around_a_line_between_definitions():
    assert offer(PYTHON, "LIMIT") is None


def test_a_text_that_is_broken_is_no_trouble():
    assert offer("def far(a):\n    return '\ud800'\n\ndef (:\n", "return").symbol == "far"
