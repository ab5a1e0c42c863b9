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


class Workspace:
    """Modules of the standard library, their definitions, and the bundled model's tokens."""

    def __init__(self, root):
        for module in (argparse, shelve, textwrap):
            (root / f"{module.__name__}.py").write_text(inspect.getsource(module), encoding="utf-8")
        self.code = Code(os.path.realpath(root))
        self.count = token_counter(bundled.path())
        paths = ("argparse.py", "shelve.py", "textwrap.py")
        self.targets = [Target(p, found) for p in paths for found in self.code.view(p).outline.definitions]

    def chosen(self, offers, budget):
        return asyncio.run(select(offers, self.code, budget, self._price))

    def some_offers(self, choices):
        offers = (self._offer(self.targets[n % len(self.targets)], worth, n % 3) for n, worth in choices)
        return sorted(offers, key=lambda offer: -offer.worth)

    def _offer(self, target, worth, n_bodies):
        """With a signature alone, with a body where there is room, or with an excerpt and a body."""
        lines = self.code.source(target.path).decode().split("\n")
        body = lines[target.definition.start_line - 1 : target.definition.end_line]
        excerpt = textwrap.dedent("\n".join([body[0], *body[-1:]])) if n_bodies > 1 else ""
        whole = textwrap.dedent("\n".join(body)) if n_bodies else ""
        return Offer(target, worth, Why.CALLER, excerpt, whole)

    def named(self, path, symbol, worth=4.0):
        (target,) = (t for t in self.targets if (t.path, t.definition.symbol) == (path, symbol))
        return Offer(target, worth, Why.USED_NEAR)

    async def _price(self, texts):
        return [self.count(text) for text in texts]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return Workspace(tmp_path_factory.mktemp("workspace"))


CHOICES = st.lists(
    st.tuples(st.integers(0, 199), st.floats(0.1, 8.0)), max_size=60, unique_by=lambda choice: choice[0]
)


@settings(max_examples=80, deadline=None)
@given(choices=CHOICES, budget=st.integers(0, 700))
def test_no_choice_costs_more_than_its_budget(choices, budget, workspace) -> None:
    context = workspace.chosen(workspace.some_offers(choices), budget)
    assert context.tokens <= budget
    assert sum(workspace.count(block) for block in context.blocks) <= context.tokens + MERGED * len(
        context.blocks
    )
    assert workspace.count("".join(context.blocks)) <= context.tokens + MERGED * len(context.blocks)


@settings(max_examples=30, deadline=None)
@given(choices=CHOICES, chance=st.randoms())
def test_equal_choices_are_equal_bytes_in_any_order(choices, chance, workspace) -> None:
    offers = workspace.some_offers(choices)
    first = workspace.chosen(offers, 400)
    again = workspace.chosen([evolve(offer) for offer in offers], 400)
    assert first.blocks == again.blocks
    everything = workspace.chosen(offers, 100_000)
    shuffled = workspace.chosen(chance.sample(offers, len(offers)), 100_000)
    assert everything.blocks == shuffled.blocks
    keys = [(snippet.path, snippet.start_line) for snippet in everything.snippets]
    assert keys == sorted(keys)


@settings(max_examples=30, deadline=None)
@given(choices=CHOICES)
def test_nothing_is_shown_twice(choices, workspace) -> None:
    context = workspace.chosen(workspace.some_offers(choices), 100_000)
    symbols = [(snippet.path, snippet.symbol) for snippet in context.snippets]
    assert len(set(symbols)) == len(symbols)
    lines = [line.strip() for snippet in context.snippets for line in snippet.text.split("\n")]
    classes = [line for line in lines if line.startswith("class ")]
    assert len({*classes}) == len(classes)


@pytest.mark.parametrize("n_bodies", range(3))
def test_a_class_in_a_class_is_shown_once_with_its_members(workspace, n_bodies) -> None:
    offers = [
        workspace._offer(target, 1.0, n_bodies)
        for target in workspace.targets
        if target.definition.symbol.startswith("HelpFormatter")
    ]
    for nested in offers:
        for member in offers:
            if nested is not member:
                context = workspace.chosen([nested, member], 100_000)
                lines = "\n".join(snippet.text for snippet in context.snippets).split("\n")
                assert sum(line.strip() == "class _Section(object):" for line in lines) <= 1


def test_members_are_shown_in_their_class(workspace) -> None:
    offers = [workspace.named("textwrap.py", f"TextWrapper.{name}") for name in ("fill", "wrap")]
    (snippet,) = workspace.chosen(offers, 200).snippets
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


def test_what_does_not_fit_is_told(workspace) -> None:
    offers = [workspace.named("textwrap.py", "dedent"), workspace.named("shelve.py", "open")]
    everything = workspace.chosen(offers, 500)
    assert [snippet.symbol for snippet in everything.snippets] == ["open", "dedent"]
    assert everything.dropped == ()
    without_docs = workspace.chosen(offers, everything.tokens - 1)
    assert [snippet.symbol for snippet in without_docs.snippets] == ["open", "dedent"]
    assert without_docs.tokens < everything.tokens
    least = next(n for n in range(500) if len(workspace.chosen(offers, n).snippets) == len(offers))
    little = workspace.chosen(offers, least - 1)
    assert len(little.snippets) == len(little.dropped) == 1
    assert little.dropped[0].why is Dropped.OVER_BUDGET
    nothing = workspace.chosen(offers, 0)
    assert (nothing.snippets, nothing.tokens, len(nothing.dropped)) == ((), 0, 2)


def test_what_is_worth_too_little_is_not_shown_where_there_is_room(workspace) -> None:
    context = workspace.chosen([workspace.named("textwrap.py", "dedent", worth=0.001)], 500)
    assert (context.snippets, context.dropped) == ((), ())


@pytest.mark.parametrize(
    ("worth", "why", "text"),
    [
        (0.05, Why.MENTIONED, "def fill(text, width=70, **kwargs):"),
        (0.04, Why.MENTIONED, "def fill(*_): ..."),
        (0.04, Why.AT_CURSOR, "def fill(text, width=70, **kwargs):"),
        (0.04, Why.USED_NEAR, "def fill(text, width=70, **kwargs):"),
    ],
)
def test_what_is_hardly_likely_is_told_by_its_name(workspace, worth, why, text) -> None:
    offer = evolve(workspace.named("textwrap.py", "fill"), worth=worth, why=why)
    (snippet,) = workspace.chosen([offer], 30).snippets
    assert snippet.text.startswith(text)
