"""What is offered to be translated, and to what: as far as the model has said what it knows."""

from pathlib import Path

import pytest
from attrs import evolve
from scripted_chat import MODEL

from codenook.server.tasks.document import Document
from codenook.server.tasks.translation_offers import not_known, targets, translatable_at

PYTHON = """\
LIMIT = 3


def slugify(text):
    def inner(word):
        return word.lower()
    return inner(text)


class Cart:
    size: int = 0

    def add(self, item):
        class Local:
            def inside(self):
                return item
        return Local()
"""


@pytest.mark.parametrize(
    ("at", "symbol"),
    [
        ("LIMIT", None),
        ("def slugify", "slugify"),
        ("return word", "slugify"),
        ("size:", "Cart"),
        ("def add", "Cart.add"),
        ("return item", "Cart.add"),
    ],
)
def test_what_is_inside_of_a_function_is_translated_with_it(at, symbol):
    start = PYTHON.index(at)
    document = Document("file:///cart.py", Path("/shop/cart.py"), PYTHON, "python")
    found = translatable_at(document, start, start)
    assert (found and found.symbol) == symbol


@pytest.mark.parametrize(
    ("language", "first", "n"), [("python", "JavaScript", 7), ("typescriptreact", "Python", 7)]
)
def test_all_languages_but_its_own_are_offered_until_the_model_says_what_it_knows(language, first, n):
    for model in (None, MODEL):
        offered = targets(language, model)
        assert (offered[0].title, len(offered)) == (first, n)
        assert not any(each.why_not for each in offered)
    assert targets("plaintext", None) == []


def test_what_the_model_does_not_know_says_why_not():
    model = evolve(MODEL, name="small", languages=("python", "rust"))
    able = [each.language for each in targets("python", model) if not each.why_not]
    assert able == ["rust"]
    assert all(
        "small was trained on python, rust only, not on go" in each.why_not for each in targets("go", model)
    )
    assert not_known(model, "rust", "python") == ""
    assert "not on c or java" in not_known(model, "c", "java")
