"""Tests put into Python files: what was there stays, and the rest reads as if its authors had written it."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_projects import CART, equal, target_of

from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.frameworks.framework import TestFile
from codenook.server.unit_tests.frameworks.python_layout import NotWritten
from codenook.server.unit_tests.frameworks.python_render import Writing
from codenook.server.unit_tests.frameworks.python_style import Form, Style

PATH = "tests/test_cart.py"


TARGETS = {name: target_of(Path("/nowhere"), "shop/cart.py", CART, name) for name in ("total", "Cart.total")}


def put_into(text, *tests, symbol="total", form=Form.FUNCTIONS, modules=("shop.cart",), mark="", **style):
    writing = Writing(Style(form, **style), modules, "", frozenset({"shop"}), mark)
    return writing.render(TestFile(PATH, text), TARGETS[symbol], tests)


def raising(message, name="ValueError", imports=()):
    return Test("bad", Origin.TYPES, checks=(Check(Kind.RAISES, "total(1)", name, message),), imports=imports)


NOTHING = equal("nothing", "total([])", "0", is_reasoned=True)
NEW = """from shop.cart import total


def test_nothing():
    assert total([]) == 0
"""


def test_a_new_file():
    assert put_into(None, NOTHING).text == NEW
    assert put_into("", NOTHING).text == NEW
    assert put_into(NEW, NOTHING).names == (f"{PATH}::test_nothing_2",)


def test_a_new_file_of_unittest():
    rendered = put_into(None, NOTHING, equal("a b", "total([1])", "1"), form=Form.TEST_CASES, quote="'")
    assert (
        rendered.text
        == """import unittest

from shop.cart import total


class TestTotal(unittest.TestCase):
    def test_nothing(self):
        self.assertEqual(total([]), 0)

    def test_a_b(self):
        # Records current behaviour.
        self.assertEqual(total([1]), 1)
