"""What is chosen from offers: never more than the budget, equal choices in equal bytes."""

import argparse
import asyncio
import inspect
import os
import shelve
import textwrap

import pytest
from attrs import evolve
from excerpts import token_counter
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.code import Code
from codenook.context.offers import Offer
from codenook.context.resolve import Target
from codenook.context.select import select
from codenook.context.snippets import Dropped, Why
from codenook.models import bundled

MERGED = 2
"""Tokens that a block may cost more than its parts do one by one, where they meet."""


@pytest.fixture(scope="module")
def count():
    return token_counter(bundled.path())


@pytest.fixture(scope="module")
def price(count):
    async def price(texts):
        return [count(text) for text in texts]

    return price


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    root = tmp_path_factory.mktemp("workspace")
    for module in (argparse, shelve, textwrap):
        (root / f"{module.__name__}.py").write_text(inspect.getsource(module), encoding="utf-8")
    return Code(os.path.realpath(root))


@pytest.fixture(scope="module")
def targets(code):
    paths = ("argparse.py", "shelve.py", "textwrap.py")
    return [Target(path, found) for path in paths for found in code.view(path).outline.definitions]


def chosen(offers, code, budget, price):
    return asyncio.run(select(offers, code, budget, price))


def ranked(offers):
    return sorted(offers, key=lambda offer: -offer.worth)


def some_offers(targets, data):
    numbers = data.draw(st.lists(st.integers(0, len(targets) - 1), max_size=60, unique=True))
    worths = st.floats(0.1, 8.0)
    return ranked(Offer(targets[number], data.draw(worths), Why.USED_NEAR) for number in numbers)


def named(targets, path, symbol, worth=4.0):
    (target,) = (t for t in targets if (t.path, t.definition.symbol) == (path, symbol))
    return Offer(target, worth, Why.USED_NEAR)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_no_choice_costs_more_than_its_budget(data, code, targets, price, count) -> None:
    budget = data.draw(st.integers(0, 700))
    context = chosen(some_offers(targets, data), code, budget, price)
    assert context.tokens <= budget
    assert sum(count(block) for block in context.blocks) <= context.tokens + MERGED * len(context.blocks)
    assert count("".join(context.blocks)) <= context.tokens + MERGED * len(context.blocks)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_equal_choices_are_equal_bytes_in_any_order(data, code, targets, price) -> None:
    offers = some_offers(targets, data)
    first = chosen(offers, code, 400, price)
    again = chosen([evolve(offer) for offer in offers], code, 400, price)
    assert first.blocks == again.blocks
    everything = chosen(offers, code, 100_000, price)
    shuffled = chosen(data.draw(st.permutations(offers)), code, 100_000, price)
    assert everything.blocks == shuffled.blocks
    keys = [(snippet.path, snippet.start_line) for snippet in everything.snippets]
    assert keys == sorted(keys)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_nothing_is_shown_twice(data, code, targets, price) -> None:
    context = chosen(some_offers(targets, data), code, 100_000, price)
    symbols = [(snippet.path, snippet.symbol) for snippet in context.snippets]
    assert len(set(symbols)) == len(symbols)
    lines = [line for snippet in context.snippets for line in snippet.text.split("\n") if "class " in line]
    assert len({line.strip() for line in lines}) == len(lines)


def test_members_are_shown_in_their_class(code, targets, price) -> None:
    offers = [named(targets, "textwrap.py", f"TextWrapper.{name}") for name in ("fill", "wrap")]
    (snippet,) = chosen(offers, code, 200, price).snippets
    assert snippet.symbol == "TextWrapper"
    assert snippet.text == (
        "class TextWrapper:\n"
        '    """Object for wrapping/filling text.  The public interface consists of"""\n'
        "    def wrap(self, text):\n"
        '        """wrap(text : string) -> [string]"""\n'
        "        ...\n"
        "    def fill(self, text):\n"
        '        """fill(text : string) -> string"""\n'
        "        ..."
    )


def test_what_does_not_fit_is_told(code, targets, price) -> None:
    offers = [named(targets, "textwrap.py", "dedent"), named(targets, "shelve.py", "open")]
    everything = chosen(offers, code, 500, price)
    assert [snippet.symbol for snippet in everything.snippets] == ["open", "dedent"]
    assert everything.dropped == ()
    little = chosen(offers, code, everything.tokens - 1, price)
    assert len(little.snippets) == len(little.dropped) == 1
    assert little.dropped[0].why is Dropped.OVER_BUDGET
    nothing = chosen(offers, code, 0, price)
    assert (nothing.snippets, nothing.tokens, len(nothing.dropped)) == ((), 0, 2)


def test_what_is_worth_too_little_is_not_shown_where_there_is_room(code, targets, price) -> None:
    context = chosen([named(targets, "textwrap.py", "dedent", worth=0.01)], code, 500, price)
    assert (context.snippets, context.dropped) == ((), ())
