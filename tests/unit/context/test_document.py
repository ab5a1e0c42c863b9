"""Open documents: what a cursor sees is the same however the text came to be."""

import argparse
import inspect
import json.encoder
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.document import Documents, Place
from codenook.context.parse import language_named

PYTHON = language_named("python")
CURSOR = "|"
SOURCES = [
    inspect.getsource(json.encoder)[:9_000],
    inspect.getsource(textwrap.TextWrapper),
    inspect.getsource(argparse.HelpFormatter)[:8_000],
]
TYPED = [
    *(
        "",
        "x",
        "é😀",
        "\n",
        "\n    ",
        "\n        ",
        "    ",
        "\t",
        "\r\n",
        "(",
        ")",
        "[",
        "}",
        '"""',
        "'''",
        '"',
        "'",
    ),
    *(
        "#",
        ":",
        ".",
        "\\",
        ",",
        " = ",
        "self.",
        "self.size = Size(1)\n",
        "\n    def added(self):\n        ",
        "\ndef new",
    ),
    *(
        "global names",
        "nonlocal x",
        "@wraps\n",
        "from os import path\n",
        "class Inner:\n",
        "lambda: ",
        "async ",
        "if ",
    ),
    *(
        "else:",
        "return ",
        "import ",
        "pass\n",
        "x: Size = 1",
        "y = z = \n",
        "'''text",
        '"""\n',
        "else:\n        x\n",
    ),
]


def place(documents: Documents, marked: str, path: str = "m.py") -> Place:
    offset = marked.index(CURSOR)
    return documents.place(PYTHON, path, marked.replace(CURSOR, "", 1), offset)


def seen(place: Place):
    """All that a place says."""
    outline = place.view.outline
    return {
        "view": place.view.path,
        "definitions": outline.definitions,
        "imports": outline.imports,
        "words": outline.occurrences,
        "owner": place.owner,
        "function": place.function,
        "near": [(reference.chain, reference.start, reference.is_open) for reference in place.near],
        "locals": place.locals,
        "others": [(usage.owner, usage.name, +usage.chains) for usage in place.others if +usage.chains],
        "line": place.line,
        "body": place.body_start,
        "source": place.source,
    }


def same_as_fresh(documents: Documents, text: str, offset: int) -> None:
    fresh = Documents().place(PYTHON, "m.py", text, offset)
    held, expected = seen(documents.place(PYTHON, "m.py", text, offset)), seen(fresh)
    assert {name for name in expected if held[name] != expected[name]} == set()
    assert held == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_place_is_the_same_after_any_edits(data) -> None:
    documents, text = Documents(), data.draw(st.sampled_from(SOURCES))
    offset = data.draw(st.integers(0, len(text)))
    for _ in range(data.draw(st.integers(2, 8))):
        same_as_fresh(documents, text, offset)
        start = data.draw(st.integers(max(0, offset - 40), min(len(text), offset + 40)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 0, 0, 1, 5, 60])))
        typed = data.draw(st.sampled_from(TYPED))
        text, offset = text[:start] + typed + text[end:], start + len(typed)
    same_as_fresh(documents, text, offset)


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_a_place_is_the_same_while_lines_are_typed_key_by_key(data) -> None:
    documents, text = Documents(), data.draw(st.sampled_from(SOURCES))
    lines = text.splitlines(keepends=True)
    first = data.draw(st.integers(0, len(lines) - 1))
    n_lines = data.draw(st.integers(1, 3))
    before, typed = "".join(lines[:first]), "".join(lines[first : first + n_lines])[:90]
    after = "".join(lines[first + n_lines :])
    for n_keys in range(0, len(typed) + 1, 3):
        same_as_fresh(documents, before + typed[:n_keys] + after, len(before) + n_keys)


METHOD = """\
import shapes

class Shop(shapes.Base):
    stock: dict[str, shapes.Item] = {}

    def sell(self, item: shapes.Item, *others):
        price = shapes.price(item)
        with shapes.open() as till, shapes.lock():
            for coin in till.coins:
                |
        return [each.name for each in others]

    def later(self):
        self.till = shapes.Till()

LIMIT = shapes.limit
"""