"""
    )
    assert rendered.names == (f"{PATH}::TestTotal::test_nothing", f"{PATH}::TestTotal::test_a_b")


LATER = "from shop.cart import total\n"
IMPORTS = {
    # What is there, and what its first lines are then.
    "": "from shop.cart import total\n\n\ndef",
    "from shop.cart import total\n": "from shop.cart import total\n\n\ndef",
    "from shop.cart import Cart\n": "from shop.cart import Cart, total\n\n\ndef",
    "from shop.cart import (\n    Cart,\n)\n": f"from shop.cart import (\n    Cart,\n)\n{LATER}",
    "from shop.cart import Cart  # why\n": "from shop.cart import Cart  # why\nfrom shop.cart import total\n",
    '"""Doc."""\n': '"""Doc."""\n\nfrom shop.cart import total\n\n\ndef',
    '"""Doc."""\n\nimport os\n': '"""Doc."""\n\nimport os\n\nfrom shop.cart import total\n\n\ndef',
    "from __future__ import annotations\n": f"from __future__ import annotations\n\n{LATER}",
    "#!/usr/bin/python\n# coding: utf-8\n\nx = 1\n": "#!/usr/bin/python\n# coding: utf-8\n\nfrom shop.cart",
    "import os\nimport sys\n\nimport shop.a\nimport shop.z\n\nA = 1\n": (
        "import os\nimport sys\n\nimport shop.a\nimport shop.z\nfrom shop.cart import total\n\nA = 1\n"
    ),
    "from shop import a\nfrom shop import z\n": f"from shop import a\nfrom shop import z\n{LATER}",
}


@pytest.mark.parametrize("before", IMPORTS)
def test_imports_join_those_that_are_there(before):
    assert put_into(before, NOTHING).text.startswith(IMPORTS[before])


CALLED = {
    "from shop import cart\n": "cart.total([])",
    "import shop.cart\n": "shop.cart.total([])",
    "import shop.cart as c\n": "c.total([])",
    "from shop.cart import total as add\n": "add([])",
    "from shop import total\n": "total([])",
    "import shop as s\n": "s.total([])",
    "from ..shop.cart import total\n": "total([])",
    "def total(): pass\n": "shop_cart_total([])",
    "from other import total\n": "shop_cart_total([])",
    "total = 1\n": "shop_cart_total([])",
    "try:\n    from x import total\nexcept ImportError:\n    total = None\n": "shop_cart_total([])",
}


@pytest.mark.parametrize("before", CALLED)
def test_the_target_is_called_as_the_file_calls_it(before):
    writing = Writing(Style(), ("shop.cart", "shop"))
    path = "tests/test_cart.py" if ".." not in before else "shop/tests/test_cart.py"
    before = before.replace("..shop.cart", "..cart")
    text = writing.render(TestFile(path, before), TARGETS["total"], [NOTHING]).text
    assert f"assert {CALLED[before.replace('..cart', '..shop.cart')]} == 0\n" in text
    ast.parse(text)


def test_imports_that_tests_bring_are_not_doubled_and_get_other_names_where_theirs_are_taken():
    before = "import numpy as np\nfrom a import Decimal\nfrom shop.cart import total\n\nre = 1\n"
    tests = [
        equal(
            "a", "total([numpy.inf])", "Decimal(1)", imports=("import numpy", "from decimal import Decimal")
        ),
        equal(
            "b",
            "total([Decimal(1)])",
            "os.path.sep",
            imports=("from decimal import Decimal", "import os.path"),
        ),
        raising("a (b)"),
    ]
    text = put_into(before, *tests).text
    assert "assert total([np.inf]) == decimal_Decimal(1)" in text
    assert "assert total([decimal_Decimal(1)]) == os.path.sep" in text
    assert "match=re_.escape" in text
    assert text.count("from decimal import Decimal as decimal_Decimal\n") == 1
    assert text.count("import re as re_\n") == 1


def test_what_is_reached_through_a_module_is_not_imported_again():
    test = equal("a", "total(Cart([]).prices)", "0", imports=("from shop.cart import Cart, total",))
    text = put_into("import shop.cart as c\n", test).text
    assert text.startswith("import shop.cart as c\n\n\ndef")
    assert "assert c.total(c.Cart([]).prices) == 0" in text


def test_tests_of_a_class_that_is_there_join_it():
    before = "class TestTotal:\n  def test_a(self):\n    pass\n  # end\n\n\nclass TestOther:\n    pass\n"
    text = put_into(before, NOTHING, form=Form.CLASSES, indent="  ").text
    assert "\n  def test_nothing(self):\n    assert total([]) == 0\n" in text
    assert text.index("test_nothing") < text.index("TestOther")


@pytest.mark.parametrize("head", ["class TestTotal: pass", "class TestTotal(\n    object\n): x = 1; y = 2"])
def test_a_class_without_a_block_of_its_own_gets_no_method(head):
    rendered = put_into(f"{head}\n", NOTHING, form=Form.CLASSES)
    assert rendered.names == (f"{PATH}::TestTotal2::test_nothing",)


def test_methods_join_the_tests_of_their_class():
    before = "import unittest\n\n\nclass CartTests(unittest.TestCase):\n    def test_total(self): pass\n"
    test = equal("total", "Cart([]).total()", "0")
    rendered = put_into(before, test, symbol="Cart.total", form=Form.TEST_CASES)
    assert rendered.names == (f"{PATH}::CartTests::test_total_2",)


def test_the_end_of_a_file_that_runs_its_tests_stays_its_end():
    before = 'def test_a():\n    pass\n\n\nif __name__ == "__main__":\n    import pytest\n    pytest.main()\n'
    text = put_into(before, NOTHING).text
    assert text.endswith("    assert total([]) == 0\n\n\n" + before.partition("\n\n\n")[2])


def test_names():
    tests = [
        equal(name, "total([])", "0") for name in ("a", "a", "Has spaces, and ünïcode!", "x" * 200, "", "1")
    ]
    names = [each.partition("::")[2] for each in put_into(None, *tests).names]
    assert names == [
        "test_a",
        "test_a_2",
        "test_Has_spaces_and_ünïcode",
        f"test_{'x' * 60}",
        "test_it",
        "test_1",
    ]
    camel = put_into(None, *tests[:3], form=Form.TEST_CASES, is_camel=True).names
    assert [each.rpartition("::")[2] for each in camel] == ["testA", "testA2", "testHasSpacesAndÜnïcode"]


def test_comments_say_what_was_only_observed_and_what_is_doubtful():
    doubted = equal("a", "total([])", "0", doubt="an empty cart\nhas no total " + "word " * 20)
    text = put_into(None, doubted).text
    assert "    # Records current behaviour.\n    # Doubtful: an empty cart has no total word" in text
    assert max(map(len, text.splitlines())) <= 88


def test_what_raises():
    text = put_into(None, raising("plain"), raising("a (b)"), raising("")).text
    assert 'with pytest.raises(ValueError, match="plain"):\n        total(1)\n' in text
    assert 'with pytest.raises(ValueError, match=re.escape("a (b)")):\n' in text
    assert "with pytest.raises(ValueError):\n" in text
    assert text.startswith("import re\n\nimport pytest\n\nfrom shop.cart import total\n\n\ndef ")
    long = put_into(None, raising("word " * 40)).text
    assert "    with pytest.raises(\n        ValueError,\n        match=" in long


def test_operands_that_would_be_taken_apart_get_parentheses():
    text = put_into(None, equal("a", "total([]) == 0", "1 if x else 2"), equal("b", "total([])", "1, 2")).text
    assert "assert (total([]) == 0) == (1 if x else 2)" in text
    assert "assert total([]) == (1, 2)" in text


def test_long_lines_are_opened():
    items = ", ".join(f'"item {number}"' for number in range(8))
    text = put_into(None, equal("a", f"total([{items}], *x, discount=0)", f"[{items}]"), line_length=40).text
    assert max(map(len, text.splitlines())) <= 40
    compared = ast.parse(text).body[1].body[0].test
    assert ast.unparse(compared) == f"total([{items}], *x, discount=0) == [{items}]".replace('"', "'")


def test_a_test_that_waits_gets_a_mark_or_is_refused():
    waiting = equal("a", "await total([])", "0", is_reasoned=True)
    text = put_into(None, waiting, mark="asyncio").text
    assert "\n\n@pytest.mark.asyncio\nasync def test_a():\n    assert await total([]) == 0\n" in text
    with pytest.raises(NotWritten):
        put_into(None, waiting)
    with pytest.raises(NotWritten):
        put_into(None, waiting, mark="asyncio", form=Form.TEST_CASES)


BAD = [
    equal("a", "total(", "1"),
    equal("a", "total([])", "1)\nassert (2"),
    equal("a", "x = 1", "1"),
    equal("a", "1", "1", imports=("import os; os.system('x')",)),
    equal("a", "1", "1", imports=("from x import *",)),
    equal("a", "1", "1", imports=("from . import x",)),
    Test("a", Origin.MODEL, body="return return"),
    Test("a", Origin.MODEL, body="pass\n  x"),
    Test("a", Origin.MODEL, body=""),
    Test("a", Origin.MODEL, statements=("\0",)),
    equal("a", "(" * 5000, "1"),
]


@pytest.mark.parametrize("test", BAD, ids=range(len(BAD)))
def test_what_is_not_python_is_refused(test):
    with pytest.raises(NotWritten):
        put_into(NEW, test)


def test_a_body_that_leaves_the_function_is_refused():
    with pytest.raises(NotWritten):
        put_into(
            NEW, Test("a", Origin.MODEL, body='x = """\n"""\ndef test_nothing(): pass', fixtures=("a, b=",))
        )


def test_strings_of_several_lines_stay_as_they_are():
    body = 'x = """a\n  b\n"""\nassert x == "a\\n  b\\n"\nassert f"""{x}\n c""" '
    text = put_into(None, Test("a", Origin.MODEL, body=body), form=Form.CLASSES).text
    assert '        x = """a\n  b\n"""\n        assert' in text


def is_grown(before, after):
    """Whether ``after`` is ``before`` with text put in at some places."""
    rest = iter(after)
    return all(any(char == each for each in rest) for char in before)


LINES = [
    "import os",
    "import pytest",
    "from shop.cart import Cart",
    "from __future__ import annotations",
    '"""Doc."""',
    "# comment",
    "",
    "x = 1; y = 2",
    "def test_a():\n    pass",
    "class TestTotal:\n    def test_b(self):\n        pass",
    "class TestTotal:\n\tdef test_b(self): pass",
    "total = 1",
    "s = '''\n\n\nimport os\n'''",
    "\f",
    "x = '\u2028é\U0001f600'",
    'if __name__ == "__main__":\n    pass',
    "@decorated\nclass TestX: ...",
    "def total(): \\\n  return 1",
    "try:\n    import re\nexcept ImportError:\n    re = None",
    "class A(unittest.TestCase):\n    pass # x",
]


@given(
    st.lists(st.sampled_from(LINES), max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(list(Form)),
)
def test_what_is_there_keeps_every_byte(lines, newline, has_mark, has_end, form):
    text = "\n".join(lines).replace("\n", newline) + (newline if has_end else "")
    try:
        ast.parse(text)
    except SyntaxError:
        return
    before = ("\ufeff" if has_mark else "") + text
    after = put_into(before, NOTHING, raising("a (b)"), form=form).text
    assert after.startswith("\ufeff") is has_mark
    assert is_grown(before, after)
    tree, old = ast.parse(after.removeprefix("\ufeff")), ast.parse(text)
    kept = [ast.dump(node) for node in tree.body]
    for node in old.body:
        if not isinstance(node, ast.ImportFrom | ast.ClassDef):
            assert ast.dump(node) in kept
    assert ast.get_docstring(tree, clean=False) == ast.get_docstring(old, clean=False)
    if newline == "\r\n" and newline in text:
        assert not re.search(r"(?<!\r)\n", after)
    again = put_into(after, NOTHING, form=form).text
    assert is_grown(after, again)
    assert len(re.findall(r"^from shop.cart import .*total", again, re.MULTILINE)) <= 1
