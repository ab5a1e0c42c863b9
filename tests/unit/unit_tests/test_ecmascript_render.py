"""Test files of JavaScript and TypeScript: new ones, and tests added to those that are there."""

import json

import pytest
from ecmascript_project import SLUG, target_in, workspace

from codenook.context.parse import language_named, parse
from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.frameworks.ecmascript.checks import with_assert, with_expect
from codenook.server.unit_tests.frameworks.ecmascript.find import project_of
from codenook.server.unit_tests.frameworks.ecmascript.shuffling import shuffled
from codenook.server.unit_tests.frameworks.ecmascript.style import Style

COMMON = "'use strict'\n\nfunction slugify (text) {\n  return text\n}\n\nmodule.exports = slugify\n"
VITEST = {
    "node_modules/vitest/vitest.mjs": "",
    "package.json": json.dumps({"scripts": {"test": "vitest"}, "type": "module"}),
}
JEST = {
    "node_modules/jest/bin/jest.js": "",
    "package.json": json.dumps({"scripts": {"test": "jest"}}),
}
ONE = Test(
    "slugify_of_two_words",
    Origin.TYPES,
    checks=(Check(Kind.EQUAL, 'slugify("a b")', '"a-b"'),),
)


def rendered(tmp_path, files, tests=(ONE,), path="src/slug.js", symbol="slugify"):
    root = workspace(tmp_path, {"src/slug.js": SLUG, **files})
    target = target_in(root, path, symbol)
    project = project_of(target)
    return project.framework.render(project.file, target, tests)


def test_a_new_file_of_a_module(tmp_path):
    page = rendered(tmp_path, {})
    assert page.text == (
        "import assert from 'node:assert/strict';\n"
        "import { test } from 'node:test';\n"
        "import { slugify } from './slug.js';\n"
        "\n"
        "test('slugify of two words', () => {\n"
        "  assert.strictEqual(slugify('a b'), 'a-b');\n"
        "});\n"
    )
    assert page.names == ("slugify of two words",)


def test_a_new_file_of_commonjs_without_semicolons(tmp_path):
    assert rendered(tmp_path, {"src/slug.js": COMMON}).text == (
        "const assert = require('node:assert/strict')\n"
        "const { test } = require('node:test')\n"
        "const slugify = require('./slug')\n"
        "\n"
        "test('slugify of two words', () => {\n"
        "  assert.strictEqual(slugify('a b'), 'a-b')\n"
        "})\n"
    )


def test_a_new_file_for_vitest_in_typescript(tmp_path):
    typed = (
        'import { join } from "./join.js";\n\n'
        "export function slugify(text: string) {\n\treturn join(text);\n}\n"
    )
    page = rendered(tmp_path, {**VITEST, "src/slug.ts": typed}, path="src/slug.ts")
    assert page.text == (
        'import { test, expect } from "vitest";\n'
        'import { slugify } from "./slug.js";\n'
        "\n"
        'test("slugify of two words", () => {\n'
        '\texpect(slugify("a b")).toBe("a-b");\n'
        "});\n"
    )


def test_a_new_file_in_the_manner_of_the_others(tmp_path):
    other = (
        "const { add } = require('../src/add')\n\ndescribe('add', () => {\n    it('adds', () => {\n"
        "        expect(add(1)).toBe(2)\n    })\n})\n"
    )
    page = rendered(tmp_path, {**JEST, "src/slug.js": COMMON, "test/add.spec.js": other})
    assert page.text == (
        "const slugify = require('../src/slug')\n"
        "\n"
        "describe('slugify', () => {\n"
        "    it('slugify of two words', () => {\n"
        "        expect(slugify('a b')).toBe('a-b')\n"
        "    })\n"
        "})\n"
    )
    assert page.names == ("slugify > slugify of two words",)


