"""Whole tests that a model wrote: which are tried, and why others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making_parts import target_of

from codenook.context.parse import encode, language_named, parse
from codenook.server.tasks.jobs import Refused
from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.making.bodies import rules
from codenook.server.unit_tests.making.refusals import Refusal
from codenook.server.unit_tests.target import Target

RIGHT = {
    "one check": 'assert slugify("A b") == "a-b"',
    "a variable": 'made = slugify("A b")\nassert made.count("-") == 1',
    "an error": "with pytest.raises(ValueError, match='empty'):\n    slugify('')",
    "a method of unittest": "self.assertEqual(slugify('A b'), 'a-b')",
    "an error of unittest": "self.assertRaises(ValueError, slugify, '')\nassert slugify('a') == 'a'",
    "a loop": "for text in ['a', 'b']:\n    assert slugify(text) == text",
    "a comprehension": "assert [slugify(each) for each in 'ab'] == ['a', 'b']",
    "a function around it": "def test_it():\n    assert slugify('a') == 'a'",
    "a function on one line": "def test_it(): assert slugify('a') == 'a'",
    "its own folder": "path = tmp_path / 'a'\npath.write_text('b')\nassert slugify(path.read_text()) == 'b'",
    "names of builtins as its own": "code = slugify('a')\nassert code == 'a'",
    "a text of many lines": 'assert slugify("""\n  a\nb""") == "a-b"',
    "an indented text": "    assert slugify('a') == 'a'\n    assert slugify('b') == 'b'",
}
KNOWN = frozenset({"tmp_path"})

WRONG = {
    "no code": ("I would test the empty text.", "syntax"),
    "a syntax error": ("assert slugify('a' == 'a'", "syntax"),
    "only a comment": ("# slugify", "syntax"),
    "a decorated function": ("@pytest.mark.skip\ndef test_it():\n    assert slugify('a') == 'a'", "syntax"),
    "an async function": ("async def test_it():\n    assert slugify('a') == 'a'", "syntax"),
    "a null character": ("assert slugify('\0') == 'a'", "not_plain"),
    "a control sequence": ("assert slugify('\x1b[2J') == 'a'", "not_plain"),
    "text written backwards": ("assert slugify('\u202e') == 'a'", "not_plain"),
    "too many lines": ("assert slugify('a') == 'a'\n" * 100, "too_long"),
    "too many characters": (f"assert slugify('{'a' * 5000}')", "too_long"),
    "deeply nested": ("assert slugify(" + "(" * 900 + ")" * 900 + ")", "syntax"),
    "assert True": ("slugify('a')\nassert True", "tests_nothing"),
    "a check of a constant": ("slugify('a')\nassert 1 + 1 == 2", "tests_nothing"),
    "no check": ("slugify('a')", "tests_nothing"),
    "skipped": ("pytest.skip('later')\nassert slugify('a') == 'a'", "tests_nothing"),
    "nothing called": ("assert True", "calls_nothing"),
    "something else called": ("assert discounted(80, 25) == 60.0", "calls_nothing"),
    "only named": ("assert slugify", "calls_nothing"),
    "a mocked target": (
        "with patch('shop.texts.slugify', return_value='a'):\n    assert slugify('b') == 'a'",
        "mocks",
    ),
    "a mock": ("text = Mock()\nassert slugify(text) == 'a'", "mocks"),
    "patched by a fixture": (
        "monkeypatch.setattr('shop.texts.slugify', str)\nassert slugify('a') == 'a'",
        "mocks",
    ),
    "patched by hand": ("setattr(slugify, 'x', 1)\nassert slugify('a') == 'a'", "mocks"),
    "a module replaced": ("sys.modules['shop'] = None\nassert slugify('a') == 'a'", "mocks"),
    "globals": ("globals()['slugify'] = str\nassert slugify('a') == 'a'", "mocks"),
    "assigned": ("slugify = str\nassert slugify('a') == 'a'", "redefines"),
    "defined anew": ("def slugify(text):\n    return text\nassert slugify('a') == 'a'", "redefines"),
    "a lambda": ("slugify = lambda text: text\nassert slugify('a') == 'a'", "redefines"),
    "a class": ("class slugify: pass\nassert slugify('a')", "redefines"),
    "a loop's name": ("for slugify in [str]:\n    assert slugify('a') == 'a'", "redefines"),
    "a member replaced": ("slugify.__code__ = None\nassert slugify('a') == 'a'", "redefines"),
    "of its module": ("texts.slugify = str\nassert slugify('a') == 'a'", "redefines"),
    "a global": ("global slugify\nassert slugify('a') == 'a'", "redefines"),
    "caught": ("try:\n    assert slugify('a')\nexcept ValueError as slugify:\n    pass", "redefines"),
    "a process": ("import subprocess\nsubprocess.run(['ls'])\nassert slugify('a') == 'a'", "reaches_out"),
    "a process, renamed": (
        "import subprocess as texts\ntexts.run(['ls'])\nassert slugify('a') == 'a'",
        "reaches_out",
    ),
    "a shell": ("import os\nos.system('ls')\nassert slugify('a') == 'a'", "reaches_out"),
    "a shell, by name": ("from os import system\nsystem('ls')\nassert slugify('a') == 'a'", "reaches_out"),
    "a socket": ("import socket\nassert slugify(socket.gethostname())", "reaches_out"),
    "a page": ("import urllib.request\nassert slugify(urllib.request.urlopen('x').read())", "reaches_out"),
    "code in a text": ("assert slugify(eval('1')) == 'a'", "reaches_out"),
    "imported by name": ("__import__('os').system('ls')\nassert slugify('a') == 'a'", "reaches_out"),
    "the interpreter": ("assert slugify(str(().__class__.__subclasses__()))", "reaches_out"),
    "an exit": ("import sys\nsys.exit(0)\nassert slugify('a')", "reaches_out"),
    "the home folder": (
        "import shutil\nfrom pathlib import Path\nshutil.rmtree(Path.home())\nassert slugify('a') == 'a'",
        "files",
    ),
    "a file": ("open('/etc/passwd')\nassert slugify('a') == 'a'", "files"),
    "a file's path": (
        "from pathlib import Path\nPath('a').write_text('b')\nassert slugify('a') == 'a'",
        "files",
    ),
    "sleep": ("import time\ntime.sleep(1)\nassert slugify('a') == 'a'", "waits"),
    "sleep, by name": ("from time import sleep as rest\nrest(1)\nassert slugify('a') == 'a'", "waits"),
    "no end": ("while True:\n    assert slugify('a') == 'a'", "waits"),
    "an unknown name": ("assert slugify(TEXT) == 'a'", "unknown_name"),
    "a module not imported": ("assert slugify(os.sep) == 'a'", "unknown_name"),
}


def code_of(text, *imports, symbol="slugify"):
    """The code for which a test is refused, empty for one that isn't."""
    target = target_of(symbol=symbol)
    body = rules.read(target, text, imports)
    refused = body if isinstance(body, Refused) else rules.refusal(body, target, KNOWN)
    return refused.code if refused else ""