def test_near_is_the_function_and_others_are_the_rest() -> None:
    found = place(Documents(), METHOD)
    near = [reference.chain for reference in found.near]
    assert (found.owner, found.function) == ("Shop", "Shop.sell")
    assert ("shapes", "price", "()") in near
    assert ("shapes", "Item") in near
    assert ("shapes", "limit") not in near
    elsewhere = {(usage.owner, usage.name): set(usage.chains) for usage in found.others}
    assert ("shapes", "limit") in elsewhere["", ""]
    assert ("shapes", "Till", "()") in elsewhere["Shop", "later"]
    assert not any(("shapes", "price", "()") in chains for chains in elsewhere.values())


def test_locals_stand_for_what_they_are_bound_to() -> None:
    bound = place(Documents(), METHOD).locals
    assert bound["item"] == ("shapes", "Item", "()")
    assert bound["price"] == ("shapes", "price", "()")
    assert bound["till"] == ("shapes", "open", "()")
    assert bound["coin"] == ("till", "coins")


def test_members_of_the_class_are_seen_wherever_they_are_set() -> None:
    found = place(Documents(), METHOD).view.members("Shop")
    assert list(found) == ["stock", "sell", "later", "till"]
    assert found["till"].type == "shapes.Till()"


def test_what_the_function_sets_and_imports_is_seen_before_the_document_is_read_again() -> None:
    documents = Documents()
    place(documents, METHOD)
    typed = METHOD.replace(
        "|", "self.coin = shapes.Coin()\n                from shapes import Bag\n                |"
    )
    view = place(documents, typed).view
    assert view.members("Shop")["coin"].type == "shapes.Coin()"
    assert view.imports["Bag"].module == "shapes"
    assert view.by_symbol["Shop.later"].start_line == 15
    assert view.by_symbol["Shop"].end_line == 16


def test_the_member_that_is_being_typed_is_open() -> None:
    documents = Documents()
    for typed in ("|", "na|", "name|", "|name"):
        found = place(documents, METHOD.replace("|", f"coin.{typed}"))
        assert [r.chain for r in found.near if r.is_open] == [("coin",)]
    found = place(documents, METHOD.replace("|", "coin.name(|"))
    assert [r.chain for r in found.near if r.is_open] == []
    assert ("coin", "name", "()") in [r.chain for r in found.near] or ("coin", "name") in [
        r.chain for r in found.near
    ]


@pytest.mark.parametrize("typed", ["if (|", 'x = """|', "x = f(a, [|", "for coin in |", "'|", "def |"])
def test_a_line_that_does_not_parse_hides_nothing_else(typed: str) -> None:
    found = place(Documents(), METHOD.replace("|", typed))
    whole = place(Documents(), METHOD)
    assert (found.owner, found.function) == ("Shop", "Shop.sell")
    assert found.view.outline.definitions == whole.view.outline.definitions
    assert found.others == whole.others


@pytest.mark.parametrize(
    ("marked", "owner", "read"),
    [
        ("import a\n\nx = a.b(|)\ny = a.c\n", "", ["a.b()"]),
        ("import a\n\nclass C(a.B, |):\n    x: a.X\n", "C", ["a.B"]),
        ("import a\n\nclass C:\n    x: a.X = |\n    y: a.Y\n", "C", ["a.X"]),
        ("import a\n\nclass C:\n    class D:\n        x: a.X = |\n", "C.D", ["a.X"]),
        ("import a\n\nclass C:\n    def f(self, x: a.X = |):\n        a.y\n", "C", ["a.X", "a.y"]),
        ("import a\n\n|\n\na.b()\n", "", []),
    ],
)
def test_outside_of_functions_only_the_statement_is_near(marked: str, owner: str, read: list[str]) -> None:
    found = place(Documents(), marked)
    assert (found.owner, found.function) == (owner, "")
    assert [".".join(r.chain).replace(".()", "()") for r in found.near if r.chain[0] == "a"] == read


def test_documents_are_known_by_path_and_language() -> None:
    documents = Documents()
    first = place(documents, METHOD).view
    assert place(documents, METHOD).view is first
    assert place(documents, METHOD.replace("|", "x = |")).view is first
    assert place(documents, METHOD, "other.py").view is not first
    documents.forget("m.py")
    assert place(documents, METHOD).view is not first