def test_an_existing_file_keeps_every_byte_and_gets_what_it_lacks(tmp_path):
    before = (
        "// Tests of slugs: ü\n"
        "import assert from 'node:assert/strict'\n"
        "import { describe, it } from 'node:test'\n"
        "import { other } from './slug.js'\n"
        "\n"
        "describe('other', () => {\n"
        "  it('works', () => { assert.ok(other) })\n"
        "})\n"
        "\n"
        "describe('slugify', () => {\n"
        "  it('slugify of two words', () => {\n"
        "    assert.ok(true)\n"
        "  })\n"
        "})\n"
    )
    page = rendered(tmp_path, {"src/slug.test.js": before})
    assert page.names == ("slugify > slugify of two words (2)",)
    assert page.text == before.replace("{ other }", "{ other, slugify }").removesuffix("})\n") + (
        "\n"
        "  it('slugify of two words (2)', () => {\n"
        "    assert.strictEqual(slugify('a b'), 'a-b')\n"
        "  })\n"
        "})\n"
    )


def test_new_imports_stand_behind_those_that_are_there(tmp_path):
    before = "'use strict';\n\nconst { test } = require('node:test');\n\ntest('a', () => {});"
    page = rendered(tmp_path, {"src/slug.js": COMMON, "src/slug.test.js": before})
    assert page.text == (
        "'use strict';\n\nconst { test } = require('node:test');\n"
        "const assert = require('node:assert/strict');\n"
        "const slugify = require('./slug');\n\n"
        "test('a', () => {});\n\n"
        "test('slugify of two words', () => {\n"
        "  assert.strictEqual(slugify('a b'), 'a-b');\n"
        "});\n"
    )


def test_line_ends_of_windows(tmp_path):
    before = "import { test } from 'node:test';\r\n\r\ntest('a', () => {});\r\n"
    page = rendered(tmp_path, {"src/slug.test.js": before})
    assert page.text.startswith("import { test } from 'node:test';\r\nimport assert from")
    assert page.text.count("\n") == page.text.count("\r\n")


def test_statements_imports_and_bodies(tmp_path):
    setup = Test(
        "sorts_in_place",
        Origin.TYPES,
        statements=("const list = [2, 1]", "[1].length"),
        checks=(
            Check(Kind.SAME, "slugify(list)", "undefined"),
            Check(Kind.EQUAL, "list", "[1, 2]"),
        ),
        imports=("import { Mode } from './slug.js'", "import fs from 'node:fs'"),
    )
    body = Test("of_a_model", Origin.MODEL, body="  const out = await slugify('x');\n  assert.ok(out);")
    page = rendered(tmp_path, {"src/slug.js": COMMON.replace("'", '"')}, (setup, body))
    assert page.text == (
        'const assert = require("node:assert/strict")\n'
        'const { test } = require("node:test")\n'
        'const slugify = require("./slug")\n'
        'const { Mode } = require("./slug")\n'
        'const fs = require("node:fs")\n'
        "\n"
        'test("sorts in place", () => {\n'
        "  const list = [2, 1]\n"
        "  ;[1].length\n"
        "  assert.strictEqual(slugify(list), undefined)\n"
        "  assert.deepStrictEqual(list, [1, 2])\n"
        "})\n"
        "\n"
        'test("of a model", async () => {\n'
        "  const out = await slugify('x');\n"
        "  assert.ok(out);\n"
        "})\n"
    )