@pytest.mark.parametrize("what", RIGHT)
def test_what_is_a_test_is_tried(what):
    assert code_of(RIGHT[what]) == ""


@pytest.mark.parametrize("what", WRONG)
def test_what_is_none_is_refused(what):
    text, code = WRONG[what]
    assert code_of(text) == code


def test_a_function_is_taken_off():
    text = "def test_it(tmp_path, basket):\n    made = slugify('a')\n\n    assert made == 'a'  # kept\n"
    body = rules.read(target_of(), text, ())
    assert body.text == "made = slugify('a')\n\nassert made == 'a'  # kept"
    assert body.parameters == ("tmp_path", "basket")


@pytest.mark.parametrize(
    ("line", "code"),
    {
        "import math": "",
        "from math import pi as slug, tau": "",
        "from unittest.mock import patch": "mocks",
        "from subprocess import run": "reaches_out",
        "import os.path": "",
        "from time import sleep": "waits",
        "from shop.texts import slugify": "",
        "from shop import slugify": "",
        "from mine import slugify": "redefines",
        "import mine as slugify": "redefines",
        "from . import texts": "bad_import",
        "from math import *": "bad_import",
        "import math; import os": "bad_import",
        "print('a')": "bad_import",
        "import": "bad_import",
        "import math\x1b": "not_plain",
    }.items(),
)
def test_imports_are_looked_at(line, code):
    assert code_of("assert slugify('a') == 'a'", line) == code


