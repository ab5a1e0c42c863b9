import pytest
from shops import project, target, workspace

from codenook.context.code import Code
from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.frameworks.framework import Fixture
from codenook.server.unit_tests.kits.python import guess
from codenook.server.unit_tests.kits.python.fixtures import fixtures_of
from codenook.server.unit_tests.kits.python.kit import PythonKit, made
from codenook.server.unit_tests.kits.python.module import modules_of
from codenook.server.unit_tests.kits.python.subject import parameters, subject_of

FILES = {
    "shop/__init__.py": "from .text import *\nfrom .cart import Cart, Size\n",
    "shop/text.py": '''
import re

LIMITS = {"small": 3, "large": 30}


def slugify(text, sep="-"):
    """Make a slug.

    >>> slugify("Hello World")
    'hello-world'
    >>> words = ["a", "b"]
    >>> len(slugify(" ".join(words)))
    3
    >>> print(slugify("A B", sep="_"))
    a_b
    """
    return sep.join(re.findall(r"\\w+", text.lower()))


def cut(text: str, size: str = "small") -> str:
    if size not in LIMITS:
        raise ValueError(f"no such size: {size}")
    if len(text) <= LIMITS[size]:
        return text
    return text[: LIMITS[size]]


def page():
    return cut("a long title", size="large") + slugify("Inside Out")
''',
    "shop/cart.py": """
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, Optional


class Size(Enum):
    SMALL = 1
    LARGE = 2


@dataclass
class Item:
    name: str
    size: Size = Size.SMALL
    tags: list[str] = field(default_factory=list)


class Cart:
    def __init__(self, owner: str):
        self.owner = owner
        self.items = []

    def add(self, item: Item, n: int = 1) -> None:
        self.items += [item] * n

    @classmethod
    def of(cls, *items: Item) -> Cart:
        cart = cls("nobody")
        cart.items.extend(items)
        return cart

    @property
    def n_items(self) -> int:
        return len(self.items)


def packed(item: Item | None, how: Literal["box", "bag"], sizes: Optional[dict[str, Size]] = None) -> str:
    return how
""",
    "test_shop.py": """
import pytest
from shop import Cart, slugify as slug
from shop.cart import Item

LONG = "A " * 3


@pytest.fixture
def cart():
    return Cart("Ada")


def test_slugs():
    assert slug(LONG) == "a-a-a"
    assert slug(unknown) == "x"


@pytest.mark.parametrize(("text", "expected"), [("X Y", "x-y"), ("", "")])
def test_rows(text, expected):
    assert slug(text) == expected


def test_cart(cart):
    cart.add(Item("pen"), n=2)
    mine = Cart("Bob")
    mine.owner = "Eve"
    mine.add(Item("ink"))
    assert mine.n_items == 1
""",
    "README.md": """
# Shop

```python
from shop import slugify

slug = slugify("Read Me")
assert slug == "read-me"
```
""",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("shop"), FILES)


def calls(root, symbol, path) -> list[Call]:
    of = target(root, symbol, path)
    return made(of, subject_of(of), project(root), Code(str(root)))


def read(root, symbol, path, written) -> Call | None:
    return PythonKit().read_call(target(root, symbol, path), written)


def test_doctests_say_what_they_expect_of_the_call_alone(root):
    found = [call for call in calls(root, "slugify", "shop/text.py") if call.origin is Origin.DOCTEST]

    assert [(call.arguments, call.expected) for call in found] == [
        ("'Hello World'", "'hello-world'"),
        ("' '.join(words)", ""),
        ("'A B', sep='_'", "'a_b'"),
        ("'Read Me'", "'read-me'"),
    ]
    assert found[1].setup == ("words = ['a', 'b']",)
    assert [call.evidence for call in found] == ["shop/text.py:7"] * 3 + ["README.md:5"]


def test_call_sites_are_found_through_other_names_and_through_tables(root):
    found = [call for call in calls(root, "slugify", "shop/text.py") if call.origin is Origin.CALL_SITE]

    assert [(call.arguments, call.expected, call.evidence) for call in found] == [
        ("LONG", "'a-a-a'", "test_shop.py:15"),
        ("'X Y'", "'x-y'", "test_shop.py:21"),
        ("''", "''", "test_shop.py:21"),
        ("'Inside Out'", "", "shop/text.py:30"),
    ]
    assert found[0].setup == ("LONG = 'A ' * 3",)


def test_receivers_are_brought_along_as_they_were_made(root):
    sites = [call for call in calls(root, "Cart.add", "shop/cart.py") if call.origin is Origin.CALL_SITE]

    (own,) = sites
    assert own.receiver == "mine"
    assert own.setup == ("mine = Cart('Bob')", "mine.owner = 'Eve'")
    assert own.imports == ("from shop.cart import Item",)


def test_a_property_is_read_from_what_was_changed(root):
    sites = [call for call in calls(root, "Cart.n_items", "shop/cart.py") if call.origin is Origin.CALL_SITE]

    assert [(call.setup[-1], call.receiver, call.expected) for call in sites] == [
        ("mine.add(Item('ink'))", "mine", "1")
    ]


def test_fixtures_of_the_test_file_give_receivers(root):
    of = target(root, "Cart.add", "shop/cart.py")
    place = project(root, fixtures=(Fixture("cart", "shop.cart.Cart"),))

    found = made(of, subject_of(of), place, Code(str(root)))

    assert fixtures_of(place, modules_of(of, place))["cart"].needs.setup == ("cart = Cart('Ada')",)
    assert (
        Call(
            "Item('pen'), n=2",
            Origin.CALL_SITE,
            "cart",
            imports=("from shop.cart import Item",),
            fixtures=("cart",),
            evidence="test_shop.py:25",
        )
        in found
    )
    assert any(call.fixtures == ("cart",) and call.origin is Origin.TYPES for call in found)