@pytest.mark.parametrize(
    ("check", "by_assert", "by_expect"),
    [
        (Check(Kind.EQUAL, "f(1)", "-0"), "assert.strictEqual(f(1), -0)", "expect(f(1)).toBe(-0)"),
        (Check(Kind.EQUAL, "f()", "10n"), "assert.strictEqual(f(), 10n)", "expect(f()).toBe(10n)"),
        (Check(Kind.EQUAL, "f()", "NaN"), "assert.strictEqual(f(), NaN)", "expect(f()).toBeNaN()"),
        (Check(Kind.SAME, "f()", "null"), "assert.strictEqual(f(), null)", "expect(f()).toBeNull()"),
        (Check(Kind.SAME, "f()", "true"), "assert.strictEqual(f(), true)", "expect(f()).toBe(true)"),
        (Check(Kind.EQUAL, "f()", "[1]"), "assert.deepStrictEqual(f(), [1])", "expect(f()).toEqual([1])"),
        (
            Check(Kind.CLOSE, "f()", "-0.30000000000000004"),
            "assert.ok(Math.abs(f() - (-0.30000000000000004)) < 1e-10)",
            "expect(f()).toBeCloseTo(-0.30000000000000004, 10)",
        ),
        (
            Check(Kind.CLOSE, "f()", "12345.5"),
            "assert.ok(Math.abs(f() - 12345.5) < 1e-5)",
            "expect(f()).toBeCloseTo(12345.5, 5)",
        ),
        (
            Check(Kind.RAISES, "f()", "TypeError", "it's"),
            "assert.throws(() => f(), { name: 'TypeError', message: 'it\\'s' })",
            "expect(() => f()).toThrow('it\\'s')",
        ),
        (
            Check(Kind.RAISES, "await f()", "RangeError"),
            "await assert.rejects(f(), { name: 'RangeError' })",
            "await expect(f()).rejects.toThrow(RangeError)",
        ),
        (Check(Kind.RAISES, "f()", "Mine"), "assert.throws(() => f(), { name: 'Mine' })", None),
    ],
)
def test_checks(check, by_assert, by_expect):
    assert with_assert(check, Style()) == by_assert
    assert with_expect(check, Style()) == (by_expect or "expect(() => f()).toThrow()")


GROUPS = b"""\
import { test, describe, it } from 'node:test';
test('a', () => {});
// about b
test('b', () => { const x = "\xc3\xbc"; });
describe('g', () => {
  it('c', () => {});
  it('d', () => {});
  it('e', () => {});
});
test('f', () => {});
"""


def test_another_order_is_the_same_tests(tmp_path):
    pages = [shuffled("a.test.js", GROUPS, order) for order in range(1, 6)]
    assert pages == [shuffled("a.test.js", GROUPS, order) for order in range(1, 6)]
    assert len(set(pages)) > 1
    for page in pages:
        assert sorted(page) == sorted(GROUPS)
        assert not parse(language_named("javascript"), page).root.has_error
        group = page[page.index(b"describe('g'") :].partition(b"\n});")[0]
        assert {name for name in (b"'c'", b"'d'", b"'e'") if name in group} == {b"'c'", b"'d'", b"'e'"}


_DEEP = b"describe('g', () => {\n" * 600 + b"});\n" * 600


@pytest.mark.parametrize("source", [b"\xff\xfe", b"test('a', () => {", b"", _DEEP])
def test_a_file_that_cannot_be_read_keeps_its_order(source):
    assert shuffled("a.test.js", source, 3) == source


def test_nothing_in_quotes_commands_a_terminal():
    raw = "it's \x1b[2J\x07\x9b\u202e\u2028\ud800 \U000e0001 x"
    quoted = Style().quoted(raw)
    assert quoted == r"'it\'s \x1b[2J\x07\x9b\u202e\u2028\ud800 \udb40\udc01 x'"
    check = Check(Kind.RAISES, "f()", "Error", "bad \ud800 x")
    assert with_assert(check, Style()).isprintable()
    assert with_expect(check, Style()).encode() == rb"expect(() => f()).toThrow('bad \ud800 x')"


CODE = {
    "f('\x1b[2J\u202e')": r"f('\x1b[2J\u202e')",
    'f("\x9b")': r"f('\x9b')",
    'f("it\'s \x9b")': 'f("it\'s \\x9b")',
    "f('\\\u202e\\\\\u202e')": r"f('\u202e\\\u202e')",
    "f('a\\\r\nb')": "f('a\\\r\nb')",
    "f('a\\\u2028b')": "f('ab')",
}


@pytest.mark.parametrize("code", CODE)
def test_literals_of_the_project_command_no_terminal_either(code):
    assert Style().requoted(code) == CODE[code]