@pytest.mark.parametrize(
    ("text", "code"),
    {
        "assert Cart([1]).total() == 1": "",
        "cart = Cart([1])\nassert cart.total(0.5) == 0.5": "",
        "assert Cart([1]).prices == [1]": "calls_nothing",
        "Cart.total = None\nassert Cart([1]).total() == 1": "redefines",
        "cart = Cart([1])\ncart.total = str\nassert cart.total() == 1": "redefines",
        "class Cart: pass\nassert Cart().total() == 1": "redefines",
    }.items(),
)
def test_methods(text, code):
    assert code_of(text, symbol="Cart.total") == code


def test_a_constructor_is_called_by_its_class():
    assert code_of("assert Cart([1]).prices == [1]", symbol="Cart.__init__") == ""
    assert code_of("assert slugify('a')", symbol="Cart.__init__") == "calls_nothing"


@given(st.text(max_size=200))
def test_nothing_that_is_written_raises(text):
    assert isinstance(code_of(text, text[:20]), str)


SCRIPT = "export function slugify(text) {\n  return text.toLowerCase();\n}\n"
RIGHT_SCRIPTS = {
    "node": "assert.strictEqual(slugify('A'), 'a');",
    "jest": "expect(slugify('A')).toBe('a');",
    "a variable": "const made = slugify('A');\nexpect(made.length).toBe(1);",
    "an error": "assert.throws(() => slugify(null), TypeError);",
    "a test around it": "test('lowers', () => {\n  expect(slugify('A')).toBe('a');\n});",
    "a loop": "for (const text of ['a']) {\n  assert.equal(slugify(text), text);\n}",
    "destructured": "const { length } = slugify('A');\nassert.equal(length, 1);",
}
WRONG_SCRIPTS = {
    "no code": ("I would test: the empty text (", "syntax"),
    "only a comment": ("// slugify", "syntax"),
    "assert true": ("slugify('a');\nassert.ok(true);", "tests_nothing"),
    "no call": ("assert.ok(true);", "calls_nothing"),
    "a mock": ("jest.mock('./texts');\nexpect(slugify('a')).toBe('a');", "mocks"),
    "a spy": ("vi.spyOn(texts, 'slugify');\nexpect(slugify('a')).toBe('a');", "mocks"),
    "defined anew": ("const slugify = (a) => a;\nexpect(slugify('a')).toBe('a');", "redefines"),
    "assigned": ("slugify = String;\nexpect(slugify('a')).toBe('a');", "redefines"),
    "a member": ("texts.slugify = String;\nexpect(slugify('a')).toBe('a');", "redefines"),
    "a process": ("process.exit(0);\nexpect(slugify('a')).toBe('a');", "reaches_out"),
    "a page": ("fetch('http://a');\nexpect(slugify('a')).toBe('a');", "reaches_out"),
    "required": ("require('child_process').execSync('ls');\nexpect(slugify('a')).toBe('a');", "reaches_out"),
    "a file": ("fs.readFileSync('/etc/passwd');\nexpect(slugify('a')).toBe('a');", "files"),
    "a timer": ("setTimeout(() => expect(slugify('a')).toBe('a'), 1);", "waits"),
    "no end": ("while (true) {\n  expect(slugify('a')).toBe('a');\n}", "waits"),
    "for ever": ("for (;;) {\n  expect(slugify('a')).toBe('a');\n}", "waits"),
    "skipped": ("test.skip();\nexpect(slugify('a')).toBe('a');", "tests_nothing"),
    "an unknown name": ("expect(slugify(TEXT)).toBe('a');", "unknown_name"),
}