def test_values_are_made_of_the_types(root):
    found = [call for call in calls(root, "packed", "shop/cart.py") if call.origin is Origin.TYPES]

    assert found[0].arguments == "Item(\"Hello World\"), 'box'"
    arguments = {call.arguments for call in found}
    assert "None, 'bag'" in arguments
    assert any("sizes={" in each and "Size.SMALL" in each for each in arguments)
    assert {statement for call in found for statement in call.imports} == {
        "from shop.cart import Item",
        "from shop.cart import Size",
    }


def test_class_methods_need_no_object(root):
    found = calls(root, "Cart.of", "shop/cart.py")

    assert {call.receiver for call in found} == {""}
    assert 'Item("Hello World"), Item("Hello World")' in {call.arguments for call in found}


def test_constants_of_conditions_are_tried(root):
    arguments = {call.arguments for call in calls(root, "cut", "shop/text.py")}

    assert "'a long title', size='large'" in arguments
    assert '"Hello World", ""' in arguments or '"Hello World", size=""' in arguments


@pytest.mark.parametrize(
    ("written", "arguments", "expected"),
    [
        ('assert slugify("a b") == "a-b"', "'a b'", "'a-b'"),
        ('    assert slugify("a b") == "a-b"\n    assert slugify("c', "'a b'", "'a-b'"),
        ('assert slugify("a b") == "a-b', "'a b'", ""),
        ('self.assertEqual(slugify("x", sep="_"), "x")', "'x', sep='_'", "'x'"),
        ('result = slugify("q")\nassert result == "q"', "'q'", "'q'"),
        ('text = "t"\nassert text == slugify(text)', "text", ""),
        ("slugify(re.escape('.'))", "re.escape('.')", ""),
        ("slugify(LIMITS)", "LIMITS", ""),
        ('slugify("a" == slugify("b") oops', "'b'", ""),
    ],
)
def test_what_a_model_wrote_is_read(root, written, arguments, expected):
    call = read(root, "slugify", "shop/text.py", written)

    assert (call.arguments, call.expected, call.origin) == (arguments, expected, Origin.MODEL)


@pytest.mark.parametrize(
    "written",
    ["", "assert True", "slugify(unknown)", "slugify(open('x'))", "other('a')", "\0", "(" * 5000, "slugify("],
)
def test_nonsense_of_a_model_is_no_call(root, written):
    assert read(root, "slugify", "shop/text.py", written) is None


def test_methods_that_a_model_wrote_are_read_with_their_objects(root):
    call = read(root, "Cart.add", "shop/cart.py", 'cart = Cart("x")\ncart.add(Item("pen"))\nassert cart.n_it')

    assert (call.receiver, call.arguments, call.setup) == ("cart", "Item('pen')", ("cart = Cart('x')",))
    assert call.imports == ("from shop.cart import Item",)


ODD = """
from abc import ABC
from collections import namedtuple
from typing import Literal

Pair = namedtuple("Pair", 5)
ROWS = [1, 2]
DEEP = x@DEEP@
CHAIN = ROWS@CHAIN@


class One(ABC, Two):
    pass


class Two(ABC, One):
    pass


def cycle(a: One, b: Two):
    return a


def counted(a: Pair, b: Literal[1:2], c: dict[list[int], int]):
    return a


def told(a, b):
    \"\"\"Tell.

    :type a: class
    :param b: 3d
    :type b: list[of numbers]
    \"\"\"
    return isinstance(a) or isinstance(b, (*ROWS,)) or isinstance(a, (*ROWS, int))


def many(a: @UNION@, b: "@UNION@"):
    return a


def starred(*args, **named):
    return args


starred(*ROWS, **{"a": 1})
starred(*[*ROWS, 3])
starred(@NUMBER@)
starred(@SUM@)
starred(ROWS@CHAIN@)
ROWS@CHAIN@.starred(1)
assert starred(2) == @SUM@
""".replace("@UNION@", " | ".join(["int"] * 250)).replace("@SUM@", "+".join(["1"] * 250))
ODD = (
    ODD.replace("@CHAIN@", ".a()" * 120).replace("@DEEP@", ".b" * 250).replace("@NUMBER@", "0x" + "f" * 5000)
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("odd"), {"odd.py": ODD})


def test_starred_arguments_stay_as_they_are_written(odd):
    sites = [call for call in calls(odd, "starred", "odd.py") if call.origin is Origin.CALL_SITE]

    assert [call.arguments for call in sites] == ["*ROWS, **{'a': 1}", "*[*ROWS, 3]", "2"]
    assert [call.expected for call in sites] == ["", "", ""]


@pytest.mark.parametrize("symbol", ["cycle", "counted", "told", "many"])
def test_odd_types_and_words_give_calls_all_the_same(odd, symbol):
    assert calls(odd, symbol, "odd.py")


def test_types_that_documentation_names_must_be_expressions(odd):
    of = subject_of(target(odd, "told", "odd.py"))

    kinds = [guess.kinds(of.node, each) for each in parameters(of.node, has_receiver=False)]

    assert kinds[0] == ["int"]
    assert "list[of numbers]" not in kinds[1]