def code_of_script(text, *imports, language="javascript"):
    parsed = parse(language_named(language), encode(SCRIPT))
    definition = parsed.language.reader.outline(parsed).definitions[0]
    target = Target(target_of().root, "src/texts.js", SCRIPT, language, definition)
    body = rules.read(target, text, imports)
    refused = body if isinstance(body, Refused) else rules.refusal(body, target, frozenset())
    return refused.code if refused else ""


@pytest.mark.parametrize("what", RIGHT_SCRIPTS)
def test_what_is_a_test_of_a_script_is_tried(what):
    assert code_of_script(RIGHT_SCRIPTS[what]) == ""
    assert code_of_script(RIGHT_SCRIPTS[what], language="typescript") == ""


@pytest.mark.parametrize("what", WRONG_SCRIPTS)
def test_what_is_none_of_a_script_is_refused(what):
    text, code = WRONG_SCRIPTS[what]
    assert code_of_script(text) == code


@pytest.mark.parametrize(
    ("line", "code"),
    {
        "import { inspect } from 'node:util';": "",
        "const util = require('util');": "",
        "import { exec } from 'node:child_process'": "reaches_out",
        "const run = require('child_process');": "reaches_out",
        "import fs from 'fs';": "files",
        "import './texts.js'": "bad_import",
        "alert(1)": "bad_import",
    }.items(),
)
def test_imports_of_scripts_are_looked_at(line, code):
    assert code_of_script("expect(slugify('a')).toBe('a');", line) == code


@given(st.text(alphabet="slugify('a').const={}=>;\n ", max_size=120))
def test_no_script_raises(text):
    assert isinstance(code_of_script(text), str)


def test_other_languages_have_no_whole_tests():
    target = target_of()
    go = Target(target.root, "a.go", target.text, "go", target.definition)
    assert rules.read(go, "slugify()", ()).code == Refusal.SYNTAX
    assert rules.refusal_of_call(Call('"a"', Origin.MODEL), go) is None


@pytest.mark.parametrize(
    ("call", "code"),
    {
        Call("'a', limit=2", Origin.MODEL): "",
        Call(
            "path.name", Origin.MODEL, setup=("path = Path('a')",), imports=("from pathlib import Path",)
        ): "",
        Call("open('/etc/passwd').read()", Origin.MODEL): "files",
        Call("eval('1')", Origin.MODEL): "reaches_out",
        Call("os.environ", Origin.MODEL, imports=("import os",)): "reaches_out",
        Call("'a'", Origin.MODEL, setup=("import subprocess", "subprocess.run('ls')")): "reaches_out",
        Call("'a'", Origin.MODEL, setup=("slugify = str",)): "redefines",
        Call("Mock()", Origin.MODEL, imports=("from unittest.mock import Mock",)): "mocks",
        Call("time.sleep(9)", Origin.MODEL, imports=("import time",)): "waits",
        Call("'\x1b'", Origin.MODEL): "not_plain",
        Call("'a'", Origin.MODEL, imports=("from a import *",)): "bad_import",
        Call("(", Origin.MODEL): "syntax",
    }.items(),
)
def test_a_call_does_nothing_besides(call, code):
    refused = rules.refusal_of_call(call, target_of())
    assert (refused.code if refused else "") == code


def test_a_method_is_called_on_its_object():
    call = Call("0.5", Origin.MODEL, receiver="Cart([1])")
    assert rules.refusal_of_call(call, target_of(symbol="Cart.total")) is None
